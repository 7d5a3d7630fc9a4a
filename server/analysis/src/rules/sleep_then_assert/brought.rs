//! What of the work the time of a sleep can bring, and what it cannot.

use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::handoff::{HandOff, Work, local_function};
use crate::project::outcome;

use super::heard::{asked, is_asked};
use super::turns::made_as;

/// Whether a node of a function inside the test runs because time passes, as far as can be seen: it stands behind no wait that
/// the test ends only after the sleep, nor where a cancelled task gets its one turn.
pub fn is_brought(subject: &Subject<'_>, sleep: NodeId, node: NodeId) -> bool {
    !handles_cancel(subject, node) && !is_held_back(subject, sleep, node)
}

/// Whether work writes what is asserted, and only where no time brings it.
pub fn waits_for_test(subject: &Subject<'_>, off: &HandOff, sleep: NodeId, assertion: NodeId) -> bool {
    let Some(function) = inner_function(subject, &off.work) else { return false };
    let asked = asked(subject, assertion);
    let writes = |counts: &dyn Fn(NodeId) -> bool| {
        outcome::of_inner(subject, function, counts).iter().any(|name| is_asked(&asked, name))
    };
    writes(&|_| true) && !writes(&|node| is_brought(subject, sleep, node))
}

/// The function inside the test that handed-off work runs.
pub fn inner_function(subject: &Subject<'_>, work: &Work) -> Option<NodeId> {
    let func = match *work {
        Work::Coroutine(coroutine) => match subject.code().kind(made_as(subject, coroutine)) {
            NodeKind::Call { func, .. } => *func,
            _ => return None,
        },
        Work::Function { func, .. } => func,
    };
    local_function(subject, func)
}

/// In `except CancelledError:`
fn handles_cancel(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let names_it = |exception: NodeId| {
        code.subtree(exception)
            .any(|part| matches!(code.kind(part).last_name(), Some("CancelledError" | "Cancelled")))
    };
    code.ancestors(node).any(|outer| match code.kind(outer) {
        NodeKind::Try { handlers, .. } => handlers.iter().any(|handler| {
            let is_inside = handler.body.iter().any(|statement| code.is_within(node, *statement));
            is_inside && handler.exception.is_some_and(names_it)
        }),
        _ => false,
    })
}

/// Behind `await gate.wait()`, where the test calls `gate.set()` after its sleep.
fn is_held_back(subject: &Subject<'_>, sleep: NodeId, node: NodeId) -> bool {
    let code = subject.code();
    let Some(function) = code.scope_of(node) else { return false };
    let gates = code.subtree(function).take_while(|before| *before < node).filter_map(|before| {
        receiver(subject, before, "wait").filter(|_| code.scope_of(before) == Some(function))
    });
    gates.into_iter().any(|gate| {
        let mut later = subject.body().filter(|node| *node > sleep && subject.runs_here(*node));
        later.any(|node| receiver(subject, node, "set").as_ref() == Some(&gate))
    })
}

/// What a method is called on.
fn receiver(subject: &Subject<'_>, call: NodeId, method: &str) -> Option<String> {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(call) else { return None };
    let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return None };
    (attr == method).then(|| code.dotted(*value)).flatten()
}
