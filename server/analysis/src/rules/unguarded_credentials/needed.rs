//! The secrets that a function or statement cannot do without.

use smol_str::SmolStr;

use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{BindingKind, Code, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::credentials::{CredentialRead, is_credential};
use crate::project::surroundings::is_expected_to_fail;

pub struct Need {
    pub name: SmolStr,
    /// The read.
    pub at: NodeId,
    /// The read raises where the variable is missing.
    pub raises: bool,
}

/// What the subject's own code needs, in source order.
pub fn needs(subject: &Subject<'_>) -> Vec<Need> {
    let reads = subject.credential_reads().into_iter().filter(|read| is_needed(subject, read));
    reads.map(|read| Need { name: read.name, at: read.node, raises: read.raises }).collect()
}

fn is_needed(subject: &Subject<'_>, read: &CredentialRead) -> bool {
    if read.default.is_some() || !runs_always(subject, read.node) || asks(subject, &read.name) {
        return false;
    }
    read.raises && !is_looked_at(subject, read.node) || !read.raises && is_used(subject, read.node)
}

/// Whether the node runs whenever the subject does, and an error there is one of the subject's.
pub fn runs_always(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    subject.runs_here(node)
        && !is_expected_to_fail(subject, node)
        && !code.ancestors(node).any(|outer| is_branch(code, outer, node))
}

fn is_branch(code: &Code, outer: NodeId, node: NodeId) -> bool {
    match code.kind(outer) {
        NodeKind::If { .. }
        | NodeKind::While { .. }
        | NodeKind::Match { .. }
        | NodeKind::Conditional { .. }
        | NodeKind::Logic { .. }
        | NodeKind::Lambda { .. } => true,
        NodeKind::Try { body, handlers, .. } => {
            !handlers.is_empty() || !body.iter().any(|statement| code.is_within(node, *statement))
        }
        _ => false,
    }
}

/// Whether the code asks anywhere whether the variable is there.
fn asks(subject: &Subject<'_>, name: &str) -> bool {
    let code = subject.code();
    subject.body().filter(|node| code.kind(*node).as_str() == Some(name)).any(|literal| {
        let is_call = |outer: &NodeId| matches!(code.kind(*outer), NodeKind::Call { .. });
        let mut calls = 0;
        let near = code.ancestors(literal).take_while(|outer| {
            calls += u32::from(is_call(outer));
            calls < 2
        });
        near.into_iter().any(|outer| match code.kind(outer) {
            NodeKind::Compare { .. }
            | NodeKind::Logic { .. }
            | NodeKind::Unary { .. }
            | NodeKind::Conditional { .. } => true,
            NodeKind::If { test, .. } | NodeKind::While { test, .. } => code.is_within(literal, *test),
            _ => false,
        })
    })
}

/// Whether the value itself is what the test is about: it is compared, or set and put back.
fn is_looked_at(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let parent = code.node(node).parent;
    let is_written = match code.kind(parent) {
        NodeKind::Assign { targets, .. } => targets.contains(&node),
        NodeKind::AugAssign { target, .. } => *target == node,
        NodeKind::Delete(targets) => targets.contains(&node),
        _ => false,
    };
    is_written || is_compared(code, node)
}

/// Whether a comparison or an assertion gets the value as it is, not what a call makes of it.
fn is_compared(code: &Code, node: NodeId) -> bool {
    for outer in code.ancestors(node) {
        match code.kind(outer) {
            NodeKind::Compare { .. } => return true,
            NodeKind::Call { func, .. } if !code.is_within(node, *func) => {
                return match code.kind(*func) {
                    NodeKind::Attribute { attr, .. } => {
                        attr.starts_with("assert")
                            && !matches!(attr.as_str(), "assertTrue" | "assertIsNotNone")
                    }
                    _ => false,
                };
            }
            _ => {}
        }
    }
    false
}

/// Functions that take what may be missing.
const INDIFFERENT: &[&str] =
    &["bool", "print", "str", "repr", "len", "dict", "setenv", "setattr", "setdefault", "setitem", "patch"];

/// Whether something is done with the value that cannot be done with `None`.
fn is_used(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    match code.kind(code.node(node).parent) {
        NodeKind::Assert { test, .. } => *test == node,
        NodeKind::FString { .. } => true,
        NodeKind::Call { func, args } => is_handed_over(code, node, *func, args),
        NodeKind::Assign { targets, value } if *value == node => match &**targets {
            [only] => is_used_as(subject, *only),
            _ => false,
        },
        _ => false,
    }
}

fn is_handed_over(code: &Code, node: NodeId, func: NodeId, args: &[Argument]) -> bool {
    let Some(name) = code.kind(func).last_name() else { return false };
    // By a name that says what it is, so not a value that is only looked at.
    let is_named = args.iter().any(|argument| {
        argument.value == node && matches!(&argument.kind, ArgumentKind::Keyword(key) if is_credential(key))
    });
    is_named && !INDIFFERENT.contains(&name) && name.chars().next().is_some_and(char::is_uppercase)
}

/// Whether the name is bound once, asked about nowhere, and used so.
fn is_used_as(subject: &Subject<'_>, target: NodeId) -> bool {
    let code = subject.code();
    let Some(name) = code.kind(target).as_name() else { return false };
    let bound = subject.facts.bindings().visible(code, name, target);
    if !matches!(bound.as_slice(), [only] if matches!(only.kind, BindingKind::Value(_))) {
        return false;
    }
    let uses: Vec<NodeId> =
        subject.body().filter(|node| *node > target && code.kind(*node).as_name() == Some(name)).collect();
    let is_doubted = |node: &NodeId| {
        code.ancestors(*node).any(|outer| match code.kind(outer) {
            NodeKind::Compare { .. } | NodeKind::Logic { .. } | NodeKind::Unary { .. } => true,
            NodeKind::If { test, .. } | NodeKind::Conditional { test, .. } => code.is_within(*node, *test),
            _ => false,
        })
    };
    let is_put_to_use = |node: &NodeId| match code.kind(code.node(*node).parent) {
        NodeKind::Assert { test, .. } => test == node,
        NodeKind::FString { .. } => true,
        NodeKind::Call { func, args } => is_handed_over(code, *node, *func, args),
        _ => false,
    };
    !uses.iter().any(is_doubted) && uses.iter().any(is_put_to_use)
}
