//! The heads of functions and classes: names, decorators, parameters, where the body starts.

use super::lexer::{Interrupted, Lexer, Line};
use super::lines::{skip_blanks, word_end};
use crate::text::TextRange;

/// The head of a function. All ranges are bytes relative to the start of the item's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FunctionHead {
    /// Each from its `@` to the end of its expression, in file order.
    pub decorators: Vec<TextRange>,
    pub is_async: bool,
    /// Empty while it is not typed yet.
    pub name: TextRange,
    /// With both parentheses.
    pub parameters: Option<TextRange>,
    /// From `async` or `def` to the colon, colon included.
    pub signature: TextRange,
    /// From the first statement to the end of the code; empty at that end without a body.
    pub body: TextRange,
}

/// The head of a class. All ranges are bytes relative to the start of the item's code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassHead {
    /// Each from its `@` to the end of its expression, in file order.
    pub decorators: Vec<TextRange>,
    /// Empty while it is not typed yet.
    pub name: TextRange,
    /// Bases and keywords, with both parentheses.
    pub bases: Option<TextRange>,
    /// From `class` to the colon, colon included.
    pub signature: TextRange,
    /// The body when it stands on the line of the head (`class X: pass`); otherwise the members are
    /// items of their own and this is empty at the end of the code.
    pub body: TextRange,
}

/// `def name[...](...) -> ...:` or `class name[...](...):`, in bytes of the file.
pub(super) struct Signature {
    pub(super) name: TextRange,
    pub(super) parentheses: Option<TextRange>,
    pub(super) range: TextRange,
    /// The first statement when it is on the same line.
    pub(super) body: Option<usize>,
}

/// Reads the signature in `line`, which the lexer has read last and whose keywords (`def`,
/// `async def`, `class`) start at `start` and end at `keyword_end`.
pub(super) fn signature(lexer: &mut Lexer<'_>, start: usize, keyword_end: usize, line: Line) -> Signature {
    let name = skip_blanks(lexer.bytes, keyword_end).min(line.end);
    let name_end = word_end(lexer.bytes, name);
    let mut reader = Reader { depth: 0, open: None, parentheses: None };
    let mut at = name_end;
    while at < line.end {
        if reader.depth == 0 && lexer.bytes[at] == b':' {
            return finish(lexer.bytes, &reader, (start, name, name_end, at + 1), line);
        }
        match reader.step(lexer, at) {
            Ok(next) => at = next,
            Err(Interrupted) => break,
        }
    }
    reader.close(line.end);
    let end = code_end(lexer.bytes, name_end, line);
    Signature {
        name: range(name, name_end),
        parentheses: reader.parentheses,
        range: range(start, end),
        body: None,
    }
}

fn finish(bytes: &[u8], reader: &Reader, ends: (usize, usize, usize, usize), line: Line) -> Signature {
    let (start, name, name_end, end) = ends;
    let next = skip_blanks(bytes, end);
    let on_this_line = next < line.end && line.comment.is_none_or(|comment| next < comment);
    Signature {
        name: range(name, name_end),
        parentheses: reader.parentheses,
        range: range(start, end),
        body: on_this_line.then_some(next),
    }
}

/// The end of the code of `line`, without a comment and blanks; not before `from`.
pub(super) fn code_end(bytes: &[u8], from: usize, line: Line) -> usize {
    let mut end = line.comment.unwrap_or(line.end);
    while end > from && matches!(bytes[end - 1], b' ' | b'\t' | b'\x0c') {
        end -= 1;
    }
    end.max(from)
}

/// Where the first pair of parentheses outside other brackets is.
struct Reader {
    depth: u32,
    open: Option<usize>,
    parentheses: Option<TextRange>,
}

impl Reader {
    fn step(&mut self, lexer: &mut Lexer<'_>, at: usize) -> Result<usize, Interrupted> {
        match lexer.bytes[at] {
            b'"' | b'\'' => return lexer.string(at),
            b'(' | b'[' | b'{' => {
                if self.depth == 0 && lexer.bytes[at] == b'(' && self.parentheses.is_none() {
                    self.open = Some(at);
                }
                self.depth += 1;
            }
            b')' | b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                if self.depth == 0 {
                    self.close(at + 1);
                }
            }
            _ => return lexer.step(at),
        }
        Ok(at + 1)
    }

    fn close(&mut self, end: usize) {
        if let Some(open) = self.open.take() {
            self.parentheses = Some(range(open, end));
        }
    }
}

pub(super) fn range(start: usize, end: usize) -> TextRange {
    TextRange::new(start as u32, end as u32)
}
