//! flakeless's own settings: what may be said, where it is said, and what holds in the end.
//!
//! Knows no rule: the names of the rules are handed in.

mod declaration;
mod layer;
mod overrides;
mod patterns;
mod reading;
pub mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

pub use declaration::{
    DEFAULT_BASELINE, DEFAULT_EXCLUDE, Key, SETTINGS, Setting, SettingDefault, SettingKind,
};
pub use layer::{Layer, Origin, SettingProblem};
pub use overrides::Overrides;

use rustc_hash::FxHashSet;

use crate::config_text::ConfigFiles;
use crate::hint::Confidence;
use declaration::DEFAULT_MAX_FILE_SIZE;
use patterns::Patterns;
use reading::Said;

/// A rule's name, and whether it is on where nothing is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KnownRule {
    pub name: &'static str,
    pub on: bool,
}

/// How a rule's hints are shown, when the person says so; else the confidence decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Off,
    Hint,
    Info,
    Warning,
    Error,
}

impl Severity {
    pub const ALL: [Severity; 5] =
        [Severity::Off, Severity::Hint, Severity::Info, Severity::Warning, Severity::Error];

    pub fn word(self) -> &'static str {
        match self {
            Severity::Off => "off",
            Severity::Hint => "hint",
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }

    /// Where nobody chose one: what is only possible is whispered.
    pub fn of(confidence: Confidence) -> Severity {
        if confidence == Confidence::Possible { Severity::Hint } else { Severity::Warning }
    }

    pub fn from_word(word: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

/// Which files an editor shows hints for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiagnosticMode {
    OpenFiles,
    /// Every file that `check` would look at.
    Workspace,
}

impl DiagnosticMode {
    pub const ALL: [DiagnosticMode; 2] = [DiagnosticMode::OpenFiles, DiagnosticMode::Workspace];

    pub fn word(self) -> &'static str {
        match self {
            DiagnosticMode::OpenFiles => "open-files",
            DiagnosticMode::Workspace => "workspace",
        }
    }

    pub fn from_word(word: &str) -> Option<DiagnosticMode> {
        DiagnosticMode::ALL.into_iter().find(|mode| mode.word() == word)
    }
}

/// What holds for the files under one settings file.
#[derive(Clone, Debug)]
pub struct Settings {
    selected: FxHashSet<&'static str>,
    severities: BTreeMap<&'static str, Severity>,
    per_file_ignores: Vec<(Patterns, BTreeSet<&'static str>)>,
    exclude: Patterns,
    min_confidence: Option<Confidence>,
    pub diagnostic_mode: DiagnosticMode,
    /// Whether editors show what can be run above tests.
    pub code_lens: bool,
    /// The marker to insert; when not set, the project's own markers decide.
    pub no_parallel_marker: Option<String>,
    /// An interpreter or environment to read plugin versions from, never run.
    pub python: Option<PathBuf>,
    /// Requirements declared by hand.
    pub plugins: Vec<String>,
    /// In bytes.
    pub max_file_size: u64,
    /// Where the accepted hints stand; nowhere for files of no project.
    pub baseline: Option<PathBuf>,
    pub cache_dir: Option<PathBuf>,
}

impl Default for Settings {
    /// For files of no project: the defaults, with no rule on.
    fn default() -> Self {
        Self { baseline: None, ..Self::resolve(&[], &[], Path::new("")) }
    }
}

impl Settings {
    /// What `layers` say together, the first that speaks of a setting deciding it: flags, editor, nearest file.
    /// `root`: where the project is, for the defaults that are patterns or paths.
    pub fn resolve(layers: &[&Layer], rules: &[KnownRule], root: &Path) -> Self {
        let severities = severities(layers);
        Self {
            selected: selected(layers, rules, &severities).into_iter().collect(),
            severities,
            per_file_ignores: find(layers, |said| said.per_file_ignores.clone()).unwrap_or_default(),
            exclude: find(layers, |said| said.exclude.clone())
                .unwrap_or_else(|| Patterns::new(root, DEFAULT_EXCLUDE.into_iter()).0),
            min_confidence: find(layers, |said| said.min_confidence),
            diagnostic_mode: find(layers, |said| said.diagnostic_mode).unwrap_or(DiagnosticMode::OpenFiles),
            code_lens: find(layers, |said| said.code_lens).unwrap_or(true),
            no_parallel_marker: find(layers, |said| said.no_parallel_marker.clone()),
            python: find(layers, |said| said.python.clone()).map(|(path, _)| path),
            plugins: find(layers, |said| said.plugins.clone()).unwrap_or_default(),
            max_file_size: find(layers, |said| said.max_file_size).unwrap_or(DEFAULT_MAX_FILE_SIZE),
            baseline: Some(find(layers, |said| said.baseline.clone()).unwrap_or_else(|| {
                let file = layers.iter().find_map(|layer| layer.folder());
                file.unwrap_or(root).join(DEFAULT_BASELINE)
            })),
            cache_dir: find(layers, |said| said.cache_dir.clone()),
        }
    }

    /// Whether a rule speaks about the file at `path`: absolute, or relative to where the settings are.
    pub fn enabled(&self, rule: &str, path: &Path) -> bool {
        let ignored =
            |(patterns, rules): &(Patterns, BTreeSet<&str>)| rules.contains(rule) && patterns.matches(path);
        self.selected.contains(rule) && !self.per_file_ignores.iter().any(ignored)
    }

    /// How a hint of the rule is shown: as the person chose for it; else the confidence decides. Never [`Severity::Off`].
    pub fn severity(&self, rule: &str, confidence: Confidence) -> Severity {
        match self.severities.get(rule) {
            Some(chosen) if *chosen != Severity::Off => *chosen,
            _ => Severity::of(confidence),
        }
    }

    /// Whether the file or folder at `path` is left out, unless it is named on the command line.
    pub fn excludes(&self, path: &Path) -> bool {
        self.exclude.matches(path)
    }

    /// The least confidence that is shown; `otherwise` where nothing is said (editors and `check` differ).
    pub fn min_confidence(&self, otherwise: Confidence) -> Confidence {
        self.min_confidence.unwrap_or(otherwise)
    }
}

/// What the settings file says that counts for a project which begins at `home`, and what holds there together with
/// `overrides`. `root`: where what is known begins; nothing above it counts.
pub fn in_force(
    home: &Path,
    root: &Path,
    files: &dyn ConfigFiles,
    overrides: &Overrides,
    rules: &[KnownRule],
) -> (Layer, Settings) {
    let nearest = Layer::nearest(home, root, files, rules).unwrap_or_default();
    let settings = Settings::resolve(&[overrides.at(home), &nearest], rules, root);
    (nearest, settings)
}

fn find<T>(layers: &[&Layer], of: impl Fn(&Said) -> Option<T>) -> Option<T> {
    layers.iter().find_map(|layer| of(&layer.said))
}

/// Each rule's severity is a setting of its own.
fn severities(layers: &[&Layer]) -> BTreeMap<&'static str, Severity> {
    let mut severities = BTreeMap::new();
    for layer in layers {
        for (rule, severity) in &layer.said.severity {
            severities.entry(*rule).or_insert(*severity);
        }
    }
    severities
}

/// Without `select`: the rules that are on by default, and those that were given a severity.
fn selected(
    layers: &[&Layer],
    rules: &[KnownRule],
    severities: &BTreeMap<&'static str, Severity>,
) -> BTreeSet<&'static str> {
    let by_default = || {
        let on = rules.iter().filter(|rule| rule.on || severities.contains_key(rule.name));
        on.map(|rule| rule.name).collect::<BTreeSet<_>>()
    };
    let mut selected = find(layers, |said| said.select.clone()).unwrap_or_else(by_default);
    let ignored = find(layers, |said| said.ignore.clone()).unwrap_or_default();
    selected.retain(|rule| !ignored.contains(rule) && severities.get(rule) != Some(&Severity::Off));
    selected
}

#[cfg(test)]
mod tests;
