//! The one declaration of the settings. What editors offer, the README's table and the help are made from it.

/// Which setting; every reader must say what it does with each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    Select,
    Ignore,
    PerFileIgnores,
    Exclude,
    MinConfidence,
    Severity,
    DiagnosticMode,
    CodeLens,
    NoParallelMarker,
    Python,
    Plugins,
    MaxFileSize,
    Baseline,
    CacheDir,
}

/// What values a setting takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingKind {
    /// A list of rule names, or `all`, or `default`.
    RuleNames,
    /// A table from path pattern to rule names.
    RuleNamesByPattern,
    /// A list of path patterns.
    Patterns,
    /// One of [`crate::hint::Confidence`]'s words.
    Confidence,
    /// A table from rule name to one of [`super::Severity`]'s words.
    SeverityByRule,
    /// One of [`super::DiagnosticMode`]'s words.
    DiagnosticMode,
    /// `true` or `false`.
    Switch,
    /// A marker's name: a Python identifier.
    Marker,
    /// A path, relative to the file that says it.
    Path,
    /// A list of requirements.
    Requirements,
    /// A number of bytes, or a text such as `2 MB`.
    Size,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingDefault {
    /// What holds then is said in the description.
    Unset,
    Empty,
    Words(&'static [&'static str]),
    Text(&'static str),
    On,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    pub key: Key,
    /// In TOML, and after `flakeless.` in editors.
    pub name: &'static str,
    pub kind: SettingKind,
    pub default: SettingDefault,
    /// One line, Markdown.
    pub doc: &'static str,
}

pub const DEFAULT_BASELINE: &str = "flakeless-baseline.json";
pub const DEFAULT_EXCLUDE: [&str; 8] =
    [".venv", "venv", "node_modules", ".tox", ".nox", "build", "dist", "site-packages"];
pub(super) const DEFAULT_MAX_FILE_SIZE: u64 = 2_000_000;

pub const SETTINGS: [Setting; 14] = [
    Setting {
        key: Key::Select,
        name: "select",
        kind: SettingKind::RuleNames,
        default: SettingDefault::Words(&["default"]),
        doc: "The rules to use: names, `default` for those that are on by themselves, `all`.",
    },
    Setting {
        key: Key::Ignore,
        name: "ignore",
        kind: SettingKind::RuleNames,
        default: SettingDefault::Empty,
        doc: "The rules not to use, whatever `select` says.",
    },
    Setting {
        key: Key::PerFileIgnores,
        name: "per-file-ignores",
        kind: SettingKind::RuleNamesByPattern,
        default: SettingDefault::Empty,
        doc: "Path pattern to the rules not to use in the files it matches.",
    },
    Setting {
        key: Key::Exclude,
        name: "exclude",
        kind: SettingKind::Patterns,
        default: SettingDefault::Words(&DEFAULT_EXCLUDE),
        doc: "Files and folders to leave out: a name at any depth, or a path from where the setting stands.",
    },
    Setting {
        key: Key::MinConfidence,
        name: "min-confidence",
        kind: SettingKind::Confidence,
        default: SettingDefault::Unset,
        doc: "The least confidence to show: `possible`, `likely` or `confirmed`. When not set: `possible` in editors, `likely` in `check`.",
    },
    Setting {
        key: Key::Severity,
        name: "severity",
        kind: SettingKind::SeverityByRule,
        default: SettingDefault::Empty,
        doc: "Rule to `off`, `hint`, `info`, `warning` or `error`. A rule that is off by itself goes on with this. When not set: the confidence decides.",
    },
    Setting {
        key: Key::DiagnosticMode,
        name: "diagnostic-mode",
        kind: SettingKind::DiagnosticMode,
        default: SettingDefault::Text("open-files"),
        doc: "What editors show hints for: `open-files`, or `workspace` for closed files too. `check` always looks at all.",
    },
    Setting {
        key: Key::CodeLens,
        name: "code-lens",
        kind: SettingKind::Switch,
        default: SettingDefault::On,
        doc: "Whether editors show *Reproduce* and *Find the polluter* above tests that have hints. Both stay among the code actions.",
    },
    Setting {
        key: Key::NoParallelMarker,
        name: "no-parallel-marker",
        kind: SettingKind::Marker,
        default: SettingDefault::Unset,
        doc: "The marker that says a test must not run in parallel. When not set: the one the project registers, else `no_parallel`.",
    },
    Setting {
        key: Key::Python,
        name: "python",
        kind: SettingKind::Path,
        default: SettingDefault::Unset,
        doc: "An interpreter or environment whose installed plugins count. It is read, never run.",
    },
    Setting {
        key: Key::Plugins,
        name: "plugins",
        kind: SettingKind::Requirements,
        default: SettingDefault::Empty,
        doc: "Plugins that no file of the project declares, such as `pytest-xdist>=3`.",
    },
    Setting {
        key: Key::MaxFileSize,
        name: "max-file-size",
        kind: SettingKind::Size,
        default: SettingDefault::Text("2 MB"),
        doc: "Larger files are passed over, which is said on their first line. Bytes, or a text with a unit.",
    },
    Setting {
        key: Key::Baseline,
        name: "baseline",
        kind: SettingKind::Path,
        default: SettingDefault::Text(DEFAULT_BASELINE),
        doc: "The file of accepted hints, which `check --baseline=write` makes. When not set: beside the settings file that counts, else at the root of the repository or project.",
    },
    Setting {
        key: Key::CacheDir,
        name: "cache-dir",
        kind: SettingKind::Path,
        default: SettingDefault::Unset,
        doc: "Where results are kept between runs: a folder of the project. When not set: the user's cache folder.",
    },
];

impl Setting {
    pub fn named(name: &str) -> Option<&'static Setting> {
        SETTINGS.iter().find(|setting| setting.name == name)
    }
}

/// The candidate that was probably meant, as the end of a message: ` Did you mean …?`, or nothing.
pub(super) fn did_you_mean<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    let word = word.to_lowercase().replace('_', "-");
    let distances = candidates.map(|candidate| (strsim::damerau_levenshtein(&word, candidate), candidate));
    match distances.min() {
        Some((distance, candidate)) if distance <= candidate.len() / 3 => {
            format!(" Did you mean `{candidate}`?")
        }
        _ => String::new(),
    }
}
