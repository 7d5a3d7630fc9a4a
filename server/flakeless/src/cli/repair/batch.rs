//! Fixes that can be applied together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use analysis::fix::{Edits, Fix, TextEdit};
use analysis::text::Text;

use crate::cli::findings::Finding;
use crate::cli::place::line_column;

/// What stays the same about a fix when lines move.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Identity {
    pub(super) path: PathBuf,
    pub(super) rule: &'static str,
    pub(super) test: Option<String>,
    expression: String,
    title: String,
}

/// A fix that may be applied for a hint.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub(super) identity: Identity,
    pub(super) fix: Fix,
    /// Of the hint, from 1.
    pub(super) line: u32,
}

impl Candidate {
    /// `text` is that of the hint's file.
    pub(super) fn new(finding: Finding, fix: Fix, text: &Text) -> Candidate {
        let (line, _) = line_column(Some(text), finding.hint.range.start);
        let identity = Identity {
            path: finding.path,
            rule: finding.hint.rule,
            test: finding.hint.test,
            expression: finding.hint.range.slice(text.as_str()).to_owned(),
            title: fix.title.clone(),
        };
        Candidate { identity, fix, line }
    }

    pub(super) fn touched(&self) -> BTreeSet<PathBuf> {
        self.fix.edits.files().keys().cloned().collect()
    }

    pub(super) fn touches(&self, path: &Path) -> bool {
        self.fix.edits.files().contains_key(path)
    }
}

/// The first candidates, in order, none of which meets another. Equal edits are shared: two fixes that add the
/// same import or parameter at the same place go together.
pub(super) fn disjoint(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut taken: BTreeMap<PathBuf, Vec<TextEdit>> = BTreeMap::new();
    let mut batch = Vec::new();
    for candidate in candidates {
        let files = candidate.fix.edits.files();
        let blocked = files.iter().any(|(path, edits)| {
            taken
                .get(path)
                .is_some_and(|taken| edits.iter().any(|edit| taken.iter().any(|other| meet(edit, other))))
        });
        if blocked {
            continue;
        }
        for (path, edits) in files {
            taken.entry(path.clone()).or_default().extend(edits.iter().cloned());
        }
        batch.push(candidate);
    }
    batch
}

/// All edits of a batch.
pub(super) fn merged(batch: &[Candidate]) -> Edits {
    let mut all = Edits::new();
    for candidate in batch {
        all.merge(candidate.fix.edits.clone());
    }
    all
}

/// Whether two edits cannot both be made: they share a byte, or one inserts at the other's edge, where the order
/// would decide.
fn meet(a: &TextEdit, b: &TextEdit) -> bool {
    if a == b {
        return false;
    }
    let inserts = a.range.is_empty() || b.range.is_empty();
    let touch = a.range.start <= b.range.end && b.range.start <= a.range.end;
    a.range.intersects(b.range) || (inserts && touch)
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::text::TextRange;

    fn edit(start: u32, end: u32, text: &str) -> TextEdit {
        TextEdit { range: TextRange::new(start, end), text: text.to_owned() }
    }

    #[test]
    fn edits_meet() {
        assert!(meet(&edit(0, 4, "a"), &edit(3, 5, "b")));
        assert!(meet(&edit(2, 2, "a"), &edit(2, 2, "b")));
        assert!(meet(&edit(4, 4, "a"), &edit(1, 4, "b")));
        assert!(meet(&edit(2, 2, "a"), &edit(1, 4, "b")));
        assert!(!meet(&edit(0, 4, "a"), &edit(4, 5, "b")));
        assert!(!meet(&edit(2, 2, "a"), &edit(2, 2, "a")));
    }
}
