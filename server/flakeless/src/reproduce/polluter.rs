//! Which tests must run before another so that it fails, or so that it passes: as few as possible.

use std::io;
use std::thread;

use serde::{Deserialize, Serialize};

use super::lab::{Lab, quoted};
use super::suite::{Outcome, Plugins, Request, Run};

/// How often a finding is confirmed, both ways; what was seen before counts once.
const CONFIRMATIONS: u32 = 3;
/// So few tests are searched without asking first whether all of them do it.
const FEW: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Need {
    /// It fails behind them, and passes alone.
    FailsAfter,
    /// It passes behind them, and fails alone.
    PassesAfter,
    /// They are files. It fails when they are imported too, and passes alone.
    FailsBeside,
}

/// Tests that may leave something behind, by what hints say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Suspects {
    /// Tests whose hints name the victim.
    pub(crate) of_it: Vec<String>,
    pub(crate) others: Vec<String>,
}

impl Suspects {
    /// Those among some tests, for one try after the other: the fewest and likeliest first.
    fn among<'t>(&self, all: &[&'t str]) -> Vec<Vec<&'t str>> {
        let is = |one: &String, test: &str| test.split('[').next() == Some(one) || test == one;
        let of_it = all.iter().copied().filter(|test| self.of_it.iter().any(|one| is(one, test)));
        let any =
            all.iter().copied().filter(|test| self.of_it.iter().chain(&self.others).any(|one| is(one, test)));
        let mut tries = vec![of_it.collect::<Vec<_>>(), any.collect()];
        tries.dedup();
        tries.retain(|tests| !tests.is_empty() && tests.len() < all.len());
        tries
    }
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

/// Searches among the tests that ran `before` the victim, or the files that were imported with it, which were seen to make
/// a difference. `None` if they make none when they run alone with it, or the time was over.
pub(crate) fn search(
    lab: &Lab<'_>,
    plugins: Plugins,
    victim: &str,
    before: &[String],
    suspects: &Suspects,
    need: Need,
) -> io::Result<Option<Polluter>> {
    let mut search = Search { lab, victim, need, runs: 0 };
    let all: Vec<&str> = before.iter().map(String::as_str).filter(|test| *test != victim).collect();
    if all.is_empty() {
        return Ok(None);
    }
    let mut found = None;
    for some in suspects.among(&all) {
        if found.is_none() && search.makes_it_so(&some)? {
            found = Some(some);
        }
    }
    let found = match found {
        Some(some) => some,
        None if all.len() <= FEW || search.makes_it_so(&all)? => all,
        None => return Ok(None),
    };
    let tests = fewest(&found, |some| search.makes_it_so(some))?;
    let is_confirmed = search.is_confirmed(&tests)?;
    if !is_confirmed && (lab.is_over() || !search.makes_it_so(&tests)?) {
        return Ok(None);
    }
    let ids = tests.iter().copied().chain([victim]).map(quoted).collect::<Vec<_>>().join(" ");
    // pytest-randomly would order them anew.
    let as_given = if plugins.randomly { "-p no:randomly " } else { "" };
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
    /// The victim behind these tests, or beside these files, which are no tests.
    fn request(&self, tests: &[&str]) -> Request {
        Request::in_order(tests.iter().copied().chain([self.victim]).map(str::to_owned).collect())
    }

    fn makes_it_so(&mut self, tests: &[&str]) -> io::Result<bool> {
        if self.lab.is_over() {
            return Ok(false);
        }
        self.tell(1);
        let run = self.lab.run(&self.request(tests))?;
        Ok(self.is_so(&run))
    }

    fn tell(&mut self, more: u32) {
        self.runs += more;
        (self.lab.progress)(super::axis::Axis::Order, self.runs, 0);
    }

    fn is_so(&self, run: &Run) -> bool {
        let outcomes = run.outcomes(|id| id == self.victim);
        let is_failed = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Failed(_)));
        match self.need {
            Need::FailsAfter | Need::FailsBeside => is_failed,
            Need::PassesAfter => outcomes.contains(&Outcome::Passed) && !is_failed,
        }
    }

    /// Once it was seen both ways. The other times are two runs at once; where these may have been in each other's way they
    /// are repeated one by one.
    fn is_confirmed(&mut self, tests: &[&str]) -> io::Result<bool> {
        for _ in 1..CONFIRMATIONS {
            let both = self.with_and_without(tests)?;
            if both != (true, false) && (!self.makes_it_so(tests)? || self.makes_it_so(&[])?) {
                return Ok(false);
            }
        }
        Ok(!self.lab.is_over())
    }

    fn with_and_without(&mut self, tests: &[&str]) -> io::Result<(bool, bool)> {
        self.tell(2);
        let (suite, bounds) = (self.lab.suite, self.lab.bounds());
        let (with, without) = (self.request(tests), self.request(&[]));
        let (with, without) = thread::scope(|scope| {
            let without = scope.spawn(|| suite.run(&without, bounds));
            (
                suite.run(&with, bounds),
                without.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)),
            )
        });
        Ok((self.is_so(&with?), self.is_so(&without?)))
    }
}

/// The fewest of `all`, in their order, for which `holds` is still true; no single one can be left out.
fn fewest<'t, E>(
    all: &[&'t str],
    mut holds: impl FnMut(&[&'t str]) -> Result<bool, E>,
) -> Result<Vec<&'t str>, E> {
    match the_one(all, &mut holds)? {
        Some(one) => Ok(vec![one]),
        None => several(all, holds),
    }
}

/// The one that does it alone, by halves: where the later half does not do it, the earlier is believed to.
fn the_one<'t, E>(
    all: &[&'t str],
    holds: &mut impl FnMut(&[&'t str]) -> Result<bool, E>,
) -> Result<Option<&'t str>, E> {
    let (mut kept, mut is_believed) = (all, false);
    while kept.len() > 1 {
        // Of equals the later is nearer to the victim.
        let (earlier, later) = kept.split_at(kept.len() / 2);
        is_believed = !holds(later)?;
        kept = if is_believed { earlier } else { later };
    }
    let is_it = !is_believed || holds(kept)?;
    Ok(kept.first().copied().filter(|_| is_it))
}

/// Zeller's ddmin.
fn several<'t, E>(
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
            assert!(asked <= 10, "{asked} questions for {needed}");
        }
    }

    #[test]
    fn those_that_hints_name_are_tried_first() {
        let suspects = Suspects { of_it: vec!["a::t".into()], others: vec!["a::u".into(), "b::t".into()] };
        let all = ["a::s", "a::t[1]", "a::t[2]", "a::u", "a::v"];
        assert_eq!(suspects.among(&all), [vec!["a::t[1]", "a::t[2]"], vec!["a::t[1]", "a::t[2]", "a::u"]]);
        assert_eq!(suspects.among(&["a::t[1]"]), Vec::<Vec<&str>>::new());
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
