//! The file that counts, for each behaviour that pytest's versions have.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use super::ConfigFile;
use super::option_table::OptionTable;
use crate::config_text::ini::{self, Ini};
use crate::config_text::toml::{self, Toml};
use crate::config_text::value::{Kind, Value};
use crate::config_text::{ConfigFiles, Fault, Problem, decode};
use crate::project::version_range::VersionRange;

/// Which file, and in which of its forms the options stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ConfigKind {
    /// `pytest.toml` or `.pytest.toml`: typed options in `[pytest]`.
    PytestToml,
    /// `pytest.ini` or `.pytest.ini`: options in `[pytest]`.
    PytestIni,
    /// `pyproject.toml`: typed options in `[tool.pytest]`.
    PyprojectNative,
    /// `pyproject.toml`: options in `[tool.pytest.ini_options]`.
    PyprojectIniOptions,
    /// A `pyproject.toml` without options, which only marks the rootdir.
    PyprojectBare,
    /// `tox.ini`: options in `[pytest]`.
    ToxIni,
    /// `setup.cfg`: options in `[tool:pytest]`.
    SetupCfg,
}

pub(super) struct Located {
    pub(super) file: Option<ConfigFile>,
    pub(super) rootdir: PathBuf,
    pub(super) table: OptionTable,
    pub(super) problems: Vec<Problem>,
    pub(super) undecided: bool,
}

/// How pytest finds its file. Newer behaviour is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Behaviour {
    /// Before 9.0: no TOML file of its own, no typed tables, an empty `.pytest.ini` does not count.
    Eight,
    /// 9.0 and 9.1.
    Nine,
    /// From 9.2: keys outside the table of a `pytest.toml` are refused.
    NineTwo,
}

impl Behaviour {
    /// What the versions in question may do, newest first; all of it when no version is left.
    fn possible(pytest: &VersionRange) -> Vec<Behaviour> {
        let all = [(Self::NineTwo, ">=9.2"), (Self::Nine, ">=9,<9.2"), (Self::Eight, "<9")];
        let possible: Vec<_> =
            all.iter().filter(|(_, range)| pytest.admits(range)).map(|(it, _)| *it).collect();
        if possible.is_empty() { all.map(|(it, _)| it).to_vec() } else { possible }
    }
}

/// See [`super::effective`].
pub(super) fn locate(dir: &Path, limit: &Path, files: &dyn ConfigFiles, pytest: &VersionRange) -> Located {
    let mut climbs: Vec<Climb> = Behaviour::possible(pytest).into_iter().map(Climb::new).collect();
    let inside = dir.starts_with(limit);
    let bases = dir.ancestors().take_while(|base| !inside || base.starts_with(limit));
    let mut setup_py = None;
    for base in bases {
        if climbs.iter().all(|climb| climb.chosen.is_some()) {
            break;
        }
        let names = NAMES.map(|name| read(files, &base.join(name)));
        for climb in climbs.iter_mut().filter(|climb| climb.chosen.is_none()) {
            climb.look(base, &names);
        }
        if setup_py.is_none() && files.has(&base.join("setup.py")) {
            setup_py = Some(base.to_path_buf());
        }
    }
    let fallback = setup_py.unwrap_or_else(|| if inside { limit } else { dir }.to_path_buf());
    let mut ends = climbs.into_iter().map(|climb| climb.end(&fallback));
    // `possible` is never empty.
    let newest = ends.next().unwrap_or_else(|| Climb::new(Behaviour::NineTwo).end(&fallback));
    let undecided = ends.any(|older| older.file != newest.file);
    Located { undecided, ..newest }
}

/// Where a file of some kind holds pytest's options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Home {
    Section(&'static str),
    Table(&'static [&'static str]),
}

impl ConfigKind {
    pub fn is_toml(self) -> bool {
        matches!(self.home(), Home::Table(_))
    }

    pub(super) fn home(self) -> Home {
        match self {
            ConfigKind::PytestToml => Home::Table(&["pytest"]),
            ConfigKind::PyprojectNative => Home::Table(&["tool", "pytest"]),
            ConfigKind::PyprojectIniOptions | ConfigKind::PyprojectBare => {
                Home::Table(&["tool", "pytest", "ini_options"])
            }
            ConfigKind::PytestIni | ConfigKind::ToxIni => Home::Section("pytest"),
            ConfigKind::SetupCfg => Home::Section("tool:pytest"),
        }
    }
}

/// The options of a file whose kind is known; `None` when pytest would stop at it.
pub(super) fn table_of(kind: ConfigKind, text: &str) -> Option<OptionTable> {
    match kind.home() {
        Home::Section(name) => {
            let ini = ini::read(text);
            ini.faults
                .is_empty()
                .then(|| ini.section(name).map(OptionTable::from_section).unwrap_or_default())
        }
        Home::Table(path) => {
            let Toml { root, fault: None } = toml::read(text) else { return None };
            let nothing = || Value::new(root.range, Kind::Table(Vec::new()));
            let table = root.at(path).cloned().unwrap_or_else(nothing);
            Some(match kind {
                ConfigKind::PytestToml | ConfigKind::PyprojectNative => OptionTable::from_native(&table),
                _ => OptionTable::from_ini_options(&table, text),
            })
        }
    }
}

/// A configuration file that pytest finds on its way and does not obey.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassedOver {
    pub path: PathBuf,
    pub why: Why,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// It holds no options for pytest.
    NoOptions,
    /// Another file of its directory comes before it in pytest's order.
    Behind,
    /// A directory nearer to the tests has a configuration.
    FurtherUp,
    /// The pytest versions that may run do not know files of its form.
    TooNew,
}

/// What pytest passes over on the way from `dir` up to `limit`, nearest first, when it obeys `chosen`; and where a file
/// beside the chosen one says something else, what is lost.
pub(super) fn passed_over(
    dir: &Path,
    limit: &Path,
    files: &dyn ConfigFiles,
    pytest: &VersionRange,
    chosen: Option<&ConfigFile>,
) -> (Vec<PassedOver>, Vec<Problem>) {
    let newest = Behaviour::possible(pytest)[0];
    let home = chosen.and_then(|file| file.path.parent());
    let (mut passed, mut problems) = (Vec::new(), Vec::new());
    for base in dir.ancestors().take_while(|base| base.starts_with(limit)) {
        let is_above = home.is_some_and(|home| home != base && home.starts_with(base));
        for name in NAMES {
            let path = base.join(name);
            if chosen.is_some_and(|file| file.path == path) {
                continue;
            }
            let Some(read) = read(files, &path) else { continue };
            let options = options_in(name, &read, Behaviour::NineTwo, &mut Vec::new());
            let is_toml = matches!(name, "pytest.toml" | ".pytest.toml");
            let is_known = newest != Behaviour::Eight
                || !is_toml && options_in(name, &read, newest, &mut Vec::new()).is_some();
            let why = match &options {
                None => Why::NoOptions,
                Some(_) if !is_known => Why::TooNew,
                Some(_) if is_above => Why::FurtherUp,
                Some(_) => Why::Behind,
            };
            if let (Why::Behind, Some((_, lost)), Some(file)) = (why, &options, chosen) {
                problems.extend(disagreement(&read.path, lost, file, files));
            }
            passed.push(PassedOver { path, why });
        }
    }
    (passed, problems)
}

/// One sentence for all options of a file that pytest passes over for `chosen` beside it, at the first of them.
fn disagreement(
    path: &Path,
    lost: &OptionTable,
    chosen: &ConfigFile,
    files: &dyn ConfigFiles,
) -> Option<Problem> {
    let counts = table_of(chosen.kind, &read(files, &chosen.path)?.text)?;
    let unlike = lost.unlike(&counts);
    let (_, range) = *unlike.first()?;
    let keys: Vec<String> = unlike.iter().map(|(key, _)| format!("`{key}`")).collect();
    let winner = chosen.path.file_name()?.to_string_lossy();
    let message =
        format!("pytest obeys {winner} beside this file alone, so {} here has no effect.", keys.join(", "));
    Some(Problem { path: path.to_owned(), range, message })
}

const NAMES: [&str; 7] =
    ["pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini", "pyproject.toml", "tox.ini", "setup.cfg"];

/// A configuration file that exists, parsed once for all behaviours.
struct Read {
    path: PathBuf,
    text: String,
    content: Content,
    fault: Option<Fault>,
}

enum Content {
    Ini(Ini),
    Toml(Value),
}

fn read(files: &dyn ConfigFiles, path: &Path) -> Option<Read> {
    let bytes = files.read(path)?;
    let (text, undecodable) = match decode(&bytes) {
        Ok(text) => (Cow::Borrowed(text), None),
        Err(fault) => (Cow::Borrowed(""), Some(fault)),
    };
    let (content, unreadable) = if path.extension().is_some_and(|extension| extension == "toml") {
        let Toml { root, fault } = toml::read(&text);
        (Content::Toml(root), fault)
    } else {
        let mut ini = ini::read(&text);
        let fault = (!ini.faults.is_empty()).then(|| ini.faults.remove(0));
        (Content::Ini(ini), fault)
    };
    Some(Read {
        path: path.to_path_buf(),
        text: text.into_owned(),
        content,
        fault: undecodable.or(unreadable),
    })
}

/// One way upwards, under one behaviour.
struct Climb {
    behaviour: Behaviour,
    chosen: Option<(ConfigFile, OptionTable)>,
    bare_pyproject: Option<PathBuf>,
    problems: Vec<Problem>,
}

impl Climb {
    fn new(behaviour: Behaviour) -> Self {
        Self { behaviour, chosen: None, bare_pyproject: None, problems: Vec::new() }
    }

    fn look(&mut self, base: &Path, names: &[Option<Read>; 7]) {
        for (name, read) in NAMES.iter().zip(names) {
            let Some(read) = read else { continue };
            if self.behaviour == Behaviour::Eight && matches!(*name, "pytest.toml" | ".pytest.toml") {
                continue;
            }
            // Before 9.0 pytest does not read the files behind the one it took.
            if self.chosen.is_some() && self.behaviour == Behaviour::Eight {
                return;
            }
            if *name == "pyproject.toml" && self.bare_pyproject.is_none() {
                self.bare_pyproject = Some(base.join(name));
            }
            let mut faults: Vec<Fault> = read.fault.iter().cloned().collect();
            let options = options_in(name, read, self.behaviour, &mut faults);
            self.problems.extend(faults.into_iter().map(|fault| fault.at(&read.path)));
            if let (None, Some((kind, table))) = (&self.chosen, options) {
                self.chosen = Some((ConfigFile { path: read.path.clone(), kind }, table));
            }
        }
    }

    fn end(self, fallback: &Path) -> Located {
        let bare = self.bare_pyproject.map(|path| ConfigFile { path, kind: ConfigKind::PyprojectBare });
        let (file, table) = match self.chosen {
            Some((file, table)) => (Some(file), table),
            None => (bare, OptionTable::default()),
        };
        let parent = file.as_ref().and_then(|file| file.path.parent());
        let rootdir = parent.unwrap_or(fallback).to_path_buf();
        Located { file, rootdir, table, problems: self.problems, undecided: false }
    }
}

/// The options in a file, when it counts as pytest's configuration.
fn options_in(
    name: &str,
    read: &Read,
    behaviour: Behaviour,
    faults: &mut Vec<Fault>,
) -> Option<(ConfigKind, OptionTable)> {
    match &read.content {
        Content::Toml(root) if name == "pyproject.toml" => in_pyproject(root, &read.text, behaviour, faults),
        Content::Toml(root) => Some((ConfigKind::PytestToml, in_pytest_toml(root, behaviour, faults))),
        Content::Ini(ini) => match name {
            "setup.cfg" => in_setup_cfg(ini, faults),
            "tox.ini" => Some((ConfigKind::ToxIni, OptionTable::from_section(ini.section("pytest")?))),
            _ => {
                let always = name == "pytest.ini" || behaviour >= Behaviour::Nine;
                let table = match ini.section("pytest") {
                    Some(section) => OptionTable::from_section(section),
                    None if always => OptionTable::default(),
                    None => return None,
                };
                Some((ConfigKind::PytestIni, table))
            }
        },
    }
}

fn in_pytest_toml(root: &Value, behaviour: Behaviour, faults: &mut Vec<Fault>) -> OptionTable {
    if let Some(table) = root.get("pytest") {
        return OptionTable::from_native(table);
    }
    let outside = root.members().iter().find(|member| !member.value.is_table());
    if let (Some(member), true) = (outside, behaviour >= Behaviour::NineTwo) {
        let message = format!("`{}` stands outside the [pytest] table: pytest 9.2 stops here.", member.key);
        faults.push(Fault::new(member.key_range, message));
    }
    OptionTable::default()
}

fn in_pyproject(
    root: &Value,
    text: &str,
    behaviour: Behaviour,
    faults: &mut Vec<Fault>,
) -> Option<(ConfigKind, OptionTable)> {
    let pytest = root.at(&["tool", "pytest"])?;
    let ini_options = pytest.get("ini_options");
    let native = pytest.members().iter().find(|member| member.key != "ini_options");
    if let (Some(native), true) = (native, behaviour >= Behaviour::Nine) {
        if ini_options.is_none_or(|options| options.members().is_empty()) {
            return Some((ConfigKind::PyprojectNative, OptionTable::from_native(pytest)));
        }
        let message = format!(
            "`{}` in [tool.pytest] beside [tool.pytest.ini_options]: pytest 9 stops here; keep one of the two.",
            native.key
        );
        faults.push(Fault::new(native.key_range, message));
    }
    Some((ConfigKind::PyprojectIniOptions, OptionTable::from_ini_options(ini_options?, text)))
}

fn in_setup_cfg(ini: &Ini, faults: &mut Vec<Fault>) -> Option<(ConfigKind, OptionTable)> {
    if let Some(section) = ini.section("tool:pytest") {
        return Some((ConfigKind::SetupCfg, OptionTable::from_section(section)));
    }
    if let Some(section) = ini.section("pytest") {
        let message =
            "pytest refuses a [pytest] section in setup.cfg and stops here; its name there is [tool:pytest].";
        faults.push(Fault::new(section.header, message));
    }
    None
}
