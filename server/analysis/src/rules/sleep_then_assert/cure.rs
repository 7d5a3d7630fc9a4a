//! The cure where nothing better is known: look again and again, for a bounded time, in place of the sleep.

use crate::facts::{Code, NodeId, NodeKind};
use crate::fix::{Applicability, Fix};
use crate::fixes::line::replace;
use crate::fixes::poll::{self, PATIENCE};
use crate::project::Subject;
use crate::project::sleeps::Sleep;

/// So many times as long as the sleep is waited, if that is longer than for any other work.
const TIMES: f64 = 10.0;

/// `for _ in range(500): if …: break; sleep(0.01)`, where the assertion stands right behind the sleep and can be asked again.
pub fn polled(subject: &Subject<'_>, sleep: &Sleep, assertion: NodeId) -> Option<Fix> {
    let code = subject.code();
    if !sleep.is_plain || !follows(code, sleep.statement, assertion) {
        return None;
    }
    let tests = asked(subject, assertion)?;
    let seconds = (sleep.seconds? * TIMES).max(PATIENCE).ceil();
    let NodeKind::Call { func, .. } = code.kind(sleep.call) else { return None };
    let wait = if sleep.is_awaited { "await " } else { "" };
    let pause = format!("{wait}{}", subject.source(*func));
    let lines = poll::lines(subject, &poll::all_hold(subject, &tests), seconds, &pause);
    let edits = replace(subject, sleep.statement, &lines)?;
    let title = format!("Look again and again, for {seconds} seconds at most, in place of the sleep");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// What the assertions that stand one behind the other want: the sleep may have been for each of them. One that cannot be
/// asked early is left to the others if it asks about the same things; else there is nothing to wait for.
fn asked(subject: &Subject<'_>, first: NodeId) -> Option<Vec<NodeId>> {
    let code = subject.code();
    let mut tests = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    let mut at = first;
    while let NodeKind::Assert { test, .. } = code.kind(at) {
        if poll::can_be_asked(subject, *test) {
            names.extend(names_in(code, *test));
            tests.push(*test);
        } else if tests.is_empty() || !names_in(code, *test).all(|name| names.contains(&name)) {
            return None;
        }
        let next = NodeId(code.node(at).subtree_end);
        if (next.0 as usize) >= code.nodes.len() || !follows(code, at, next) {
            break;
        }
        at = next;
    }
    (!tests.is_empty()).then_some(tests)
}

/// The names in an expression, without those of functions that it calls.
fn names_in(code: &Code, expr: NodeId) -> impl Iterator<Item = &str> {
    let is_called = |node: NodeId| matches!(code.kind(code.node(node).parent), NodeKind::Call { func, .. } if *func == node);
    code.subtree(expr).filter(move |node| !is_called(*node)).filter_map(|node| code.kind(node).as_name())
}

/// Whether a statement is the next one of the same block.
fn follows(code: &Code, statement: NodeId, next: NodeId) -> bool {
    code.node(statement).subtree_end == next.0 && code.node(statement).parent == code.node(next).parent
}
