//! Which nodes assert, and whether they hold as long as nothing happens.

use super::Subject;
use crate::facts::code::CompareOp;
use crate::facts::{NodeId, NodeKind};

/// Whether an assertion waits for what it asks about: `assert await task == 2`, `assert future.result() == 2`.
pub fn waits_itself(subject: &Subject<'_>, assertion: NodeId) -> bool {
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

/// Whether a node asserts: the statement, or a call of a method like `assertEqual`.
pub fn is_assertion(subject: &Subject<'_>, node: NodeId) -> bool {
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
pub fn expects_nothing(subject: &Subject<'_>, assertion: NodeId) -> bool {
    let code = subject.code();
    match code.kind(assertion) {
        NodeKind::Assert { test, .. } => is_empty_answer(subject, *test),
        NodeKind::Call { func, args } => {
            let NodeKind::Attribute { attr, .. } = code.kind(*func) else { return false };
            let compares = attr.contains("Equal") || attr.contains("Less");
            let is_nothing = |node: NodeId| is_nothing(code.kind(node));
            let is_true =
                || attr == "assertTrue" && args.iter().take(1).any(|first| goes_on(subject, first.value));
            attr.contains("not_")
                || is_true()
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
        _ => goes_on(subject, test),
    }
}

/// `assert task.is_alive()`: the longer it takes, the truer. So it is of the method that nobody calls.
fn goes_on(subject: &Subject<'_>, asked: NodeId) -> bool {
    let code = subject.code();
    let func = code.uncalled(asked);
    match code.kind(func) {
        NodeKind::Attribute { attr, .. } if func == asked => attr == "is_alive",
        NodeKind::Attribute { attr, .. } => matches!(attr.as_str(), "is_alive" | "is_running" | "running"),
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
