//! Assertions that need something to have happened.

use crate::facts::code::CompareOp;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::expectations::{expects_nothing, is_assertion, waits_itself};
use crate::project::mock_assertions::{MockAssertion, mock_assertions};
use crate::project::outcome::CALLED;
use crate::project::surroundings::is_expected_to_fail;

/// Functions that say of a thing what it is, whatever has happened to it.
const TELLING_KIND: &[&str] =
    &["isinstance", "issubclass", "type", "id", "hasattr", "callable", "assertIsInstance", "repr"];

/// The assertions of the test's own function, in source order.
pub fn assertions(subject: &Subject<'_>) -> Vec<NodeId> {
    subject
        .body()
        .filter(|node| is_assertion(subject, *node) && subject.runs_here(*node))
        .filter(|node| !is_expected_to_fail(subject, *node))
        .collect()
}

/// Whether an assertion asks for a name that is written, or for a mock that is called, and holds only once that has happened.
pub fn needs(subject: &Subject<'_>, assertion: NodeId, written: &str) -> bool {
    let is_asked = match written.strip_suffix(CALLED) {
        Some(called) => asks_mock(subject, assertion, called),
        None => mentions(subject, assertion, written),
    };
    is_asked
        && !expects_nothing(subject, assertion)
        && !admits_several(subject, assertion)
        && !waits_itself(subject, assertion)
        && !is_of_async_mock(subject, assertion)
        && !held_before(subject, assertion)
}

/// The name itself, or something below it, anywhere but where only its kind is asked for.
fn mentions(subject: &Subject<'_>, assertion: NodeId, written: &str) -> bool {
    let code = subject.code();
    let asked = match code.kind(assertion) {
        NodeKind::Assert { test, .. } => *test,
        _ => assertion,
    };
    code.subtree(asked).any(|node| {
        matches!(code.kind(node), NodeKind::Name(_) | NodeKind::Attribute { .. })
            && code.dotted(node).is_some_and(|name| name == written)
            && !is_of_kind(subject, node, assertion)
    })
}

fn is_of_kind(subject: &Subject<'_>, node: NodeId, assertion: NodeId) -> bool {
    let code = subject.code();
    let inside = code.ancestors(node).take_while(|outer| *outer != code.node(assertion).parent);
    inside.into_iter().any(|outer| match code.kind(outer) {
        NodeKind::Call { func, .. } => {
            code.kind(*func).last_name().is_some_and(|name| TELLING_KIND.contains(&name))
        }
        _ => false,
    })
}

/// `state in ("new", "done")`, `seen == [] or seen == [1]`: the author knows that it may be so or so.
fn admits_several(subject: &Subject<'_>, assertion: NodeId) -> bool {
    let code = subject.code();
    code.subtree(assertion).any(|node| match code.kind(node) {
        NodeKind::Logic { op, .. } => *op == crate::facts::code::BoolOp::Or,
        NodeKind::Compare { rest, .. } => rest.iter().any(|(op, right)| {
            let several = match code.kind(*right) {
                NodeKind::Tuple(parts) | NodeKind::List(parts) | NodeKind::Set(parts) => parts.len() > 1,
                _ => false,
            };
            *op == CompareOp::In && several
        }),
        _ => false,
    })
}

fn asks_mock(subject: &Subject<'_>, assertion: NodeId, name: &str) -> bool {
    let code = subject.code();
    mock_assertions(subject).iter().any(|asked| {
        code.is_within(asked.node, assertion) && code.dotted(asked.mock).is_some_and(|mock| mock == name)
    })
}

/// What an async test asks a mock is `async-mock-assertion`'s.
fn is_of_async_mock(subject: &Subject<'_>, assertion: NodeId) -> bool {
    let is_async = subject.function().is_some_and(|function| function.is_async);
    let is_inside = |asked: &MockAssertion| subject.code().is_within(asked.node, assertion);
    is_async && mock_assertions(subject).iter().any(is_inside)
}

/// Whether the same assertion stands above, too.
fn held_before(subject: &Subject<'_>, assertion: NodeId) -> bool {
    let text = subject.source(assertion);
    let above = subject.body().take_while(|node| *node < assertion);
    above.into_iter().any(|node| is_assertion(subject, node) && subject.source(node) == text)
}
