//! INI files as pytest reads them: the behaviour of iniconfig 2.3 without its optional stripping.
//!
//! Inline `#` and `;` stay in values, an indented line continues the value above, a header may carry a comment.
//! Compared with iniconfig 2.3.0 on random texts: the same sections, keys, values and refusals.
//! Where iniconfig stops at the first error, this reader notes it and goes on.

use std::ops::Range;

use super::{Fault, byte_range};
use crate::text::TextRange;

/// What a file says, in file order, and what iniconfig would refuse.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Ini {
    pub sections: Vec<Section>,
    pub faults: Vec<Fault>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Section {
    pub name: String,
    /// The header's line, without its line ending.
    pub header: TextRange,
    pub entries: Vec<Entry>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: String,
    pub key_range: TextRange,
    /// The pieces of the value that are not empty, each on its own line, stripped.
    pub pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub text: String,
    pub range: TextRange,
}

impl Ini {
    /// The first section of that name; iniconfig refuses a second.
    pub fn section(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }
}

impl Section {
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }
}

impl Entry {
    /// The value as iniconfig gives it: its pieces joined by `\n`.
    pub fn value(&self) -> String {
        let texts: Vec<&str> = self.pieces.iter().map(|piece| piece.text.as_str()).collect();
        texts.join("\n")
    }

    /// From the key to the end of the value, the whole of it.
    pub fn range(&self) -> TextRange {
        let end = self.pieces.last().map_or(self.key_range.end, |piece| piece.range.end);
        TextRange::new(self.key_range.start, end)
    }
}

/// Reads `text`, a leading byte order mark passed over (as iniconfig 2.3.1 does). All ranges are bytes of `text`.
pub fn read(text: &str) -> Ini {
    let mut reader = Reader::default();
    let mark = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for line in lines(text, mark) {
        reader.line(text, line);
    }
    reader.ini
}

/// What an indented line would continue.
#[derive(Default)]
enum Last {
    #[default]
    Nothing,
    Kept,
    Dropped,
}

#[derive(Default)]
struct Reader {
    ini: Ini,
    last: Last,
}

impl Reader {
    fn line(&mut self, text: &str, line: Range<usize>) {
        let line = trim_end(text, line);
        let content = trim(text, line.clone());
        if content.is_empty() || text[content.clone()].starts_with(['#', ';']) {
            return;
        }
        if text[line.clone()].starts_with('[') {
            let header =
                text[line.clone()].split(['#', ';']).next().unwrap_or_default().trim_end_matches(is_space);
            match header.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
                Some(name) => self.section(name, byte_range(line.start, line.end)),
                None => self.continuation(text, content),
            }
        } else if content.start > line.start {
            self.continuation(text, content);
        } else {
            self.entry(text, line);
        }
    }

    fn section(&mut self, name: &str, header: TextRange) {
        if name.is_empty() {
            self.fault(header, "A section needs a name between its brackets.");
        } else if self.ini.section(name).is_some() {
            self.fault(header, format!("The section [{name}] is there twice; a file may have it only once."));
        }
        self.ini.sections.push(Section { name: name.to_owned(), header, entries: Vec::new() });
        self.last = Last::Nothing;
    }

    fn entry(&mut self, text: &str, line: Range<usize>) {
        let Some(sign) = separator(&text[line.clone()]) else {
            self.fault(
                byte_range(line.start, line.end),
                "This line is neither a section, a `key = value` nor a continuation.",
            );
            return;
        };
        let key = trim(text, line.start..line.start + sign);
        let value = trim(text, line.start + sign + 1..line.end);
        let name = text[key.clone()].to_owned();
        let key_range = byte_range(key.start, key.end);
        self.last = Last::Dropped;
        let Some(section) = self.ini.sections.last_mut() else {
            self.fault(key_range, format!("`{name}` stands before any [section]."));
            return;
        };
        if section.entry(&name).is_some() {
            let message = format!("`{name}` is there twice in [{}]; only one may be.", section.name);
            self.fault(key_range, message);
            return;
        }
        let pieces = if value.is_empty() { Vec::new() } else { vec![piece(text, value)] };
        section.entries.push(Entry { key: name, key_range, pieces });
        self.last = Last::Kept;
    }

    fn continuation(&mut self, text: &str, content: Range<usize>) {
        match self.last {
            Last::Nothing => {
                self.fault(byte_range(content.start, content.end), "This indented line continues no value.");
            }
            Last::Kept => {
                let entry = self.ini.sections.last_mut().and_then(|section| section.entries.last_mut());
                if let Some(entry) = entry {
                    entry.pieces.push(piece(text, content));
                }
            }
            Last::Dropped => {}
        }
    }

    fn fault(&mut self, range: TextRange, message: impl Into<String>) {
        self.ini.faults.push(Fault::new(range, message));
    }
}

fn piece(text: &str, range: Range<usize>) -> Piece {
    Piece { text: text[range.clone()].to_owned(), range: byte_range(range.start, range.end) }
}

/// Where key and value part: the first `=`, or the first `:` when one stands before it or no `=` is there.
fn separator(line: &str) -> Option<usize> {
    match line.find('=') {
        Some(equals) if !line[..equals].contains(':') => Some(equals),
        _ => line.find(':'),
    }
}

/// The lines of `text` from `start` on, cut where Python's `str.splitlines` cuts; endings not included.
fn lines(text: &str, start: usize) -> impl Iterator<Item = Range<usize>> {
    let mut at = start;
    std::iter::from_fn(move || {
        let rest = text.get(at..).filter(|rest| !rest.is_empty())?;
        let (len, ending) =
            rest.char_indices().find(|(_, c)| ends_line(*c)).map_or((rest.len(), 0), |(i, c)| {
                let pair = rest[i..].starts_with("\r\n");
                (i, if pair { 2 } else { c.len_utf8() })
            });
        let line = at..at + len;
        at += len + ending;
        Some(line)
    })
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Python's `str.isspace`, which also holds for the four separators below the space.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

fn trim(text: &str, range: Range<usize>) -> Range<usize> {
    let range = trim_end(text, range);
    let kept = text[range.clone()].trim_start_matches(is_space).len();
    range.end - kept..range.end
}

fn trim_end(text: &str, range: Range<usize>) -> Range<usize> {
    let kept = text[range.clone()].trim_end_matches(is_space).len();
    range.start..range.start + kept
}

#[cfg(test)]
mod tests;
