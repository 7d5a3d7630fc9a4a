//! Whether handed-off work comes to an end by itself.

use super::Subject;
use super::handoff::{Work, last_name, local_function};
use crate::facts::{Code, NodeId, NodeKind};

/// Words in the names of functions that run until they are stopped.
const ENDLESS: &[&str] = &[
    "run",
    "serve",
    "forever",
    "loop",
    "consume",
    "consumer",
    "worker",
    "listen",
    "listener",
    "start",
    "watch",
    "monitor",
    "main",
    "poll",
    "subscribe",
    "dispatch",
];

/// Whether the work may come to an end by itself, as far as its source or its name tells.
pub fn may_end(subject: &Subject<'_>, work: &Work) -> bool {
    let code = subject.code();
    let functions: Vec<NodeId> = match work {
        Work::Function { func, .. } => vec![*func],
        Work::Coroutine(node) => {
            let called = |node| match code.kind(node) {
                NodeKind::Call { func, .. } => Some(*func),
                _ => None,
            };
            code.subtree(*node).filter_map(called).collect()
        }
    };
    functions.into_iter().all(|func| {
        if let Some(local) = local_function(subject, func) {
            return !is_endless(code, local);
        }
        if let Some(definition) = subject.definition(func) {
            let called = definition.subject(subject.project);
            return !called.code().roots.first().is_some_and(|root| is_endless(called.code(), *root));
        }
        let name = last_name(subject, func).unwrap_or_default().to_lowercase();
        !name.split('_').any(|word| ENDLESS.contains(&word))
    })
}

/// Whether a function has a loop that nothing in it ends, or waits for whatever comes next.
fn is_endless(code: &Code, function: NodeId) -> bool {
    code.subtree(function).any(|node| match code.kind(node) {
        NodeKind::While { test, .. } => {
            let always = matches!(code.kind(*test), NodeKind::Bool(true) | NodeKind::Int(Some(1)));
            always
                && !code
                    .subtree(node)
                    .any(|part| matches!(code.kind(part), NodeKind::Break | NodeKind::Return(_)))
        }
        NodeKind::For { is_async, .. } => *is_async,
        _ => false,
    })
}
