//! What is asked of the work itself: that it has come to its end; and the files that a process may have written.

use crate::facts::code::CompareOp;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::expectations::expects_nothing;
use crate::project::handoff::{HandOff, handle_of};

/// Whether an assertion wants the work to have ended, by asking its handle.
pub fn needs_end(subject: &Subject<'_>, off: &HandOff, assertion: NodeId) -> bool {
    let code = subject.code();
    let Some(handle) = handle_of(subject, off.call) else { return false };
    let of_handle = |node: NodeId| match code.kind(node) {
        NodeKind::Attribute { value, attr, .. } if code.dotted(*value).is_some_and(|name| name == handle) => {
            Some(attr.as_str())
        }
        _ => None,
    };
    let mut asked = code.subtree(assertion).filter_map(|node| Some((node, of_handle(node)?)));
    asked.any(|(node, attr)| match attr {
        "done" => !expects_nothing(subject, assertion),
        "is_alive" | "running" => is_denied(subject, node, assertion),
        "poll" | "returncode" | "exitcode" => is_code(subject, node, assertion),
        _ => false,
    })
}

/// `not thread.is_alive()`, `thread.is_alive() is False`, `assertFalse(thread.is_alive())`
fn is_denied(subject: &Subject<'_>, node: NodeId, assertion: NodeId) -> bool {
    let code = subject.code();
    let inside = code.ancestors(node).take_while(|outer| *outer != code.node(assertion).parent);
    inside.into_iter().any(|outer| match code.kind(outer) {
        NodeKind::Unary { op, .. } => op == "not",
        NodeKind::Compare { rest, .. } => rest.iter().any(|(op, right)| {
            matches!(op, CompareOp::Is | CompareOp::Eq) && *code.kind(*right) == NodeKind::Bool(false)
        }),
        NodeKind::Call { func, .. } => code.kind(*func).last_name() == Some("assertFalse"),
        _ => false,
    })
}

/// `process.poll() == 0`, `process.exitcode is not None`, `assertEqual(process.returncode, 0)`
fn is_code(subject: &Subject<'_>, node: NodeId, assertion: NodeId) -> bool {
    let code = subject.code();
    let inside = code.ancestors(node).take_while(|outer| *outer != code.node(assertion).parent);
    inside.into_iter().any(|outer| match code.kind(outer) {
        NodeKind::Compare { left, rest } => rest.iter().any(|(op, right)| {
            let other = if code.is_within(node, *left) { *right } else { *left };
            is_wanted(*op, code.kind(other))
        }),
        NodeKind::Call { func, args } if !code.is_within(node, *func) => {
            let is_equal = code.kind(*func).last_name() == Some("assertEqual");
            let others = args.iter().map(|argument| argument.value);
            is_equal && others.into_iter().any(|other| matches!(code.kind(other), NodeKind::Int(_)))
                || code.kind(*func).last_name() == Some("assertIsNotNone")
        }
        _ => false,
    })
}

fn is_wanted(op: CompareOp, other: &NodeKind) -> bool {
    match op {
        CompareOp::Eq => {
            matches!(other, NodeKind::Int(_) | NodeKind::Unary { .. } | NodeKind::Attribute { .. })
        }
        CompareOp::IsNot => *other == NodeKind::None,
        _ => false,
    }
}

/// The names among a command's arguments that no line above writes to: what an assertion asks about them is up to the
/// process.
pub fn files(subject: &Subject<'_>, off: &HandOff, args: &[NodeId]) -> Vec<String> {
    let code = subject.code();
    let names = args.iter().flat_map(|arg| code.subtree(*arg)).filter_map(|node| match code.kind(node) {
        NodeKind::Name(name) => Some(name.to_string()),
        _ => None,
    });
    names.filter(|name| !is_made_above(subject, name, off.begins)).collect()
}

fn is_made_above(subject: &Subject<'_>, name: &str, until: NodeId) -> bool {
    let code = subject.code();
    let is_path = subject.body().any(|node| asks_for_file(subject, node, name));
    let mut above = subject.body().take_while(|node| *node < until);
    !is_path
        || above.any(|node| {
            let NodeKind::Call { func, args } = code.kind(node) else { return false };
            let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else {
                return args.iter().any(|argument| code.kind(argument.value).as_name() == Some(name))
                    && code.kind(*func).last_name() != Some("str");
            };
            let writes =
                matches!(attr.as_str(), "write_text" | "write_bytes" | "touch" | "mkdir" | "open" | "write");
            writes && code.kind(*value).as_name() == Some(name)
        })
}

/// `name.exists()`, `name.read_text()`, `os.path.exists(name)`
fn asks_for_file(subject: &Subject<'_>, node: NodeId, name: &str) -> bool {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(node) else { return false };
    let asks = |word: &str| {
        matches!(word, "exists" | "is_file" | "is_dir" | "isfile" | "read_text" | "read_bytes" | "isdir")
    };
    if !code.kind(*func).last_name().is_some_and(asks) {
        return false;
    }
    let is_it = |node: NodeId| code.kind(node).as_name() == Some(name);
    let on = matches!(code.kind(*func), NodeKind::Attribute { value, .. } if is_it(*value));
    on || args.iter().any(|argument| is_it(argument.value))
}
