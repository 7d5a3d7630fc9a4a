//! From a table of values to typed settings; each wrong one is a fault and counts as not said.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::declaration::{Key, SETTINGS, Setting, did_you_mean};
use super::patterns::Patterns;
use super::{DiagnosticMode, KnownRule, Severity};
use crate::config_text::Fault;
use crate::config_text::value::{Kind, Member, Value};
use crate::hint::Confidence;
use crate::text::TextRange;

/// What one place says; `None` where it says nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) select: Option<BTreeSet<&'static str>>,
    pub(super) ignore: Option<BTreeSet<&'static str>>,
    pub(super) per_file_ignores: Option<Vec<(Patterns, BTreeSet<&'static str>)>>,
    pub(super) exclude: Option<Patterns>,
    pub(super) min_confidence: Option<Confidence>,
    pub(super) severity: BTreeMap<&'static str, Severity>,
    pub(super) diagnostic_mode: Option<DiagnosticMode>,
    pub(super) code_lens: Option<bool>,
    pub(super) no_parallel_marker: Option<String>,
    /// With its place in the file.
    pub(super) python: Option<(PathBuf, TextRange)>,
    pub(super) plugins: Option<Vec<String>>,
    pub(super) max_file_size: Option<u64>,
    pub(super) baseline: Option<PathBuf>,
    pub(super) cache_dir: Option<PathBuf>,
}

pub(super) struct Reader<'a> {
    base: &'a Path,
    rules: &'a [KnownRule],
    pub(super) said: Said,
    pub(super) faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(base: &'a Path, rules: &'a [KnownRule]) -> Self {
        Self { base, rules, said: Said::default(), faults: Vec::new() }
    }

    pub(super) fn table(&mut self, table: &Value) {
        if !table.is_table() {
            self.fault(
                table,
                format!("The settings of flakeless must be a table, not {}.", table.kind_words()),
            );
        }
        for member in table.members() {
            if let Some(setting) = Setting::named(&member.key) {
                self.setting(setting, &member.value);
            } else if let Some(rule) = member.key.strip_prefix("severity.") {
                // Editors may send `flakeless.severity.<rule>` flat.
                self.severity_of(rule, member);
            } else {
                let guess = did_you_mean(&member.key, SETTINGS.iter().map(|setting| setting.name));
                let message = format!("`{}` is not a setting of flakeless.{guess}", member.key);
                self.faults.push(Fault::new(member.key_range, message));
            }
        }
    }

    fn setting(&mut self, setting: &Setting, value: &Value) {
        let name = setting.name;
        match setting.key {
            Key::Select => self.said.select = self.rule_names(name, value),
            Key::Ignore => self.said.ignore = self.rule_names(name, value),
            Key::PerFileIgnores => self.said.per_file_ignores = self.per_file_ignores(name, value),
            Key::Exclude => self.said.exclude = self.patterns(name, value),
            Key::MinConfidence => self.said.min_confidence = self.confidence(name, value),
            Key::Severity => self.severities(name, value),
            Key::DiagnosticMode => self.said.diagnostic_mode = self.diagnostic_mode(name, value),
            Key::CodeLens => self.said.code_lens = self.switch(name, value),
            Key::NoParallelMarker => self.said.no_parallel_marker = self.marker(name, value),
            Key::Python => self.said.python = self.path(name, value).map(|path| (path, value.range)),
            Key::Plugins => self.said.plugins = self.texts(name, value).map(|texts| owned(&texts)),
            Key::MaxFileSize => self.said.max_file_size = self.size(name, value),
            Key::Baseline => self.said.baseline = self.path(name, value),
            Key::CacheDir => self.said.cache_dir = self.path(name, value),
        }
    }

    fn fault(&mut self, value: &Value, message: String) {
        self.faults.push(Fault::new(value.range, message));
    }

    fn wrong<T>(&mut self, name: &str, value: &Value, expected: &str) -> Option<T> {
        let given = value.text().map_or_else(|| value.kind_words().to_owned(), |text| format!("`{text}`"));
        self.fault(value, format!("`{name}` must be {expected}, not {given}."));
        None
    }

    fn text<'v>(&mut self, name: &str, value: &'v Value) -> Option<&'v str> {
        value.text().or_else(|| self.wrong(name, value, "a string"))
    }

    /// The strings of a list with their places; an element of another kind is a fault of its own.
    fn texts<'v>(&mut self, name: &str, value: &'v Value) -> Option<Vec<(&'v Value, &'v str)>> {
        if !matches!(value.kind, Kind::List(_)) {
            return self.wrong(name, value, "a list of strings");
        }
        let mut texts = Vec::new();
        for element in value.elements() {
            match element.text() {
                Some(text) => texts.push((element, text)),
                None => {
                    self.wrong::<()>(name, element, "a list of strings");
                }
            }
        }
        Some(texts)
    }

    fn rule(&mut self, name: &str) -> Result<&'static str, String> {
        let known = self.rules.iter().find(|rule| rule.name == name);
        known.map(|rule| rule.name).ok_or_else(|| {
            let guess = did_you_mean(name, self.rules.iter().map(|rule| rule.name));
            format!("`{name}` is not a rule of flakeless.{guess}")
        })
    }

    /// Names of rules, `all` and `default`.
    fn rule_names(&mut self, name: &str, value: &Value) -> Option<BTreeSet<&'static str>> {
        let mut names = BTreeSet::new();
        for (element, text) in self.texts(name, value)? {
            match text {
                "all" => names.extend(self.rules.iter().map(|rule| rule.name)),
                "default" => names.extend(self.rules.iter().filter(|rule| rule.on).map(|rule| rule.name)),
                _ => match self.rule(text) {
                    Ok(rule) => {
                        names.insert(rule);
                    }
                    Err(message) => self.fault(element, message),
                },
            }
        }
        Some(names)
    }

    fn patterns(&mut self, name: &str, value: &Value) -> Option<Patterns> {
        let texts = self.texts(name, value)?;
        let (patterns, unreadable) = Patterns::new(self.base, texts.iter().map(|(_, text)| *text));
        for (element, text) in texts.into_iter().filter(|(_, text)| unreadable.contains(text)) {
            self.fault(element, format!("`{text}` in `{name}` is not a path pattern."));
        }
        Some(patterns)
    }

    fn per_file_ignores(
        &mut self,
        name: &str,
        value: &Value,
    ) -> Option<Vec<(Patterns, BTreeSet<&'static str>)>> {
        if !value.is_table() {
            return self.wrong(name, value, "a table from path pattern to rule names");
        }
        let mut ignores = Vec::new();
        for member in value.members() {
            let (patterns, unreadable) = Patterns::new(self.base, std::iter::once(member.key.as_str()));
            if !unreadable.is_empty() {
                let message = format!("`{}` in `{name}` is not a path pattern.", member.key);
                self.faults.push(Fault::new(member.key_range, message));
            } else if let Some(rules) = self.rule_names(name, &member.value) {
                ignores.push((patterns, rules));
            }
        }
        Some(ignores)
    }

    fn confidence(&mut self, name: &str, value: &Value) -> Option<Confidence> {
        let word = value.text().and_then(Confidence::from_word);
        word.or_else(|| self.wrong(name, value, "`possible`, `likely` or `confirmed`"))
    }

    fn diagnostic_mode(&mut self, name: &str, value: &Value) -> Option<DiagnosticMode> {
        let word = value.text().and_then(DiagnosticMode::from_word);
        word.or_else(|| self.wrong(name, value, "`open-files` or `workspace`"))
    }

    fn switch(&mut self, name: &str, value: &Value) -> Option<bool> {
        match value.kind {
            Kind::Bool(choice) => Some(choice),
            _ => self.wrong(name, value, "`true` or `false`"),
        }
    }

    fn severities(&mut self, name: &str, value: &Value) {
        if !value.is_table() {
            self.wrong::<()>(name, value, "a table from rule to severity");
        }
        for member in value.members() {
            self.severity_of(&member.key, member);
        }
    }

    fn severity_of(&mut self, rule: &str, member: &Member) {
        let known = match self.rule(rule) {
            Ok(known) => known,
            Err(message) => return self.faults.push(Fault::new(member.key_range, message)),
        };
        match member.value.text().and_then(Severity::from_word) {
            Some(severity) => {
                self.said.severity.insert(known, severity);
            }
            None => {
                let expected = "`off`, `hint`, `info`, `warning` or `error`";
                self.wrong::<()>(&format!("severity.{rule}"), &member.value, expected);
            }
        }
    }

    fn marker(&mut self, name: &str, value: &Value) -> Option<String> {
        let text = self.text(name, value)?;
        let starts = text.starts_with(|c: char| c.is_alphabetic());
        if starts && text.chars().all(|c| c.is_alphanumeric() || c == '_') {
            return Some(text.to_owned());
        }
        self.wrong(name, value, "the name of a marker")
    }

    fn path(&mut self, name: &str, value: &Value) -> Option<PathBuf> {
        let text = self.text(name, value)?;
        if text.is_empty() { self.wrong(name, value, "a path") } else { Some(self.base.join(text)) }
    }

    fn size(&mut self, name: &str, value: &Value) -> Option<u64> {
        let bytes = match &value.kind {
            Kind::Integer(number) => u64::try_from(*number).ok(),
            Kind::Text(text) => size(text),
            _ => None,
        };
        bytes.or_else(|| self.wrong(name, value, "a number of bytes, or a text such as `2 MB`"))
    }
}

fn owned(texts: &[(&Value, &str)]) -> Vec<String> {
    texts.iter().map(|(_, text)| (*text).to_owned()).collect()
}

/// `2 MB`, `500kb`, `1000`: units of 1000.
fn size(text: &str) -> Option<u64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let unit = match text[digits..].trim().to_lowercase().as_str() {
        "" | "b" => 1,
        "kb" => 1_000,
        "mb" => 1_000_000,
        "gb" => 1_000_000_000,
        _ => return None,
    };
    number.checked_mul(unit)
}
