//! The directives of a file: comments, never strings.

use memchr::memmem;

use super::directive::{self, Directive};
use crate::store::{File, Mention};
use crate::text::TextRange;

/// A directive with its place. Ranges are of the whole file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub directive: Directive,
    /// 0-based.
    pub line: u32,
    pub position: Position,
    /// The comment that it stands in.
    pub comment: TextRange,
}

/// Where a comment stands beside code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    Behind,
    /// On a line of its own, with only other such comments between it and code that is indented alike.
    Above {
        line: u32,
        /// Of the first byte of that code.
        code: u32,
    },
    /// On a line of its own, and above no code.
    Alone,
}

impl Placed {
    /// The lines that it counts on: inside a broken statement a comment above a line stands in that statement too.
    pub fn lines(&self) -> impl Iterator<Item = u32> {
        let above = match self.position {
            Position::Above { line, .. } => Some(line),
            Position::Behind | Position::Alone => None,
        };
        std::iter::once(self.line).chain(above)
    }

    /// Where the code is that it belongs to.
    pub fn anchor(&self) -> u32 {
        match self.position {
            Position::Above { code, .. } => code,
            Position::Behind | Position::Alone => self.directive.range.start,
        }
    }
}

/// All directives of a file, in order. Only items whose text holds one are parsed.
pub fn directives(file: &File) -> Vec<Placed> {
    if !file.mentions(Mention::Suppression) {
        return Vec::new();
    }
    let text = file.text.as_str();
    let mut comments: Vec<TextRange> = memmem::find_iter(text.as_bytes(), Mention::Suppression.word())
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
    let before = before.trim_start_matches('\u{feff}');
    let position = if before.trim().is_empty() { above(file, line, before) } else { Position::Behind };
    directive::read(comment.slice(text)).into_iter().map(move |directive| Placed {
        directive: directive.shift(comment.start),
        line,
        position,
        comment,
    })
}

/// What a comment line with this indentation stands above.
fn above(file: &File, comment: u32, indent: &str) -> Position {
    let (text, lines) = (file.text.as_str(), file.text.lines());
    // Behind the last line there are only empty ones.
    let is_comment = |line: &u32| lines.line_range(text, *line).slice(text).trim_start().starts_with('#');
    let Some(line) = (comment + 1..).find(|line| !is_comment(line)) else { return Position::Alone };
    let range = lines.line_range(text, line);
    let code = range.slice(text).trim_start();
    let start = range.end - code.len() as u32;
    let is_alike = TextRange::new(range.start, start).slice(text) == indent;
    if code.is_empty() || !is_alike {
        return Position::Alone;
    }
    Position::Above { line, code: start }
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
