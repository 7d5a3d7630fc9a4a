//! Parsing the text of one item, fresh or from the tree of its previous text.

use std::fmt;
use std::ops::ControlFlow;

use tree_sitter::{InputEdit, ParseOptions, ParseState, Point, Tree};

use super::kinds;

/// The longest item that is parsed, unless a parser is told otherwise.
pub const MAX_ITEM_BYTES: usize = 256 * 1024;

/// Why a text has no tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Longer than the parser's limit, as a rule [`MAX_ITEM_BYTES`].
    TooLong,
    /// The parser spent its budget without coming to an end, as junk can make it do.
    GaveUp,
}

/// Parses items. Dear to make and cheap to use again: keep one per thread.
pub struct Parser {
    inner: tree_sitter::Parser,
    max_bytes: usize,
}

/// The syntax tree of one item, with the text it was made from.
#[derive(Clone)]
pub struct ItemTree {
    pub(super) tree: Tree,
    pub(super) text: Box<str>,
}

impl fmt::Debug for ItemTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ItemTree").field("text", &self.text).finish_non_exhaustive()
    }
}

impl Default for Parser {
    fn default() -> Self {
        Self::new()
    }
}

impl Parser {
    /// A parser that refuses what is longer than [`MAX_ITEM_BYTES`].
    pub fn new() -> Self {
        Self::with_limit(MAX_ITEM_BYTES)
    }

    /// A parser that refuses what is longer than `max_bytes`.
    #[expect(clippy::expect_used, reason = "the grammar is linked in; a test makes a parser")]
    pub fn with_limit(max_bytes: usize) -> Self {
        let mut inner = tree_sitter::Parser::new();
        inner.set_language(&kinds::language()).expect("the grammar fits the tree-sitter version");
        Self { inner, max_bytes }
    }

    /// The tree of `text`, a whole item. Never fails on wrong Python: what is wrong is an error in the tree.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn parse_item(&mut self, text: &str) -> Result<ItemTree, Refused> {
        self.parse(text, None, budget(text.len()))
    }

    /// The tree of `new_text`, reusing what it shares with `old`; equal to a fresh parse.
    ///
    /// # Errors
    /// See [`Refused`].
    pub fn reparse(&mut self, old: &ItemTree, new_text: &str) -> Result<ItemTree, Refused> {
        let mut tree = old.tree.clone();
        if let Some(edit) = edit_between(&old.text, new_text) {
            tree.edit(&edit);
        }
        match self.parse(new_text, Some(&tree), budget(new_text.len())) {
            // How the parser recovers from an error depends on what it had before: only sound trees come out equal.
            Ok(reparsed) if reparsed.tree.root_node().has_error() => self.parse_item(new_text),
            result => result,
        }
    }

    fn parse(&mut self, text: &str, old: Option<&Tree>, mut budget: usize) -> Result<ItemTree, Refused> {
        if text.len() > self.max_bytes {
            return Err(Refused::TooLong);
        }
        let mut progress = |_: &ParseState| match budget {
            0 => ControlFlow::Break(()),
            _ => {
                budget -= 1;
                ControlFlow::Continue(())
            }
        };
        let options = ParseOptions::new().progress_callback(&mut progress);
        let bytes = text.as_bytes();
        let mut read = |offset: usize, _: Point| bytes.get(offset..).unwrap_or_default();
        match self.inner.parse_with_options(&mut read, old, Some(options)) {
            Some(tree) => Ok(ItemTree { tree, text: text.into() }),
            None => {
                // Else the next parse would go on with this one.
                self.inner.reset();
                Err(Refused::GaveUp)
            }
        }
    }
}

/// How often tree-sitter may report progress on a text of `len` bytes, which it does every 100 steps.
/// Real Python takes less than one step a byte, junk has been seen to take five. Steps, not time, so that the same
/// text always ends the same way.
fn budget(len: usize) -> usize {
    1_000 + len / 10
}

/// The smallest edit that makes `new` of `old`; `None` when they are equal.
fn edit_between(old: &str, new: &str) -> Option<InputEdit> {
    let common = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    if common == old.len() && common == new.len() {
        return None;
    }
    let start = floor_boundary(old, common);
    let tail = old.as_bytes()[start..]
        .iter()
        .rev()
        .zip(new.as_bytes()[start..].iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let old_end = ceil_boundary(old, old.len() - tail);
    let new_end = new.len() - (old.len() - old_end);
    Some(InputEdit {
        start_byte: start,
        old_end_byte: old_end,
        new_end_byte: new_end,
        start_position: point_at(old, start),
        old_end_position: point_at(old, old_end),
        new_end_position: point_at(new, new_end),
    })
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn ceil_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// tree-sitter's row and byte column: rows end at `\n` alone.
fn point_at(text: &str, offset: usize) -> Point {
    let before = &text.as_bytes()[..offset];
    let row = memchr::memchr_iter(b'\n', before).count();
    let column = memchr::memrchr(b'\n', before).map_or(offset, |newline| offset - newline - 1);
    Point { row, column }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sexp(tree: &ItemTree) -> String {
        tree.tree.root_node().to_sexp()
    }

    #[test]
    fn a_text_past_the_limit_is_refused() {
        let text = "a\n".repeat(MAX_ITEM_BYTES / 2);
        let mut parser = Parser::new();
        assert!(parser.parse_item(&text).is_ok());
        assert_eq!(parser.parse_item(&format!("{text}a")).err(), Some(Refused::TooLong));
    }

    #[test]
    fn a_parser_that_gave_up_begins_anew() {
        let mut parser = Parser::new();
        let long = "a = f(1)\n".repeat(1_000);
        assert_eq!(parser.parse(&long, None, 1).err(), Some(Refused::GaveUp));
        let after = parser.parse_item("b").expect("short");
        assert_eq!(sexp(&after), sexp(&Parser::new().parse_item("b").expect("short")));
    }

    #[test]
    fn the_edit_between_two_texts_is_the_smallest() {
        for (old, new, expected) in [
            ("abc", "abc", None),
            ("abc", "axc", Some((1, 2, 2))),
            ("aa", "aaa", Some((2, 2, 3))),
            ("aaa", "a", Some((1, 3, 1))),
            ("", "é", Some((0, 0, 2))),
            // The two share their first byte, and the two behind share their last.
            ("aéb", "aèb", Some((1, 3, 3))),
            ("\u{e9}", "\u{129}", Some((0, 2, 2))),
        ] {
            let edit =
                edit_between(old, new).map(|edit| (edit.start_byte, edit.old_end_byte, edit.new_end_byte));
            assert_eq!(edit, expected, "{old:?} {new:?}");
        }
    }

    #[test]
    fn points_count_rows_by_newlines_and_columns_in_bytes() {
        let point = point_at("a\r\né\rb", 6);
        assert_eq!((point.row, point.column), (1, 3));
    }
}
