//! Byte ranges as lines and columns, for the forms that tell many of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::text::{Text, TextRange};
use serde::Serialize;

use crate::answers::Answers;
use crate::place::line_column;

/// The texts met so far: many hints share one.
pub(super) struct Texts<'a> {
    answers: &'a dyn Answers,
    known: BTreeMap<PathBuf, Option<Arc<Text>>>,
}

/// From the first character to the one behind the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Range {
    pub(super) start: Point,
    pub(super) end: Point,
}

/// A line and a column, both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Point {
    pub(super) line: u32,
    pub(super) column: u32,
}

impl<'a> Texts<'a> {
    pub(super) fn new(answers: &'a dyn Answers) -> Texts<'a> {
        Texts { answers, known: BTreeMap::new() }
    }

    pub(super) fn of(&mut self, path: &Path) -> Option<&Text> {
        if !self.known.contains_key(path) {
            self.known.insert(path.to_owned(), self.answers.text(path));
        }
        self.known.get(path)?.as_deref()
    }

    /// The lines and columns of `range`; the start of the file where that has no text yet.
    pub(super) fn range(&mut self, path: &Path, range: TextRange) -> Range {
        let text = self.of(path);
        let point = |offset| {
            let (line, column) = line_column(text, offset);
            Point { line, column }
        };
        Range { start: point(range.start), end: point(range.end) }
    }
}
