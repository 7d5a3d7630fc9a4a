//! The cure: keep the handle of the work, and wait for it.

use super::Spot;
use crate::facts::{Code, NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::import::{Wanted, ensure_import};
use crate::fixes::statement::indentation;
use crate::project::Subject;
use crate::project::handoff::{
    HandOff, Runner, Work, handle_of, is_background_tasks, last_name, local_function,
};
use crate::rules::async_mock_assertion::evidence::Evidence;
use crate::text::TextRange;

/// Words in the names of functions that run until they are stopped.
const ENDLESS: &[&str] = &[
    "run",
    "serve",
    "forever",
    "loop",
    "consume",
    "consumer",
    "worker",
    "listen",
    "listener",
    "start",
    "watch",
    "monitor",
    "main",
    "poll",
    "subscribe",
    "dispatch",
];

/// What waits for the work is called.
struct Handle {
    name: String,
    /// The edits that give it the name; none where it has one.
    naming: Edits,
    is_list: bool,
}

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

fn handle(subject: &Subject<'_>, off: &HandOff) -> Option<Handle> {
    let code = subject.code();
    let parent = code.node(off.call).parent;
    if let Some(name) = handle_of(subject, off.call) {
        let is_list = !matches!(code.kind(parent), NodeKind::Assign { value, .. } if *value == off.call)
            && !matches!(code.kind(parent), NodeKind::AnnAssign { .. });
        return Some(Handle { name, naming: Edits::new(), is_list });
    }
    let wanted = match off.runner {
        Runner::Thread => "thread",
        Runner::Executor => "future",
        _ => "task",
    };
    let taken = |name: &str| {
        !subject.facts.bindings().all(name).is_empty() || !subject.module.file.scope().get(name).is_empty()
    };
    let names = std::iter::once(wanted.to_owned()).chain((2..9).map(|number| format!("{wanted}_{number}")));
    let name = names.into_iter().find(|name| !taken(name))?;
    let statement = code.statement_of(off.begins);
    let NodeKind::Expr(value) = code.kind(statement) else { return None };
    if *value != off.begins {
        return None;
    }
    let mut naming = Edits::new();
    let start = code.range(off.call).start;
    naming.push(subject.path(), subject.absolute(TextRange::empty(start)), format!("{name} = "));
    if off.begins != off.call {
        let indent = indentation(subject, statement)?;
        let newline = subject.newline();
        let range = TextRange::new(code.range(off.call).end, code.range(off.begins).end);
        naming.push(subject.path(), subject.absolute(range), format!("{newline}{indent}{name}.start()"));
    }
    Some(Handle { name, naming, is_list: false })
}

/// Whether the statement of the hand-off has run wherever `spot` runs: only `with` blocks lie between.
fn reaches(code: &Code, from: NodeId, spot: NodeId) -> bool {
    let mut block = code.node(code.statement_of(from)).parent;
    while matches!(code.kind(block), NodeKind::With { .. }) && !code.is_within(spot, block) {
        block = code.node(block).parent;
    }
    code.ancestors(spot).any(|outer| outer == block)
}

/// Whether the work may come to an end by itself, as far as its source or its name tells.
fn may_end(subject: &Subject<'_>, work: &Work) -> bool {
    let code = subject.code();
    let functions: Vec<NodeId> = match work {
        Work::Function { func, .. } => vec![*func],
        Work::Coroutine(node) => code.subtree(*node).filter_map(|call| called(subject, call)).collect(),
    };
    functions.into_iter().all(|func| {
        if let Some(local) = local_function(subject, func) {
            return !is_endless(code, local);
        }
        if let Some(definition) = subject.definition(func) {
            let called = definition.subject(subject.project);
            return !called.code().roots.first().is_some_and(|root| is_endless(called.code(), *root));
        }
        let name = last_name(subject, func).unwrap_or_default().to_lowercase();
        !name.split('_').any(|word| ENDLESS.contains(&word))
    })
}

/// Whether a function has a loop that nothing in it ends, or waits for whatever comes next.
fn is_endless(code: &Code, function: NodeId) -> bool {
    code.subtree(function).any(|node| match code.kind(node) {
        NodeKind::While { test, .. } => {
            let always = matches!(code.kind(*test), NodeKind::Bool(true) | NodeKind::Int(Some(1)));
            always
                && !code
                    .subtree(node)
                    .any(|part| matches!(code.kind(part), NodeKind::Break | NodeKind::Return(_)))
        }
        NodeKind::For { is_async, .. } => *is_async,
        _ => false,
    })
}
