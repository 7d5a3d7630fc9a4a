//! What experiments proved of hints: results that were kept, while the tests that they rest on are as they were.
//!
//! Lies over the engine's reports as baselines do; the engine knows nothing of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::hint::{Confidence, Hint, Related};
use analysis::workspace::Workspace;
use rustc_hash::FxHashMap;

use super::axis::{self, Axis};
use super::found::told_of;
use super::kept::{self, Record, Seen};
use super::lab::without_parameters;
use super::polluter::{Need, Polluter};
use super::suite::file_of;
use super::words;
use crate::disk::{Stamp, stamp};
use crate::place::visible;

/// The results that are kept in some projects.
#[derive(Debug, Default)]
pub(crate) struct Proofs {
    kept: BTreeMap<PathBuf, (Stamp, Vec<Arc<Proof>>)>,
    /// By the files of the tests that they speak of.
    by_file: FxHashMap<PathBuf, Vec<Arc<Proof>>>,
}

/// A test that was seen to fail.
#[derive(Debug)]
struct Proof {
    root: PathBuf,
    record: Record,
}

/// What an experiment says of one hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Confirmation {
    sentence: String,
    related: Vec<Related>,
    /// What makes the test fail again, in a shell.
    pub(crate) command: Option<String>,
}

impl Proofs {
    /// Reads what is kept below these rootdirs, unless it was read and is the same. Says whether anything is another now.
    pub(crate) fn look(&mut self, roots: &BTreeSet<PathBuf>) -> bool {
        let mut is_other = false;
        for root in self.kept.keys().filter(|root| !roots.contains(*root)).cloned().collect::<Vec<_>>() {
            is_other |= self.kept.remove(&root).is_some();
        }
        for root in roots {
            let now = kept::folder(root).and_then(|folder| stamp(&folder));
            if now == self.kept.get(root).and_then(|(before, _)| *before) {
                continue;
            }
            is_other = true;
            let reproduced = kept::read(root).into_iter().filter(|record| record.attempt.is_reproduced());
            let proofs = reproduced.map(|record| Arc::new(Proof { root: root.clone(), record })).collect();
            self.kept.insert(root.clone(), (now, proofs));
        }
        if is_other {
            self.sort();
        }
        is_other
    }

    /// The next look reads again what is kept below this rootdir.
    pub(crate) fn forget(&mut self, root: &Path) {
        self.kept.remove(root);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_file.is_empty()
    }

    /// Whether anything was proved of tests in this file, once.
    pub(crate) fn speak_of(&self, path: &Path) -> bool {
        self.by_file.contains_key(path)
    }

    fn sort(&mut self) {
        self.by_file.clear();
        for proof in self.kept.values().flat_map(|(_, proofs)| proofs) {
            let tests = std::iter::once(&proof.record.test).chain(proof.behind());
            let files: BTreeSet<PathBuf> = tests.map(|test| proof.file(test)).collect();
            for file in files {
                self.by_file.entry(file).or_default().push(proof.clone());
            }
        }
    }

    /// What experiments say of a hint of the file at `path`.
    pub(crate) fn of(&self, workspace: &Workspace, path: &Path, hint: &Hint) -> Option<Confirmation> {
        let proofs = self.by_file.get(path)?;
        let test = hint.test.as_deref()?;
        proofs.iter().find_map(|proof| proof.of(workspace, path, hint, test))
    }

    /// The hint, confirmed if an experiment says so.
    pub(crate) fn confirmed(&self, workspace: &Workspace, path: &Path, hint: Hint) -> Hint {
        let Some(Confirmation { sentence, related, .. }) = self.of(workspace, path, &hint) else {
            return hint;
        };
        Hint {
            confidence: Confidence::Confirmed,
            message: format!("{} {sentence}", hint.message).into(),
            related: hint.related.iter().cloned().chain(related).collect(),
            ..hint
        }
    }
}

impl Proof {
    fn victim(&self) -> &str {
        without_parameters(&self.record.test)
    }

    fn polluter(&self) -> Option<&Polluter> {
        self.record.attempt.polluter.as_ref()
    }

    fn behind(&self) -> &[String] {
        self.polluter().map(|polluter| polluter.tests.as_slice()).unwrap_or_default()
    }

    fn file(&self, test: &str) -> PathBuf {
        self.root.join(file_of(test))
    }

    /// Whether the tests are as they were.
    fn holds(&self, workspace: &Workspace) -> bool {
        let mut tests = std::iter::once(&self.record.test).chain(self.behind());
        tests.all(|test| {
            let now = Seen::of(workspace, &self.root, test);
            now.is_some_and(|now| self.record.seen.contains(&now))
        })
    }

    fn of(&self, workspace: &Workspace, path: &Path, hint: &Hint, test: &str) -> Option<Confirmation> {
        let is_polluter = self.behind().iter().any(|other| without_parameters(other) == test);
        if test == self.victim() {
            self.of_victim(workspace, hint)
        } else if is_polluter {
            self.of_polluter(workspace, path, hint)
        } else {
            None
        }
    }

    /// Of a hint on the test that failed: on an axis where such hints show.
    fn of_victim(&self, workspace: &Workspace, hint: &Hint) -> Option<Confirmation> {
        let figures = words::figures(&self.record.attempt, |axis| axis::shows(hint.rule, axis))?;
        if !self.holds(workspace) {
            return None;
        }
        let is_behind = axis::shows(hint.rule, Axis::Order);
        let related =
            self.polluter().filter(|_| is_behind).map(|polluter| self.statements(workspace, polluter));
        Some(self.confirmation(&format!("Confirmed: it {figures}."), related.unwrap_or_default()))
    }

    /// Of a hint on a test that another was seen to fail behind.
    fn of_polluter(&self, workspace: &Workspace, path: &Path, hint: &Hint) -> Option<Confirmation> {
        if !axis::shows(hint.rule, Axis::Order) || !self.holds(workspace) {
            return None;
        }
        let told = told_of(workspace, &self.root, &self.record.test, hint.test.as_deref()?);
        told.iter()
            .find(|(there, told)| there == path && told.rule == hint.rule && told.range == hint.range)?;
        let polluter = self.polluter()?;
        let (victim, sure) = (&self.record.test, words::sure(polluter));
        let sentence = match polluter.need {
            Need::FailsAfter => {
                format!("Confirmed: `{victim}` passes alone and fails behind this test ({sure}).")
            }
            Need::PassesAfter => {
                format!("Confirmed: `{victim}` fails alone and passes only behind this test ({sure}).")
            }
            Need::FailsBeside => {
                format!("Confirmed: `{victim}` passes alone and fails where this file is imported ({sure}).")
            }
        };
        let does = match polluter.need {
            Need::FailsAfter => "fails behind it",
            Need::PassesAfter => "passes only behind it",
            Need::FailsBeside => "fails where it is imported",
        };
        let victim = self.head(workspace, victim, &format!("`{}` {does}", short(victim)));
        Some(self.confirmation(&sentence, victim.into_iter().collect()))
    }

    /// What the tests that it fails behind do.
    fn statements(&self, workspace: &Workspace, polluter: &Polluter) -> Vec<Related> {
        let how = match polluter.need {
            Need::FailsAfter => "it fails behind",
            Need::PassesAfter => "it passes only behind",
            Need::FailsBeside => "it fails beside",
        };
        let of_test = |test: &String| {
            let told = told_of(workspace, &self.root, &self.record.test, test);
            let does = |(path, hint): (PathBuf, Hint)| {
                let message = visible(&format!("{how} `{}`, which does this", short(test)));
                Related { path, range: hint.range, message }
            };
            if told.is_empty() {
                let head = self.head(workspace, test, &format!("{how} `{}`", short(test)));
                return head.into_iter().collect();
            }
            told.into_iter().map(does).collect::<Vec<Related>>()
        };
        polluter.tests.iter().flat_map(of_test).collect()
    }

    /// The name of a test, with what there is to say of it.
    fn head(&self, workspace: &Workspace, test: &str, message: &str) -> Option<Related> {
        let path = self.file(test);
        let range = workspace.test(&path, without_parameters(test))?.name;
        Some(Related { path, range, message: visible(message) })
    }

    /// Names come from a file of the project.
    fn confirmation(&self, sentence: &str, related: Vec<Related>) -> Confirmation {
        let command = self.record.attempt.command().map(visible);
        Confirmation { sentence: visible(sentence), related, command }
    }
}

/// A test as its file knows it.
fn short(test: &str) -> &str {
    test.split_once("::").map_or(test, |(_, name)| name)
}
