//! Where the lines of a text start.

use super::document::Edit;
use super::position::{Encoding, Position};
use super::range::{TextRange, shift_offset};
use memchr::memchr2_iter;

/// The byte offsets at which lines start; the first is 0. `\n`, `\r\n` and a lone `\r` end a line,
/// and the text after the last line end is a line too, even when it is empty.
///
/// It does not hold the text: the methods that need it take the text that the index was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    pub fn new(text: &str) -> Self {
        let mut starts = vec![0];
        starts.extend(line_starts(text.as_bytes(), 1, text.len() as u32));
        Self { starts }
    }

    /// How many lines there are; at least one.
    pub fn line_count(&self) -> u32 {
        self.starts.len() as u32
    }

    /// The 0-based line that holds the byte at `offset`; the last line when it is past the end.
    pub fn line_of(&self, offset: u32) -> u32 {
        self.starts.partition_point(|&start| start <= offset).saturating_sub(1) as u32
    }

    /// Where the 0-based `line` starts, or `None` when there are fewer lines.
    pub fn line_start(&self, line: u32) -> Option<u32> {
        self.starts.get(line as usize).copied()
    }

    /// The bytes of the 0-based `line` in `text` without its line end; empty at the end of `text`
    /// when there are fewer lines.
    pub fn line_range(&self, text: &str, line: u32) -> TextRange {
        let len = text.len() as u32;
        let Some(start) = self.line_start(line) else {
            return TextRange::empty(len);
        };
        let next = self.line_start(line.saturating_add(1)).unwrap_or(len);
        let whole = TextRange::new(start, next);
        let content = whole.slice(text).trim_end_matches(['\n', '\r']);
        TextRange::new(start, start + content.len() as u32)
    }

    /// The position of the byte `offset` of `text`: rounded down to the start of a character, to
    /// the line's end inside a line end, to the end of the text when past it.
    pub fn position(&self, text: &str, offset: u32, encoding: Encoding) -> Position {
        let line = self.line_of(offset);
        let range = self.line_range(text, line);
        let content = range.slice(text);
        let inside = content.floor_char_boundary(offset.saturating_sub(range.start) as usize);
        Position::new(line, encoding.count(&content[..inside]))
    }

    /// The byte offset of `position` in `text`. A character past the line's end is the line's end,
    /// as LSP wants it; a line past the last is the end of the text.
    pub fn offset(&self, text: &str, position: Position, encoding: Encoding) -> u32 {
        let range = self.line_range(text, position.line);
        range.start + encoding.byte_offset(range.slice(text), position.character)
    }

    /// Follows an edit. `text` is the text after it.
    ///
    /// Whether a line starts at an offset depends on the bytes on both sides of it, so the offsets
    /// at both ends of the edit are looked at again: `\r` and `\n` may have met or parted there.
    pub fn edit(&mut self, text: &str, edit: Edit) {
        let from = edit.start.max(1);
        let first = self.starts.partition_point(|&start| start < from);
        let last = self.starts.partition_point(|&start| start <= edit.old_end).max(first);
        let shift = edit.shift();
        for start in &mut self.starts[last..] {
            *start = shift_offset(*start, shift);
        }
        self.starts.splice(first..last, line_starts(text.as_bytes(), from, edit.new_end));
    }
}

/// The line starts of `text` among the offsets `from..=to`; `from` is at least 1.
fn line_starts(text: &[u8], from: u32, to: u32) -> impl Iterator<Item = u32> {
    let before = (from as usize).saturating_sub(1);
    let window = text.get(before..to as usize).unwrap_or_default();
    memchr2_iter(b'\n', b'\r', window)
        .map(move |at| before + at + 1)
        .filter(|&start| !(text[start - 1] == b'\r' && text.get(start) == Some(&b'\n')))
        .map(|start| start as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn starts(text: &str) -> Vec<u32> {
        LineIndex::new(text).starts
    }

    #[test]
    fn every_kind_of_line_end() {
        assert_eq!(starts(""), [0]);
        assert_eq!(starts("a\nb"), [0, 2]);
        assert_eq!(starts("a\r\nb\r\n"), [0, 3, 6]);
        assert_eq!(starts("a\rb\r"), [0, 2, 4]);
        assert_eq!(starts("\r\r\n\n\r"), [0, 1, 3, 4, 5]);
    }

    #[test]
    fn positions_clamp() {
        let text = "ab\r\n😀x";
        let lines = LineIndex::new(text);
        let offset = |line, character| lines.offset(text, Position::new(line, character), Encoding::Utf16);
        assert_eq!(offset(0, 99), 2);
        assert_eq!(offset(1, 1), 4);
        assert_eq!(offset(1, 2), 8);
        assert_eq!(offset(1, 99), 9);
        assert_eq!(offset(2, 0), 9);
        assert_eq!(offset(u32::MAX, u32::MAX), 9);
    }

    #[test]
    fn offsets_round_down() {
        let text = "ab\r\n😀x";
        let lines = LineIndex::new(text);
        let position = |offset| lines.position(text, offset, Encoding::Utf16);
        assert_eq!(position(3), Position::new(0, 2));
        assert_eq!(position(6), Position::new(1, 0));
        assert_eq!(position(8), Position::new(1, 2));
        assert_eq!(position(999), Position::new(1, 3));
    }

    #[test]
    fn a_bom_is_a_character() {
        let text = "\u{feff}x";
        let lines = LineIndex::new(text);
        assert_eq!(lines.position(text, 3, Encoding::Utf16), Position::new(0, 1));
        assert_eq!(lines.position(text, 3, Encoding::Utf8), Position::new(0, 3));
        assert_eq!(lines.offset(text, Position::new(0, 1), Encoding::Utf32), 3);
    }
}
