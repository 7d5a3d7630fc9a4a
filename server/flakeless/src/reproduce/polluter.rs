//! Which tests must run before another so that it fails, or so that it passes: as few as possible.

use std::io;

use serde::{Deserialize, Serialize};

use super::lab::{Lab, quoted};
use super::suite::{Outcome, Request};

/// How often a finding is confirmed, both ways.
const CONFIRMATIONS: u32 = 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Need {
    /// It fails behind them, and passes alone.
    FailsAfter,
    /// It passes behind them, and fails alone.
    PassesAfter,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Polluter {
    pub(crate) need: Need,
    /// In the order in which they run. None of them can be left out.
    pub(crate) tests: Vec<String>,
    /// Runs of pytest that the search took.
    pub(crate) runs: u32,
    /// Whether it was so three times of three, with them and without.
    #[serde(rename = "confirmed")]
    pub(crate) is_confirmed: bool,
    pub(crate) command: String,
}

/// Searches among the tests that ran `before` the victim. Those `suspected` are tried first. `None` if they make no
/// difference when they run alone with it, or the time was over.
pub(crate) fn search(
    lab: &Lab<'_>,
    victim: &str,
    before: &[String],
    suspected: &[String],
    need: Need,
) -> io::Result<Option<Polluter>> {
    let mut search = Search { lab, victim, need, runs: 0 };
    let all: Vec<&str> = before.iter().map(String::as_str).filter(|test| *test != victim).collect();
    let first: Vec<&str> =
        all.iter().copied().filter(|test| suspected.iter().any(|other| other == test)).collect();
    let found = match !first.is_empty() && search.makes_it_so(&first)? {
        true => first,
        false if search.makes_it_so(&all)? => all,
        false => return Ok(None),
    };
    let tests = fewest(&found, |some| search.makes_it_so(some))?;
    let is_confirmed = search.is_confirmed(&tests)?;
    if lab.is_over() && !is_confirmed {
        return Ok(None);
    }
    let ids = tests.iter().copied().chain([victim]).map(quoted).collect::<Vec<_>>().join(" ");
    // pytest-randomly would order them anew.
    let as_given = if lab.suite.installed.randomly { "-p no:randomly " } else { "" };
    Ok(Some(Polluter {
        need,
        tests: tests.into_iter().map(str::to_owned).collect(),
        runs: search.runs,
        is_confirmed,
        command: format!("pytest {as_given}{ids}"),
    }))
}

struct Search<'a> {
    lab: &'a Lab<'a>,
    victim: &'a str,
    need: Need,
    runs: u32,
}

impl Search<'_> {
    fn makes_it_so(&mut self, tests: &[&str]) -> io::Result<bool> {
        if self.lab.is_over() {
            return Ok(false);
        }
        self.runs += 1;
        (self.lab.progress)(super::axis::Axis::Order, self.runs, 0);
        let all: Vec<String> = tests.iter().copied().chain([self.victim]).map(str::to_owned).collect();
        let run = self.lab.suite.run(&Request::in_order(all))?;
        let outcomes = run.outcomes(|id| id == self.victim);
        let is_failed = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Failed(_)));
        let is_passed = outcomes.contains(&Outcome::Passed);
        Ok(match self.need {
            Need::FailsAfter => is_failed,
            Need::PassesAfter => is_passed && !is_failed,
        })
    }

    fn is_confirmed(&mut self, tests: &[&str]) -> io::Result<bool> {
        for _ in 0..CONFIRMATIONS {
            if !self.makes_it_so(tests)? || self.makes_it_so(&[])? {
                return Ok(false);
            }
        }
        Ok(!self.lab.is_over())
    }
}

/// The fewest of `all`, in their order, for which `holds` is still true; Zeller's ddmin: no single one can be left out.
fn fewest<'t, E>(
    all: &[&'t str],
    mut holds: impl FnMut(&[&'t str]) -> Result<bool, E>,
) -> Result<Vec<&'t str>, E> {
    let mut kept = all.to_vec();
    let mut parts = 2;
    while kept.len() > 1 {
        let size = kept.len().div_ceil(parts);
        let next = smaller(&kept, size, &mut holds)?;
        match next {
            Some((fewer, of)) => {
                kept = fewer;
                parts = of.max(2);
            }
            None if size == 1 => break,
            None => parts = (2 * parts).min(kept.len()),
        }
    }
    Ok(kept)
}

/// One part of the given size, or all but one, that does it too, with the number of parts to go on with.
fn smaller<'t, E>(
    kept: &[&'t str],
    size: usize,
    holds: &mut impl FnMut(&[&'t str]) -> Result<bool, E>,
) -> Result<Option<(Vec<&'t str>, usize)>, E> {
    // Of equals the later is nearer to the victim.
    for part in kept.chunks(size).rev() {
        if part.len() < kept.len() && holds(part)? {
            return Ok(Some((part.to_vec(), 2)));
        }
    }
    let count = kept.len().div_ceil(size);
    if count <= 2 {
        return Ok(None);
    }
    for left_out in 0..count {
        let rest = kept.chunks(size).enumerate().filter(|(at, _)| *at != left_out);
        let rest: Vec<&str> = rest.flat_map(|(_, part)| part.iter().copied()).collect();
        if holds(&rest)? {
            return Ok(Some((rest, count - 1)));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is found where `needed` must all be there, and in how many questions.
    fn found<'t>(all: &[&'t str], needed: &[&str]) -> (Vec<&'t str>, u32) {
        let mut asked = 0;
        let found = fewest(all, |some| {
            asked += 1;
            Ok::<_, ()>(needed.iter().all(|one| some.contains(one)))
        });
        (found.unwrap(), asked)
    }

    #[test]
    fn one_is_found_by_halves() {
        let names: Vec<String> = (0..500).map(|number| format!("t{number}")).collect();
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        for needed in ["t0", "t250", "t499"] {
            let (one, asked) = found(&all, &[needed]);
            assert_eq!(one, [needed]);
            assert!(asked <= 18, "{asked} questions for {needed}");
        }
    }

    #[test]
    fn several_that_only_do_it_together_are_found_in_order() {
        let all = ["a", "b", "c", "d", "e", "f", "g", "h"];
        assert_eq!(found(&all, &["b", "g"]).0, ["b", "g"]);
        assert_eq!(found(&all, &["a", "b", "h"]).0, ["a", "b", "h"]);
        assert_eq!(found(&all, &all).0, all);
        assert_eq!(found(&["a"], &["a"]).0, ["a"]);
    }
}
