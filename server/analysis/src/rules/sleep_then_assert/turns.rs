//! Work of the test's own loop that needs turns of the loop and no time: any sleep gives it those.

use crate::facts::{BindingKind, Code, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::handoff::{HandOff, Work};

/// Awaited functions are entered this far.
const MAX_DEPTH: u32 = 3;

pub fn needs_turns_only(subject: &Subject<'_>, off: &HandOff, assertion: NodeId) -> bool {
    if off.is_apart(subject) {
        return false;
    }
    let Work::Coroutine(coroutine) = off.work else { return false };
    is_given_done_future(subject, off) || is_done_in_its_first_turn(subject, coroutine, assertion)
}

/// `future.set_result(1)` in front of the task: what it awaits there is done when it begins.
fn is_given_done_future(subject: &Subject<'_>, off: &HandOff) -> bool {
    let code = subject.code();
    subject.body().take_while(|node| *node < off.begins).filter(|node| subject.runs_here(*node)).any(|node| {
        let NodeKind::Call { func, .. } = code.kind(node) else { return false };
        matches!(code.kind(*func).last_name(), Some("set_result" | "set_exception"))
    })
}

/// Whether a task deals with what is asserted before it waits for anything.
fn is_done_in_its_first_turn(subject: &Subject<'_>, coroutine: NodeId, assertion: NodeId) -> bool {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(made_as(subject, coroutine)) else { return false };
    let asked = code.subtree(assertion).filter_map(|node| attribute(code, node)).collect::<Vec<_>>();
    is_changed_at_once(subject, *func, &asked, MAX_DEPTH)
}

/// Whether a function of the project changes one of these attributes before it waits; so do the functions that it awaits.
fn is_changed_at_once(subject: &Subject<'_>, func: NodeId, asked: &[&str], depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let Some(called) = subject.definition(func) else { return false };
    let called = called.subject(subject.project);
    let code = called.code();
    for node in called.body().filter(|node| called.runs_here(*node)) {
        match code.kind(node) {
            NodeKind::Await(value) => {
                let NodeKind::Call { func, .. } = code.kind(*value) else { return false };
                return is_changed_at_once(&called, *func, asked, depth);
            }
            NodeKind::With { is_async: true, .. } | NodeKind::For { is_async: true, .. } => return false,
            _ if attribute(code, node).is_some_and(|name| asked.contains(&name))
                && is_changed(code, node) =>
            {
                return true;
            }
            _ => {}
        }
    }
    false
}

fn attribute(code: &Code, node: NodeId) -> Option<&str> {
    match code.kind(node) {
        NodeKind::Attribute { attr, .. } => Some(attr.as_str()),
        _ => None,
    }
}

/// `self.pending = …`, `self.pending[key] = …`, `self.pending.append(…)`
fn is_changed(code: &Code, node: NodeId) -> bool {
    let parent = code.node(node).parent;
    match code.kind(parent) {
        NodeKind::Assign { targets, .. } => targets.contains(&node),
        NodeKind::AugAssign { target, .. } | NodeKind::AnnAssign { target, .. } => *target == node,
        NodeKind::Attribute { .. } => {
            matches!(code.kind(code.node(parent).parent), NodeKind::Call { func, .. } if *func == parent)
        }
        NodeKind::Subscript { .. } => is_changed(code, parent),
        _ => false,
    }
}

/// What a local name was given last on the way to here, else the expression itself.
pub fn made_as(subject: &Subject<'_>, expr: NodeId) -> NodeId {
    let code = subject.code();
    let NodeKind::Name(name) = code.kind(expr) else { return expr };
    let bound = subject.facts.bindings().visible(code, name, expr);
    let Some(last) = bound.iter().filter(|binding| binding.node < expr).max_by_key(|binding| binding.node)
    else {
        return expr;
    };
    let block = code.node(code.statement_of(last.node)).parent;
    let is_on_the_way = bound.len() == 1 || code.ancestors(expr).any(|outer| outer == block);
    match last.kind {
        BindingKind::Value(value) if is_on_the_way => value,
        _ => expr,
    }
}
