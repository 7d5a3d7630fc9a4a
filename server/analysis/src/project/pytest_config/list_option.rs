//! A new element in an option that is a list, as one edit in the configuration file's own syntax.

mod in_ini;
mod in_toml;

use super::locate::{ConfigKind, Home, table_of};
use super::options::{MarkerLine, PytestOptions};
use crate::project::version_range::VersionRange;
use crate::text::{TextRange, line_start, newline_of};

/// The lists that can be added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListOption {
    /// One marker a line (pytest's type `linelist`).
    Markers,
    /// Words of a command line (pytest's type `args`).
    Addopts,
}

impl ListOption {
    fn key(self) -> &'static str {
        match self {
            ListOption::Markers => "markers",
            ListOption::Addopts => "addopts",
        }
    }
}

/// The edit that puts `element` at the end of a list: a byte range of `text` and what to put there. Comments, quotes and
/// line endings stay; what is missing (key, table, section) is made. What the edited file then says is not looked at.
///
/// `None` when the file does not parse, or when its form leaves no safe place.
pub(super) fn add(
    text: &str,
    kind: ConfigKind,
    option: ListOption,
    element: &str,
) -> Option<(TextRange, String)> {
    match kind.home() {
        Home::Section(section) => in_ini::edit(text, section, option, element),
        Home::Table(path) => in_toml::edit(text, path, option, element),
    }
}

/// The edit that registers `line` (`name: what it means`) in a configuration file of that kind.
///
/// `None` when the marker is registered already, when the file does not parse, or when its form leaves no safe place.
pub fn register_marker_edit(text: &str, kind: ConfigKind, line: &str) -> Option<(TextRange, String)> {
    let before = read(text, kind)?;
    let new = MarkerLine::named(line);
    if before.marker(&new.name).is_some() || new.name.is_empty() {
        return None;
    }
    let edit = add(text, kind, ListOption::Markers, line)?;
    only_adds(text, kind, &edit, line, before).then_some(edit)
}

/// Whether the edited file says what it said, and the new line at the end of its markers.
fn only_adds(
    text: &str,
    kind: ConfigKind,
    edit: &(TextRange, String),
    line: &str,
    before: PytestOptions,
) -> bool {
    let mut edited = text.to_owned();
    edited.replace_range(std::ops::Range::from(edit.0), &edit.1);
    let Some(after) = read(&edited, kind) else { return false };
    let said = |options: &PytestOptions| {
        options.markers.iter().map(|marker| marker.text.clone()).collect::<Vec<_>>()
    };
    let mut expected = said(&before);
    expected.push(line.to_owned());
    said(&after) == expected && without_places(before) == without_places(after)
}

/// The options of a whole file; `None` when pytest would stop at it.
pub(super) fn read(text: &str, kind: ConfigKind) -> Option<PytestOptions> {
    let mut faults = Vec::new();
    let options = PytestOptions::read(table_of(kind, text)?, &VersionRange::any(), &mut faults);
    faults.is_empty().then_some(options)
}

fn without_places(options: PytestOptions) -> PytestOptions {
    PytestOptions { markers: Vec::new(), ..options.without_places() }
}

/// The whitespace that the line holding `offset` begins with.
fn indent(text: &str, offset: usize) -> &str {
    let line = &text[line_start(text, offset)..];
    let content = line.trim_start_matches([' ', '\t']);
    &line[..line.len() - content.len()]
}

/// `addition` as a block of its own at the end of the file.
fn append(text: &str, addition: &str) -> (TextRange, String) {
    let newline = newline_of(text);
    let gap = match text {
        "" | "\u{feff}" => String::new(),
        _ if text.ends_with('\n') => newline.to_owned(),
        _ => newline.repeat(2),
    };
    (crate::config_text::byte_range(text.len(), text.len()), gap + addition)
}

#[cfg(test)]
mod tests;
