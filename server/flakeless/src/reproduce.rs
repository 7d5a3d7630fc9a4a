//! From a hint to proof: runs a test under the conditions that would make it fail, and finds the tests it fails behind.
//!
//! The only part of flakeless that runs the user's code, and only when a person names the test. It is the project's own
//! pytest that runs it, by argument vector, never through a shell, in a process group that is gone when we are done.

pub(crate) mod axis;
pub(crate) mod experiment;
pub(crate) mod found;
mod interpreter;
pub(crate) mod kept;
pub(crate) mod known;
pub(crate) mod lab;
pub(crate) mod polluter;
mod process;
pub(crate) mod proofs;
pub(crate) mod suite;
pub(crate) mod words;

use std::io;

use serde::{Deserialize, Serialize};

use axis::Axis;
use lab::{Failure, Lab, Row};
use polluter::{Need, Polluter, Suspects};
use process::End;
use suite::{Outcome, Plugins, Request, Run};

/// What became of the attempt to make a test fail.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) axes: Vec<Row>,
    pub(crate) polluter: Option<Polluter>,
    /// Whether it was ended before all was tried.
    #[serde(rename = "cut_short")]
    pub(crate) is_cut_short: bool,
}

impl Attempt {
    pub(crate) fn is_reproduced(&self) -> bool {
        self.polluter.is_some() || self.axes.iter().any(|row| row.failures > 0)
    }

    /// What makes it fail again, in a shell.
    pub(crate) fn command(&self) -> Option<&str> {
        let first = || self.axes.iter().find_map(|row| Some(&row.first.as_ref()?.command));
        self.polluter.as_ref().map(|polluter| &polluter.command).or_else(first).map(String::as_str)
    }
}

/// Why a test cannot be experimented on, in words for a person.
#[derive(Debug)]
pub(crate) enum Refusal {
    Words(String),
    Io(io::Error),
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Refusal {
        Refusal::Io(error)
    }
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refusal::Words(words) => f.write_str(words),
            Refusal::Io(error) => write!(f, "pytest could not be run: {error}"),
        }
    }
}

/// Which axes to try: those a person asked for, all of them; else those that its hints suspect, until one makes it fail,
/// then the others.
pub(crate) struct Choice {
    pub(crate) asked: Vec<Axis>,
    pub(crate) suspected: Vec<Axis>,
}

impl Choice {
    fn in_order(&self) -> Vec<Axis> {
        if !self.asked.is_empty() {
            return self.asked.clone();
        }
        let others = Axis::ALL.iter().filter(|axis| !self.suspected.contains(axis));
        self.suspected.iter().chain(others).copied().collect()
    }

    /// Whether a failure on one axis is answer enough.
    fn ends_with_the_first(&self) -> bool {
        self.asked.is_empty() && !self.suspected.is_empty()
    }
}

/// Tries the axes.
pub(crate) fn attempt(lab: &Lab<'_>, choice: &Choice, suspects: &Suspects) -> Result<Attempt, Refusal> {
    let mut attempt = Attempt::default();
    let (alone, plugins) = alone(lab)?;
    match alone {
        Alone::Passes => {}
        Alone::FailsAlways(text) => {
            attempt.polluter = needed(lab, plugins, suspects)?;
            if attempt.polluter.is_some() || lab.is_over() {
                return Ok(attempt);
            }
            if !passes_after_all(lab)? {
                return Err(Refusal::Words(format!(
                    "the test fails every time, alone and among the others of its file: it is not flaky here\n{text}"
                )));
            }
        }
        Alone::Stopped => return Ok(Attempt { is_cut_short: true, ..attempt }),
    }
    for axis in choice.in_order() {
        let row = lab.explore(axis, plugins, suspects)?;
        if let (Axis::Order, Some(first)) = (axis, &row.first) {
            attempt.polluter = polluter_of(lab, plugins, suspects, first)?;
        }
        let is_enough = row.failures > 0 && choice.ends_with_the_first();
        attempt.is_cut_short |= row.is_cut_short;
        attempt.axes.push(row);
        if is_enough || lab.is_over() {
            break;
        }
    }
    Ok(attempt)
}

/// Runs the test behind these others, and alone: a short way to what hints suspect of them.
pub(crate) fn behind(lab: &Lab<'_>, tests: &[String]) -> Result<Attempt, Refusal> {
    let (alone, plugins) = alone(lab)?;
    if matches!(alone, Alone::Stopped) {
        return Ok(Attempt { is_cut_short: true, ..Attempt::default() });
    }
    let (row, run) = lab.behind(tests)?;
    let is_failed = row.failures > 0;
    let need = match alone {
        Alone::FailsAlways(failure) if is_failed || row.runs == 0 => {
            return Err(Refusal::Words(format!(
                "the test fails every time: it is not flaky here\n{failure}"
            )));
        }
        Alone::FailsAlways(_) => Some(Need::PassesAfter),
        Alone::Passes | Alone::Stopped => is_failed.then_some(Need::FailsAfter),
    };
    let first =
        || run.reports.iter().find(|report| lab.target.is(&report.test)).map(|report| report.test.clone());
    let victim = row.first.as_ref().map(|failure| failure.test.clone()).or_else(first);
    let polluter = match (need, victim) {
        (Some(need), Some(victim)) => {
            let suspects = Suspects::default();
            polluter::search(lab, plugins, &victim, &run.before(&victim), &suspects, need)?
        }
        _ => None,
    };
    Ok(Attempt { is_cut_short: row.is_cut_short, axes: vec![row], polluter })
}

/// What a failure among other tests rests on: tests that ran before, else files that were imported.
fn polluter_of(
    lab: &Lab<'_>,
    plugins: Plugins,
    suspects: &Suspects,
    failure: &Failure,
) -> io::Result<Option<Polluter>> {
    let Failure { test, before, files, .. } = failure;
    let behind = polluter::search(lab, plugins, test, before, suspects, Need::FailsAfter)?;
    if behind.is_some() {
        return Ok(behind);
    }
    let others: Vec<String> = files.iter().filter(|file| *file != lab.target.file()).cloned().collect();
    polluter::search(lab, plugins, test, &others, suspects, Need::FailsBeside)
}

enum Alone {
    Passes,
    /// With the failure's text.
    FailsAlways(String),
    Stopped,
}

/// Whether the test passes alone at least once of three times, and the plugins that pytest had.
fn alone(lab: &Lab<'_>) -> Result<(Alone, Plugins), Refusal> {
    let mut failure = String::new();
    let mut hangs = true;
    let mut plugins = Plugins::default();
    for number in 0..3 {
        (lab.progress)(Axis::Fresh, number, 3);
        let run = lab.run(&Request::of(lab.target.id()))?;
        plugins = run.plugins;
        if run.end == End::Stopped {
            return Ok((Alone::Stopped, plugins));
        }
        let outcomes = run.outcomes(|id| lab.target.is(id));
        hangs &= run.end == End::TimedOut;
        match outcomes.iter().find(|outcome| **outcome != Outcome::Passed) {
            None if outcomes.is_empty() => return Err(Refusal::Words(unseen(&run))),
            None => return Ok((Alone::Passes, plugins)),
            Some(Outcome::Failed(text)) => failure = text.clone(),
            Some(_) if outcomes.contains(&Outcome::Passed) => return Ok((Alone::Passes, plugins)),
            Some(_) => {
                return Err(Refusal::Words(
                    "the test is skipped here, so there is nothing to see".to_owned(),
                ));
            }
        }
    }
    if hangs {
        return Err(Refusal::Words(
            "the test hangs: in three runs it did not end in time (`--timeout`)".to_owned(),
        ));
    }
    Ok((Alone::FailsAlways(failure), plugins))
}

/// Why a run did not come to the test.
fn unseen(run: &Run) -> String {
    let told = last_lines(&run.output);
    match run.end {
        End::TimedOut => "pytest did not come to the test in time (`--timeout`)".to_owned(),
        _ if !run.files.is_empty() => "pytest collects other tests by this name, and not this one".to_owned(),
        End::Exited(Some(5)) => format!("pytest collects no test by this name:\n{told}"),
        End::Exited(Some(4)) => {
            format!("pytest does not find the test, or refuses its command line:\n{told}")
        }
        End::Exited(Some(2)) => format!("pytest cannot collect the test:\n{told}"),
        _ => format!("pytest ended before it came to the test:\n{told}"),
    }
}

/// The end of what pytest said.
fn last_lines(output: &str) -> String {
    let lines: Vec<&str> = output.trim_end().lines().collect();
    lines[lines.len().saturating_sub(12)..].join("\n")
}

/// The tests without which a test fails; `None` where it fails among the others of its file too.
fn needed(lab: &Lab<'_>, plugins: Plugins, suspects: &Suspects) -> io::Result<Option<Polluter>> {
    let run = lab.run(&Request::of(lab.target.file()))?;
    let outcomes = run.outcomes(|id| lab.target.is(id));
    let first = run.reports.iter().find(|report| lab.target.is(&report.test));
    let victim = first.filter(|_| outcomes.iter().all(|outcome| *outcome == Outcome::Passed));
    let Some(victim) = victim.map(|report| report.test.clone()) else { return Ok(None) };
    polluter::search(lab, plugins, &victim, &run.before(&victim), suspects, Need::PassesAfter)
}

/// Whether a test passes alone that failed a few times in a row: every second time is often enough for that.
fn passes_after_all(lab: &Lab<'_>) -> io::Result<bool> {
    for number in 0..5 {
        (lab.progress)(Axis::Fresh, number, 5);
        let outcomes = lab.run(&Request::of(lab.target.id()))?.outcomes(|id| lab.target.is(id));
        if outcomes.contains(&Outcome::Passed) {
            return Ok(true);
        }
    }
    Ok(false)
}
