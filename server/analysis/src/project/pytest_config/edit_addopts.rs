//! Arguments in `addopts`: where one stands, and edits that set or remove one.
//!
//! An edit is given only if the edited file then says what it should, and otherwise what it said.

use super::list_option::{self, ListOption, read};
use super::locate::{ConfigKind, Home};
use super::options::PytestOptions;
use crate::config_text::toml::{self, Toml};
use crate::config_text::value::{Kind, Value};
use crate::config_text::{ini, shell_words};
use crate::text::{TextRange, line_end, line_start};

type Edit = (TextRange, String);

/// A word of `addopts`; the range has the quotes that it is written in.
struct Word {
    text: String,
    range: TextRange,
}

/// The words that say one argument: `--dist=load`, or `--dist` and `load`.
struct Argument {
    first: usize,
    last: usize,
}

/// Where an argument with a value stands, both together; `None` where it is not there once, or its place cannot be told.
pub fn argument_place(text: &str, kind: ConfigKind, name: &str) -> Option<TextRange> {
    let words = words(text, kind)?;
    let Argument { first, last } = only_argument(&words, name)?;
    Some(TextRange::new(words[first].range.start, words[last].range.end))
}

/// The edit that gives an argument a value, whether it is there or not.
pub fn set_argument_edit(text: &str, kind: ConfigKind, name: &str, value: &str) -> Option<Edit> {
    let words = words(text, kind)?;
    let is_there = words.iter().any(|word| is_named(word, name));
    let mut said = texts(&words);
    let edit = if is_there {
        let Argument { first, last } = only_argument(&words, name)?;
        said[last] = if first == last { format!("{name}={value}") } else { value.to_owned() };
        let written = words[last].range.slice(text);
        (words[last].range, written.replace(&words[last].text, &said[last]))
    } else {
        let word = format!("{name}={value}");
        said.push(word.clone());
        list_option::add(text, kind, ListOption::Addopts, &word)?
    };
    makes(text, kind, &edit, &said).then_some(edit)
}

/// The edit that takes an argument with a value away.
pub fn remove_argument_edit(text: &str, kind: ConfigKind, name: &str) -> Option<Edit> {
    let words = words(text, kind)?;
    let argument = only_argument(&words, name)?;
    let mut said = texts(&words);
    said.drain(argument.first..=argument.last);
    let edit = (taken_out(text, &words, &argument), String::new());
    makes(text, kind, &edit, &said).then_some(edit)
}

fn texts(words: &[Word]) -> Vec<String> {
    words.iter().map(|word| word.text.clone()).collect()
}

fn is_named(word: &Word, name: &str) -> bool {
    word.text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
}

/// The argument, if it is there once: of several the last counts, and an edit of one would not be all.
fn only_argument(words: &[Word], name: &str) -> Option<Argument> {
    let mut places = words.iter().enumerate().filter(|(_, word)| is_named(word, name));
    let (first, word) = places.next()?;
    let last = if word.text == name { first + 1 } else { first };
    (places.next().is_none() && last < words.len()).then_some(Argument { first, last })
}

/// The words of `addopts` as they are written; none where it is not there, `None` where their places cannot be told.
fn words(text: &str, kind: ConfigKind) -> Option<Vec<Word>> {
    match kind.home() {
        Home::Section(section) => {
            let ini = ini::read(text);
            let entry = ini.section(section).and_then(|section| section.entry("addopts"));
            let pieces = entry.map(|entry| entry.pieces.as_slice()).unwrap_or_default();
            pieces.iter().try_fold(Vec::new(), |mut words, piece| {
                words.extend(in_stretch(text, piece.range)?);
                Some(words)
            })
        }
        Home::Table(path) => {
            let Toml { root, fault: None } = toml::read(text) else { return None };
            match root.at(path).and_then(|table| table.get("addopts")) {
                Some(value) => in_value(text, value),
                None => Some(Vec::new()),
            }
        }
    }
}

fn in_value(text: &str, value: &Value) -> Option<Vec<Word>> {
    match &value.kind {
        Kind::Text(_) => {
            let written = value.range.slice(text);
            let quotes = if written.starts_with("\"\"\"") || written.starts_with("'''") { 3 } else { 1 };
            let inside = TextRange::new(value.range.start + quotes, value.range.end - quotes);
            // TOML's own escapes would be read as the shell's.
            if written.starts_with('"') && written.contains('\\') {
                return None;
            }
            in_stretch(text, inside)
        }
        Kind::List(elements) => {
            let word =
                |element: &Value| Some(Word { text: element.text()?.to_owned(), range: element.range });
            elements.iter().map(word).collect()
        }
        _ => None,
    }
}

fn in_stretch(text: &str, stretch: TextRange) -> Option<Vec<Word>> {
    let words = shell_words::split_with_places(stretch.slice(text))?.into_iter();
    let at = |offset: usize| stretch.start + offset as u32;
    let word = |word: shell_words::Word| Word {
        range: TextRange::new(at(word.range.start), at(word.range.end)),
        text: word.text,
    };
    Some(words.map(word).collect())
}

/// What goes with an argument: its lines if it has them to itself, else the blank or the comma on one side.
fn taken_out(text: &str, words: &[Word], argument: &Argument) -> TextRange {
    let range = TextRange::new(words[argument.first].range.start, words[argument.last].range.end);
    let (start, end) = (line_start(text, range.start as usize), line_end(text, range.end as usize));
    let before = text[start..range.start as usize].trim();
    let after = text[range.end as usize..end].trim_start_matches([',', ' ', '\t']);
    if before.is_empty() && (after.is_empty() || after.starts_with('#')) {
        let next_line = text[end..].find('\n').map_or(text.len(), |newline| end + newline + 1);
        return crate::config_text::byte_range(start, next_line);
    }
    let is_on_line = |offset: u32| (start..=end).contains(&(offset as usize));
    match (words.get(argument.last + 1), argument.first.checked_sub(1)) {
        (Some(next), _) if is_on_line(next.range.start) => TextRange::new(range.start, next.range.start),
        (_, Some(previous)) => TextRange::new(words[previous].range.end, range.end),
        _ => range,
    }
}

/// Whether the edited file has these words in `addopts`, and all else as it was.
fn makes(text: &str, kind: ConfigKind, edit: &Edit, said: &[String]) -> bool {
    let mut edited = text.to_owned();
    edited.replace_range(std::ops::Range::from(edit.0), &edit.1);
    let kind_after = if kind == ConfigKind::PyprojectBare { ConfigKind::PyprojectIniOptions } else { kind };
    let (Some(before), Some(after)) = (read(text, kind), read(&edited, kind_after)) else { return false };
    after.addopts == said && beside_addopts(before) == beside_addopts(after)
}

/// What other keys say. `addopts` reaches into many fields, so these are compared as far as they come from a key alone.
fn beside_addopts(options: PytestOptions) -> [Vec<String>; 6] {
    let markers = options.markers.into_iter().map(|marker| marker.text).collect();
    [
        markers,
        options.testpaths,
        options.python_files,
        options.python_classes,
        options.python_functions,
        options.usefixtures,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use ConfigKind::{PyprojectIniOptions, PyprojectNative, PytestIni, PytestToml, SetupCfg, ToxIni};

    fn after(text: &str, edit: Option<Edit>) -> Option<String> {
        let (range, with) = edit?;
        let mut text = text.to_owned();
        text.replace_range(std::ops::Range::from(range), &with);
        Some(text)
    }

    /// Before, with `--dist=loadgroup`, without `--dist`. Each result was read by pytest 9.2.0.
    const CASES: &[(ConfigKind, &str, &str, Option<&str>)] = &[
        (PytestIni, "[pytest]\n", "[pytest]\naddopts = --dist=loadgroup\n", None),
        (PytestIni, "[pytest]\naddopts = -q \n", "[pytest]\naddopts = -q --dist=loadgroup \n", None),
        (
            ToxIni,
            "[pytest]\naddopts =\n  -q\n  # c\n  --dist load\n  -ra\n\n[tox]\n",
            "[pytest]\naddopts =\n  -q\n  # c\n  --dist loadgroup\n  -ra\n\n[tox]\n",
            Some("[pytest]\naddopts =\n  -q\n  # c\n  -ra\n\n[tox]\n"),
        ),
        (
            SetupCfg,
            "[tool:pytest]\naddopts = -q\n    -ra\nmarkers = a\n",
            "[tool:pytest]\naddopts = -q\n    -ra\n    --dist=loadgroup\nmarkers = a\n",
            None,
        ),
        (
            PytestIni,
            "[pytest]\naddopts = -n 4 --dist=load -q\n",
            "[pytest]\naddopts = -n 4 --dist=loadgroup -q\n",
            Some("[pytest]\naddopts = -n 4 -q\n"),
        ),
        (
            PyprojectIniOptions,
            "[tool.pytest.ini_options]\naddopts = \"-q --dist load\" # c\n",
            "[tool.pytest.ini_options]\naddopts = \"-q --dist loadgroup\" # c\n",
            Some("[tool.pytest.ini_options]\naddopts = \"-q\" # c\n"),
        ),
        (
            PyprojectIniOptions,
            "[tool.pytest.ini_options]\naddopts = \"\"\"\n  -q\n  -ra\n\"\"\"\n",
            "[tool.pytest.ini_options]\naddopts = \"\"\"\n  -q\n  -ra\n  --dist=loadgroup\n\"\"\"\n",
            None,
        ),
        (
            PyprojectIniOptions,
            "[tool.pytest.ini_options]\ntestpaths = [\"t\"]\n",
            "[tool.pytest.ini_options]\ntestpaths = [\"t\"]\naddopts = \"--dist=loadgroup\"\n",
            None,
        ),
        (
            PytestToml,
            "[pytest]\nverbosity = 1\n",
            "[pytest]\nverbosity = 1\naddopts = [\"--dist=loadgroup\"]\n",
            None,
        ),
        (
            PyprojectNative,
            "[tool.pytest]\naddopts = [\n  \"-q\",\n  '--dist', 'load', # why\n  \"-ra\",\n]\n",
            "[tool.pytest]\naddopts = [\n  \"-q\",\n  '--dist', 'loadgroup', # why\n  \"-ra\",\n]\n",
            Some("[tool.pytest]\naddopts = [\n  \"-q\",\n  \"-ra\",\n]\n"),
        ),
        (
            PyprojectNative,
            "[tool.pytest]\naddopts = [\"-q\", \"--dist=load\"]\n",
            "[tool.pytest]\naddopts = [\"-q\", \"--dist=loadgroup\"]\n",
            Some("[tool.pytest]\naddopts = [\"-q\"]\n"),
        ),
    ];

    #[test]
    fn each_form() {
        for (kind, before, set, removed) in CASES {
            let edit = set_argument_edit(before, *kind, "--dist", "loadgroup");
            assert_eq!(after(before, edit).as_deref(), Some(*set), "{before}");
            let edit = remove_argument_edit(before, *kind, "--dist");
            assert_eq!(after(before, edit).as_deref(), *removed, "{before}");
        }
    }

    #[test]
    fn windows_line_endings_give_the_same() {
        for (kind, before, set, removed) in CASES {
            let crlf = |text: &str| text.replace('\n', "\r\n");
            let before = crlf(before);
            let edit = set_argument_edit(&before, *kind, "--dist", "loadgroup");
            assert_eq!(after(&before, edit), Some(crlf(set)), "{before}");
            let edit = remove_argument_edit(&before, *kind, "--dist");
            assert_eq!(after(&before, edit), removed.map(crlf), "{before}");
        }
    }

    #[test]
    fn no_safe_place() {
        let refused = [
            (PytestIni, "[pytest]\naddopts = --dist load --dist loadfile\n"),
            (PytestIni, "[pytest]\naddopts = -q --dist\n"),
            (PytestIni, "[pytest]\naddopts = 'open\n"),
            (PyprojectIniOptions, "[tool.pytest.ini_options]\naddopts = \"-k 'a\\\"b' -q\"\n"),
            (PyprojectNative, "[tool.pytest]\naddopts = \"-q\"\n"),
        ];
        for (kind, text) in refused {
            assert_eq!(set_argument_edit(text, kind, "--dist", "loadgroup"), None, "{text}");
            assert_eq!(remove_argument_edit(text, kind, "--dist"), None, "{text}");
        }
    }

    #[test]
    fn places_hold_the_value() {
        let text = "[tool.pytest]\naddopts = [\"-q\", \"--dist\", \"load\"]\n";
        let place = argument_place(text, PyprojectNative, "--dist").unwrap();
        assert_eq!(place.slice(text), "\"--dist\", \"load\"");
    }
}
