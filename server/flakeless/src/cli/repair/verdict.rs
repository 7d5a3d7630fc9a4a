//! Whether a batch of fixes did what cures must.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use analysis::store::Loaded;
use analysis::workspace::Workspace;

use super::batch::Candidate;

/// What the files of a batch are like: those with its hints and those that it edits.
#[derive(Debug)]
pub(super) struct State(BTreeMap<PathBuf, FileState>);

#[derive(Debug, Default)]
struct FileState {
    /// Items that do not parse, and what else the engine says is wrong.
    faults: usize,
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
    let configuration = workspace.problems().iter().filter(|problem| problem.path == path).count();
    let mut state = FileState {
        faults: unsound_items(workspace, path) + report.problems.len() + configuration,
        tests: report.tests,
        hints: BTreeMap::new(),
    };
    for hint in report.hints {
        *state.hints.entry((hint.rule, hint.test.map(String::from))).or_default() += 1;
    }
    state
}

fn unsound_items(workspace: &Workspace, path: &Path) -> usize {
    let Some(Loaded::File(file)) = workspace.project(path).map(|project| project.load(path)) else {
        return 0;
    };
    (0..file.items().len() as u32).filter(|item| !file.is_sound(*item)).count()
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
        let why = if new.faults > old.faults {
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

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::fix::{Applicability, Edits, Fix};
    use analysis::hint::{Confidence, Hint};
    use analysis::text::{Text, TextRange};

    use crate::cli::findings::Finding;

    /// A fix for a hint in `test` that edits `a.py`.
    fn candidate(test: &str) -> Candidate {
        let path = PathBuf::from("a.py");
        let hint = Hint {
            rule: "rule",
            confidence: Confidence::Likely,
            message: "".into(),
            range: TextRange::default(),
            related: [].into(),
            test: Some(test.into()),
            mitigated_by: None,
        };
        let mut edits = Edits::new();
        edits.push(&path, TextRange::default(), test);
        let fix = Fix::cure("cure", Applicability::Safe, edits);
        Candidate::new(Finding { path, hint, fixes: Vec::new() }, fix, &Text::new(String::new()))
    }

    fn state(faults: usize, tests: usize, hints: &[(&str, usize)]) -> State {
        let hints = hints.iter().map(|(test, count)| (("rule", Some((*test).to_owned())), *count)).collect();
        State(BTreeMap::from([(PathBuf::from("a.py"), FileState { faults, tests, hints })]))
    }

    #[test]
    fn a_cure_that_cures_is_good() {
        let verdict = judge(&[candidate("x")], &state(0, 1, &[("x", 2)]), &state(0, 1, &[("x", 1)]));
        assert_eq!(verdict, Verdict::Good);
    }

    #[test]
    fn a_fix_that_leaves_its_hint_is_refused() {
        let before = state(0, 2, &[("x", 1), ("y", 1)]);
        let verdict = judge(&[candidate("x"), candidate("y")], &before, &state(0, 2, &[("y", 1)]));
        assert_eq!(verdict, Verdict::Refuse { index: 1, why: "the hint would stay".to_owned() });
    }

    #[test]
    fn of_several_that_make_a_file_sick_half_waits() {
        let batch = [candidate("x"), candidate("y"), candidate("z")];
        let verdict = judge(&batch, &state(0, 3, &[]), &state(1, 3, &[]));
        assert_eq!(verdict, Verdict::Postpone(BTreeSet::from([2])));
        let verdict = judge(&batch[..1], &state(0, 3, &[]), &state(1, 3, &[]));
        assert!(matches!(verdict, Verdict::Refuse { index: 0, .. }));
    }

    #[test]
    fn no_test_may_be_lost() {
        let verdict = judge(&[candidate("x")], &state(0, 2, &[("x", 1)]), &state(0, 1, &[]));
        assert_eq!(verdict, Verdict::Refuse { index: 0, why: "a test would be lost".to_owned() });
    }
}
