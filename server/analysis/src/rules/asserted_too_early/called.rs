//! Work that a function of the project starts, which the test calls.

use super::{Asks, Begun, Found, asked, between};
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::handoff::{HandOff, Work};
use crate::project::outcome;
use crate::project::waits::{Wait, is_returned, wait_for, wait_since};

/// The first assertion behind each such call that asks for what the work writes.
pub fn found(subject: &Subject<'_>) -> Vec<Found> {
    let code = subject.code();
    let calls = subject.body().filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }));
    let own = calls.filter(|call| subject.runs_here(*call) && code.awaited_by(*call).is_none());
    own.filter_map(|call| started_in(subject, call)).collect()
}

fn started_in(subject: &Subject<'_>, call: NodeId) -> Option<Found> {
    let NodeKind::Call { func, .. } = subject.code().kind(call) else { return None };
    let definition = subject.definition(*func)?;
    let called = definition.subject(subject.project);
    let written = outcome::of_hand_offs_in(subject, call, &definition);
    let offs = called.hand_offs();
    let running = offs.iter().zip(&written).find(|(off, written)| {
        !written.is_empty()
            && off.is_apart(&called)
            && !is_returned(&called, off.call)
            && wait_for(&called, off, None) == Wait::None
    });
    let (off, written) = running?;
    let assertions = asked::assertions(subject).into_iter().filter(|assertion| *assertion > call);
    let (assertion, asks) = assertions.into_iter().find_map(|assertion| {
        let name = written.iter().find(|name| asked::needs(subject, assertion, name))?;
        Some((assertion, Asks::effect(name)))
    })?;
    let here = HandOff { call, begins: call, runner: off.runner, work: Work::Coroutine(call) };
    let is_waited = wait_since(subject, Some(call), assertion) != Wait::None;
    if is_waited || !between::is_quick(subject, &here, assertion) {
        return None;
    }
    let place = called.place(called.code().range(off.begins));
    let function = definition.called_name().to_owned();
    let begun = Begun::There { call, function, off: off.clone(), place };
    Some(Found { assertion, begun, asks, confidence: Confidence::Possible })
}
