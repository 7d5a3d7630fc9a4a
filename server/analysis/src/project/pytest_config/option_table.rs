//! The options of one configuration file as written, and pytest's conversion of them to its types.
//!
//! INI values, and scalars under `[tool.pytest.ini_options]`, are text that pytest converts. `[tool.pytest]` and
//! `pytest.toml` are typed: a value of another type stops pytest (`_pytest/config/__init__.py`, `_getini_toml`).

use crate::config_text::ini::{Piece, Section};
use crate::config_text::value::{Kind, Value};
use crate::config_text::{Fault, shell_words};
use crate::text::TextRange;

#[derive(Debug, Default)]
pub(super) struct OptionTable {
    options: Vec<(String, Raw)>,
}

#[derive(Debug)]
enum Raw {
    /// Text to convert, with its lines that are not empty.
    Text {
        text: String,
        lines: Vec<Piece>,
        range: TextRange,
    },
    /// A list under `ini_options`, which pytest takes as it is.
    List(Value),
    Native(Value),
}

impl OptionTable {
    pub(super) fn from_section(section: &Section) -> Self {
        let options = section.entries.iter().map(|entry| {
            let raw = Raw::Text { text: entry.value(), lines: entry.pieces.clone(), range: entry.range() };
            (entry.key.clone(), raw)
        });
        Self { options: options.collect() }
    }

    pub(super) fn from_native(table: &Value) -> Self {
        let options = table.members().iter().filter(|member| member.key != "ini_options");
        Self {
            options: options.map(|member| (member.key.clone(), Raw::Native(member.value.clone()))).collect(),
        }
    }

    pub(super) fn from_ini_options(table: &Value, text: &str) -> Self {
        let options = table.members().iter().map(|member| {
            let value = &member.value;
            let raw = match as_python_str(value) {
                Some(written) => {
                    Raw::Text { lines: lines_of(&written, value, text), text: written, range: value.range }
                }
                None => Raw::List(value.clone()),
            };
            (member.key.clone(), raw)
        });
        Self { options: options.collect() }
    }

    /// What `-o key=value` does.
    pub(super) fn override_with(&mut self, key: &str, text: &str, range: TextRange) {
        let lines = text.split('\n').map(str::trim).filter(|line| !line.is_empty());
        let lines = lines.map(|line| Piece { text: line.to_owned(), range }).collect();
        self.options.retain(|(name, _)| name != key);
        self.options.push((key.to_owned(), Raw::Text { text: text.to_owned(), lines, range }));
    }

    /// The options that `other` gives another value or lacks, in order, with the place of the first one's value.
    pub(super) fn unlike(&self, other: &OptionTable) -> Vec<(&str, TextRange)> {
        self.options
            .iter()
            .filter(|(key, _)| self.tokens(key) != other.tokens(key))
            .map(|(key, _)| (key.as_str(), self.range(key).unwrap_or_default()))
            .collect()
    }

    /// The words of a value, however it is written.
    fn tokens(&self, key: &str) -> Vec<String> {
        let Some(raw) = self.get(key) else { return Vec::new() };
        let value = match raw {
            Raw::Text { text, .. } => return text.split_whitespace().map(str::to_owned).collect(),
            Raw::List(value) | Raw::Native(value) => value,
        };
        let elements =
            if value.elements().is_empty() { std::slice::from_ref(value) } else { value.elements() };
        let texts = elements.iter().filter_map(as_python_str);
        texts.flat_map(|text| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    fn get(&self, key: &str) -> Option<&Raw> {
        self.options.iter().find(|(name, _)| name == key).map(|(_, raw)| raw)
    }

    /// Where the value of `key` stands.
    pub(super) fn range(&self, key: &str) -> Option<TextRange> {
        self.get(key).map(|raw| match raw {
            Raw::Text { range, .. } => *range,
            Raw::List(value) | Raw::Native(value) => value.range,
        })
    }

    /// pytest's types `args` and `paths`.
    pub(super) fn words(&self, key: &str, faults: &mut Vec<Fault>) -> Option<Vec<String>> {
        let (text, range) = match self.get(key)? {
            Raw::Text { text, range, .. } => (text, *range),
            Raw::List(list) | Raw::Native(list) => {
                return strings(self.get(key)?, key, list, faults).map(texts);
            }
        };
        let words = shell_words::split(text);
        if words.is_none() {
            let message =
                format!("`{key}` has a quote that is not closed or ends in a backslash: pytest stops here.");
            faults.push(Fault::new(range, message));
        }
        words
    }

    /// pytest's type `linelist`.
    pub(super) fn lines(&self, key: &str, faults: &mut Vec<Fault>) -> Option<Vec<Piece>> {
        match self.get(key)? {
            Raw::Text { lines, .. } => Some(lines.clone()),
            raw @ (Raw::List(list) | Raw::Native(list)) => strings(raw, key, list, faults),
        }
    }

    /// pytest's type `bool`.
    pub(super) fn flag(&self, key: &str, faults: &mut Vec<Fault>) -> Option<bool> {
        let (flag, range) = match self.get(key)? {
            Raw::Native(Value { kind: Kind::Bool(flag), .. }) => return Some(*flag),
            Raw::Text { text, range, .. } => (truth(text), *range),
            Raw::List(value) | Raw::Native(value) => (None, value.range),
        };
        if flag.is_none() {
            faults.push(Fault::new(range, format!("`{key}` must be true or false: pytest stops here.")));
        }
        flag
    }

    /// An option of a plugin as text: a string, or a number as written. Plugins read these in their own ways.
    pub(super) fn text(&self, key: &str) -> Option<String> {
        match self.get(key)? {
            Raw::Text { text, .. } => Some(text.trim().to_owned()),
            Raw::Native(value) => as_python_str(value),
            Raw::List(_) => None,
        }
    }
}

fn texts(pieces: Vec<Piece>) -> Vec<String> {
    pieces.into_iter().map(|piece| piece.text).collect()
}

/// A list's strings. Typed tables refuse everything else; under `ini_options` only the strings can work.
fn strings(raw: &Raw, key: &str, list: &Value, faults: &mut Vec<Fault>) -> Option<Vec<Piece>> {
    let typed = matches!(raw, Raw::Native(_));
    if !matches!(list.kind, Kind::List(_)) {
        let message =
            format!("`{key}` must be a list of strings here, not {}: pytest stops here.", list.kind_words());
        faults.push(Fault::new(list.range, message));
        return None;
    }
    let mut pieces = Vec::new();
    for element in list.elements() {
        match element.text() {
            Some(text) => pieces.push(Piece { text: text.to_owned(), range: element.range }),
            None if typed => {
                let message = format!(
                    "`{key}` must hold strings only, not {}: pytest stops here.",
                    element.kind_words()
                );
                faults.push(Fault::new(element.range, message));
                return None;
            }
            None => {}
        }
    }
    Some(pieces)
}

/// Python's `str(value)`, which pytest applies to what is no list; `None` for lists and for what no option is.
fn as_python_str(value: &Value) -> Option<String> {
    match &value.kind {
        Kind::Text(text) => Some(text.clone()),
        Kind::Integer(number) => Some(number.to_string()),
        Kind::Float(number) => Some(number.to_string()),
        Kind::Bool(flag) => Some(if *flag { "True" } else { "False" }.to_owned()),
        Kind::Moment(_) | Kind::List(_) | Kind::Table(_) => None,
    }
}

/// The stripped lines of a TOML string; each with its own place where the source holds it as it is.
fn lines_of(written: &str, value: &Value, text: &str) -> Vec<Piece> {
    let mut from = value.range.start;
    let mut lines = Vec::new();
    for line in written.split('\n').map(str::trim).filter(|line| !line.is_empty()) {
        let rest = TextRange::new(from, value.range.end);
        let found = rest.slice(text).find(line).and_then(|at| u32::try_from(at).ok());
        let range = found.map_or(value.range, |at| {
            let len = u32::try_from(line.len()).unwrap_or(0);
            TextRange::new(from + at, from + at + len)
        });
        if found.is_some() {
            from = range.end;
        }
        lines.push(Piece { text: line.to_owned(), range });
    }
    lines
}

/// `_strtobool`.
fn truth(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "y" | "yes" | "t" | "true" | "on" | "1" => Some(true),
        "n" | "no" | "f" | "false" | "off" | "0" => Some(false),
        _ => None,
    }
}
