//! Tests that wait until the clock is well away from the turn of a minute or a day.

use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::clock::gives_now;

/// Whether the test, or a function of the project that it calls, sleeps where the clock says that a turn is near.
pub fn is_waited_out(subject: &Subject<'_>) -> bool {
    let code = subject.code();
    subject.body().any(|node| waits(subject, node))
        || subject.body().any(|node| {
            let NodeKind::Call { func, .. } = code.kind(node) else { return false };
            let Some(definition) = subject.definition(*func) else { return false };
            let called = definition.subject(subject.project);
            called.text().contains("sleep") && called.body().any(|node| waits(&called, node))
        })
}

/// `if datetime.now().second > 57: time.sleep(4)`
fn waits(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let (NodeKind::If { test, body, .. } | NodeKind::While { test, body, .. }) = code.kind(node) else {
        return false;
    };
    let reads = |part: NodeId| subject.callee(part).is_some_and(|path| gives_now(&path));
    let sleeps = |part: NodeId| match code.kind(part) {
        NodeKind::Call { func, .. } => code.kind(*func).last_name() == Some("sleep"),
        _ => false,
    };
    code.subtree(*test).any(reads) && body.iter().any(|inner| code.subtree(*inner).any(sleeps))
}
