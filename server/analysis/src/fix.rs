//! A fix: sorted edits over files, and what may be claimed of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::text::TextRange;

/// What is true after the edits are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum FixKind {
    /// The hint must be gone.
    Cure,
    /// The hint stays, as `possible`, and says what mitigates it. A skip takes it away: tests that do not run get none.
    Mitigation,
    /// The hint is silenced and the cause stays.
    Suppression,
}

impl FixKind {
    pub fn word(self) -> &'static str {
        match self {
            FixKind::Cure => "cure",
            FixKind::Mitigation => "mitigation",
            FixKind::Suppression => "suppression",
        }
    }
}

/// Who may apply a fix without a look at the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Applicability {
    /// The page of the rule proves that the meaning is kept: part of fix-all and `--fix`.
    Safe,
    /// A person looks at it, or asks for `--unsafe-fixes`.
    Suggested,
}

impl Applicability {
    pub fn word(self) -> &'static str {
        match self {
            Applicability::Safe => "safe",
            Applicability::Suggested => "suggested",
        }
    }
}

/// Replaces `range` (bytes of the file as it was analysed) by `text`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TextEdit {
    pub range: TextRange,
    pub text: String,
}

impl TextEdit {
    fn meets(&self, other: &TextEdit) -> bool {
        if self == other {
            return false;
        }
        let inserts = self.range.is_empty() || other.range.is_empty();
        let touch = self.range.start <= other.range.end && other.range.start <= self.range.end;
        self.range.intersects(other.range) || (inserts && touch)
    }
}

/// Edits per file, each list sorted by range and free of overlaps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edits {
    files: BTreeMap<PathBuf, Vec<TextEdit>>,
}

impl Edits {
    pub fn new() -> Edits {
        Edits::default()
    }

    /// Adds an edit in its place. An exact repetition is dropped; of two that overlap the first added stays.
    pub fn push(&mut self, path: impl Into<PathBuf>, range: TextRange, text: impl Into<String>) {
        let edit = TextEdit { range, text: text.into() };
        let edits = self.files.entry(path.into()).or_default();
        if edits.iter().any(|other| *other == edit || overlap(other.range, range)) {
            return;
        }
        let at = edits.partition_point(|other| other.range <= range);
        edits.insert(at, edit);
    }

    pub fn merge(&mut self, other: Edits) {
        for (path, edits) in other.files {
            for edit in edits {
                self.push(path.clone(), edit.range, edit.text);
            }
        }
    }

    /// Puts others, sorted and free of overlaps, in the place of a file's edits.
    pub fn change(&mut self, path: &Path, into: impl FnOnce(&[TextEdit]) -> Vec<TextEdit>) {
        if let Some(edits) = self.files.get_mut(path) {
            *edits = into(edits);
        }
    }

    /// Whether an edit of one cannot be made together with one of the other: they share a byte, or one inserts at
    /// the other's edge, where the order would decide. Equal edits are shared: two fixes that add the same import
    /// go together.
    pub fn meets(&self, other: &Edits) -> bool {
        self.files.iter().any(|(path, edits)| {
            let others = other.files.get(path).map(Vec::as_slice).unwrap_or_default();
            edits.iter().any(|edit| others.iter().any(|other| edit.meets(other)))
        })
    }

    pub fn files(&self) -> &BTreeMap<PathBuf, Vec<TextEdit>> {
        &self.files
    }

    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }
}

/// Edits as [`Edits::files`] told them.
impl FromIterator<(PathBuf, Vec<TextEdit>)> for Edits {
    fn from_iter<I: IntoIterator<Item = (PathBuf, Vec<TextEdit>)>>(files: I) -> Edits {
        Edits { files: files.into_iter().collect() }
    }
}

fn overlap(a: TextRange, b: TextRange) -> bool {
    a.start < b.end && b.start < a.end
}

/// Applies sorted, non-overlapping edits to a text. Edits that do not fit the text are left out.
pub fn apply(text: &str, edits: &[TextEdit]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for edit in edits {
        let (start, end) = (edit.range.start as usize, edit.range.end as usize);
        let Some(kept) = text.get(done..start) else { continue };
        if text.get(start..end).is_none() {
            continue;
        }
        out.push_str(kept);
        out.push_str(&edit.text);
        done = end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

/// One way to deal with a hint, or an action that is bound to no hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Says what the edits do, and for a mitigation what they do not do.
    pub title: String,
    pub kind: FixKind,
    pub applicability: Applicability,
    pub edits: Edits,
}

impl Fix {
    pub fn cure(title: impl Into<String>, applicability: Applicability, edits: Edits) -> Fix {
        Fix { title: title.into(), kind: FixKind::Cure, applicability, edits }
    }

    pub fn mitigation(title: impl Into<String>, edits: Edits) -> Fix {
        Fix { title: title.into(), kind: FixKind::Mitigation, applicability: Applicability::Suggested, edits }
    }

    pub fn suppression(title: impl Into<String>, edits: Edits) -> Fix {
        Fix {
            title: title.into(),
            kind: FixKind::Suppression,
            applicability: Applicability::Suggested,
            edits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edits(path: &str, start: u32, end: u32, text: &str) -> Edits {
        let mut edits = Edits::new();
        edits.push(path, TextRange::new(start, end), text);
        edits
    }

    #[test]
    fn edits_meet_where_both_cannot_be_made() {
        let meet = |a: (u32, u32, &str), b: (u32, u32, &str)| {
            edits("/a", a.0, a.1, a.2).meets(&edits("/a", b.0, b.1, b.2))
        };
        assert!(meet((0, 4, "a"), (3, 5, "b")));
        assert!(meet((2, 2, "a"), (2, 2, "b")));
        assert!(meet((4, 4, "a"), (1, 4, "b")));
        assert!(meet((2, 2, "a"), (1, 4, "b")));
        assert!(!meet((0, 4, "a"), (4, 5, "b")));
        assert!(!meet((2, 2, "a"), (2, 2, "a")));
        assert!(!edits("/a", 0, 4, "a").meets(&edits("/b", 0, 4, "b")));
    }
}
