//! Whether anything waits for handed-off work before a point of the same function.

use super::handoff::{HandOff, Runner, entered_receiver, handle_of, is_background_tasks, last_name};
use super::{Role, Subject};
use crate::facts::code::ArgumentKind;
use crate::facts::{NodeId, NodeKind};

/// Awaited functions of the project are looked into this far.
const MAX_DEPTH: u32 = 3;

/// The strongest wait between a hand-off and a later point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wait {
    /// Nothing lets the work run.
    None,
    /// `sleep(0)`: other tasks run once.
    Tick(NodeId),
    /// A real sleep: time passes, nothing is waited for.
    Slept(NodeId),
    /// Something else is awaited, which may take as long or not.
    Other(NodeId),
    /// The work is waited for, or asked about until it is done.
    Waited,
}

/// Words that begin a part of the names of calls that wait for work in whatever way. Being wrong here costs a hint, not
/// a false one.
const WAITING: &[&str] = &[
    "wait",
    "join",
    "gather",
    "drain",
    "flush",
    "shutdown",
    "settle",
    "until",
    "eventually",
    "poll",
    "block",
    "complete",
    "result",
    "close",
    "aclose",
    "stop",
    "exit",
    "finish",
    "retry",
    "advance",
    "tick",
    "fire",
    "pump",
    "barrier",
    "acquire",
    "exhaust",
    "receive",
    "recv",
    "pending",
];

/// Uses of a handle that wait for nothing.
const IDLE: &[&str] = &[
    "start",
    "cancel",
    "add_done_callback",
    "remove_done_callback",
    "set_name",
    "get_name",
    "name",
    "daemon",
    "is_alive",
    "done",
    "cancelled",
    "ident",
    "append",
    "add",
    "discard",
    "insert",
    "create_task",
    "start_soon",
    "submit",
    "terminate",
    "kill",
    "send_signal",
    "poll",
    "pid",
    "returncode",
    "exitcode",
    "stdin",
    "stdout",
    "stderr",
    "running",
];

/// Calls that are awaited and yet let nobody else run, or only hand something over.
const QUICK: &[&str] = &["put", "send_nowait", "put_nowait", "aclose_nowait"];

/// Work that a function hands off and does not wait for; a fixture before its test.
pub fn left_running(called: &Subject<'_>) -> Option<HandOff> {
    let is_fixture = called.role == Role::Fixture;
    let end = is_fixture.then(|| first_yield(called)).flatten();
    called.hand_offs().into_iter().find(|off| {
        let is_real = matches!(off.runner, Runner::Task | Runner::Thread | Runner::Executor);
        is_real && end.is_none_or(|end| off.begins < end) && wait_for(called, off, end) < Wait::Waited
    })
}

fn first_yield(called: &Subject<'_>) -> Option<NodeId> {
    called.body().find(|node| matches!(called.code().kind(*node), NodeKind::Yield { .. }))
}

/// What waits for `off` between it and `until` (the end of the function without one).
pub fn wait_for(subject: &Subject<'_>, off: &HandOff, until: Option<NodeId>) -> Wait {
    let code = subject.code();
    // What starts a process may be awaited, and is no wait for its end.
    let is_awaited = off.runner != Runner::Process && code.awaited_by(off.call).is_some();
    let is_somebody_elses = is_awaited || is_returned(subject, off.call);
    if is_somebody_elses
        || is_asked(subject, off.call)
        || leaves_context(subject, off, until)
        || until.is_some_and(|until| is_polled(subject, until))
    {
        return Wait::Waited;
    }
    let start = code.node(off.begins).subtree_end;
    let end = until.map_or(code.nodes.len() as u32, |until| code.statement_of(until).0);
    strongest(subject, Some(off), start, end)
}

/// Whether a handle is asked for something that waits: `run_coroutine_threadsafe(…).result()`, `thread.join()`.
fn is_asked(subject: &Subject<'_>, handle: NodeId) -> bool {
    let code = subject.code();
    match code.kind(code.node(handle).parent) {
        NodeKind::Attribute { value, attr, .. } => *value == handle && !IDLE.contains(&attr.as_str()),
        _ => false,
    }
}

/// What waits between the end of `from` (the start of the function without one) and `until`, whatever was handed off.
pub fn wait_since(subject: &Subject<'_>, from: Option<NodeId>, until: NodeId) -> Wait {
    let code = subject.code();
    if is_polled(subject, until) {
        return Wait::Waited;
    }
    let first = || subject.body().next().map_or(0, |first| first.0);
    let start = from.map_or_else(first, |from| code.node(from).subtree_end);
    strongest(subject, None, start, code.statement_of(until).0)
}

/// Whether what is awaited is something that the work has a hand in: `call_later(0, client.on_reply)`, then
/// `await client.request()`.
pub fn is_waited_on_the_other_side(subject: &Subject<'_>, off: &HandOff, wait: Wait) -> bool {
    let Wait::Other(awaited) = wait else { return false };
    let code = subject.code();
    let names = |node| code.subtree(node).filter_map(|part| code.kind(part).as_name());
    let of_work: Vec<&str> = off.work.nodes().into_iter().flat_map(names).collect();
    names(awaited).any(|name| of_work.contains(&name) && !matches!(name, "self" | "asyncio"))
}

fn strongest(subject: &Subject<'_>, off: Option<&HandOff>, start: u32, end: u32) -> Wait {
    let handle = off.and_then(|off| handle_of(subject, off.call));
    let in_thread = off.is_some_and(|off| off.is_apart(subject));
    let mut strongest = Wait::None;
    for node in (start..end).map(NodeId).filter(|node| subject.runs_here(*node)) {
        let runs_added = off.is_some_and(|off| is_receiver_called(subject, off, node));
        let wait =
            if runs_added { Wait::Waited } else { wait_at(subject, in_thread, handle.as_deref(), node) };
        strongest = strongest.max(wait);
        if strongest == Wait::Waited {
            break;
        }
    }
    strongest
}

fn wait_at(subject: &Subject<'_>, in_thread: bool, handle: Option<&str>, node: NodeId) -> Wait {
    let code = subject.code();
    match code.kind(node) {
        NodeKind::Name(_) | NodeKind::Attribute { .. } => {
            let is_handle = handle.is_some() && code.dotted(node).as_deref() == handle;
            if is_handle && waits_by_handle(subject, node) { Wait::Waited } else { Wait::None }
        }
        NodeKind::Call { func, .. } => call(subject, in_thread, node, *func),
        NodeKind::Await(value) => awaited(subject, node, *value),
        NodeKind::While { .. } => Wait::Waited,
        NodeKind::For { is_async: true, .. } => Wait::Other(node),
        NodeKind::With { is_async: true, .. } => Wait::Other(node),
        _ => Wait::None,
    }
}

/// `background_tasks()` behind `background_tasks.add_task(…)`.
fn is_receiver_called(subject: &Subject<'_>, off: &HandOff, node: NodeId) -> bool {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(node) else { return false };
    let NodeKind::Call { func: by, .. } = code.kind(off.call) else { return false };
    let NodeKind::Attribute { value, .. } = code.kind(*by) else { return false };
    let receiver = code.dotted(*value);
    receiver.is_some() && receiver == code.dotted(*func)
}

/// Whether a use of the handle waits for it: it is awaited, joined, asked for its result, or given to somebody.
fn waits_by_handle(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let parent = code.node(node).parent;
    match code.kind(parent) {
        NodeKind::Attribute { value, .. } if *value == node => is_asked(subject, node),
        NodeKind::Assign { targets, .. } => !targets.contains(&node),
        NodeKind::Assert { .. } | NodeKind::Compare { .. } => false,
        NodeKind::Call { func, .. } => !keeps_alive(subject, node, *func),
        _ => true,
    }
}

/// asyncio's idiom for a task that nobody waits for: `background.add(task)` with
/// `task.add_done_callback(background.discard)` keeps it from being collected, and no more.
fn keeps_alive(subject: &Subject<'_>, task: NodeId, func: NodeId) -> bool {
    let code = subject.code();
    let dotted = |node: NodeId| code.dotted(node).unwrap_or_default();
    let Some(kept_in) = dotted(func).strip_suffix(".add").map(str::to_owned) else { return false };
    let (callback, discard) = (format!("{}.add_done_callback", dotted(task)), format!("{kept_in}.discard"));
    subject.body().any(|node| match code.kind(node) {
        NodeKind::Call { func, args } if dotted(*func) == callback => {
            args.iter().any(|argument| dotted(argument.value) == discard)
        }
        _ => false,
    })
}

fn call(subject: &Subject<'_>, in_thread: bool, node: NodeId, func: NodeId) -> Wait {
    let Some(name) = last_name(subject, func) else { return Wait::None };
    let code = subject.code();
    if is_sleep(subject, node, func) {
        // Blocking the loop keeps its tasks from running.
        let lets_run = code.awaited_by(node).is_some() || in_thread;
        return if lets_run { slept(subject, node) } else { Wait::None };
    }
    let name = name.to_lowercase();
    let is_waiting = |word: &str| WAITING.iter().any(|stem| word.starts_with(stem));
    let waits = !name.starts_with("assert") && name.split('_').any(is_waiting);
    if waits || is_told_to_wait(subject, node) { Wait::Waited } else { Wait::None }
}

/// Words in the names of parameters that tell a function to come back only when the work is done.
const TOLD: &[&str] = &["wait", "block", "join", "synchronous"];

/// `start(listener, block_for_initial=True)`, `shutdown(wait=True)`
pub fn is_told_to_wait(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    let NodeKind::Call { args, .. } = code.kind(call) else { return false };
    args.iter().any(|argument| match &argument.kind {
        ArgumentKind::Keyword(name) => {
            let tells = name.split('_').any(|part| TOLD.iter().any(|word| part.starts_with(word)));
            tells && matches!(code.kind(argument.value), NodeKind::Bool(true))
        }
        _ => false,
    })
}

fn is_sleep(subject: &Subject<'_>, call: NodeId, func: NodeId) -> bool {
    match subject.resolve(func) {
        Some(path) => matches!(
            path.as_str(),
            "time.sleep"
                | "asyncio.sleep"
                | "anyio.sleep"
                | "trio.sleep"
                | "asyncio.tasks.sleep"
                | "tornado.gen.sleep"
                | "trio.lowlevel.checkpoint"
                | "anyio.lowlevel.checkpoint"
        ),
        None => {
            subject.code().awaited_by(call).is_some()
                && last_name(subject, func).is_some_and(|name| name == "sleep")
        }
    }
}

fn slept(subject: &Subject<'_>, call: NodeId) -> Wait {
    let code = subject.code();
    if code
        .ancestors(call)
        .any(|outer| matches!(code.kind(outer), NodeKind::For { .. } | NodeKind::While { .. }))
    {
        return Wait::Waited;
    }
    let NodeKind::Call { args, .. } = code.kind(call) else { return Wait::None };
    let is_zero = args.first().is_none_or(|first| code.kind(first.value).as_number() == Some(0.0));
    if is_zero { Wait::Tick(call) } else { Wait::Slept(call) }
}

fn awaited(subject: &Subject<'_>, node: NodeId, value: NodeId) -> Wait {
    let code = subject.code();
    match code.kind(value) {
        NodeKind::Call { func, args } => {
            let name = last_name(subject, *func).unwrap_or_default();
            match () {
                () if QUICK.contains(&name.as_str()) || is_sleep(subject, value, *func) => Wait::None,
                () if is_quick(subject, *func, MAX_DEPTH) => Wait::None,
                // An item of a queue, which the work may have put there.
                () if name == "get" && args.is_empty() => Wait::Waited,
                () if is_background_tasks(subject, *func) => Wait::Waited,
                () => Wait::Other(node),
            }
        }
        // A future, an event's result, a task: somebody finishes it.
        _ => Wait::Waited,
    }
}

/// Whether the source of an awaited function shows that it lets nobody else run.
fn is_quick(subject: &Subject<'_>, func: NodeId, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let Some(definition) = subject.definition(func) else { return false };
    let called = definition.subject(subject.project);
    let code = called.code();
    let is_plain =
        called.function().is_some_and(|function| function.is_async && function.decorators.is_empty());
    is_plain
        && called.body().filter(|node| called.runs_here(*node)).all(|node| match code.kind(node) {
            NodeKind::Await(value) => match code.kind(*value) {
                NodeKind::Call { func, .. } => {
                    let name = last_name(&called, *func).unwrap_or_default();
                    QUICK.contains(&name.as_str()) || is_quick(&called, *func, depth)
                }
                _ => false,
            },
            NodeKind::For { is_async, .. } | NodeKind::With { is_async, .. } => !is_async,
            NodeKind::Yield { .. } => false,
            _ => true,
        })
}

/// Whether the hand-off's value leaves the function, so that the caller can wait for it.
pub fn is_returned(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    let returns = |node: NodeId| matches!(code.kind(node), NodeKind::Return(_) | NodeKind::Yield { .. });
    // `return Thread(…).start()` returns nothing that could be waited for.
    if let NodeKind::Attribute { attr, .. } = code.kind(code.node(call).parent)
        && attr == "start"
    {
        return false;
    }
    if code.ancestors(call).take_while(|outer| subject.runs_here(*outer)).any(returns) {
        return true;
    }
    let Some(handle) = handle_of(subject, call) else { return false };
    subject
        .body()
        .filter(|node| returns(*node) && subject.runs_here(*node))
        .any(|node| code.subtree(node).any(|part| code.dotted(part).is_some_and(|name| name == handle)))
}

/// Whether a `with` around the hand-off ends before `until`: a task group or an executor waits at its end.
fn leaves_context(subject: &Subject<'_>, off: &HandOff, until: Option<NodeId>) -> bool {
    let code = subject.code();
    let outside = |with: NodeId| until.is_none_or(|until| !code.is_within(until, with));
    let NodeKind::Call { func, .. } = code.kind(off.call) else { return false };
    let receiver = entered_receiver(subject, *func);
    receiver.is_some_and(outside)
        || code.ancestors(off.begins).any(|outer| match code.kind(outer) {
            NodeKind::With { items, .. } => {
                let waits = |context: NodeId| context == off.call || is_waiting_context(subject, context);
                items.iter().any(|item| waits(item.context)) && outside(outer)
            }
            _ => false,
        })
}

/// Contexts that wait at their end for what was started inside.
fn is_waiting_context(subject: &Subject<'_>, context: NodeId) -> bool {
    let NodeKind::Call { func, .. } = subject.code().kind(context) else { return false };
    let name = last_name(subject, *func).unwrap_or_default().to_lowercase();
    ["group", "nursery", "executor", "pool", "portal", "lifespan", "wait"]
        .iter()
        .any(|part| name.contains(part))
}

/// Whether the point is asked again and again: it lies in a loop that sleeps, or in a block that retries.
fn is_polled(subject: &Subject<'_>, until: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(until).filter(|outer| subject.runs_here(*outer)).any(|outer| match code.kind(outer) {
        NodeKind::While { .. } => true,
        NodeKind::For { .. } => code
            .subtree(outer)
            .any(|node| matches!(code.kind(node), NodeKind::Await(_) | NodeKind::Try { .. })),
        _ => false,
    })
}
