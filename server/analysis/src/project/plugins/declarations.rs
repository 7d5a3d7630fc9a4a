//! Where the files of a project declare packages.

use std::path::Path;

use super::requirement::{self, Requirement};
use crate::config_text::ini;
use crate::config_text::toml;
use crate::config_text::value::{Kind, Value};

type Add<'a> = &'a mut dyn FnMut(Requirement);

/// The forms of files that declare packages.
enum Form {
    Pyproject,
    ToxToml,
    Pipfile,
    Lock,
    SetupCfg,
    ToxIni,
    Requirements,
}

/// Whether the file's name says that it declares packages: the files worth reading for [`super::Plugins::add_file`].
pub fn declares_packages(path: &Path) -> bool {
    form(path).is_some()
}

fn form(path: &Path) -> Option<Form> {
    let name = path.file_name()?.to_str()?;
    let folder = path.parent().and_then(Path::file_name).and_then(|folder| folder.to_str());
    Some(match name {
        "pyproject.toml" => Form::Pyproject,
        "tox.toml" => Form::ToxToml,
        "Pipfile" => Form::Pipfile,
        "uv.lock" | "poetry.lock" | "pdm.lock" | "pylock.toml" => Form::Lock,
        "setup.cfg" => Form::SetupCfg,
        "tox.ini" => Form::ToxIni,
        _ => {
            let stem = name.strip_suffix(".txt").or_else(|| name.strip_suffix(".in"))?;
            let requirements = stem.contains("requirements") || folder == Some("requirements");
            return requirements.then_some(Form::Requirements);
        }
    })
}

pub(super) fn read(path: &Path, text: &str, add: Add<'_>) {
    match form(path) {
        Some(Form::Pyproject) => pyproject(&toml::read(text).root, add),
        Some(Form::ToxToml) => tox_toml(&toml::read(text).root, add),
        Some(Form::Pipfile) => {
            let root = toml::read(text).root;
            ["packages", "dev-packages"]
                .iter()
                .filter_map(|key| root.get(key))
                .for_each(|table| poetry(table, add));
        }
        Some(Form::Lock) => lock(text, add),
        Some(Form::SetupCfg) => setup_cfg(text, add),
        Some(Form::ToxIni) => tox_ini(text, add),
        Some(Form::Requirements) => text.lines().filter_map(requirement::parse).for_each(add),
        None => {}
    }
}

fn pyproject(root: &Value, add: Add<'_>) {
    const LISTS: [&[&str]; 2] = [&["project", "dependencies"], &["tool", "uv", "dev-dependencies"]];
    const TABLES_OF_LISTS: [&[&str]; 3] =
        [&["project", "optional-dependencies"], &["dependency-groups"], &["tool", "pdm", "dev-dependencies"]];
    LISTS.iter().filter_map(|path| root.at(path)).for_each(|found| list(found, add));
    let tables = TABLES_OF_LISTS.iter().filter_map(|path| root.at(path));
    tables.flat_map(Value::members).for_each(|group| list(&group.value, add));
    if let Some(tool) = root.at(&["tool", "poetry"]) {
        ["dependencies", "dev-dependencies"]
            .iter()
            .filter_map(|key| tool.get(key))
            .for_each(|table| poetry(table, add));
        let groups = tool.get("group").map(Value::members).unwrap_or_default();
        groups
            .iter()
            .filter_map(|group| group.value.get("dependencies"))
            .for_each(|table| poetry(table, add));
    }
    let environments = root.at(&["tool", "hatch", "envs"]).map(Value::members).unwrap_or_default();
    for environment in environments {
        let keys = ["dependencies", "extra-dependencies"];
        keys.iter().filter_map(|key| environment.value.get(key)).for_each(|found| list(found, add));
    }
    if let Some(tox) = root.at(&["tool", "tox"]) {
        tox_toml(tox, add);
    }
    if let Some(Kind::Text(text)) = root.at(&["tool", "tox", "legacy_tox_ini"]).map(|value| &value.kind) {
        tox_ini(text, add);
    }
}

/// Requirements that are strings; `{include-group = …}` names a group that is read anyway.
fn list(value: &Value, add: Add<'_>) {
    value.elements().iter().filter_map(Value::text).filter_map(requirement::parse).for_each(add);
}

/// `name = "^8"`, `name = {version = "^8"}`, or several of these, each under its own condition.
fn poetry(table: &Value, add: Add<'_>) {
    for member in table.members().iter().filter(|member| member.key != "python") {
        let constraint = match &member.value.kind {
            Kind::Text(constraint) => Some(constraint.as_str()),
            Kind::Table(_)
                if member.value.get("python").is_none() && member.value.get("markers").is_none() =>
            {
                member.value.get("version").and_then(Value::text)
            }
            _ => None,
        };
        requirement::poetry(&member.key, constraint).into_iter().for_each(&mut *add);
    }
}

fn tox_toml(root: &Value, add: Add<'_>) {
    let base = root.get("env_run_base").into_iter();
    let environments =
        root.get("env").map(Value::members).unwrap_or_default().iter().map(|member| &member.value);
    base.chain(environments)
        .filter_map(|environment| environment.get("deps"))
        .for_each(|deps| list(deps, add));
}

/// Lock files are written by programs, one key per line, and are long: read by line.
fn lock(text: &str, add: Add<'_>) {
    let mut in_package = false;
    let mut name = None;
    for line in text.lines() {
        if line.starts_with('[') {
            in_package = matches!(line.trim_end(), "[[package]]" | "[[packages]]");
            name = None;
            continue;
        }
        if !in_package {
            continue;
        }
        if let Some(value) = quoted(line, "name") {
            name = Some(value);
        } else if let (Some(version), Some(name)) = (quoted(line, "version"), name) {
            requirement::locked(name, version).into_iter().for_each(&mut *add);
        }
    }
}

/// The value of `key = "value"`.
fn quoted<'t>(line: &'t str, key: &str) -> Option<&'t str> {
    line.strip_prefix(key)?.trim_start().strip_prefix('=')?.trim().strip_prefix('"')?.strip_suffix('"')
}

fn setup_cfg(text: &str, add: Add<'_>) {
    let ini = ini::read(text);
    for section in &ini.sections {
        for entry in &section.entries {
            let wanted = match section.name.as_str() {
                "options" => matches!(entry.key.as_str(), "install_requires" | "tests_require"),
                name => name == "options.extras_require",
            };
            if wanted {
                entry.pieces.iter().filter_map(|piece| requirement::parse(&piece.text)).for_each(&mut *add);
            }
        }
    }
}

fn tox_ini(text: &str, add: Add<'_>) {
    let ini = ini::read(text);
    let environments = ini.sections.iter().filter(|section| section.name.starts_with("testenv"));
    let deps = environments.filter_map(|section| section.entry("deps"));
    for piece in deps.flat_map(|deps| &deps.pieces) {
        match piece.text.split_once(": ").filter(|(factors, _)| is_factors(factors)) {
            // The factor is a condition.
            Some((_, requirement)) => requirement::parse(&format!("{requirement};factor")),
            None => requirement::parse(&piece.text),
        }
        .into_iter()
        .for_each(&mut *add);
    }
}

/// `py39`, `py{39,310}-django`, `!win`.
fn is_factors(text: &str) -> bool {
    text.chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '{' | '}' | ',' | '-' | '!' | '.' | '_' | ' '))
}
