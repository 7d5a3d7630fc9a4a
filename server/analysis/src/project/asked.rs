//! Whether a test wants a comparison to hold, or not to hold.

use super::Subject;
use crate::facts::code::{Argument, BoolOp, CompareOp};
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

/// One comparison of two values, as an assertion asks for it; a link of `a < b < c` is one.
#[derive(Clone, Copy)]
pub struct Compared {
    /// The whole comparison.
    pub at: NodeId,
    pub asked: Asked,
    pub left: NodeId,
    pub op: CompareOp,
    pub right: NodeId,
}

/// What the comparisons that assertions ask for, and the calls of the item, are read as, in source order.
pub fn in_assertions<T>(
    subject: &Subject<'_>,
    compared: impl Fn(Compared) -> Option<T>,
    called: impl Fn(NodeId, NodeId, &[Argument]) -> Option<T>,
) -> Vec<T> {
    let code = subject.code();
    let read = |at| match code.kind(at) {
        NodeKind::Compare { left, rest } => {
            links(subject, at, *left, rest).into_iter().filter_map(&compared).collect()
        }
        NodeKind::Call { func, args } => called(at, *func, args).into_iter().collect(),
        _ => Vec::new(),
    };
    subject.body().flat_map(read).collect()
}

fn links(subject: &Subject<'_>, at: NodeId, left: NodeId, rest: &[(CompareOp, NodeId)]) -> Vec<Compared> {
    let Some(asked) = asked(subject, at) else { return Vec::new() };
    // `not a < b < c` wants nothing of either pair by itself.
    if asked == Asked::Not && rest.len() > 1 {
        return Vec::new();
    }
    let lefts = std::iter::once(left).chain(rest.iter().map(|(_, right)| *right));
    lefts.zip(rest).map(|(left, (op, right))| Compared { at, asked, left, op: *op, right: *right }).collect()
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
