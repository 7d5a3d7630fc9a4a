//! The cure where nothing better is known: look again and again, for a bounded time, in place of the sleep.

use crate::facts::{Code, NodeId, NodeKind};
use crate::fix::{Applicability, Fix};
use crate::fixes::line::replace;
use crate::fixes::poll;
use crate::project::Subject;
use crate::project::sleeps::Sleep;

/// So many times as long as the sleep, at the least so many seconds.
const PATIENCE: f64 = 10.0;
const AT_LEAST: f64 = 5.0;

/// `for _ in range(500): if …: break; sleep(0.01)`, where the assertion stands right behind the sleep and can be asked again.
pub fn polled(subject: &Subject<'_>, sleep: &Sleep, assertion: NodeId) -> Option<Fix> {
    let code = subject.code();
    let NodeKind::Assert { test, .. } = code.kind(assertion) else { return None };
    if !sleep.is_plain || !follows(code, sleep.statement, assertion) || !poll::can_be_asked(subject, *test) {
        return None;
    }
    let seconds = (sleep.seconds? * PATIENCE).max(AT_LEAST).ceil();
    let NodeKind::Call { func, .. } = code.kind(sleep.call) else { return None };
    let wait = if sleep.is_awaited { "await " } else { "" };
    let pause = format!("{wait}{}", subject.source(*func));
    let lines = poll::lines(subject, *test, seconds, &pause);
    let edits = replace(subject, sleep.statement, &lines)?;
    let title = format!("Look again and again, for {seconds} seconds at most, in place of the sleep");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// Whether a statement is the next one of the same block.
fn follows(code: &Code, statement: NodeId, next: NodeId) -> bool {
    code.node(statement).subtree_end == next.0 && code.node(statement).parent == code.node(next).parent
}
