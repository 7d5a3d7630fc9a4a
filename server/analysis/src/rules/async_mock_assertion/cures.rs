//! Ways to wait for the work before the assertion.

mod handle;
mod poll;
mod tick;

use super::evidence::{Evidence, Source};
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Edits, Fix};
use crate::fixes::{line, no_parallel};
use crate::project::Subject;
use crate::project::handoff::Runner;
use crate::project::waits::Wait;

/// Best first: wait for the work, wait for the mock, then what only lessens the risk.
pub fn fixes(subject: &Subject<'_>, found: &Evidence) -> Vec<Fix> {
    let (waited, ticked) = match &found.traced.source {
        Source::Here(off) => (handle::wait(subject, found, off), tick::tick(subject, found, off)),
        Source::There { runner: Runner::Background, .. } => (handle::run_background(subject, found), None),
        Source::There { .. } | Source::Renewed { .. } => (None, None),
    };
    let polled = poll::polled(subject, found);
    let marked = no_parallel::mark(subject).ok();
    waited.into_iter().chain(polled).chain(ticked).chain(marked).collect()
}

/// Where lines can be inserted so that they run after the hand-off, before the assertion, and while the mock is there.
enum Spot {
    Above(NodeId),
    Below(NodeId),
    /// In the place of a sleep.
    Instead(NodeId),
}

impl Spot {
    fn of(subject: &Subject<'_>, found: &Evidence) -> Option<Spot> {
        let code = subject.code();
        let statement = found.assertion.statement;
        let is_simple = matches!(
            code.kind(statement),
            NodeKind::Expr(_) | NodeKind::Assert { .. } | NodeKind::Assign { .. }
        );
        if let Some(with) = found.mock.installed_in.filter(|with| !code.is_within(statement, *with)) {
            let NodeKind::With { body, .. } = code.kind(with) else { return None };
            return body.last().map(|last| Spot::Below(*last));
        }
        let above = is_simple.then_some(Spot::Above(statement));
        useless_sleep(subject, found).map(Spot::Instead).or(above)
    }

    fn statement(&self) -> NodeId {
        match self {
            Spot::Above(statement) | Spot::Below(statement) | Spot::Instead(statement) => *statement,
        }
    }

    fn insert(&self, subject: &Subject<'_>, lines: &[String]) -> Option<Edits> {
        match self {
            Spot::Above(statement) => line::insert_above(subject, *statement, lines),
            Spot::Below(statement) => line::insert_below(subject, *statement, lines),
            Spot::Instead(statement) => line::replace(subject, *statement, lines),
        }
    }
}

/// A sleep that stands directly above the assertion.
fn useless_sleep(subject: &Subject<'_>, found: &Evidence) -> Option<NodeId> {
    let (Wait::Tick(call) | Wait::Slept(call)) = found.traced.wait else { return None };
    let code = subject.code();
    let sleep = code.statement_of(call);
    let is_alone = matches!(code.kind(sleep), NodeKind::Expr(value)
        if *value == call || matches!(code.kind(*value), NodeKind::Await(inner) if *inner == call));
    let is_above = code.node(sleep).subtree_end == found.assertion.statement.0
        && code.node(sleep).parent == code.node(found.assertion.statement).parent;
    (is_alone && is_above).then_some(sleep)
}
