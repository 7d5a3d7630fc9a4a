//! The mitigation `await asyncio.sleep(0)`, only where one turn of the event loop is enough: a function called soon, or
//! a coroutine that awaits nothing but the mock (run: a task with one inner wait is not done after it).

use super::Spot;
use crate::facts::{Code, NodeId, NodeKind};
use crate::fix::Fix;
use crate::fixes::import::{Wanted, ensure_import};
use crate::project::Subject;
use crate::project::handoff::{HandOff, Runner, Work, last_name, local_function};
use crate::project::waits::Wait;
use crate::rules::async_mock_assertion::evidence::Evidence;

pub fn tick(subject: &Subject<'_>, found: &Evidence, off: &HandOff) -> Option<Fix> {
    if found.traced.wait != Wait::None || found.assertion.is_negative || !is_done_in_one(subject, found, off)
    {
        return None;
    }
    let (asyncio, import) = ensure_import(&subject.module, Wanted::Plain("asyncio"))?;
    let mut edits = Spot::of(subject, found)?.insert(subject, &[format!("await {asyncio}.sleep(0)")])?;
    edits.merge(import);
    let title =
        format!("Insert `await {asyncio}.sleep(0)` (lets other tasks run once; does not wait for them)");
    Some(Fix::mitigation(title, edits))
}

fn is_done_in_one(subject: &Subject<'_>, found: &Evidence, off: &HandOff) -> bool {
    let code = subject.code();
    let is_mock = |func: NodeId| code.dotted(func).is_some_and(|name| name == found.mock.name);
    let function = match (&off.work, off.runner) {
        (Work::Function { func, .. }, Runner::Callback) => {
            let NodeKind::Call { func: by, .. } = code.kind(off.call) else { return false };
            let is_soon = last_name(subject, *by).is_some_and(|name| name == "call_soon");
            return is_soon && (is_mock(*func) || matches!(code.kind(*func), NodeKind::Lambda { .. }));
        }
        (Work::Coroutine(node), Runner::Task) => match code.kind(*node) {
            NodeKind::Call { func, .. } => *func,
            _ => return false,
        },
        _ => return false,
    };
    if last_name(subject, code.uncalled(off.call)).is_some_and(|name| name == "run_coroutine_threadsafe") {
        return false;
    }
    is_mock(function)
        || local_function(subject, function).is_some_and(|local| awaits_only(code, local, &found.mock.name))
}

fn awaits_only(code: &Code, function: NodeId, mock: &str) -> bool {
    code.subtree(function).all(|node| match code.kind(node) {
        NodeKind::Await(value) => match code.kind(*value) {
            NodeKind::Call { func, .. } => code.dotted(*func).is_some_and(|name| name == mock),
            _ => false,
        },
        NodeKind::With { is_async: true, .. } | NodeKind::For { is_async: true, .. } => false,
        _ => true,
    })
}
