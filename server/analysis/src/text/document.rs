//! A text that can be changed in place, with its line index kept in step.

use super::line_index::LineIndex;
use super::position::{Encoding, Position};
use super::range::TextRange;

/// A text and its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    string: String,
    lines: LineIndex,
}

/// One change as LSP's `didChange` has it: `range` is replaced by `text`; the whole text is when
/// there is no range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub range: Option<(Position, Position)>,
    pub text: String,
}

/// What a change did, in byte offsets: `start..old_end` of the old text is `start..new_end` of the
/// new one. What follows is only moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    pub start: u32,
    pub old_end: u32,
    pub new_end: u32,
}

impl Edit {
    /// By how many bytes the text after the edit moved.
    pub fn shift(self) -> i64 {
        i64::from(self.new_end) - i64::from(self.old_end)
    }

    /// What this edit did together with `next`, an edit of the text after it; `None` where the two do not touch.
    pub fn then(self, next: Edit) -> Option<Edit> {
        if next.start > self.new_end || next.old_end < self.start {
            return None;
        }
        // Of the text between the two.
        let end = self.new_end.max(next.old_end);
        Some(Edit {
            start: self.start.min(next.start),
            old_end: self.old_end + (end - self.new_end),
            new_end: next.new_end + (end - next.old_end),
        })
    }
}

impl Text {
    pub fn new(string: String) -> Self {
        let lines = LineIndex::new(&string);
        Self { string, lines }
    }

    pub fn as_str(&self) -> &str {
        &self.string
    }

    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }

    /// The position of a byte offset; rounded and clamped as [`LineIndex::position`] says.
    pub fn position(&self, offset: u32, encoding: Encoding) -> Position {
        self.lines.position(&self.string, offset, encoding)
    }

    /// The byte offset of a position; rounded and clamped as [`LineIndex::offset`] says.
    pub fn offset(&self, position: Position, encoding: Encoding) -> u32 {
        self.lines.offset(&self.string, position, encoding)
    }

    /// Applies `change`, whose positions are in `encoding`, and returns what it did. Positions past
    /// a line's end or the text's end are clamped, and a reversed range is turned round.
    pub fn apply(&mut self, change: &Change, encoding: Encoding) -> Edit {
        let edit = self.edit_of(change, encoding);
        self.replace(edit, &change.text);
        edit
    }

    /// The text with the first of `changes`, and of the others those before the first that does not touch what was changed
    /// so far; what they did together; and the others.
    pub fn with_adjoining<'c>(
        &self,
        changes: &'c [Change],
        encoding: Encoding,
    ) -> Option<(Text, Edit, &'c [Change])> {
        let (first, mut rest) = changes.split_first()?;
        let mut whole = self.edit_of(first, encoding);
        let mut text = self.with(whole, &first.text);
        while let Some((change, others)) = rest.split_first() {
            let edit = text.edit_of(change, encoding);
            let Some(together) = whole.then(edit) else { break };
            text.replace(edit, &change.text);
            (whole, rest) = (together, others);
        }
        Some((text, whole, rest))
    }

    /// A copy with an edit made. Of a large file to copy is most of what the edit costs: it is copied once.
    fn with(&self, edit: Edit, by: &str) -> Text {
        let (before, after) = (&self.string[..edit.start as usize], &self.string[edit.old_end as usize..]);
        let mut string = String::with_capacity(before.len() + by.len() + after.len());
        string.push_str(before);
        string.push_str(by);
        string.push_str(after);
        let mut lines = self.lines.clone();
        lines.edit(&string, edit);
        Text { string, lines }
    }

    fn edit_of(&self, change: &Change, encoding: Encoding) -> Edit {
        let range = self.byte_range(change.range, encoding);
        Edit { start: range.start, old_end: range.end, new_end: range.start + change.text.len() as u32 }
    }

    fn replace(&mut self, edit: Edit, by: &str) {
        self.string.replace_range(edit.start as usize..edit.old_end as usize, by);
        self.lines.edit(&self.string, edit);
    }

    fn byte_range(&self, range: Option<(Position, Position)>, encoding: Encoding) -> TextRange {
        let Some((one, other)) = range else {
            return TextRange::new(0, self.string.len() as u32);
        };
        let (start, end) = if one <= other { (one, other) } else { (other, one) };
        TextRange::new(self.offset(start, encoding), self.offset(end, encoding))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The plain way to do the same: characters in a `Vec`, positions found by walking over them.
    struct Model(Vec<char>);

    impl Model {
        /// Each line as its start and the end of its content, in characters.
        fn lines(&self) -> Vec<(usize, usize)> {
            let (mut lines, mut start, mut at) = (Vec::new(), 0, 0);
            while at < self.0.len() {
                let end = at;
                at += match (self.0[at], self.0.get(at + 1)) {
                    ('\r', Some('\n')) => 2,
                    ('\r' | '\n', _) => 1,
                    _ => {
                        at += 1;
                        continue;
                    }
                };
                lines.push((start, end));
                start = at;
            }
            lines.push((start, at));
            lines
        }

        fn index(&self, position: Position, encoding: Encoding) -> usize {
            let lines = self.lines();
            let Some(&(start, end)) = lines.get(position.line as usize) else {
                return self.0.len();
            };
            let mut units = 0;
            for at in start..end {
                units += match encoding {
                    Encoding::Utf8 => self.0[at].len_utf8(),
                    Encoding::Utf16 => self.0[at].len_utf16(),
                    Encoding::Utf32 => 1,
                };
                if units > position.character as usize {
                    return at;
                }
            }
            end
        }

        fn apply(&mut self, change: &Change, encoding: Encoding) {
            let (start, end) = match change.range {
                None => (0, self.0.len()),
                Some((a, b)) => (self.index(a.min(b), encoding), self.index(a.max(b), encoding)),
            };
            self.0.splice(start..end, change.text.chars());
        }
    }

    fn text() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "\n",
            "\r",
            "\r\n",
            "a",
            "bc",
            "é",
            "字",
            "😀",
            "👩‍🚀",
            "\u{feff}",
            "\t",
            "\u{2028}",
            " ",
            "\\",
        ]);
        prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    fn position() -> impl Strategy<Value = Position> {
        (0u32..9, 0u32..12).prop_map(|(line, character)| Position::new(line, character))
    }

    fn change() -> impl Strategy<Value = Change> {
        let short = prop_oneof![
            3 => prop::sample::select(vec!["", "\n", "\r", "x", "😀", "\r\n"]).prop_map(String::from),
            1 => text(),
        ];
        (prop::option::weighted(0.97, (position(), position())), short)
            .prop_map(|(range, text)| Change { range, text })
    }

    fn encoding() -> impl Strategy<Value = Encoding> {
        prop::sample::select(vec![Encoding::Utf8, Encoding::Utf16, Encoding::Utf32])
    }

    proptest! {
        #[test]
        fn changes_do_what_they_do_to_plain_characters(
            start in text(), changes in prop::collection::vec(change(), 1..12), encoding in encoding(),
        ) {
            let mut model = Model(start.chars().collect());
            let mut text = Text::new(start);
            for change in &changes {
                let before = text.as_str().to_owned();
                let edit = text.apply(change, encoding);
                model.apply(change, encoding);
                prop_assert_eq!(text.as_str(), model.0.iter().collect::<String>());
                prop_assert_eq!(text.lines(), &LineIndex::new(text.as_str()));
                let (start, old_end) = (edit.start as usize, edit.old_end as usize);
                let replayed = [&before[..start], &change.text, &before[old_end..]].concat();
                prop_assert_eq!(replayed, text.as_str());
            }
        }

        #[test]
        fn changes_at_once_do_what_they_do_one_by_one(
            start in text(), changes in prop::collection::vec(change(), 1..12), encoding in encoding(),
        ) {
            let (mut one_by_one, mut at_once) = (Text::new(start.clone()), Text::new(start));
            let mut rest = &changes[..];
            while !rest.is_empty() {
                let before = at_once.as_str().to_owned();
                let (text, edit, others) = at_once.with_adjoining(rest, encoding).unwrap();
                at_once = text;
                let count = rest.len() - others.len();
                rest[..count].iter().for_each(|change| { one_by_one.apply(change, encoding); });
                prop_assert_eq!(&at_once, &one_by_one);
                let written = &at_once.as_str()[edit.start as usize..edit.new_end as usize];
                let replayed = [&before[..edit.start as usize], written, &before[edit.old_end as usize..]].concat();
                prop_assert_eq!(at_once.as_str(), replayed);
                rest = others;
            }
        }

        #[test]
        fn positions_come_back(text in text(), encoding in encoding()) {
            let text = Text::new(text);
            for (offset, c) in text.as_str().char_indices() {
                let after_cr = text.as_str()[..offset].ends_with('\r');
                if c == '\n' && after_cr {
                    continue;
                }
                let position = text.position(offset as u32, encoding);
                prop_assert_eq!(text.offset(position, encoding), offset as u32);
            }
        }

        #[test]
        fn no_position_or_offset_panics(text in text(), line: u32, character: u32, offset: u32, encoding in encoding()) {
            let text = Text::new(text);
            let clamped = text.offset(Position::new(line, character), encoding);
            prop_assert!(text.as_str().is_char_boundary(clamped as usize));
            text.position(offset, encoding);
        }
    }

    #[test]
    fn a_line_feed_typed_after_a_lone_carriage_return_joins_it() {
        let mut text = Text::new("a\rb".into());
        let at = Position::new(1, 0);
        text.apply(&Change { range: Some((at, at)), text: "\n".into() }, Encoding::Utf16);
        assert_eq!(text.as_str(), "a\r\nb");
        assert_eq!(text.lines().line_count(), 2);
    }

    #[test]
    fn a_reversed_range_is_turned_round() {
        let mut text = Text::new("abcd".into());
        let range = Some((Position::new(0, 3), Position::new(0, 1)));
        let edit = text.apply(&Change { range, text: "X".into() }, Encoding::Utf8);
        assert_eq!(text.as_str(), "aXd");
        assert_eq!(edit, Edit { start: 1, old_end: 3, new_end: 2 });
    }
}
