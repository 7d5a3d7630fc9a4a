//! Fixes that can be applied together.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use analysis::fix::{Edits, Fix};
use analysis::text::Text;

use crate::cli::findings::Finding;
use crate::place::line_column;

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
            test: finding.hint.test.map(String::from),
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

/// The first candidates, in order, none of which meets another.
pub(super) fn disjoint(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut taken = Edits::new();
    let mut batch = Vec::new();
    for candidate in candidates {
        if taken.meets(&candidate.fix.edits) {
            continue;
        }
        taken.merge(candidate.fix.edits.clone());
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
