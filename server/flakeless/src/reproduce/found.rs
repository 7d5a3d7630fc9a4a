//! What was found about one test, as it is printed and kept.

use std::path::{Path, PathBuf};

use analysis::hint::Hint;
use analysis::workspace::Workspace;
use serde::Serialize;

use super::Attempt;
use super::axis::{self, Axis};
use super::experiment::{Experiment, Shown};
use super::lab::without_parameters;
use super::suite::file_of;
use crate::place::{Base, line_column};

/// What was found about one test.
#[derive(Serialize)]
pub(crate) struct Found {
    pub(crate) test: String,
    /// Python, pytest, and how they were found.
    pub(crate) with: String,
    pub(crate) reproduced: bool,
    /// The rules of the hints on the test.
    pub(crate) rules: Vec<&'static str>,
    #[serde(flatten)]
    pub(crate) attempt: Attempt,
    /// What the code says of the tests that it fails behind.
    pub(crate) statements: Vec<Statement>,
}

/// A hint on a test that another fails behind.
#[derive(Serialize)]
pub(crate) struct Statement {
    pub(crate) test: String,
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) rule: &'static str,
    pub(crate) message: String,
}

impl Found {
    /// What an experiment showed, beside what the code says. Paths are told from `base`.
    pub(crate) fn of(workspace: &Workspace, base: &Base, experiment: &Experiment, shown: Shown) -> Found {
        let Shown { with, attempt } = shown;
        let behind = attempt.polluter.as_ref().map(|polluter| polluter.tests.as_slice()).unwrap_or_default();
        let statement = |test: &String, path: &Path, hint: Hint| Statement {
            test: test.clone(),
            line: line_column(workspace.text(path).as_deref(), hint.range.start).0,
            path: base.shown(path),
            rule: hint.rule,
            message: hint.message.into(),
        };
        let mut statements = Vec::new();
        for test in behind {
            let told = told_of(workspace, &experiment.root, experiment.target.id(), test);
            statements.extend(told.into_iter().map(|(path, hint)| statement(test, &path, hint)));
        }
        Found {
            test: experiment.target.id().to_owned(),
            with,
            reproduced: attempt.is_reproduced(),
            rules: experiment.known.rules.clone(),
            statements,
            attempt,
        }
    }
}

/// The hints on a test, or on a file as it is imported, that say why `victim` fails behind it: those that rest on the victim,
/// else all that speak of what tests leave behind.
pub(crate) fn told_of(workspace: &Workspace, root: &Path, victim: &str, test: &str) -> Vec<(PathBuf, Hint)> {
    let (path, victims) = (root.join(file_of(test)), root.join(file_of(victim)));
    let mut hints = workspace.report(&path).hints;
    let of_order = |hint: &Hint| axis::shows(hint.rule, Axis::Order);
    let is_of = |hint: &Hint| match &hint.test {
        Some(own) => own == without_parameters(test),
        None => !test.contains("::"),
    };
    hints.retain(|hint| is_of(hint) && of_order(hint));
    let victim = workspace.test(&victims, without_parameters(victim));
    let rests_on_victim = |hint: &Hint| {
        let mut related = hint.related.iter().filter(|related| related.path == victims);
        related.any(|related| victim.as_ref().is_some_and(|victim| victim.code.intersects(related.range)))
    };
    if hints.iter().any(rests_on_victim) {
        hints.retain(rests_on_victim);
    }
    hints.into_iter().map(|hint| (path.clone(), hint)).collect()
}
