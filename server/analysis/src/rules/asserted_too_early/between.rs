//! What runs between the start of work and an assertion: whether it may have waited for the work.

use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::effects::mutators::act_of_method;
use crate::project::handoff::{HandOff, hand_off, last_name, local_function};
use crate::project::processes::process;

/// Methods and functions that wait for nothing, whoever they belong to.
const QUICK: &[&str] = &[
    "put",
    "put_nowait",
    "get_nowait",
    "set",
    "notify",
    "notify_all",
    "release",
    "start",
    "copy",
    "count",
    "index",
    "items",
    "keys",
    "values",
    "encode",
    "decode",
    "format",
    "split",
    "splitlines",
    "strip",
    "lower",
    "upper",
    "startswith",
    "endswith",
    "exists",
    "is_file",
    "is_dir",
    "iterdir",
    "glob",
    "stat",
    "read_text",
    "read_bytes",
    "write_text",
    "write_bytes",
    "touch",
    "mkdir",
    "is_set",
    "done",
    "running",
    "cancelled",
    "is_alive",
    "poll",
    "empty",
    "qsize",
    "monotonic",
    "perf_counter",
    "time",
    "setenv",
    "setattr",
    "Mock",
    "MagicMock",
    "reset_mock",
    "terminate",
    "kill",
    "send_signal",
    "cancel",
];

/// Modules and builtins whose functions wait for nothing.
const QUICK_MODULES: &[&str] = &[
    "builtins.",
    "threading.",
    "os.path.",
    "pathlib.",
    "collections.",
    "math.",
    "json.",
    "random.",
    "pytest.",
];

/// Functions of the project are looked into this far.
const MAX_DEPTH: u32 = 3;

/// Whether nothing that is called after the start, up to the end of the assertion, can have waited for the work.
pub fn is_quick(subject: &Subject<'_>, off: &HandOff, assertion: NodeId) -> bool {
    let code = subject.code();
    let start = code.node(off.begins).subtree_end;
    let nodes = (start..code.node(assertion).subtree_end).map(NodeId);
    let mut here = nodes.filter(|node| subject.runs_here(*node));
    here.all(|node| is_quick_node(subject, node, MAX_DEPTH))
}

fn is_quick_node(subject: &Subject<'_>, node: NodeId, depth: u32) -> bool {
    let code = subject.code();
    match code.kind(node) {
        NodeKind::Call { func, .. } => is_quick_call(subject, node, *func, depth),
        // A lock, a condition, a context of whatever kind; `with pytest.raises(…)` is a call.
        NodeKind::With { items, .. } => {
            items.iter().all(|item| matches!(code.kind(item.context), NodeKind::Call { .. }))
        }
        NodeKind::While { .. } | NodeKind::Yield { .. } => false,
        NodeKind::For { is_async, .. } => !is_async,
        _ => true,
    }
}

fn is_quick_call(subject: &Subject<'_>, call: NodeId, func: NodeId, depth: u32) -> bool {
    let code = subject.code();
    if hand_off(subject, call).is_some() || process(subject, call).is_some() {
        return true;
    }
    if let Some(path) = subject.resolve(func)
        && QUICK_MODULES.iter().any(|module| path.starts_with(module))
    {
        return path != "builtins.input";
    }
    let inner = depth.checked_sub(1);
    if let Some(local) = local_function(subject, func) {
        return inner.is_some_and(|inner| {
            code.subtree(local).skip(1).all(|node| is_quick_node(subject, node, inner))
        });
    }
    if let Some(definition) = subject.definition(func) {
        let called = definition.subject(subject.project);
        return inner.is_some_and(|inner| {
            called
                .body()
                .filter(|node| called.runs_here(*node))
                .all(|node| is_quick_node(&called, node, inner))
        });
    }
    let name = last_name(subject, func).unwrap_or_default();
    QUICK.contains(&name.as_str()) || act_of_method(&name).is_some() || name.starts_with("assert")
}
