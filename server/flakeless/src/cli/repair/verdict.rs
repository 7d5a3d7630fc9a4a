//! Whether a batch of fixes did what cures must.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use analysis::workspace::Workspace;

use super::batch::Candidate;

/// What the files of a batch are like: those with its hints and those that it edits.
#[derive(Debug)]
pub(super) struct State(BTreeMap<PathBuf, FileState>);

#[derive(Debug, Default)]
struct FileState {
    problems: usize,
    tests: usize,
    /// How many hints by rule and test.
    hints: BTreeMap<(&'static str, Option<String>), usize>,
}

impl State {
    pub(super) fn of(workspace: &Workspace, batch: &[Candidate]) -> State {
        let paths: BTreeSet<&Path> = batch
            .iter()
            .flat_map(|candidate| {
                candidate.fix.edits.files().keys().chain([&candidate.identity.path]).map(PathBuf::as_path)
            })
            .collect();
        State(paths.into_iter().map(|path| (path.to_owned(), file_state(workspace, path))).collect())
    }

    fn hints(&self, candidate: &Candidate) -> usize {
        let identity = &candidate.identity;
        let key = (identity.rule, identity.test.clone());
        self.0.get(&identity.path).and_then(|file| file.hints.get(&key)).copied().unwrap_or_default()
    }
}

fn file_state(workspace: &Workspace, path: &Path) -> FileState {
    let report = workspace.report(path);
    let mut state =
        FileState { problems: report.problems.len(), tests: report.tests, hints: BTreeMap::new() };
    for hint in report.hints {
        *state.hints.entry((hint.rule, hint.test)).or_default() += 1;
    }
    state
}

/// What to do with a batch. Indexes are into it.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Good,
    /// This one does not keep its promise.
    Refuse {
        index: usize,
        why: String,
    },
    /// One of several does not: try again without these first.
    Postpone(BTreeSet<usize>),
}

pub(super) fn judge(batch: &[Candidate], before: &State, after: &State) -> Verdict {
    for (path, old) in &before.0 {
        let Some(new) = after.0.get(path) else { continue };
        let why = if new.problems > old.problems {
            "the file would no longer parse"
        } else if new.tests < old.tests {
            "a test would be lost"
        } else {
            continue;
        };
        let suspects = indexes(batch, |candidate| candidate.touches(path));
        if !suspects.is_empty() {
            return narrow(&suspects, why);
        }
    }
    for candidate in batch {
        let alike = indexes(batch, |other| same_hints(other, candidate));
        if after.hints(candidate) + alike.len() > before.hints(candidate) {
            return narrow(&alike, "the hint would stay");
        }
    }
    Verdict::Good
}

fn indexes(batch: &[Candidate], fits: impl Fn(&Candidate) -> bool) -> Vec<usize> {
    batch.iter().enumerate().filter(|(_, candidate)| fits(candidate)).map(|(index, _)| index).collect()
}

fn same_hints(a: &Candidate, b: &Candidate) -> bool {
    let key = |candidate: &Candidate| {
        let identity = &candidate.identity;
        (identity.path.clone(), identity.rule, identity.test.clone())
    };
    key(a) == key(b)
}

/// One suspect is refused; of several the later half waits for another round.
fn narrow(suspects: &[usize], why: &str) -> Verdict {
    match suspects {
        [index] => Verdict::Refuse { index: *index, why: why.to_owned() },
        _ => Verdict::Postpone(suspects[suspects.len().div_ceil(2)..].iter().copied().collect()),
    }
}
