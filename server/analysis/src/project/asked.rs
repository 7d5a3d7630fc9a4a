//! Whether a test wants a comparison to hold, or not to hold.

use super::Subject;
use crate::facts::code::BoolOp;
use crate::facts::{NodeId, NodeKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    Yes,
    Not,
}

impl Asked {
    fn turned(self) -> Asked {
        match self {
            Asked::Yes => Asked::Not,
            Asked::Not => Asked::Yes,
        }
    }
}

/// What the assertion around a comparison asks of it; `None` where none does, or where something else may do instead.
pub fn asked(subject: &Subject<'_>, comparison: NodeId) -> Option<Asked> {
    let code = subject.code();
    let mut asked = Asked::Yes;
    let mut inner = comparison;
    for outer in code.ancestors(comparison) {
        match code.kind(outer) {
            NodeKind::Unary { op, .. } if op == "not" => asked = asked.turned(),
            NodeKind::Logic { op, .. } if *op == needed(asked) => {}
            NodeKind::Comprehension { element, .. } if *element == inner => {}
            NodeKind::Assert { test, .. } if *test == inner => return Some(asked),
            NodeKind::If { test, body, .. } if *test == inner && fails(subject, body) => {
                return Some(asked.turned());
            }
            NodeKind::Call { func, .. } if *func != inner => match called(subject, *func)? {
                Some(Asked::Yes) => return Some(asked),
                Some(Asked::Not) => return Some(asked.turned()),
                None => {}
            },
            _ => return None,
        }
        inner = outer;
    }
    None
}

/// The operator each of whose operands must hold; turned round it is the other one.
fn needed(asked: Asked) -> BoolOp {
    match asked {
        Asked::Yes => BoolOp::And,
        Asked::Not => BoolOp::Or,
    }
}

/// What a call asks of its argument: `Some(None)` for one that hands it on.
fn called(subject: &Subject<'_>, func: NodeId) -> Option<Option<Asked>> {
    let name = subject.code().kind(func).last_name()?;
    match name {
        "assertTrue" | "assert_" | "failUnless" => Some(Some(Asked::Yes)),
        "assertFalse" => Some(Some(Asked::Not)),
        "all" | "bool" => Some(None),
        _ => None,
    }
}

/// Whether a block makes the test fail.
fn fails(subject: &Subject<'_>, body: &[NodeId]) -> bool {
    let code = subject.code();
    body.iter().any(|statement| match code.kind(*statement) {
        NodeKind::Raise { exception: Some(exception), .. } => {
            code.dotted(code.uncalled(*exception)).is_some_and(|name| name == "AssertionError")
        }
        NodeKind::Expr(call) => match code.kind(*call) {
            NodeKind::Call { func, .. } => match code.kind(*func) {
                NodeKind::Attribute { value, attr, .. } if attr == "fail" => {
                    matches!(code.kind(*value).as_name(), Some("self" | "pytest"))
                }
                _ => subject.resolve(*func).is_some_and(|path| path == "pytest.fail"),
            },
            _ => false,
        },
        _ => false,
    })
}
