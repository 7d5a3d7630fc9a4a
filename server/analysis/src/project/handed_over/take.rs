//! How the code around an expression takes the value that the expression has before any test ran.

use crate::facts::code::{ArgumentKind, CompareOp};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

use super::initial::{self, Initial};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Take {
    Unclear,
    /// It goes on with it, to fail where that cannot be seen.
    Depends,
    Fails,
    /// It asks first.
    Minds,
    /// It fails with anything else.
    WantsInitial,
}

pub fn take_here(subject: &Subject<'_>, node: NodeId, initial: Initial) -> Take {
    let code = subject.code();
    let parent = code.node(node).parent;
    if let NodeKind::Compare { left, rest } = code.kind(parent)
        && code.ancestors(parent).any(|outer| is_assertion(subject, outer))
    {
        let [(op, right)] = &**rest else { return Take::Unclear };
        return take_compared(subject, node, *op, (*left, *right), initial);
    }
    if initial == Initial::Missing {
        return Take::Fails;
    }
    let is_none = initial == Initial::None;
    match code.kind(parent) {
        NodeKind::Attribute { .. }
        | NodeKind::Binary { .. }
        | NodeKind::Starred(_)
        | NodeKind::Await(_)
        | NodeKind::FString { .. }
            if is_none =>
        {
            Take::Fails
        }
        NodeKind::Subscript { value, index } if *value == node => match code.kind(*index) {
            _ if is_none => Take::Fails,
            NodeKind::Slice { .. } => Take::Unclear,
            _ if initial == Initial::Empty => Take::Fails,
            _ => Take::Unclear,
        },
        NodeKind::Call { func, .. } if *func == node && is_none => Take::Fails,
        NodeKind::Call { .. } if asserting(subject, parent).is_some() => take_asserted(subject, node, parent),
        NodeKind::Call { func, args } => take_argument(subject, *func, args.len(), parent, initial),
        NodeKind::For { iter, .. } if *iter == node && is_none => Take::Fails,
        NodeKind::Assert { test, .. } if *test == node => Take::Fails,
        NodeKind::Logic { .. } if is_assertion(subject, code.node(parent).parent) => Take::Fails,
        NodeKind::Unary { op, .. } if op == "not" && is_assertion(subject, code.node(parent).parent) => {
            Take::WantsInitial
        }
        NodeKind::Subscript { .. } | NodeKind::Dict(_) | NodeKind::List(_) | NodeKind::Tuple(_)
            if is_none =>
        {
            Take::Depends
        }
        _ => Take::Unclear,
    }
}

/// As an argument of something that is no assertion.
fn take_argument(
    subject: &Subject<'_>,
    func: NodeId,
    arguments: usize,
    call: NodeId,
    initial: Initial,
) -> Take {
    let code = subject.code();
    let path = subject.resolve(func);
    let builtin = path.as_deref().and_then(|path| path.strip_prefix("builtins."));
    let outer = code.node(call).parent;
    match (builtin, initial) {
        (Some("len"), Initial::Empty) => take_here(subject, call, Initial::Falsy),
        (Some("isinstance"), Initial::None) if is_assertion(subject, outer) => Take::Fails,
        (Some("max" | "min" | "next"), Initial::Empty | Initial::None) if arguments == 1 => Take::Fails,
        (
            Some("dict" | "float" | "int" | "iter" | "len" | "list" | "set" | "sorted" | "sum" | "tuple"),
            Initial::None,
        ) => Take::Fails,
        (None, Initial::None) => Take::Depends,
        _ => Take::Unclear,
    }
}

/// As an argument of `self.assert…`.
fn take_asserted(subject: &Subject<'_>, node: NodeId, call: NodeId) -> Take {
    let NodeKind::Call { args, .. } = subject.code().kind(call) else { return Take::Unclear };
    let mut others = args
        .iter()
        .filter(|argument| argument.value != node && argument.kind == ArgumentKind::Positional)
        .map(|argument| argument.value);
    match asserting(subject, call) {
        Some("assertTrue" | "assertIsNotNone" | "assertIsInstance") => Take::Fails,
        Some("assertFalse" | "assertIsNone") => Take::WantsInitial,
        Some("assertDictEqual" | "assertEqual" | "assertEquals" | "assertIs" | "assertListEqual") => {
            match others.next() {
                Some(other) if is_empty(subject, other) => Take::WantsInitial,
                Some(other) if is_literal(subject, other) => Take::Fails,
                _ => Take::Depends,
            }
        }
        _ => Take::Unclear,
    }
}

/// Compared in an assertion.
fn take_compared(
    subject: &Subject<'_>,
    node: NodeId,
    op: CompareOp,
    (left, right): (NodeId, NodeId),
    initial: Initial,
) -> Take {
    let other = if left == node { right } else { left };
    let is_falsy = initial == Initial::Falsy;
    match op {
        CompareOp::In if right == node => Take::Fails,
        CompareOp::NotIn if right == node => match initial {
            Initial::None => Take::Fails,
            _ => Take::WantsInitial,
        },
        _ if initial == Initial::Missing => Take::Fails,
        CompareOp::Eq | CompareOp::Is if is_empty(subject, other) => Take::WantsInitial,
        CompareOp::Eq | CompareOp::Is if is_literal(subject, other) => Take::Fails,
        CompareOp::IsNot | CompareOp::NotEq if is_empty(subject, other) => Take::Fails,
        CompareOp::Gt if is_falsy && left == node && is_empty(subject, other) => Take::Fails,
        CompareOp::GtE if is_falsy && left == node && is_literal(subject, other) => Take::Fails,
        CompareOp::Lt | CompareOp::LtE | CompareOp::Gt | CompareOp::GtE if initial == Initial::None => {
            Take::Fails
        }
        _ if initial == Initial::None => Take::Depends,
        _ => Take::Unclear,
    }
}

/// Whether a node is an assertion: the statement, or the call of a method of `TestCase`.
pub fn is_assertion(subject: &Subject<'_>, node: NodeId) -> bool {
    matches!(subject.code().kind(node), NodeKind::Assert { .. }) || asserting(subject, node).is_some()
}

/// The name of the assertion method that a call calls.
fn asserting<'s>(subject: &'s Subject<'_>, node: NodeId) -> Option<&'s str> {
    let NodeKind::Call { func, .. } = subject.code().kind(node) else { return None };
    match subject.code().kind(*func) {
        NodeKind::Attribute { attr, .. } if attr.starts_with("assert") => Some(attr),
        _ => None,
    }
}

/// A literal that variables start with: `None`, `[]`, `0`.
fn is_empty(subject: &Subject<'_>, value: NodeId) -> bool {
    initial::of_value(subject, value).is_some()
}

/// A literal that is not empty.
fn is_literal(subject: &Subject<'_>, value: NodeId) -> bool {
    match subject.code().kind(value) {
        NodeKind::Bool(_) | NodeKind::Int(_) | NodeKind::Float(_) | NodeKind::Str(_) | NodeKind::Bytes => {
            true
        }
        NodeKind::List(parts) | NodeKind::Set(parts) | NodeKind::Tuple(parts) => !parts.is_empty(),
        NodeKind::Dict(pairs) => !pairs.is_empty(),
        _ => false,
    }
}
