//! Strings: prefixes, triple quotes, escapes, and f-strings nested as PEP 701 has it.

use super::Doubt;
use super::lexer::{Interrupted, Lexer};
use super::lines::{is_identifier, joined_line};
use memchr::memchr2;

/// How deep f-strings may nest, fields counted as well. CPython's own limit is 150 strings.
const MAX_LEVELS: usize = 256;

/// Something open inside an f-string.
#[derive(Clone, Copy, Debug)]
pub(super) enum Level {
    /// The literal part of an f-string.
    Text(Quotes),
    /// `{...}`: how many braces and other brackets are open in it.
    Field { braces: u32, others: u32 },
    /// What follows the `:` of a field.
    Format,
}

/// How an f-string is quoted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Quotes {
    at: usize,
    byte: u8,
    triple: bool,
    raw: bool,
}

/// How a string that is no f-string ends.
enum PlainEnd {
    /// After its closing quote.
    Closed(usize),
    /// At a line end or the end of the file, not closed; on the line it began, or on a later one.
    Broken { at: usize, same_line: bool },
    /// A triple quote that is never closed.
    Open,
}

enum Prefix {
    Plain,
    Format { raw: bool },
}

impl Quotes {
    fn closes(self, bytes: &[u8], at: usize) -> bool {
        !self.triple || is_triple(bytes, at)
    }

    fn width(self) -> usize {
        if self.triple { 3 } else { 1 }
    }
}

impl Lexer<'_> {
    /// Steps over the string whose opening quote is at `quote`.
    pub(super) fn string(&mut self, quote: usize) -> Result<usize, Interrupted> {
        match self.prefix(quote) {
            Prefix::Format { raw } => self.format_string(quote, raw),
            Prefix::Plain => Ok(self.plain_string(quote).unwrap_or(self.bytes.len())),
        }
    }

    /// The prefix of the string at `quote`. Letters that belong to a longer word are none.
    fn prefix(&self, quote: usize) -> Prefix {
        let before = &self.bytes[self.first.min(quote)..quote];
        let length = before.iter().rev().take(3).take_while(|&&byte| is_identifier(byte)).count();
        let letters = &before[before.len() - length..];
        let has = |letter: u8| letters.iter().any(|byte| byte.to_ascii_lowercase() == letter);
        if length <= 2 && (has(b'f') || has(b't')) && letters.iter().all(|byte| b"rftRFT".contains(byte)) {
            return Prefix::Format { raw: has(b'r') };
        }
        Prefix::Plain
    }

    /// The end of a string that is no f-string; `None` when it is open to the end of the file.
    fn plain_string(&mut self, quote: usize) -> Option<usize> {
        match plain_end(self.bytes, quote) {
            PlainEnd::Closed(at) | PlainEnd::Broken { at, .. } => Some(at),
            PlainEnd::Open => {
                self.doubt.get_or_insert(Doubt::OpenString { at: quote as u32 });
                None
            }
        }
    }

    fn format_string(&mut self, quote: usize, raw: bool) -> Result<usize, Interrupted> {
        self.levels.clear();
        let mut at = self.open_text(quote, raw);
        while let Some(&level) = self.levels.last() {
            if at >= self.bytes.len() {
                self.end_inside();
                return Ok(self.bytes.len());
            }
            if self.levels.len() > MAX_LEVELS {
                self.doubt = Some(Doubt::TooDeep { at: at as u32 });
                return Ok(self.bytes.len());
            }
            at = match level {
                Level::Text(quotes) => self.text(at, quotes),
                Level::Format => self.format(at),
                Level::Field { .. } => self.field(at)?,
            };
        }
        Ok(at)
    }

    fn open_text(&mut self, quote: usize, raw: bool) -> usize {
        let triple = is_triple(self.bytes, quote);
        let quotes = Quotes { at: quote, byte: self.bytes[quote], triple, raw };
        self.levels.push(Level::Text(quotes));
        quote + quotes.width()
    }

    /// The file ends inside an f-string.
    fn end_inside(&mut self) {
        let open = self.levels.iter().find_map(|level| match level {
            Level::Text(quotes) if quotes.triple => Some(quotes.at),
            _ => None,
        });
        if let Some(at) = open {
            self.doubt.get_or_insert(Doubt::OpenString { at: at as u32 });
        }
    }

    /// Reads the literal part of an f-string up to a field, its end, or the line end that breaks it.
    fn text(&mut self, mut at: usize, quotes: Quotes) -> usize {
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\\' => at = after_escape(self.bytes, at, quotes.raw),
                b'{' if self.bytes.get(at + 1) == Some(&b'{') => at += 2,
                b'{' => return self.open_field(at),
                b'\n' | b'\r' if !quotes.triple => {
                    self.levels.pop();
                    return at;
                }
                _ if byte == quotes.byte && quotes.closes(self.bytes, at) => {
                    self.levels.pop();
                    return at + quotes.width();
                }
                _ => at += 1,
            }
        }
        self.bytes.len()
    }

    fn open_field(&mut self, brace: usize) -> usize {
        self.levels.push(Level::Field { braces: 0, others: 0 });
        brace + 1
    }

    /// Reads a format specifier up to a field in it, its end, or the end of its string.
    fn format(&mut self, mut at: usize) -> usize {
        let Some((below, quotes)) = self.innermost_text() else {
            return self.bytes.len();
        };
        while let Some(&byte) = self.bytes.get(at) {
            match byte {
                b'\\' => at = after_escape(self.bytes, at, quotes.raw),
                b'{' => return self.open_field(at),
                b'}' => {
                    self.levels.pop();
                    return at + 1;
                }
                b'\n' | b'\r' if !quotes.triple => {
                    self.levels.truncate(below);
                    return at;
                }
                _ if byte == quotes.byte && quotes.closes(self.bytes, at) => {
                    self.levels.truncate(below);
                    return at + quotes.width();
                }
                _ => at += 1,
            }
        }
        self.bytes.len()
    }

    /// The string that the innermost field stands in, and how many levels are outside it.
    fn innermost_text(&self) -> Option<(usize, Quotes)> {
        self.levels.iter().enumerate().rev().find_map(|(index, level)| match level {
            Level::Text(quotes) => Some((index, *quotes)),
            _ => None,
        })
    }

    /// Takes one step in the expression of a field.
    fn field(&mut self, at: usize) -> Result<usize, Interrupted> {
        let byte = self.bytes[at];
        if matches!(byte, b'"' | b'\'') {
            return Ok(self.string_in_field(at));
        }
        let Some(Level::Field { braces, others }) = self.levels.last_mut() else {
            return Ok(at + 1);
        };
        match byte {
            b'{' => *braces += 1,
            b'}' if *braces > 0 => *braces -= 1,
            b'(' | b'[' => *others += 1,
            b')' | b']' => *others = others.saturating_sub(1),
            b':' if *braces == 0 && *others == 0 => {
                self.levels.pop();
                self.levels.push(Level::Format);
            }
            b'}' => {
                self.levels.pop();
            }
            _ => return self.step(at),
        }
        Ok(at + 1)
    }

    /// A string inside a field. Where the quote of the f-string itself opens one that its line does
    /// not close, the field is unfinished and the quote ends the f-string (`f"{x"`).
    fn string_in_field(&mut self, quote: usize) -> usize {
        if let Prefix::Format { raw } = self.prefix(quote) {
            return self.open_text(quote, raw);
        }
        if let PlainEnd::Broken { same_line: true, .. } = plain_end(self.bytes, quote)
            && let Some((below, quotes)) = self.innermost_text()
            && !quotes.triple
            && quotes.byte == self.bytes[quote]
        {
            self.levels.truncate(below);
            return quote + 1;
        }
        self.plain_string(quote).unwrap_or(self.bytes.len())
    }
}

fn is_triple(bytes: &[u8], at: usize) -> bool {
    let quote = bytes.get(at);
    bytes.get(at + 1) == quote && bytes.get(at + 2) == quote
}

fn plain_end(bytes: &[u8], quote: usize) -> PlainEnd {
    let byte = bytes[quote];
    if is_triple(bytes, quote) {
        triple_end(bytes, quote + 3, byte)
    } else {
        single_end(bytes, quote + 1, byte)
    }
}

fn triple_end(bytes: &[u8], mut at: usize, quote: u8) -> PlainEnd {
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(quote, b'\\', rest)) {
        at += found;
        at += match bytes[at] {
            b'\\' => 2,
            _ if is_triple(bytes, at) => return PlainEnd::Closed(at + 3),
            _ => 1,
        };
    }
    PlainEnd::Open
}

fn single_end(bytes: &[u8], mut at: usize, quote: u8) -> PlainEnd {
    let mut same_line = true;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'\\' => match joined_line(bytes, at) {
                Some(next) => {
                    same_line = false;
                    at = next;
                }
                None => at += 2,
            },
            b'\n' | b'\r' => return PlainEnd::Broken { at, same_line },
            _ if byte == quote => return PlainEnd::Closed(at + 1),
            _ => at += 1,
        }
    }
    PlainEnd::Broken { at: bytes.len(), same_line }
}

/// Where the text of an f-string goes on after the backslash at `at`. A brace after it still opens
/// or closes a field, except in `\N{...}`.
fn after_escape(bytes: &[u8], at: usize, raw: bool) -> usize {
    match bytes.get(at + 1) {
        Some(b'{' | b'}') => at + 1,
        Some(b'\n' | b'\r') => joined_line(bytes, at).unwrap_or(at + 1),
        Some(b'N') if !raw => after_named_character(bytes, at + 2),
        Some(_) => at + 2,
        None => at + 1,
    }
}

fn after_named_character(bytes: &[u8], at: usize) -> usize {
    if bytes.get(at) != Some(&b'{') {
        return at;
    }
    let in_name = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-');
    let end = at + 1 + bytes[at + 1..].iter().take_while(in_name).count();
    if bytes.get(end) == Some(&b'}') { end + 1 } else { at }
}
