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
    let causes = rules.iter().filter_map(|rule| rules::entry(rule)).map(|entry| entry.meta.cause);
    let mut axes: Vec<Axis> = Vec::new();
    for axis in causes.flat_map(shown_by) {
        if !axes.contains(axis) {
            axes.push(*axis);
        }
    }
    axes
}

/// Whether failures of a rule's kind show on an axis.
pub(crate) fn shows(rule: &str, axis: Axis) -> bool {
    rules::entry(rule).is_some_and(|entry| shown_by(entry.meta.cause).contains(&axis))
}

fn shown_by(cause: Cause) -> &'static [Axis] {
    match cause {
        Cause::StateInside | Cause::Process => &[Axis::Repeat, Axis::Order],
        Cause::StateOutside => &[Axis::Parallel, Axis::Repeat],
        Cause::Reloading => &[Axis::Order, Axis::Repeat],
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
        assert_eq!(suspected(&["no-such-rule"]), []);
    }

    #[test]
    fn names_are_those_of_the_command_line() {
        for axis in Axis::ALL {
            assert_eq!(Axis::from_str(axis.name(), false), Ok(axis));
        }
    }
}
