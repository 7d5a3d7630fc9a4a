//! What is varied to make a flaky test show itself: one thing at a time.

use analysis::rules::{self, Cause};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Axis {
    /// The test alone, each time in a fresh process
    Fresh,
    /// Again and again inside one process
    Repeat,
    /// Among the other tests, reversed and shuffled
    Order,
    /// In several processes at once
    Parallel,
    /// With other values of PYTHONHASHSEED
    HashSeed,
    /// While every core is busy
    Load,
}

impl Axis {
    pub(crate) const ALL: [Axis; 6] =
        [Axis::Fresh, Axis::Repeat, Axis::Order, Axis::Parallel, Axis::HashSeed, Axis::Load];

    /// As a person names it on the command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Axis::Fresh => "fresh",
            Axis::Repeat => "repeat",
            Axis::Order => "order",
            Axis::Parallel => "parallel",
            Axis::HashSeed => "hash-seed",
            Axis::Load => "load",
        }
    }
}

/// The axes on which failures of these rules' kinds show first, each once; empty where none is known.
pub(crate) fn suspected(rules: &[&str]) -> Vec<Axis> {
    let metas = rules.iter().filter_map(|rule| rules::entry(rule)).map(|entry| entry.meta);
    let mut axes: Vec<Axis> = Vec::new();
    for axis in metas.flat_map(|meta| shown_by(meta.name, meta.cause)) {
        if !axes.contains(axis) {
            axes.push(*axis);
        }
    }
    axes
}

/// Whether failures of a rule's kind show on an axis.
pub(crate) fn shows(rule: &str, axis: Axis) -> bool {
    suspected(&[rule]).contains(&axis)
}

/// Most rules of one cause show alike; those that do not are named.
fn shown_by(rule: &str, cause: Cause) -> &'static [Axis] {
    match rule {
        // What is left behind meets other tests, and seldom the same one again.
        "guard-switched-off"
        | "started-not-stopped"
        | "import-time-state"
        | "cached-between-tests"
        | "async-fixture-not-run"
        | "loop-bound-global" => &[Axis::Order, Axis::Repeat],
        // A thread has its turn more often between two statements.
        "unfiltered-capture" => &[Axis::Load, Axis::Fresh],
        // One process after the other meets many seconds and minutes.
        "calendar-bomb" => &[Axis::Fresh],
        "unseeded-random" => &[Axis::Repeat, Axis::Fresh],
        // Only side by side do processes compare what they have collected.
        "unstable-parametrize" => &[Axis::Parallel, Axis::HashSeed],
        _ => shown_by_cause(cause),
    }
}

fn shown_by_cause(cause: Cause) -> &'static [Axis] {
    match cause {
        Cause::StateInside => &[Axis::Repeat, Axis::Order],
        Cause::Process | Cause::Reloading => &[Axis::Order, Axis::Repeat],
        Cause::StateOutside => &[Axis::Parallel, Axis::Repeat],
        Cause::Markers => &[Axis::Parallel, Axis::Order],
        Cause::Asynchronous | Cause::Time => &[Axis::Load, Axis::Fresh],
        Cause::Order => &[Axis::HashSeed, Axis::Fresh],
        Cause::Environment => &[Axis::Order, Axis::Fresh],
        Cause::Housekeeping => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_names_the_axis_to_begin_with() {
        assert_eq!(suspected(&["shared-state-leak"]), [Axis::Repeat, Axis::Order]);
        assert_eq!(suspected(&["unordered-comparison"]), [Axis::HashSeed, Axis::Fresh]);
        assert_eq!(
            suspected(&["sleep-then-assert", "unordered-comparison"]),
            [Axis::Load, Axis::Fresh, Axis::HashSeed]
        );
        assert_eq!(suspected(&["fixed-port"])[0], Axis::Parallel);
        assert_eq!(suspected(&["unseeded-random"]), [Axis::Repeat, Axis::Fresh]);
        assert_eq!(suspected(&["no-such-rule"]), []);
    }

    #[test]
    fn names_are_those_of_the_command_line() {
        for axis in Axis::ALL {
            assert_eq!(Axis::from_str(axis.name(), false), Ok(axis));
        }
    }
}
