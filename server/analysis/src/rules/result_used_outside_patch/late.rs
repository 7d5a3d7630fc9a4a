//! What is made inside a `with` and runs behind it.

use super::patched::Patched;
use super::{Found, Late};
use crate::facts::code::ComprehensionKind;
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::handoff::{HandOff, Runner, Work, local_function};
use crate::project::waits::{Wait, wait_for};

/// Uses of a coroutine or generator that do not run it.
const IDLE: &[&str] = &["close", "aclose", "cancel", "add_done_callback", "cr_frame", "gi_frame", "name"];

pub fn found(subject: &Subject<'_>, patched: &Patched) -> Vec<Found> {
    let code = subject.code();
    let NodeKind::With { body, .. } = code.kind(patched.with) else { return Vec::new() };
    let inside = body.iter().flat_map(|statement| code.subtree(*statement));
    let lazy = inside.filter(|node| subject.runs_here(*node)).filter_map(|node| kept(subject, patched, node));
    lazy.chain(handed_off(subject, patched)).collect()
}

/// `result = fetch()` inside, and `result` used behind, and only there.
fn kept(subject: &Subject<'_>, patched: &Patched, node: NodeId) -> Option<Found> {
    let code = subject.code();
    let NodeKind::Assign { targets, value } = code.kind(node) else { return None };
    let [target] = &**targets else { return None };
    let name = code.kind(*target).as_name()?;
    let late = kind(subject, *value)?;
    let (replaced, looked_up) = looked_up(subject, patched, *value)?;
    let is_use = |at: &NodeId| *at != *target && code.kind(*at).as_name() == Some(name);
    let uses: Vec<NodeId> = subject.body().filter(|at| *at > *value).filter(is_use).collect();
    let used = uses.iter().copied().find(|at| !is_idle(subject, *at))?;
    let is_inside = uses.iter().any(|at| patched.holds(subject, *at) && !is_idle(subject, *at));
    if is_inside || !subject.runs_here(used) || patched.is_renewed_elsewhere(subject, used) {
        return None;
    }
    let late = match late {
        Kind::Coroutine => Late::Coroutine { used },
        Kind::Generator => Late::Generator { used },
    };
    let with = patched.with;
    Some(Found { with, made: *value, late, replaced, looked_up, confidence: Confidence::Likely })
}

enum Kind {
    Coroutine,
    Generator,
}

/// What an expression makes that runs later.
fn kind(subject: &Subject<'_>, value: NodeId) -> Option<Kind> {
    let code = subject.code();
    let func = match code.kind(value) {
        NodeKind::Comprehension { kind: ComprehensionKind::Generator, .. } => return Some(Kind::Generator),
        NodeKind::Call { func, .. } => *func,
        _ => return None,
    };
    if subject.resolve(func).is_some_and(|path| matches!(path.as_str(), "builtins.map" | "builtins.filter")) {
        return Some(Kind::Generator);
    }
    if let Some(local) = local_function(subject, func) {
        let NodeKind::Function(function) = code.kind(local) else { return None };
        let yields = yields(subject, local);
        return function.decorators.is_empty().then_some(()).and_then(|()| lazy(function.is_async, yields));
    }
    let called = subject.definition(func)?.subject(subject.project);
    let function = called.function()?;
    let is_plain = function.decorators.iter().all(|decorator| {
        matches!(called.code().kind(decorator.expr).as_name(), Some("staticmethod" | "classmethod"))
    });
    let root = *called.code().roots.first()?;
    is_plain.then(|| lazy(function.is_async, yields(&called, root))).flatten()
}

fn lazy(is_async: bool, yields: bool) -> Option<Kind> {
    match (is_async, yields) {
        (_, true) => Some(Kind::Generator),
        (true, false) => Some(Kind::Coroutine),
        (false, false) => None,
    }
}

fn yields(subject: &Subject<'_>, function: NodeId) -> bool {
    let code = subject.code();
    code.subtree(function).any(|node| {
        matches!(code.kind(node), NodeKind::Yield { .. }) && code.scope_of(node) == Some(function)
    })
}

fn looked_up(
    subject: &Subject<'_>,
    patched: &Patched,
    value: NodeId,
) -> Option<(smol_str::SmolStr, crate::project::Place)> {
    let code = subject.code();
    match code.kind(value) {
        NodeKind::Comprehension { element, .. } => patched.in_nodes(subject, code.subtree(*element), 2),
        NodeKind::Call { func, .. } if patched.replaces(subject, *func) => None,
        NodeKind::Call { func, args } => {
            let is_builtin = subject.resolve(*func).is_some_and(|path| path.starts_with("builtins."));
            let called = if is_builtin { args.first()?.value } else { *func };
            // What is handed to `map` itself is looked up at once.
            patched.looked_up_by(subject, called)
        }
        _ => None,
    }
}

/// `stream.close()`, `assert stream is not None`: it does not run by that.
fn is_idle(subject: &Subject<'_>, name: NodeId) -> bool {
    let code = subject.code();
    match code.kind(code.node(name).parent) {
        NodeKind::Attribute { attr, .. } => IDLE.contains(&attr.as_str()),
        NodeKind::Assert { .. } | NodeKind::Compare { .. } => true,
        NodeKind::Call { func, .. } => code.kind(*func).last_name().is_some_and(|name| {
            matches!(
                name,
                "isinstance" | "iscoroutine" | "isawaitable" | "isgenerator" | "isasyncgen" | "type"
            )
        }),
        _ => false,
    }
}

/// Work that is handed off inside, and that nothing inside waits for.
fn handed_off(subject: &Subject<'_>, patched: &Patched) -> Vec<Found> {
    let code = subject.code();
    let end = NodeId(code.node(patched.with).subtree_end);
    if end.0 as usize >= code.nodes.len() {
        return Vec::new();
    }
    let offs = subject.hand_offs();
    let inside = offs.into_iter().filter(|off| patched.holds(subject, off.begins));
    let running = inside.filter(|off| is_waited_behind(subject, patched, off));
    running.filter_map(|off| judged(subject, patched, &off, end)).collect()
}

fn judged(subject: &Subject<'_>, patched: &Patched, off: &HandOff, end: NodeId) -> Option<Found> {
    let confidence = match (off.runner, wait_for(subject, off, Some(end))) {
        (Runner::Task | Runner::Thread | Runner::Executor, Wait::None) => Confidence::Likely,
        (Runner::Task | Runner::Thread | Runner::Executor, Wait::Other(_)) => Confidence::Possible,
        _ => return None,
    };
    let code = subject.code();
    let func = match &off.work {
        Work::Function { func, .. } => *func,
        Work::Coroutine(node) => match code.kind(*node) {
            NodeKind::Call { func, .. } => *func,
            _ => return None,
        },
    };
    if patched.replaces(subject, func) {
        return None;
    }
    let (replaced, looked_up) = patched.looked_up_by(subject, func)?;
    let late = Late::HandedOff(off.runner);
    Some(Found { with: patched.with, made: off.call, late, replaced, looked_up, confidence })
}

/// Whether the test waits for the work behind the `with`: else it may be meant to be left alone.
fn is_waited_behind(subject: &Subject<'_>, patched: &Patched, off: &HandOff) -> bool {
    let code = subject.code();
    let Some(handle) = crate::project::handoff::handle_of(subject, off.call) else { return false };
    let behind = subject.body().filter(|node| node.0 >= code.node(patched.with).subtree_end);
    behind.filter(|node| code.dotted(*node).as_deref() == Some(&handle)).any(|node| {
        subject.runs_here(node) && !is_idle(subject, node) && !patched.is_renewed_elsewhere(subject, node)
    })
}
