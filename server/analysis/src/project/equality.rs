//! Two expressions that an assertion wants to be equal, in order.

use super::Subject;
use crate::facts::code::{ArgumentKind, BoolOp, CompareOp};
use crate::facts::{NodeId, NodeKind};

#[derive(Clone, Copy, Debug)]
pub struct Equality {
    pub left: NodeId,
    pub right: NodeId,
}

impl Equality {
    /// Each side with the other.
    pub fn both_ways(&self) -> [(NodeId, NodeId); 2] {
        [(self.left, self.right), (self.right, self.left)]
    }
}

/// `assert left == right`, `self.assertEqual(left, right)` and the like.
pub fn equalities(subject: &Subject<'_>) -> Vec<Equality> {
    subject.body().filter_map(|node| equality(subject, node)).collect()
}

fn equality(subject: &Subject<'_>, node: NodeId) -> Option<Equality> {
    match subject.code().kind(node) {
        NodeKind::Compare { left, rest } => {
            let [(CompareOp::Eq, right)] = &**rest else { return None };
            is_wanted(subject, node).then_some(Equality { left: *left, right: *right })
        }
        NodeKind::Call { func, args } => {
            let [left, right, ..] = &**args else { return None };
            let are_plain = left.kind == ArgumentKind::Positional && right.kind == ArgumentKind::Positional;
            (are_plain && wants_equals(subject, *func))
                .then_some(Equality { left: left.value, right: right.value })
        }
        _ => None,
    }
}

fn wants_equals(subject: &Subject<'_>, func: NodeId) -> bool {
    let is_method = matches!(
        subject.code().kind(func),
        NodeKind::Attribute { attr, .. } if matches!(
            attr.as_str(),
            "assertEqual" | "assertEquals" | "assertListEqual" | "assertSequenceEqual" | "assertTupleEqual" | "assertMultiLineEqual"
        )
    );
    is_method
        || subject.resolve(func).is_some_and(|path| {
            matches!(path.as_str(), "numpy.testing.assert_equal" | "numpy.testing.assert_array_equal")
        })
}

/// Whether the comparison must be true for the test to pass: not one of several ways, and not the opposite.
pub fn is_wanted(subject: &Subject<'_>, comparison: NodeId) -> bool {
    let code = subject.code();
    let mut inner = comparison;
    for outer in code.ancestors(comparison) {
        match code.kind(outer) {
            NodeKind::Assert { test, .. } => return *test == inner,
            NodeKind::Logic { op: BoolOp::And, .. } => {}
            NodeKind::Comprehension { element, .. } if *element == inner => {}
            NodeKind::Call { func, .. } => {
                let is_all = subject.resolve(*func).is_some_and(|path| path == "builtins.all");
                let is_true =
                    matches!(code.kind(*func), NodeKind::Attribute { attr, .. } if attr == "assertTrue");
                if is_true {
                    return true;
                }
                if !is_all {
                    return false;
                }
            }
            _ => return false,
        }
        inner = outer;
    }
    false
}
