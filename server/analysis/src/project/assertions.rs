//! What a test asserts, and whether that can hold before and after a change.

use super::{Role, Subject};
use crate::facts::code::CompareOp;
use crate::facts::{Code, NodeId, NodeKind};

/// Whether an item's assertions are those of a test: it is one, is run for one, or stands beside one.
pub fn asserts_for_tests(subject: &Subject<'_>) -> bool {
    match subject.role {
        Role::Test | Role::Fixture | Role::Xunit(_) => true,
        Role::Plain => {
            let file = &subject.module.file;
            (0..file.items().len() as u32)
                .any(|item| subject.project.role(&subject.module, item) == Role::Test)
        }
        _ => false,
    }
}

/// Whether an assertion that holds before the change cannot be expected to hold after it: it compares, or wants
/// nothing there. That something is there at all, or at least so much, may well hold again.
pub fn contradicts(subject: &Subject<'_>, used: NodeId, new: Option<NodeId>) -> bool {
    let code = subject.code();
    let is_new = |other: NodeId| new.is_some_and(|new| subject.source(new) == subject.source(other));
    for outer in code.ancestors(used) {
        match code.kind(outer) {
            NodeKind::Compare { left, rest } => {
                return rest.iter().any(|(op, right)| {
                    let exact = matches!(op, CompareOp::Eq | CompareOp::Is | CompareOp::NotIn);
                    exact && !is_new(*left) && !is_new(*right)
                });
            }
            NodeKind::Unary { op, .. } if op == "not" => return true,
            NodeKind::Call { func, args } => {
                let name = match code.kind(*func) {
                    NodeKind::Attribute { attr, .. } => attr,
                    NodeKind::Name(name) => name,
                    _ => continue,
                };
                if matches!(name.as_str(), "assertFalse" | "assertIsNone" | "assertNotIn") {
                    return true;
                }
                if name.starts_with("assert")
                    && (name.contains("Equal") || name == "assertIs")
                    && !name.contains("Not")
                {
                    return !args.iter().any(|argument| is_new(argument.value));
                }
            }
            NodeKind::Assert { .. } => return false,
            _ => {}
        }
    }
    false
}

/// Whether an assertion wants a node, or its length, to be one literal value, or wants nothing there: with anything
/// added or changed it fails.
pub fn is_fixed_to_literal(subject: &Subject<'_>, used: NodeId) -> bool {
    let code = subject.code();
    let mut inner = used;
    for outer in code.ancestors(used) {
        match code.kind(outer) {
            NodeKind::Compare { left, rest } => {
                let [(op, right)] = &**rest else { return false };
                let other = if *left == inner { *right } else { *left };
                let is_exact = match op {
                    CompareOp::Eq | CompareOp::Is => true,
                    CompareOp::NotIn => *right == inner,
                    _ => false,
                };
                return is_exact && is_literal(code, other);
            }
            NodeKind::Unary { op, .. } if op == "not" => return true,
            NodeKind::Call { func, args } if *func != inner => {
                let Some(name) = code.kind(*func).last_name() else { return false };
                if matches!(name, "assertFalse" | "assertIsNone" | "assertNotIn") {
                    return true;
                }
                if matches!(
                    name,
                    "assertEqual" | "assertEquals" | "assertIs" | "assertListEqual" | "assertDictEqual"
                ) {
                    return args
                        .iter()
                        .filter(|arg| arg.value != inner)
                        .any(|arg| is_literal(code, arg.value));
                }
                if !matches!(name, "len" | "list" | "sorted" | "set" | "tuple" | "dict") {
                    return false;
                }
            }
            NodeKind::Call { .. } | NodeKind::Await(_) => {}
            _ => return false,
        }
        inner = outer;
    }
    false
}

fn is_literal(code: &Code, node: NodeId) -> bool {
    let all = |parts: &[NodeId]| parts.iter().all(|part| is_literal(code, *part));
    match code.kind(node) {
        NodeKind::Str(_) | NodeKind::Bytes | NodeKind::Int(_) | NodeKind::Float(_) => true,
        NodeKind::Bool(_) | NodeKind::None => true,
        NodeKind::Tuple(parts) | NodeKind::List(parts) | NodeKind::Set(parts) => all(parts),
        NodeKind::Dict(pairs) => pairs
            .iter()
            .all(|(key, value)| key.is_some_and(|key| is_literal(code, key)) && is_literal(code, *value)),
        NodeKind::Call { func, args } => {
            args.is_empty() && matches!(code.kind(*func).last_name(), Some("set" | "dict" | "list" | "tuple"))
        }
        _ => false,
    }
}

/// Whether a node is part of what an assertion looks at.
pub fn is_asserted(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(node).any(|outer| match code.kind(outer) {
        NodeKind::Assert { .. } => true,
        NodeKind::Call { func, .. } => match code.kind(*func) {
            NodeKind::Attribute { attr, .. } => attr.starts_with("assert"),
            NodeKind::Name(name) => name.starts_with("assert"),
            _ => false,
        },
        _ => false,
    })
}
