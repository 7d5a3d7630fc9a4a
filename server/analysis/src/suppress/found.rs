//! The directives of a file: comments, never strings.

use super::directive::{self, Directive};
use crate::store::File;
use crate::text::TextRange;

/// A directive with its place. Ranges are of the whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub directive: Directive,
    /// 0-based.
    pub line: u32,
    /// Nothing stands before the comment on its line.
    pub own_line: bool,
    /// The comment that it stands in.
    pub comment: TextRange,
}

/// All directives of a file, in order. Only items whose text holds one are parsed.
pub fn directives(file: &File) -> Vec<Placed> {
    let text = file.text.as_str();
    let mut comments: Vec<TextRange> = memchr::memmem::find_iter(text.as_bytes(), "flakeless:")
        .filter_map(|at| comment_at(file, at as u32))
        .collect();
    comments.dedup();
    comments.into_iter().flat_map(|comment| placed(file, comment)).collect()
}

fn placed(file: &File, comment: TextRange) -> impl Iterator<Item = Placed> {
    let text = file.text.as_str();
    let lines = file.text.lines();
    let line = lines.line_of(comment.start);
    let before = TextRange::new(lines.line_start(line).unwrap_or_default(), comment.start).slice(text);
    let own_line = before.trim_start_matches('\u{feff}').trim().is_empty();
    directive::read(comment.slice(text)).into_iter().map(move |directive| Placed {
        directive: directive.shift(comment.start),
        line,
        own_line,
        comment,
    })
}

/// The comment that the byte at `offset` stands in.
fn comment_at(file: &File, offset: u32) -> Option<TextRange> {
    match file.item_at(offset) {
        Some(item) if file.item(item).code.contains(offset) => {
            let comments = &file.facts(item).code.comments;
            comments
                .iter()
                .map(|comment| file.absolute(item, *comment))
                .find(|comment| comment.contains(offset))
        }
        _ => comment_line(file, offset),
    }
}

/// Between items there are only blank lines and comments.
fn comment_line(file: &File, offset: u32) -> Option<TextRange> {
    let text = file.text.as_str();
    let line = file.text.lines().line_range(text, file.text.lines().line_of(offset));
    let start = line.start + line.slice(text).find('#')? as u32;
    Some(TextRange::new(start, start + TextRange::new(start, line.end).slice(text).trim_end().len() as u32))
}
