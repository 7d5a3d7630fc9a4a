//! The assertion behind a sleep: that something has happened. What must *not* happen fails no more often on a slow machine.

use super::sleeps::Sleep;
use crate::facts::code::CompareOp;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::mock_assertions::{MockAssertion, mock_assertions};
use crate::project::waits::{Wait, wait_since};

/// The assertion that the sleep is for, in front of `end`: nothing that waits stands between them, and it wants something to
/// have happened.
pub fn next_assertion(subject: &Subject<'_>, sleep: &Sleep, end: Option<NodeId>) -> Option<NodeId> {
    let code = subject.code();
    let end = end.map_or(code.nodes.len() as u32, |next| next.0);
    let start = code.node(sleep.statement).subtree_end;
    let assertion =
        (start..end).map(NodeId).find(|node| subject.runs_here(*node) && is_assertion(subject, *node))?;
    if expects_nothing(subject, assertion) || asks_mock_of_loop(subject, assertion) {
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

/// What an async test asks a mock is `async-mock-assertion`'s.
fn asks_mock_of_loop(subject: &Subject<'_>, assertion: NodeId) -> bool {
    let is_async = subject.function().is_some_and(|function| function.is_async);
    let is_inside = |asked: &MockAssertion| subject.code().is_within(asked.node, assertion);
    is_async && mock_assertions(subject).iter().any(is_inside)
}

/// `assert await task == 2`, `assert future.result() == 2`
fn waits_itself(subject: &Subject<'_>, assertion: NodeId) -> bool {
    let code = subject.code();
    code.subtree(assertion).any(|node| match code.kind(node) {
        NodeKind::Await(value) => !matches!(code.kind(*value), NodeKind::Call { .. }),
        NodeKind::Call { func, .. } => match code.kind(*func) {
            NodeKind::Attribute { attr, .. } => {
                matches!(attr.as_str(), "result" | "wait" | "wait_for" | "join" | "get" | "communicate")
            }
            NodeKind::Name(name) => name.starts_with("wait"),
            _ => false,
        },
        _ => false,
    })
}

fn is_assertion(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    match code.kind(node) {
        NodeKind::Assert { .. } => true,
        NodeKind::Call { func, .. } => match code.kind(*func) {
            NodeKind::Attribute { attr, .. } => attr.starts_with("assert"),
            _ => false,
        },
        _ => false,
    }
}

/// Whether an assertion holds as long as nothing happens.
fn expects_nothing(subject: &Subject<'_>, assertion: NodeId) -> bool {
    let code = subject.code();
    match code.kind(assertion) {
        NodeKind::Assert { test, .. } => is_empty_answer(subject, *test),
        NodeKind::Call { func, args } => {
            let NodeKind::Attribute { attr, .. } = code.kind(*func) else { return false };
            let compares = attr.contains("Equal") || attr.contains("Less");
            let is_nothing = |node: NodeId| is_nothing(code.kind(node));
            attr.contains("not_")
                || attr.contains("no_")
                || matches!(attr.as_str(), "assertFalse" | "assertIsNone" | "assertNotIn")
                || (compares && args.iter().any(|argument| is_nothing(argument.value)))
        }
        _ => false,
    }
}

fn is_empty_answer(subject: &Subject<'_>, test: NodeId) -> bool {
    let code = subject.code();
    match code.kind(test) {
        NodeKind::Unary { op, .. } => op == "not",
        NodeKind::Logic { values, .. } => values.iter().any(|value| is_empty_answer(subject, *value)),
        NodeKind::Compare { left, rest } => rest.iter().any(|(op, right)| match op {
            CompareOp::NotIn | CompareOp::Lt | CompareOp::LtE => true,
            CompareOp::Eq | CompareOp::Is => is_nothing(code.kind(*right)) || is_nothing(code.kind(*left)),
            _ => false,
        }),
        // `assert task.is_alive()`: the longer it takes, the truer.
        NodeKind::Call { func, .. } => match code.kind(*func) {
            NodeKind::Attribute { attr, .. } => {
                matches!(attr.as_str(), "is_alive" | "is_running" | "running")
            }
            _ => false,
        },
        _ => false,
    }
}

fn is_nothing(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Int(Some(0)) | NodeKind::None | NodeKind::Bool(false) => true,
        NodeKind::Str(text) => text.is_empty(),
        NodeKind::List(parts) | NodeKind::Tuple(parts) => parts.is_empty(),
        NodeKind::Dict(pairs) => pairs.is_empty(),
        _ => false,
    }
}
