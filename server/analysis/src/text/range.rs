//! A half-open range of byte offsets.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// Bytes `start..end` of a text, 0-based, `end` not included. Made with [`TextRange::new`], `start <= end`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct TextRange {
    pub start: u32,
    pub end: u32,
}

impl TextRange {
    /// The range from `start` to `end`; empty at `start` when `end` lies before it.
    pub const fn new(start: u32, end: u32) -> Self {
        let end = if end < start { start } else { end };
        Self { start, end }
    }

    /// The empty range at `offset`.
    pub const fn empty(offset: u32) -> Self {
        Self::new(offset, offset)
    }

    /// The length in bytes.
    pub const fn len(self) -> u32 {
        self.end.saturating_sub(self.start)
    }

    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }

    /// Whether the byte at `offset` lies inside; `end` does not.
    pub const fn contains(self, offset: u32) -> bool {
        self.start <= offset && offset < self.end
    }

    /// Whether every byte of `inner` lies inside; an empty range at either end does.
    pub const fn contains_range(self, inner: Self) -> bool {
        self.start <= inner.start && inner.end <= self.end
    }

    /// Whether the two share a byte. An empty range shares none, and ranges that only touch do not.
    pub const fn intersects(self, other: Self) -> bool {
        let start = if self.start > other.start { self.start } else { other.start };
        let end = if self.end < other.end { self.end } else { other.end };
        start < end
    }

    /// The same range moved by `by` bytes; each end stops at 0 and at `u32::MAX`.
    #[must_use]
    pub fn shift(self, by: i64) -> Self {
        Self::new(shift_offset(self.start, by), shift_offset(self.end, by))
    }

    /// The text in this range; empty when the range passes the end of `text` or cuts a character.
    pub fn slice(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// `offset` moved by `by` bytes, stopped at 0 and at `u32::MAX`.
pub(crate) fn shift_offset(offset: u32, by: i64) -> u32 {
    let moved = i64::from(offset).saturating_add(by);
    u32::try_from(moved.max(0)).unwrap_or(u32::MAX)
}

impl fmt::Debug for TextRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.start, self.end)
    }
}

impl From<TextRange> for Range<usize> {
    fn from(range: TextRange) -> Self {
        range.start as usize..range.end as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_is_short() {
        assert_eq!(format!("{:?}", TextRange::new(3, 7)), "3..7");
    }

    #[test]
    fn a_reversed_range_is_empty() {
        assert_eq!(TextRange::new(5, 2), TextRange::empty(5));
    }

    #[test]
    fn slice_never_panics() {
        let text = "aé b";
        assert_eq!(TextRange::new(1, 3).slice(text), "é");
        assert_eq!(TextRange::new(2, 3).slice(text), "");
        assert_eq!(TextRange::new(3, 99).slice(text), "");
    }

    #[test]
    fn touching_ranges_do_not_intersect() {
        let left = TextRange::new(0, 3);
        assert!(!left.intersects(TextRange::new(3, 5)));
        assert!(left.intersects(TextRange::new(2, 5)));
        assert!(!left.intersects(TextRange::empty(1)));
        assert!(left.contains_range(TextRange::empty(3)));
    }

    #[test]
    fn shift_stops_at_the_ends() {
        assert_eq!(TextRange::new(3, 7).shift(-4), TextRange::new(0, 3));
        assert_eq!(TextRange::new(3, 7).shift(2), TextRange::new(5, 9));
        assert_eq!(TextRange::new(3, 7).shift(i64::MAX), TextRange::empty(u32::MAX));
    }
}
