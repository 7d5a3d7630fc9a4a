//! A new line in the `markers` of an INI section.

use super::{append, indent, line_end, line_start, newline};
use crate::config_text::byte_range;
use crate::config_text::ini::{self, Entry};
use crate::text::TextRange;

pub(super) fn edit(text: &str, section: &str, line: &str) -> Option<(TextRange, String)> {
    let newline = newline(text);
    let ini = ini::read(text);
    let Some(found) = ini.section(section) else {
        return Some(append(text, &format!("[{section}]{newline}markers ={newline}    {line}{newline}")));
    };
    let (after, addition) = match found.entry("markers") {
        Some(markers) => (markers.range(), format!("{newline}{}{line}", continuation(text, markers))),
        None => {
            let last = found.entries.last().map_or(found.header, Entry::range);
            (last, format!("{newline}markers ={newline}    {line}"))
        }
    };
    let at = line_end(text, after.end as usize);
    Some((byte_range(at, at), addition))
}

/// The indentation of the lines that continue the value.
fn continuation<'t>(text: &'t str, entry: &Entry) -> &'t str {
    let key_line = line_start(text, entry.key_range.start as usize);
    let starts = entry.pieces.iter().map(|piece| piece.range.start as usize);
    let continued = starts.into_iter().find(|start| line_start(text, *start) != key_line);
    continued.map_or("    ", |start| indent(text, start))
}
