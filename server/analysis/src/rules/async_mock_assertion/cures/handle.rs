//! The cure: keep the handle of the work, and wait for it.

use super::Spot;
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Fix};
use crate::fixes::handle::{Handle, handle, reaches};
use crate::fixes::import::{Wanted, ensure_import};
use crate::project::Subject;
use crate::project::ending::may_end;
use crate::project::handoff::{HandOff, Runner, is_background_tasks, last_name};
use crate::rules::async_mock_assertion::evidence::Evidence;

/// Waits for the work above the assertion. `None` for work without a handle and for work that may never end.
pub fn wait(subject: &Subject<'_>, found: &Evidence, off: &HandOff) -> Option<Fix> {
    let spot = Spot::of(subject, found)?;
    if off.runner == Runner::Background {
        return background(subject, off, &spot);
    }
    if !may_end(subject, &off.work) || !reaches(subject.code(), off.begins, spot.statement()) {
        return None;
    }
    let name = last_name(subject, called(subject, off.call)?)?;
    let has_handle = matches!(
        name.as_str(),
        "create_task"
            | "ensure_future"
            | "Task"
            | "run_in_executor"
            | "submit"
            | "run_coroutine_threadsafe"
            | "Thread"
            | "Timer"
    );
    let Handle { name: handle, naming, is_list } = has_handle.then(|| handle(subject, off)).flatten()?;
    let mut edits = naming;
    let is_asyncio_future =
        !matches!(name.as_str(), "submit" | "run_coroutine_threadsafe" | "Thread" | "Timer");
    let asyncio = if is_asyncio_future && !is_list {
        None
    } else {
        Some(ensure_import(&subject.module, Wanted::Plain("asyncio"))?)
    };
    let line = match (&asyncio, off.runner, is_list) {
        (None, _, _) => format!("await {handle}"),
        (Some(_), Runner::Thread, true) => return None,
        (Some((asyncio, _)), Runner::Thread, false) => format!("await {asyncio}.to_thread({handle}.join)"),
        (Some((asyncio, _)), _, true) if is_asyncio_future => format!("await {asyncio}.gather(*{handle})"),
        (Some(_), _, true) => return None,
        (Some((asyncio, _)), _, false) => format!("await {asyncio}.wrap_future({handle})"),
    };
    edits.merge(asyncio.map(|(_, edits)| edits).unwrap_or_default());
    edits.merge(spot.insert(subject, &[line])?);
    let title = match off.runner {
        Runner::Thread => format!("Join `{handle}` before the assertion"),
        _ => format!("Wait for `{handle}` before the assertion"),
    };
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// The same for tasks that the test made and product code added to.
pub fn run_background(subject: &Subject<'_>, found: &Evidence) -> Option<Fix> {
    let code = subject.code();
    let made = subject.body().take_while(|node| *node < found.assertion.node);
    let name = made.filter(|node| is_background_tasks(subject, *node)).last()?;
    run(subject, code.kind(name).as_name()?, &Spot::of(subject, found)?)
}

fn background(subject: &Subject<'_>, off: &HandOff, spot: &Spot) -> Option<Fix> {
    let code = subject.code();
    let NodeKind::Attribute { value, attr, .. } = code.kind(called(subject, off.call)?) else { return None };
    let name = code.kind(*value).as_name().filter(|_| attr == "add_task")?;
    run(subject, name, spot)
}

/// `await background_tasks()` runs what was added, as the framework does after the response (Starlette's documentation,
/// "Background Tasks").
fn run(subject: &Subject<'_>, name: &str, spot: &Spot) -> Option<Fix> {
    let edits = spot.insert(subject, &[format!("await {name}()")])?;
    Some(Fix::cure(format!("Run `{name}` before the assertion"), Applicability::Suggested, edits))
}

fn called(subject: &Subject<'_>, call: NodeId) -> Option<NodeId> {
    match subject.code().kind(call) {
        NodeKind::Call { func, .. } => Some(*func),
        _ => None,
    }
}
