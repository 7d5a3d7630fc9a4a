//! Event loops that a test, fixture or set-up makes and nothing closes. A loop holds itself, so only the garbage collector
//! ends it.

use super::{Found, Left};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::handoff::handle_of;

/// What a loop is used for, and stays open.
const HARMLESS: &[&str] = &[
    "run_until_complete",
    "create_task",
    "create_future",
    "call_soon",
    "call_later",
    "run_in_executor",
    "set_debug",
    "get_debug",
    "time",
    "is_running",
    "is_closed",
    "set_exception_handler",
    "run_forever",
    "stop",
];

pub fn found(subject: &Subject<'_>) -> Vec<Found> {
    let code = subject.code();
    let is_made = |node: &NodeId| subject.callee(*node).is_some_and(|path| path == "asyncio.new_event_loop");
    let made =
        subject.body().filter(|node| matches!(code.kind(*node), NodeKind::Call { .. })).filter(is_made);
    let own = made.filter(|node| subject.runs_here(*node));
    own.filter_map(|made| {
        let name = handle_of(subject, made)?;
        let is_bare =
            matches!(code.kind(code.node(made).parent), NodeKind::Assign { value, .. } if *value == made);
        (is_bare && !may_close(subject, &name, made)).then_some(Found { made, left: Left::Loop { name } })
    })
    .collect()
}

/// Whether something may close the loop: a method, a function that it is given to, or whoever it is handed to.
fn may_close(subject: &Subject<'_>, name: &str, made: NodeId) -> bool {
    let code = subject.code();
    let is_used = |node: &NodeId| *node > made && code.dotted(*node).is_some_and(|it| it == name);
    if subject.body().filter(is_used).any(|node| !is_harmless(subject, node)) {
        return true;
    }
    let Some((_, attribute)) = name.rsplit_once('.') else { return false };
    // An attribute of the instance may be closed anywhere in its class and those around it.
    subject.project.ask_for(attribute);
    let text = subject.module.file.text.as_str();
    subject.class().is_none() || text.contains(&format!("{attribute}.close")) || derives(subject)
}

/// Whether the class around has bases that are out of sight.
fn derives(subject: &Subject<'_>) -> bool {
    let class = subject.class().and_then(|class| subject.module.file.facts(class).code.class().cloned());
    class.is_some_and(|class| class.bases.len() > 1 || class.bases.len() == 1 && !subject.is_test_case())
}

fn is_harmless(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    match code.kind(code.node(node).parent) {
        NodeKind::Attribute { attr, .. } => HARMLESS.contains(&attr.as_str()),
        NodeKind::Call { func, .. } => code.kind(*func).last_name() == Some("set_event_loop"),
        NodeKind::Assert { .. } | NodeKind::Compare { .. } => true,
        _ => false,
    }
}
