//! Bounds that are part of a wait, expected to break, or not asked everywhere.

use super::bounds::Bound;
use crate::facts::{NodeId, NodeKind};
use crate::project::surroundings::is_expected_to_fail;
use crate::project::{Place, Subject};

pub fn is_quiet(subject: &Subject<'_>, bound: &Bound) -> bool {
    is_poll(subject, bound) || is_optional(subject, bound.at) || is_expected_to_fail(subject, bound.at)
}

/// Whether a loop asks again and again how long it has been waiting: that bounds the wait, as it should be.
fn is_poll(subject: &Subject<'_>, bound: &Bound) -> bool {
    let code = subject.code();
    code.ancestors(bound.at).take_while(|outer| !matches!(code.kind(*outer), NodeKind::Function(_))).any(
        |outer| {
            let is_loop = matches!(code.kind(outer), NodeKind::While { .. } | NodeKind::For { .. });
            is_loop && !is_inside(subject, &bound.span.from, outer)
        },
    )
}

fn is_inside(subject: &Subject<'_>, place: &Place, outer: NodeId) -> bool {
    subject.holds(place) && subject.code().range(outer).contains(subject.relative(place.range).start)
}

/// Whether the assertion stands behind a condition on where the test runs.
fn is_optional(subject: &Subject<'_>, at: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(at).any(|outer| match code.kind(outer) {
        NodeKind::If { test, .. } => {
            let test = subject.source(*test);
            ["CI", "ci", "slow", "environ", "benchmark"]
                .iter()
                .any(|word| test.split(|c: char| !c.is_alphanumeric()).any(|part| part == *word))
        }
        _ => false,
    })
}
