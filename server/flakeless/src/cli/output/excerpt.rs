//! The lines of a text that a frame shows.

use std::borrow::Cow;
use std::ops::Range;

use analysis::text::{Text, TextRange};
use annotate_snippets::{Annotation, AnnotationKind, Snippet};

use crate::place::{is_unseen, whole_lines};

/// Whole lines around some ranges. A frame is made from these alone: its cost must not grow with the file.
pub(super) struct Excerpt<'a> {
    source: Cow<'a, str>,
    range: TextRange,
    first_line: usize,
}

impl<'a> Excerpt<'a> {
    pub(super) fn of(text: &'a Text, ranges: impl IntoIterator<Item = TextRange>) -> Excerpt<'a> {
        let lines = ranges.into_iter().map(|range| whole_lines(text, range));
        let range =
            lines.reduce(|a, b| TextRange::new(a.start.min(b.start), a.end.max(b.end))).unwrap_or_default();
        let first_line = text.lines().line_of(range.start) as usize + 1;
        Excerpt { source: printable(range.slice(text.as_str())), range, first_line }
    }

    pub(super) fn snippet(&self, path: String) -> Snippet<'a, Annotation<'a>> {
        Snippet::source(self.source.clone()).line_start(self.first_line).path(path)
    }

    /// A mark under `range`, which is in bytes of the whole text.
    pub(super) fn mark<'b>(&self, kind: AnnotationKind, range: TextRange) -> Annotation<'b> {
        let len = self.source.len();
        let inside = |offset: u32| (offset.saturating_sub(self.range.start) as usize).min(len);
        let Range { start, end } = inside(range.start)..inside(range.end);
        kind.span(self.source.floor_char_boundary(start)..self.source.ceil_char_boundary(end))
    }
}

/// The frames replace ASCII control characters. Others that are not to be seen become a sign that is as many bytes
/// long, so that offsets hold.
fn printable(source: &str) -> Cow<'_, str> {
    if source.is_ascii() || !source.contains(|c: char| !c.is_ascii() && is_unseen(c)) {
        return Cow::Borrowed(source);
    }
    let sign = |c: char| match c.len_utf8() {
        2 if is_unseen(c) => '·',
        3 if is_unseen(c) => '\u{fffd}',
        _ => c,
    };
    Cow::Owned(source.chars().map(sign).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_survive_what_is_not_to_be_seen() {
        assert_eq!(printable("a\u{9b}1mé\u{202e}"), "a·1mé\u{fffd}");
        for c in ['\u{9b}', '\u{61c}', '\u{200e}', '\u{2028}', '\u{202e}', '\u{2069}', '\u{ffff}'] {
            let source = format!("a{c}é");
            assert_eq!(printable(&source).len(), source.len());
        }
    }

    #[test]
    fn lines_are_whole() {
        let text = Text::new("one\ntwo\nthree\nfour\n".to_owned());
        let excerpt = Excerpt::of(&text, [TextRange::new(5, 6), TextRange::new(9, 10)]);
        assert_eq!(excerpt.source, "two\nthree");
        assert_eq!(excerpt.first_line, 2);
    }
}
