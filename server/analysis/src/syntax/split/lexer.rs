//! Logical lines: brackets, comments and joined lines. Strings are in `strings`.

use super::Doubt;
use super::lines::{
    LineStart, interrupts_brackets, is_line_end, joined_line, line_end, next_line, skip_indentation,
};
use super::strings::Level;

pub(super) struct Lexer<'t> {
    pub(super) bytes: &'t [u8],
    pub(super) doubt: Option<Doubt>,
    /// What is open inside the f-string being read, outermost first.
    pub(super) levels: Vec<Level>,
    /// The first token of the logical line being read, and its column.
    pub(super) first: usize,
    column: u32,
    /// Whether the physical line being read has nothing but a comment, and where that starts.
    blank: bool,
    comment: Option<usize>,
    /// The last physical line inside brackets that had more.
    content: Line,
}

/// A logical line that was read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// Where its line end is.
    pub(super) end: usize,
    /// The start of the comment at its end.
    pub(super) comment: Option<usize>,
}

/// The brackets of a line were left open and a statement begins: the line ends before it.
pub(super) struct Interrupted;

const PLAIN: u8 = 0;
const LINE_END: u8 = 1;
const COMMENT: u8 = 2;
const BACKSLASH: u8 = 3;
const OPEN: u8 = 4;
const CLOSE: u8 = 5;
const QUOTE: u8 = 6;

const CLASSES: [u8; 256] = {
    let mut classes = [PLAIN; 256];
    classes[b'\n' as usize] = LINE_END;
    classes[b'\r' as usize] = LINE_END;
    classes[b'#' as usize] = COMMENT;
    classes[b'\\' as usize] = BACKSLASH;
    classes[b'(' as usize] = OPEN;
    classes[b'[' as usize] = OPEN;
    classes[b'{' as usize] = OPEN;
    classes[b')' as usize] = CLOSE;
    classes[b']' as usize] = CLOSE;
    classes[b'}' as usize] = CLOSE;
    classes[b'"' as usize] = QUOTE;
    classes[b'\'' as usize] = QUOTE;
    classes
};

impl<'t> Lexer<'t> {
    pub(super) fn new(bytes: &'t [u8]) -> Self {
        Self {
            bytes,
            doubt: None,
            levels: Vec::new(),
            first: 0,
            column: 0,
            blank: false,
            comment: None,
            content: Line { end: 0, comment: None },
        }
    }

    /// Reads the logical line that starts at `start`.
    ///
    /// Kinds of brackets are not told apart: a wrong closing bracket closes.
    pub(super) fn line(&mut self, start: LineStart) -> Line {
        self.first = start.token;
        self.column = start.column;
        self.blank = false;
        self.comment = None;
        match self.line_from(start.token) {
            Ok(end) if !self.blank => Line { end, comment: self.comment },
            _ => self.content,
        }
    }

    /// Where the logical line ends, or that the brackets in it are never closed.
    fn line_from(&mut self, mut at: usize) -> Result<usize, Interrupted> {
        let mut depth = 0_u32;
        loop {
            let rest = &self.bytes[at..];
            let Some(plain) = rest.iter().position(|&byte| CLASSES[byte as usize] != PLAIN) else {
                return Ok(self.bytes.len());
            };
            at += plain;
            at = match CLASSES[self.bytes[at] as usize] {
                LINE_END if depth == 0 => return Ok(at),
                OPEN => {
                    depth += 1;
                    at + 1
                }
                CLOSE => {
                    depth = depth.saturating_sub(1);
                    at + 1
                }
                QUOTE => self.string(at)?,
                _ => self.step(at)?,
            };
        }
    }

    /// Steps over what stands at `at` inside brackets when that is a line end, a comment or a
    /// backslash, and over one byte when it is anything else.
    pub(super) fn step(&mut self, at: usize) -> Result<usize, Interrupted> {
        match self.bytes[at] {
            b'\n' | b'\r' => self.next_line_in_brackets(at),
            b'#' => {
                self.comment = Some(at);
                Ok(line_end(self.bytes, at))
            }
            b'\\' => Ok(joined_line(self.bytes, at).unwrap_or(at + 1)),
            _ => Ok(at + 1),
        }
    }

    fn next_line_in_brackets(&mut self, end: usize) -> Result<usize, Interrupted> {
        if !self.blank {
            self.content = Line { end, comment: self.comment };
        }
        let (token, column) = skip_indentation(self.bytes, next_line(self.bytes, end), 0);
        if interrupts_brackets(self.bytes, token, column, self.column) {
            return Err(Interrupted);
        }
        let first = self.bytes.get(token);
        self.blank = first.is_none() || first == Some(&b'#') || is_line_end(first);
        self.comment = None;
        Ok(token)
    }
}
