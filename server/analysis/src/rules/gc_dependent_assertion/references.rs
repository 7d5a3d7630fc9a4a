//! `assert ref() is None`, where something else than the test may still hold what it refers to.

use super::Found;
use super::counted::Counted;
use super::judge::{collects_before, is_polled};
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::claims::{Claim, Relation};

pub fn of_claim(subject: &Subject<'_>, claim: &Claim) -> Option<Found> {
    if claim.relation != Relation::Equal {
        return None;
    }
    let is_none = |node: NodeId| *subject.code().kind(node) == NodeKind::None;
    let (side, _) = claim.both_ways().into_iter().find(|(_, other)| is_none(*other))?;
    let is_unsure = is_weak(subject, side)
        && may_be_held(subject)
        && !collects_before(subject, side)
        && !is_polled(subject, claim.at);
    is_unsure.then_some(Found {
        at: claim.at,
        counted: Counted::Referent,
        confidence: Confidence::Possible,
        is_cured_by_collecting: true,
    })
}

/// `ref()` where `ref` is a `weakref.ref(…)`.
fn is_weak(subject: &Subject<'_>, node: NodeId) -> bool {
    let NodeKind::Call { func, args } = subject.code().kind(node) else { return false };
    let made = subject.origin(*func).followed(subject.project);
    args.is_empty()
        && made.node != *func
        && made.scope(subject.project).callee(made.node).is_some_and(|path| path == "weakref.ref")
}

/// Without a loop, a thread or an exception CPython frees an object with the last name for it.
fn may_be_held(subject: &Subject<'_>) -> bool {
    subject.function().is_some_and(|function| function.is_async) || !subject.hand_offs().is_empty()
}
