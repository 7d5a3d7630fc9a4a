//! The assertion behind a sleep: that something has happened. What must *not* happen fails no more often on a slow machine.

use crate::facts::NodeId;
use crate::project::Subject;
use crate::project::expectations::{expects_nothing, is_assertion, waits_itself};
use crate::project::mock_assertions::{MockAssertion, mock_assertions};
use crate::project::sleeps::Sleep;
use crate::project::waits::{Wait, wait_since};

/// The assertion that the sleep is for, in front of `end`: nothing that waits stands between them, and it wants something to
/// have happened.
pub fn next_assertion(subject: &Subject<'_>, sleep: &Sleep, end: Option<NodeId>) -> Option<NodeId> {
    let code = subject.code();
    let end = end.map_or(code.nodes.len() as u32, |next| next.0);
    let start = code.node(sleep.statement).subtree_end;
    let assertion =
        (start..end).map(NodeId).find(|node| subject.runs_here(*node) && is_assertion(subject, *node))?;
    if expects_nothing(subject, assertion) || asks_mock_of_loop(subject, assertion) {
        return None;
    }
    let is_unchanged = || {
        let text = subject.source(assertion);
        subject
            .body()
            .take_while(|node| *node < sleep.call)
            .any(|node| is_assertion(subject, node) && subject.source(node) == text)
    };
    let waits = wait_since(subject, Some(sleep.statement), assertion) == Wait::Waited;
    (!waits && !waits_itself(subject, assertion) && !is_unchanged()).then_some(assertion)
}

/// What an async test asks a mock is `async-mock-assertion`'s.
fn asks_mock_of_loop(subject: &Subject<'_>, assertion: NodeId) -> bool {
    let is_async = subject.function().is_some_and(|function| function.is_async);
    let is_inside = |asked: &MockAssertion| subject.code().is_within(asked.node, assertion);
    is_async && mock_assertions(subject).iter().any(is_inside)
}
