//! A new line, or a new word, in a list of an INI section.

use super::{ListOption, append, indent};
use crate::config_text::byte_range;
use crate::config_text::ini::{self, Entry};
use crate::text::{TextRange, line_end, line_start, newline_of};

pub(super) fn edit(
    text: &str,
    section: &str,
    option: ListOption,
    element: &str,
) -> Option<(TextRange, String)> {
    let newline = newline_of(text);
    let key = option.key();
    let new = match option {
        ListOption::Markers => format!("{key} ={newline}    {element}"),
        ListOption::Addopts => format!("{key} = {element}"),
    };
    let ini = ini::read(text);
    let Some(found) = ini.section(section) else {
        return Some(append(text, &format!("[{section}]{newline}{new}{newline}")));
    };
    let (after, addition) = match found.entry(key) {
        Some(entry) if option == ListOption::Addopts && entry.pieces.len() < 2 => {
            // Behind the value itself: a line may end in blanks.
            let at = entry.range().end as usize;
            let at = if entry.pieces.is_empty() { line_end(text, at) } else { at };
            return Some((byte_range(at, at), format!(" {element}")));
        }
        Some(entry) => (entry.range(), format!("{newline}{}{element}", continuation(text, entry))),
        None => {
            let last = found.entries.last().map_or(found.header, Entry::range);
            (last, format!("{newline}{new}"))
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
