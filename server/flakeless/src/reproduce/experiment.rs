//! One test on the bench: what is tried with it, and within what limits.

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use analysis::workspace::Workspace;

use super::axis::Axis;
use super::kept::Seen;
use super::known::Known;
use super::lab::{Lab, Target};
use super::suite::{Suite, file_of};
use super::{Attempt, Choice, attempt, behind, interpreter};

#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// How often the test runs on each axis.
    pub(crate) runs: u32,
    /// For all runs together.
    pub(crate) budget: Duration,
    /// After which one run of pytest is taken for hanging.
    pub(crate) timeout: Duration,
}

pub(crate) const RUNS: u32 = 20;
pub(crate) const BUDGET_SECONDS: u64 = 300;
pub(crate) const TIMEOUT_SECONDS: u64 = 120;

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            runs: RUNS,
            budget: Duration::from_secs(BUDGET_SECONDS),
            timeout: Duration::from_secs(TIMEOUT_SECONDS),
        }
    }
}

/// A test, and what is to be tried with it.
#[derive(Clone, Debug)]
pub(crate) struct Experiment {
    /// pytest's rootdir, where it runs.
    pub(crate) root: PathBuf,
    pub(crate) target: Target,
    /// The test as it was then; `None` where another file than its node id names defines it.
    pub(crate) before: Option<Seen>,
    pub(crate) known: Known,
    pub(crate) course: Course,
    /// The interpreter or environment that a person chose.
    pub(crate) python: Option<PathBuf>,
    pub(crate) limits: Limits,
}

/// What is tried with a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Course {
    /// The axes that a person asked for; where there are none, what is known decides.
    Axes(Vec<Axis>),
    /// Running it behind these tests and no others.
    Behind(Vec<String>),
}

/// What an experiment showed.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// Python, pytest, and how they were found.
    pub(crate) with: String,
    pub(crate) attempt: Attempt,
}

impl Experiment {
    pub(crate) fn new(
        workspace: &Workspace,
        root: PathBuf,
        target: Target,
        known: Known,
        course: Course,
        limits: Limits,
    ) -> Experiment {
        let before = Seen::of(workspace, &root, target.id());
        Experiment { root, target, before, known, course, python: None, limits }
    }

    /// The tests that what it showed rests on, as they were. Of those that the target fails behind only the saved ones count:
    /// pytest reads what `is_saved`.
    pub(crate) fn seen(
        &self,
        workspace: &Workspace,
        attempt: &Attempt,
        is_saved: impl Fn(&Path) -> bool,
    ) -> Vec<Seen> {
        let behind = attempt.polluter.iter().flat_map(|polluter| &polluter.tests);
        let saved = behind.filter(|test| is_saved(&self.root.join(file_of(test))));
        self.before
            .iter()
            .cloned()
            .chain(saved.filter_map(|test| Seen::of(workspace, &self.root, test)))
            .collect()
    }

    /// Runs pytest as often as it takes, until `stop` is set. `progress` is told of every run: of which axis, and how many of
    /// how many are done.
    ///
    /// # Errors
    /// Why there is nothing to see, in words for a person.
    pub(crate) fn run(&self, stop: &AtomicBool, progress: &dyn Fn(Axis, u32, u32)) -> Result<Shown, String> {
        let Limits { runs, budget, timeout } = self.limits;
        let interpreter =
            interpreter::find(self.python.as_deref(), &self.root, |name: &str| std::env::var_os(name))
                .map_err(|missing| missing.to_string())?;
        let suite = Suite::open(interpreter, self.root.clone(), timeout, stop)?;
        let until = Instant::now() + budget;
        let lab = Lab { suite: &suite, target: self.target.clone(), runs, until, progress };
        let attempt = match &self.course {
            Course::Axes(asked) => {
                let choice = Choice { asked: asked.clone(), suspected: self.known.suspected() };
                attempt(&lab, &choice, &self.known.suspects)
            }
            Course::Behind(tests) => behind(&lab, tests),
        };
        let attempt = attempt.map_err(|refusal| refusal.to_string())?;
        Ok(Shown { with: suite.described(), attempt })
    }
}
