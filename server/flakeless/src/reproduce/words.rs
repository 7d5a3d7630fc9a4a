//! What an attempt came to, in one sentence: the same in a terminal, an editor and a hint.

use std::time::Duration;

use super::Attempt;
use super::axis::Axis;
use super::lab::Row;
use super::polluter::{Need, Polluter};

/// What the attempt came to.
pub(crate) fn verdict(attempt: &Attempt) -> String {
    if attempt.is_reproduced() {
        return format!("Reproduced: it {}.", figures(attempt, |_| true).unwrap_or_default());
    }
    let runs: u32 = attempt.axes.iter().map(|row| row.runs).sum();
    match (runs, attempt.is_cut_short) {
        (0, _) => "Stopped before there was anything to see.".to_owned(),
        (_, true) => format!("Not reproduced in the time there was: it passed {runs} times of {runs}."),
        (_, false) => format!("Not reproduced: it passed {runs} times of {runs}."),
    }
}

/// How it failed on the axes that are `wanted`, as the rest of a sentence about the test; `None` where it did not.
pub(crate) fn figures(attempt: &Attempt, wanted: impl Fn(Axis) -> bool) -> Option<String> {
    let behind = attempt.polluter.as_ref().filter(|_| wanted(Axis::Order)).map(behind);
    // What it fails behind says more than the order in which it was seen.
    let is_said = |row: &&Row| behind.is_some() && row.axis == Axis::Order;
    let failed = attempt.axes.iter().filter(|row| row.failures > 0 && wanted(row.axis));
    let all: Vec<String> = failed.filter(|row| !is_said(row)).map(of_row).chain(behind.clone()).collect();
    let (last, others) = all.split_last()?;
    Some(if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) })
}

fn of_row(row: &Row) -> String {
    let Row { axis, runs, failures, .. } = row;
    let times = if *axis == Axis::Repeat { "times" } else { "runs" };
    format!("failed {failures} of {runs} {times} {}", under(*axis))
}

/// Under which circumstances the test runs, behind "it failed".
pub(crate) fn under(axis: Axis) -> &'static str {
    match axis {
        Axis::Fresh => "alone in fresh processes",
        Axis::Repeat => "in one process",
        Axis::Order => "behind other tests",
        Axis::Parallel => "in several processes at once",
        Axis::HashSeed => "with other values of PYTHONHASHSEED",
        Axis::Load => "while every core was busy",
    }
}

/// What goes on: the next of so many runs, and about how long they take, as far as that is known.
pub(crate) fn step(axis: Axis, done: u32, of: u32, left: Option<Duration>) -> String {
    let left = left.map(|left| format!(", {} s left", left.as_secs().max(1))).unwrap_or_default();
    match of {
        0 => format!("looking for the tests that it fails behind: run {done}"),
        1 => under(axis).to_owned(),
        _ => format!("{}: run {} of {of}{left}", under(axis), done + 1),
    }
}

fn behind(polluter: &Polluter) -> String {
    let how = match polluter.need {
        Need::FailsAfter => "passes alone and fails behind",
        Need::PassesAfter => "fails alone and passes only behind",
        Need::FailsBeside => "passes alone and fails where pytest imports also",
    };
    format!("{how} {} ({})", polluter.tests.join(", "), sure(polluter))
}

pub(crate) fn sure(polluter: &Polluter) -> &'static str {
    if polluter.is_confirmed { "seen three times of three, both ways" } else { "not every time" }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(axis: Axis, failures: u32) -> Row {
        Row { axis, runs: 20, failures, first: None, is_cut_short: false }
    }

    #[test]
    fn a_verdict_tells_what_was_seen() {
        let mut attempt =
            Attempt { axes: vec![row(Axis::Fresh, 0), row(Axis::Repeat, 0)], ..Attempt::default() };
        assert_eq!(verdict(&attempt), "Not reproduced: it passed 40 times of 40.");
        attempt.axes.push(row(Axis::Repeat, 1));
        attempt.axes.push(row(Axis::Order, 3));
        assert_eq!(
            verdict(&attempt),
            "Reproduced: it failed 1 of 20 times in one process and failed 3 of 20 runs behind other tests."
        );
        attempt.polluter = Some(Polluter {
            need: Need::FailsAfter,
            tests: vec!["test_a.py::test_b".to_owned()],
            runs: 9,
            is_confirmed: true,
            command: String::new(),
        });
        let behind = "passes alone and fails behind test_a.py::test_b (seen three times of three, both ways)";
        assert_eq!(figures(&attempt, |axis| axis == Axis::Order).as_deref(), Some(behind));
        assert_eq!(figures(&attempt, |axis| axis == Axis::Load), None);
    }
}
