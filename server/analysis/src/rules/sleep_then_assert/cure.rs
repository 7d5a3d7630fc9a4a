//! The cure where nothing better is known: look again and again, for a bounded time, in place of the sleep.

use super::sleeps::Sleep;
use crate::facts::{Code, NodeId, NodeKind};
use crate::fix::{Applicability, Fix};
use crate::fixes::line::{indent_unit, replace};
use crate::project::Subject;

/// One look each hundredth of a second.
const LOOK: &str = "0.01";
/// So many times as long as the sleep, at the least so many seconds.
const PATIENCE: f64 = 10.0;
const AT_LEAST: f64 = 5.0;

/// `for _ in range(500): if …: break; sleep(0.01)`, where the assertion stands right behind the sleep and can be asked again.
pub fn polled(subject: &Subject<'_>, sleep: &Sleep, assertion: NodeId) -> Option<Fix> {
    let code = subject.code();
    let NodeKind::Assert { test, .. } = code.kind(assertion) else { return None };
    if !sleep.is_plain
        || !follows(code, sleep.statement, assertion)
        || !is_harmless(code, *test)
        || subject.source(*test).contains('\n')
    {
        return None;
    }
    let seconds = (sleep.seconds? * PATIENCE).max(AT_LEAST).ceil();
    let NodeKind::Call { func, .. } = code.kind(sleep.call) else { return None };
    let wait = if sleep.is_awaited { "await " } else { "" };
    let unit = indent_unit(subject);
    let lines = [
        format!("for _ in range({}):", (seconds * 100.0) as u64),
        format!("{unit}if {}:", subject.source(*test)),
        format!("{unit}{unit}break"),
        format!("{unit}{wait}{}({LOOK})", subject.source(*func)),
    ];
    let edits = replace(subject, sleep.statement, &lines)?;
    let title = format!("Look again and again, for {seconds} seconds at most, in place of the sleep");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// Whether a statement is the next one of the same block.
fn follows(code: &Code, statement: NodeId, next: NodeId) -> bool {
    code.node(statement).subtree_end == next.0 && code.node(statement).parent == code.node(next).parent
}

/// Whether an expression can be asked often, and too early: it calls nothing but `len`, and raises nothing.
fn is_harmless(code: &Code, test: NodeId) -> bool {
    code.subtree(test).all(|node| match code.kind(node) {
        NodeKind::Call { func, .. } => match code.kind(*func) {
            NodeKind::Name(name) => name == "len",
            NodeKind::Attribute { attr, .. } => {
                matches!(attr.as_str(), "is_set" | "done" | "exists" | "is_file")
            }
            _ => false,
        },
        NodeKind::Subscript { .. }
        | NodeKind::Await(_)
        | NodeKind::Walrus { .. }
        | NodeKind::Yield { .. } => false,
        NodeKind::Binary { op, .. } => op != "/",
        _ => true,
    })
}
