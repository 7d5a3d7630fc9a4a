//! Work so short that Python's lock mostly keeps it in one piece: a new thread holds the lock when `start()` returns, and keeps it for
//! five milliseconds (`sys.getswitchinterval`) unless it waits, or reads or writes something.

use super::begun::run_of;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::effects::mutators::act_of_method;
use crate::project::handoff::{HandOff, Runner, Work, local_function};
use crate::project::mocks::is_mock;

/// Builtins that give the lock away, or may take long.
const SLOW: &[&str] =
    &["open", "print", "input", "__import__", "exec", "eval", "sum", "sorted", "max", "min"];

/// Functions are looked into this far.
const MAX_DEPTH: u32 = 3;

/// Whether the work is done in an instant, as far as its source shows.
pub fn is_instant(subject: &Subject<'_>, off: &HandOff) -> bool {
    let is_timer = subject.callee(off.call).is_some_and(|path| path == "threading.Timer");
    if off.runner == Runner::Process || is_timer {
        return false;
    }
    if let Some(run) = run_of(subject, off) {
        let called = run.subject(subject.project);
        return called.body().all(|node| is_instant_node(&called, node, MAX_DEPTH));
    }
    match &off.work {
        Work::Function { func, .. } => is_instant_call(subject, *func, MAX_DEPTH),
        Work::Coroutine(_) => false,
    }
}

fn is_instant_call(subject: &Subject<'_>, func: NodeId, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let code = subject.code();
    if let NodeKind::Lambda { body, .. } = code.kind(func) {
        return code.subtree(*body).all(|node| is_instant_node(subject, node, depth));
    }
    if let Some(local) = local_function(subject, func) {
        return code.subtree(local).skip(1).all(|node| is_instant_node(subject, node, depth));
    }
    if let Some(definition) = subject.definition(func) {
        let called = definition.subject(subject.project);
        return called.body().all(|node| is_instant_node(&called, node, depth));
    }
    if let Some(path) = subject.resolve(func)
        && let Some(builtin) = path.strip_prefix("builtins.")
    {
        return !SLOW.contains(&builtin);
    }
    let changes = |name: &str| act_of_method(name).is_some() || matches!(name, "set" | "put" | "put_nowait");
    code.kind(func).last_name().is_some_and(changes) || is_mock(subject, func)
}

fn is_instant_node(subject: &Subject<'_>, node: NodeId, depth: u32) -> bool {
    match subject.code().kind(node) {
        NodeKind::Call { func, .. } => is_instant_call(subject, *func, depth),
        NodeKind::For { .. }
        | NodeKind::While { .. }
        | NodeKind::With { .. }
        | NodeKind::Comprehension { .. }
        | NodeKind::Import(_)
        | NodeKind::FromImport { .. } => false,
        _ => true,
    }
}
