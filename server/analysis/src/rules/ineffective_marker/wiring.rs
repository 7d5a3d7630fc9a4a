//! The hook that puts the tests of a marker into one `xdist_group`, with `--dist loadgroup` and the registration.
//!
//! The hook is `pytest_itemcollected`: it needs no order among hooks, works from any conftest above the tests, and leaves
//! alone what has a group already (`pytest-facts.md`, A2).

use std::path::{Path, PathBuf};

use crate::facts::NodeKind;
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::configuration::ConfigurationEdit;
use crate::fixes::import::{Wanted, ensure_import};
use crate::paths::slashed;
use crate::project::idle_marker::IdleMarker;
use crate::project::{Module, Project, Subject};
use crate::text::{TextRange, newline_of};

/// It sees each item as it is collected.
pub const HOOK: &str = "pytest_itemcollected";

/// Whether `xdist_group` works with every version that may be installed.
pub fn groups_work(project: &Project) -> bool {
    project.plugins.has("pytest-xdist") && project.plugins.version("pytest").is_within("<9.2")
}

pub fn wire(project: &Project, idle: &IdleMarker) -> Option<Fix> {
    if !groups_work(project) {
        return None;
    }
    let marker = idle.marker.as_str();
    let path = conftest(project, idle);
    let mut edits = match project.module(&path) {
        Some(module) => hooked(project, &module, marker)?,
        None => new_conftest(&path, marker),
    };
    let mut configuration = ConfigurationEdit::of(project)?;
    if project.config.options.marker(marker).is_none() {
        configuration.register(marker)?;
    }
    configuration.set_argument("--dist", "loadgroup")?;
    let title = format!(
        "Run tests marked `{marker}` on one worker: a hook in {}, `--dist loadgroup` in {}",
        slashed(path.strip_prefix(&project.root).unwrap_or(&path)),
        configuration.file_name()
    );
    edits.merge(configuration.edits());
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// The nearest conftest above all tests that carry the marker; if there is none, one beside the configuration.
fn conftest(project: &Project, idle: &IdleMarker) -> PathBuf {
    let holds_all = |folder: &&Path| {
        folder.starts_with(&project.root) && idle.uses.iter().all(|place| place.path.starts_with(folder))
    };
    let first = idle.uses.first().map(|place| place.path.as_path());
    let folders = first.into_iter().flat_map(|path| path.ancestors().skip(1)).filter(holds_all);
    let mut conftests = folders.map(|folder| folder.join("conftest.py"));
    let known = conftests.find(|path| project.module(path).is_some());
    known.unwrap_or_else(|| project.root.join("conftest.py"))
}

fn new_conftest(path: &Path, marker: &str) -> Edits {
    let mut edits = Edits::new();
    let hook = hook("pytest", marker).join("\n");
    edits.push(path, TextRange::empty(0), format!("import pytest\n\n\n{hook}\n"));
    edits
}

fn hook(pytest: &str, marker: &str) -> Vec<String> {
    let mut lines = vec![format!("def {HOOK}(item):")];
    lines.extend(body(pytest, marker, "item").map(|line| format!("    {line}")));
    lines
}

fn body(pytest: &str, marker: &str, item: &str) -> [String; 2] {
    let has = |name: &str| format!("{item}.get_closest_marker(\"{name}\")");
    [
        format!("if {} and not {}:", has(marker), has("xdist_group")),
        format!("    {item}.add_marker({pytest}.mark.xdist_group(\"{marker}\"))"),
    ]
}

/// The hook at the end of a conftest, or its lines at the start of the hook that is there.
fn hooked(project: &Project, module: &Module, marker: &str) -> Option<Edits> {
    let (pytest, mut edits) = ensure_import(module, Wanted::Plain("pytest"))?;
    let text = module.file.text.as_str();
    let newline = newline_of(text);
    let named = (0..module.file.items().len() as u32).find(|item| module.file.name(*item) == HOOK);
    let (at, addition) = match named {
        Some(item) => at_start_of(&Subject::new(project, module, item), &pytest, marker)?,
        None => {
            let kept = text.trim_end().len();
            let gap = if kept == 0 { String::new() } else { newline.repeat(3) };
            let hook = hook(&pytest, marker).join(newline);
            return Some({
                edits.push(
                    &module.file.path,
                    TextRange::new(kept as u32, text.len() as u32),
                    format!("{gap}{hook}{newline}"),
                );
                edits
            });
        }
    };
    edits.push(&module.file.path, TextRange::empty(at), addition);
    Some(edits)
}

/// Behind the docstring of the hook, so that no `return` comes before it.
fn at_start_of(subject: &Subject<'_>, pytest: &str, marker: &str) -> Option<(u32, String)> {
    let function = subject.function()?;
    let item = function.params.iter().find(|param| param.name == "item")?;
    let code = subject.code();
    let is_docstring = |node: &&crate::facts::NodeId| matches!(code.kind(**node), NodeKind::Expr(inner) if matches!(code.kind(*inner), NodeKind::Str(_)));
    let first = function.body.iter().find(|node| !is_docstring(node))?;
    let indent = crate::fixes::statement::indentation(subject, *first)?;
    let newline = subject.newline();
    let lines: String = body(pytest, marker, &item.name)
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let indent = if index == 0 { "" } else { indent };
            format!("{indent}{line}{newline}")
        })
        .collect();
    let start = subject.absolute(code.range(*first)).start;
    Some((start, format!("{lines}{indent}")))
}
