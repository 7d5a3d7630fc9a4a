//! Registering a marker, as one edit in the configuration file's own syntax.

mod in_ini;
mod in_toml;

use super::locate::{ConfigKind, table_of};
use super::options::{MarkerLine, PytestOptions};
use crate::project::version_range::VersionRange;
use crate::text::TextRange;

/// The edit that registers `line` (`name: what it means`) in a configuration file of that kind: a byte range of `text`
/// and what to put there. Comments, quotes and line endings stay; what is missing (key, table, section) is made.
///
/// `None` when the marker is registered already, when the file does not parse, or when its form leaves no safe place.
pub fn register_marker_edit(text: &str, kind: ConfigKind, line: &str) -> Option<(TextRange, String)> {
    let before = read(text, kind)?;
    let new = MarkerLine::named(line);
    if before.marker(&new.name).is_some() || new.name.is_empty() {
        return None;
    }
    let edit = match kind {
        ConfigKind::PytestIni | ConfigKind::ToxIni => in_ini::edit(text, "pytest", line),
        ConfigKind::SetupCfg => in_ini::edit(text, "tool:pytest", line),
        ConfigKind::PytestToml => in_toml::edit(text, &["pytest"], line),
        ConfigKind::PyprojectNative => in_toml::edit(text, &["tool", "pytest"], line),
        ConfigKind::PyprojectIniOptions | ConfigKind::PyprojectBare => {
            in_toml::edit(text, &["tool", "pytest", "ini_options"], line)
        }
    }?;
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

fn read(text: &str, kind: ConfigKind) -> Option<PytestOptions> {
    let mut faults = Vec::new();
    let options = PytestOptions::read(table_of(kind, text)?, &VersionRange::any(), &mut faults);
    faults.is_empty().then_some(options)
}

fn without_places(options: PytestOptions) -> PytestOptions {
    PytestOptions { markers: Vec::new(), addopts_range: None, ..options }
}

/// The line ending of the file: that of its first line.
fn newline(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text[..at].ends_with('\r') => "\r\n",
        _ => "\n",
    }
}

/// Where the line that holds `offset` ends, its ending not included.
fn line_end(text: &str, offset: usize) -> usize {
    text[offset..].find(['\r', '\n']).map_or(text.len(), |at| offset + at)
}

fn line_start(text: &str, offset: usize) -> usize {
    text[..offset].rfind('\n').map_or(0, |at| at + 1)
}

/// The whitespace that the line holding `offset` begins with.
fn indent(text: &str, offset: usize) -> &str {
    let line = &text[line_start(text, offset)..];
    let content = line.trim_start_matches([' ', '\t']);
    &line[..line.len() - content.len()]
}

/// `addition` as a block of its own at the end of the file.
fn append(text: &str, addition: &str) -> (TextRange, String) {
    let newline = newline(text);
    let gap = match text {
        "" | "\u{feff}" => String::new(),
        _ if text.ends_with('\n') => newline.to_owned(),
        _ => newline.repeat(2),
    };
    (crate::config_text::byte_range(text.len(), text.len()), gap + addition)
}

#[cfg(test)]
mod tests;
