//! What a test wants of something that expires: that it is there, or that it is gone.

use crate::facts::code::CompareOp;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    There,
    Gone,
}

impl Wanted {
    fn turned(self) -> Wanted {
        match self {
            Wanted::There => Wanted::Gone,
            Wanted::Gone => Wanted::There,
        }
    }
}

/// An assertion, and what it wants.
pub struct Check {
    pub at: NodeId,
    pub wanted: Wanted,
}

pub fn checks(subject: &Subject<'_>) -> Vec<Check> {
    let all = subject.body().filter(|at| subject.runs_here(*at)).filter_map(|at| {
        let wanted = wanted(subject, at)?;
        let wanted = if speaks_of_end(subject, at) { wanted.turned() } else { wanted };
        Some(Check { at, wanted })
    });
    all.collect()
}

fn wanted(subject: &Subject<'_>, at: NodeId) -> Option<Wanted> {
    let code = subject.code();
    match code.kind(at) {
        NodeKind::Assert { test, .. } => of_test(subject, *test),
        NodeKind::Call { func, args } => {
            let name = code.kind(*func).last_name()?;
            let wants_nothing = || args.iter().take(2).any(|argument| is_nothing(code.kind(argument.value)));
            match name {
                "assertIsNone" | "assertNotIn" | "assertFalse" | "assertNotEqual" => Some(Wanted::Gone),
                "assertIsNotNone" | "assertIn" | "assertTrue" => Some(Wanted::There),
                "assertEqual" if wants_nothing() => Some(Wanted::Gone),
                "assertEqual" => Some(Wanted::There),
                _ => None,
            }
        }
        NodeKind::With { items, .. } => items
            .iter()
            .any(|item| {
                let name = code.kind(code.uncalled(item.context)).last_name().unwrap_or_default();
                name == "raises" || name == "assertRaises"
            })
            .then_some(Wanted::Gone),
        _ => None,
    }
}

fn of_test(subject: &Subject<'_>, test: NodeId) -> Option<Wanted> {
    let code = subject.code();
    match code.kind(test) {
        NodeKind::Unary { op, operand } if op == "not" => of_test(subject, *operand).map(Wanted::turned),
        NodeKind::Compare { left, rest } => {
            let [(op, right)] = &**rest else { return None };
            let is_empty = is_nothing(code.kind(*right)) || is_nothing(code.kind(*left));
            match (op, is_empty) {
                (CompareOp::Eq | CompareOp::Is, true) => Some(Wanted::Gone),
                (CompareOp::Eq | CompareOp::Is, false) => Some(Wanted::There),
                (CompareOp::NotEq | CompareOp::IsNot, true) => Some(Wanted::There),
                (CompareOp::NotEq | CompareOp::IsNot, false) | (CompareOp::NotIn, _) => Some(Wanted::Gone),
                (CompareOp::In, _) => Some(Wanted::There),
                _ => None,
            }
        }
        NodeKind::Name(_) | NodeKind::Attribute { .. } | NodeKind::Call { .. } | NodeKind::Await(_) => {
            Some(Wanted::There)
        }
        _ => None,
    }
}

fn is_nothing(kind: &NodeKind) -> bool {
    match kind {
        NodeKind::Int(Some(0)) | NodeKind::None | NodeKind::Bool(false) => true,
        NodeKind::List(parts) | NodeKind::Tuple(parts) => parts.is_empty(),
        NodeKind::Dict(pairs) => pairs.is_empty(),
        _ => false,
    }
}

/// `assert token.is_expired`: what holds is the end.
fn speaks_of_end(subject: &Subject<'_>, at: NodeId) -> bool {
    let code = subject.code();
    let head = match code.kind(at) {
        NodeKind::With { .. } => return false,
        _ => code.subtree(at),
    };
    head.filter_map(|node| code.kind(node).last_name()).any(|name| {
        let name = name.to_lowercase();
        ["expired", "stale", "evicted", "outdated"].iter().any(|word| name.contains(word))
    })
}
