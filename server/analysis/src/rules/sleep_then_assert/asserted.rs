//! The assertion behind a sleep: that something has happened. What must *not* happen fails no more often on a slow machine.

use crate::facts::code::CompareOp;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::expectations::{expects_nothing, is_assertion, waits_itself};
use crate::project::mock_assertions::{MockAssertion, mock_assertions};
use crate::project::sleeps::Sleep;
use crate::project::waits::{Wait, wait_since};

/// The assertion that the sleep is for, in front of `end`: nothing that waits stands between them, and it wants something to
/// have happened.
pub fn next_assertion(subject: &Subject<'_>, sleep: &Sleep, end: Option<NodeId>) -> Option<NodeId> {
    let code = subject.code();
    let end = end.map_or(code.nodes.len() as u32, |next| next.0);
    let start = code.node(sleep.statement).subtree_end;
    let asserts = |node: &NodeId| {
        subject.runs_here(*node) && is_assertion(subject, *node) && !guards_block(subject, *node)
    };
    let assertion = (start..end).map(NodeId).find(asserts)?;
    if expects_nothing(subject, assertion)
        || asks_mock_of_loop(subject, assertion)
        || holds_anyway(subject, assertion)
        || is_after_polling(subject, sleep)
    {
        return None;
    }
    let is_unchanged = || {
        let text = subject.source(assertion);
        subject
            .body()
            .take_while(|node| *node < sleep.call)
            .any(|node| is_assertion(subject, node) && subject.source(node) == text)
    };
    let waits = wait_since(subject, Some(sleep.statement), assertion) == Wait::Waited;
    (!waits && !waits_itself(subject, assertion) && !is_unchanged()).then_some(assertion)
}

/// `with self.assertRaises(CancelledError)`: it is about what its block does.
fn guards_block(subject: &Subject<'_>, assertion: NodeId) -> bool {
    let code = subject.code();
    match code.kind(code.node(assertion).parent) {
        NodeKind::With { items, .. } => items.iter().any(|item| item.context == assertion),
        _ => false,
    }
}

/// `assert server is not None` of what the test has just made an object: no work changes that.
fn holds_anyway(subject: &Subject<'_>, assertion: NodeId) -> bool {
    let code = subject.code();
    let asked = match code.kind(assertion) {
        NodeKind::Assert { test, .. } => match code.kind(*test) {
            NodeKind::Compare { left, rest } => match &**rest {
                [(CompareOp::IsNot, right)] if *code.kind(*right) == NodeKind::None => Some(*left),
                _ => None,
            },
            _ => None,
        },
        NodeKind::Call { func, args } if code.kind(*func).last_name() == Some("assertIsNotNone") => {
            args.first().map(|argument| argument.value)
        }
        _ => None,
    };
    let Some((at, name)) = asked.and_then(|at| Some((at, code.kind(at).as_name()?))) else { return false };
    let bound = subject.facts.bindings().visible(code, name, at);
    let [one] = bound.as_slice() else { return false };
    let BindingKind::Value(value) = one.kind else { return false };
    let NodeKind::Call { func, .. } = code.kind(value) else { return false };
    // A class gives an object, whatever runs beside.
    code.kind(*func).last_name().is_some_and(|name| name.starts_with(char::is_uppercase))
}

/// Whether a loop that asks again and again stands right in front of the sleep: the work has been waited for, and the
/// sleep is a little more for good measure.
fn is_after_polling(subject: &Subject<'_>, sleep: &Sleep) -> bool {
    let code = subject.code();
    let loops = subject
        .body()
        .filter(|node| matches!(code.kind(*node), NodeKind::For { .. } | NodeKind::While { .. }));
    loops.filter(|outer| code.node(*outer).subtree_end == sleep.statement.0).any(|outer| {
        code.subtree(outer).any(|node| match code.kind(node) {
            NodeKind::Call { func, .. } => code.kind(*func).last_name() == Some("sleep"),
            _ => false,
        })
    })
}

/// What an async test asks a mock is `async-mock-assertion`'s.
fn asks_mock_of_loop(subject: &Subject<'_>, assertion: NodeId) -> bool {
    let is_async = subject.function().is_some_and(|function| function.is_async);
    let is_inside = |asked: &MockAssertion| subject.code().is_within(asked.node, assertion);
    is_async && mock_assertions(subject).iter().any(is_inside)
}
