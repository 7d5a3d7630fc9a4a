//! Calls that hand work to somebody else: a task, a callback, a thread, an executor, a group, a queue.
//!
//! A hand-off returns before the work is done. What is awaited where it is handed off is none.

use smol_str::SmolStr;

use super::Subject;
use crate::facts::arguments::argument;
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{BindingKind, NodeId, NodeKind};

/// Who runs the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Runner {
    /// A task of the event loop.
    Task,
    /// The event loop calls a function.
    Callback,
    Thread,
    Executor,
    /// A process of its own; [`super::processes::process`] finds these.
    Process,
    /// A task group or nursery.
    Group,
    /// Work that a framework runs after the response.
    Background,
    /// A coroutine that is given to a function of which only this is known.
    Spawner,
    /// A queue that a worker empties.
    Queue,
}

/// One hand-off. Nodes are of the subject's item.
#[derive(Clone, Debug, PartialEq)]
pub struct HandOff {
    pub call: NodeId,
    /// From here on the work may run: `call`, or the `start()` of a thread made before.
    pub begins: NodeId,
    pub runner: Runner,
    pub work: Work,
}

impl HandOff {
    /// A call whose value is the handle of work that was handed off inside.
    pub fn of_value(call: NodeId, runner: Runner) -> HandOff {
        HandOff { call, begins: call, runner, work: Work::Coroutine(call) }
    }

    /// Whether the work goes on while the test does: in a thread, a process, or another thread's event loop.
    pub fn is_apart(&self, subject: &Subject<'_>) -> bool {
        let in_other_loop = || {
            let func = subject.code().uncalled(self.call);
            last_name(subject, func).is_some_and(|name| name == "run_coroutine_threadsafe")
        };
        self.runner.is_thread() || self.runner == Runner::Process || in_other_loop()
    }
}

/// What is handed off.
#[derive(Clone, Debug, PartialEq)]
pub enum Work {
    /// An expression that makes a coroutine; calls in it are made at once, their bodies run later.
    Coroutine(NodeId),
    /// A function to be called later, and what it is called with.
    Function { func: NodeId, args: Vec<NodeId> },
}

impl Work {
    pub fn nodes(&self) -> Vec<NodeId> {
        match self {
            Work::Coroutine(node) => vec![*node],
            Work::Function { func, args } => std::iter::once(*func).chain(args.iter().copied()).collect(),
        }
    }
}

impl Runner {
    /// How a person calls it, with its article.
    pub fn words(self) -> &'static str {
        match self {
            Runner::Task => "a task",
            Runner::Callback => "the event loop",
            Runner::Thread => "a thread",
            Runner::Executor => "an executor",
            Runner::Process => "a process",
            Runner::Group => "a task group",
            Runner::Background => "background tasks",
            Runner::Spawner => "the background",
            Runner::Queue => "a queue",
        }
    }

    /// Whether the work runs in another thread, while the test goes on.
    pub fn is_thread(self) -> bool {
        matches!(self, Runner::Thread | Runner::Executor)
    }
}

/// Functions that only put coroutines together, or wait for them: what they are given is theirs.
const COMBINATORS: &[&str] = &[
    "append",
    "extend",
    "insert",
    "add",
    "appendleft",
    "setdefault",
    "partial",
    "close",
    "gather",
    "wait",
    "wait_for",
    "shield",
    "timeout",
    "as_completed",
    "run",
    "run_until_complete",
    "iscoroutine",
];

/// The hand-offs of the subject's own function; [`Subject::hand_offs`] keeps them.
pub(super) fn find(subject: &Subject<'_>) -> Vec<HandOff> {
    subject
        .body()
        .filter(|node| matches!(subject.code().kind(*node), NodeKind::Call { .. }))
        .filter(|node| subject.runs_here(*node))
        .filter(|node| subject.code().awaited_by(*node).is_none())
        .filter_map(|call| hand_off(subject, call))
        .collect()
}

/// The hand-off that a call makes.
pub fn hand_off(subject: &Subject<'_>, call: NodeId) -> Option<HandOff> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
    let path = subject.resolve(*func);
    if path.as_deref() == Some("threading.Thread") || path.as_deref() == Some("threading.Timer") {
        return thread(subject, call, args, path.as_deref() == Some("threading.Timer"));
    }
    let name = last_name(subject, *func)?;
    let (runner, work) = task(subject, &name, *func, path.as_deref(), args)
        .or_else(|| enqueued(subject, &name, args))
        .or_else(|| callback(subject, &name, *func, args))
        .or_else(|| stray_coroutine(subject, &name, args))?;
    Some(HandOff { call, begins: call, runner, work })
}

/// The last part of the name that is called.
pub fn last_name(subject: &Subject<'_>, func: NodeId) -> Option<SmolStr> {
    match subject.code().kind(func) {
        NodeKind::Attribute { attr, .. } => Some(attr.clone()),
        NodeKind::Name(name) => {
            let path = subject.resolve(func);
            let last = path.as_deref().and_then(|path| path.rsplit('.').next()).map(SmolStr::new);
            Some(last.unwrap_or_else(|| name.clone()))
        }
        _ => None,
    }
}

fn task(
    subject: &Subject<'_>,
    name: &str,
    func: NodeId,
    path: Option<&str>,
    args: &[Argument],
) -> Option<(Runner, Work)> {
    let is_task = matches!(name, "create_task" | "ensure_future" | "run_coroutine_threadsafe")
        || matches!(path, Some("asyncio.Task" | "asyncio.tasks.Task" | "asyncio.gather" | "asyncio.shield"));
    let coroutine = argument(args, 0, "coro").or_else(|| argument(args, 0, "coro_or_future"))?;
    if !is_task || !may_be_coroutine(subject, coroutine) {
        return None;
    }
    let runner = if entered_receiver(subject, func).is_some() { Runner::Group } else { Runner::Task };
    Some((runner, Work::Coroutine(coroutine)))
}

/// Names of functions that projects give coroutines to, so that somebody runs them.
const SPAWNERS: &[&str] = &[
    "add_background_task",
    "async_create_task",
    "create_background_task",
    "create_catching_task",
    "enqueue",
    "enqueue_coroutine",
    "ensure_initialized_and_enqueue",
    "fire_and_forget",
    "run_in_background",
    "schedule_coroutine",
    "spawn",
    "spawn_task",
    "start_task",
];

/// `worker.enqueue(send(order))`: a call among the arguments that is not awaited.
fn enqueued(subject: &Subject<'_>, name: &str, args: &[Argument]) -> Option<(Runner, Work)> {
    if !SPAWNERS.contains(&name) {
        return None;
    }
    let is_call = |value: &NodeId| matches!(subject.code().kind(*value), NodeKind::Call { .. });
    let coroutine = args.iter().map(|argument| argument.value).find(is_call)?;
    Some((Runner::Spawner, Work::Coroutine(coroutine)))
}

fn callback(subject: &Subject<'_>, name: &str, func: NodeId, args: &[Argument]) -> Option<(Runner, Work)> {
    let receiver = || receiver_text(subject, func).to_lowercase();
    let (runner, skipped) = match name {
        "call_soon" | "call_soon_threadsafe" => (Runner::Callback, 0),
        "add_callback" | "spawn_callback" if receiver().contains("loop") => (Runner::Callback, 0),
        "call_later" | "call_at" => (Runner::Callback, 1),
        "run_in_executor" => (Runner::Executor, 1),
        "submit" if is_executor(subject, func) => (Runner::Executor, 0),
        "start_soon" | "start_task_soon" => (Runner::Group, 0),
        "start_new_thread" => (Runner::Thread, 0),
        "add_task" if receiver().contains("background") || receiver().ends_with("tasks") => {
            (Runner::Background, 0)
        }
        _ => return None,
    };
    let mut positional =
        args.iter().filter(|a| a.kind == ArgumentKind::Positional).map(|a| a.value).skip(skipped);
    let called = positional.next()?;
    let rest = args.iter().map(|a| a.value).filter(|value| *value > called).collect();
    is_callable(subject, called).then_some((runner, Work::Function { func: called, args: rest }))
}

/// A coroutine of an `async def` of the project that is passed to a function which is not awaited: somebody else will.
fn stray_coroutine(subject: &Subject<'_>, name: &str, args: &[Argument]) -> Option<(Runner, Work)> {
    if COMBINATORS.contains(&name) || name.starts_with("assert") || name.contains("wait") {
        return None;
    }
    let coroutine =
        args.iter().map(|argument| argument.value).find(|value| makes_coroutine(subject, *value))?;
    Some((Runner::Spawner, Work::Coroutine(coroutine)))
}

/// Whether an expression is a call of an `async def` of the project that is no generator.
fn makes_coroutine(subject: &Subject<'_>, expr: NodeId) -> bool {
    let NodeKind::Call { func, .. } = subject.code().kind(expr) else { return false };
    if let Some(local) = local_function(subject, *func) {
        return matches!(subject.code().kind(local), NodeKind::Function(f) if f.is_async)
            && !yields(subject, local);
    }
    let Some(called) = subject.definition(*func) else { return false };
    let called = called.subject(subject.project);
    let Some(root) = called.code().roots.first() else { return false };
    called.function().is_some_and(|function| function.is_async && function.decorators.is_empty())
        && !yields(&called, *root)
}

fn yields(subject: &Subject<'_>, function: NodeId) -> bool {
    let code = subject.code();
    code.subtree(function).any(|node| {
        matches!(code.kind(node), NodeKind::Yield { .. }) && code.scope_of(node) == Some(function)
    })
}

/// The function nested in this item that a name stands for.
pub fn local_function(subject: &Subject<'_>, func: NodeId) -> Option<NodeId> {
    let name = subject.code().kind(func).as_name()?;
    let local = subject.facts.bindings().visible(subject.code(), name, func);
    match local.as_slice() {
        [one] => match one.kind {
            BindingKind::Function => Some(one.node),
            BindingKind::Value(value) if matches!(subject.code().kind(value), NodeKind::Lambda { .. }) => {
                Some(value)
            }
            _ => None,
        },
        _ => None,
    }
}

/// A thread, timer or process that is made by this call and started later.
pub(super) fn thread(
    subject: &Subject<'_>,
    call: NodeId,
    args: &[Argument],
    is_timer: bool,
) -> Option<HandOff> {
    let code = subject.code();
    let func = match is_timer {
        true => argument(args, 1, "function"),
        false => argument(args, 1, "target"),
    }?;
    let given =
        argument(args, usize::MAX, "args").into_iter().chain(argument(args, usize::MAX, "kwargs")).collect();
    let begins = started(subject, call)?;
    let runner = Runner::Thread;
    code.kind(func).as_str().is_none().then_some(HandOff {
        call,
        begins,
        runner,
        work: Work::Function { func, args: given },
    })
}

/// The call of `start` on the thread that `call` makes.
fn started(subject: &Subject<'_>, call: NodeId) -> Option<NodeId> {
    let code = subject.code();
    if let NodeKind::Attribute { attr, .. } = code.kind(code.node(call).parent)
        && attr == "start"
    {
        return Some(code.node(code.node(call).parent).parent);
    }
    let handle = handle_of(subject, call)?;
    subject.body().filter(|node| *node > call).find(|node| {
        let NodeKind::Call { func, .. } = code.kind(*node) else { return false };
        let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return false };
        attr == "start"
            && (code.dotted(*value).as_deref() == Some(handle.as_str())
                || is_element_of(subject, *value, &handle))
    })
}

/// Whether a name is that of one element after the other: `thread` in `for thread in threads`.
fn is_element_of(subject: &Subject<'_>, expr: NodeId, list: &str) -> bool {
    let code = subject.code();
    let Some(name) = code.kind(expr).as_name() else { return false };
    let bound = subject.facts.bindings().visible(code, name, expr);
    bound.iter().any(|binding| match binding.kind {
        BindingKind::Element(iter) => code.dotted(iter).as_deref() == Some(list),
        _ => false,
    })
}

/// The name or attribute that a statement binds the value of `call` to, alone or in a list: `task`, `self.tasks`.
pub fn handle_of(subject: &Subject<'_>, call: NodeId) -> Option<String> {
    let code = subject.code();
    for outer in code.ancestors(call) {
        match code.kind(outer) {
            NodeKind::Assign { targets, value } if code.is_within(call, *value) => {
                return targets.iter().find_map(|target| code.dotted(*target));
            }
            NodeKind::AnnAssign { target, .. } => return code.dotted(*target),
            NodeKind::With { items, .. } => {
                let entered = items.iter().find(|item| code.is_within(call, item.context))?;
                return entered.target.and_then(|target| code.dotted(target));
            }
            NodeKind::Walrus { target, .. } => return code.dotted(*target),
            NodeKind::Call { func, .. } if !code.is_within(call, *func) => {
                if let NodeKind::Attribute { value, attr, .. } = code.kind(*func)
                    && matches!(attr.as_str(), "append" | "add" | "insert" | "put" | "put_nowait")
                {
                    return code.dotted(*value);
                }
            }
            NodeKind::AugAssign { target, .. } => return code.dotted(*target),
            NodeKind::Expr(_) | NodeKind::Function(_) | NodeKind::Lambda { .. } => return None,
            _ => {}
        }
    }
    None
}

/// The `with` statement whose target a method is called on: `tg` in `tg.create_task(…)`.
pub fn entered_receiver(subject: &Subject<'_>, func: NodeId) -> Option<NodeId> {
    let code = subject.code();
    let NodeKind::Attribute { value, .. } = code.kind(func) else { return None };
    let name = code.kind(*value).as_name()?;
    let bound = subject.facts.bindings().visible(code, name, func);
    let entered = |binding: &&&crate::facts::Binding| matches!(binding.kind, BindingKind::Entered(_));
    bound.iter().find(entered).map(|binding| binding.node)
}

/// Whether a method is called on a `ThreadPoolExecutor`, or on something named like one.
fn is_executor(subject: &Subject<'_>, func: NodeId) -> bool {
    let NodeKind::Attribute { value, .. } = subject.code().kind(func) else { return false };
    let text = receiver_text(subject, func).to_lowercase();
    is_thread_pool(subject, *value) || text.ends_with("executor") || text.ends_with("pool")
}

/// Whether an expression stands for a `ThreadPoolExecutor`: made there, bound above, or made by a fixture.
pub fn is_thread_pool(subject: &Subject<'_>, expr: NodeId) -> bool {
    let code = subject.code();
    let is_made =
        |made: NodeId| subject.callee(made).is_some_and(|path| path.ends_with("ThreadPoolExecutor"));
    if is_made(expr) {
        return true;
    }
    let Some(name) = code.kind(expr).as_name() else { return false };
    let bound = subject.facts.bindings().visible(code, name, expr);
    bound.iter().any(|binding| match binding.kind {
        BindingKind::Value(made) | BindingKind::Entered(made) => is_made(made),
        BindingKind::Param(_) => {
            let fixture = subject.fixture_subject(name);
            fixture.is_some_and(|it| it.results().iter().any(|made| is_thread_pool(&it, *made)))
        }
        _ => false,
    })
}

pub(super) fn receiver_text<'s>(subject: &'s Subject<'_>, func: NodeId) -> &'s str {
    match subject.code().kind(func) {
        NodeKind::Attribute { value, .. } => subject.source(*value),
        _ => "",
    }
}

/// Whether an expression can give a coroutine: a call, or a name.
fn may_be_coroutine(subject: &Subject<'_>, expr: NodeId) -> bool {
    matches!(
        subject.code().kind(expr),
        NodeKind::Call { .. } | NodeKind::Name(_) | NodeKind::Attribute { .. }
    )
}

fn is_callable(subject: &Subject<'_>, expr: NodeId) -> bool {
    matches!(
        subject.code().kind(expr),
        NodeKind::Name(_) | NodeKind::Attribute { .. } | NodeKind::Lambda { .. } | NodeKind::Call { .. }
    )
}

/// The local name of a framework's background tasks, which run when it is called and awaited (Starlette's
/// documentation, "Background Tasks").
pub fn is_background_tasks(subject: &Subject<'_>, name: NodeId) -> bool {
    let code = subject.code();
    let Some(spelled) = code.kind(name).as_name() else { return false };
    let bound = subject.facts.bindings().visible(code, spelled, name);
    bound.iter().any(|binding| match binding.kind {
        BindingKind::Value(made) => {
            subject.callee(made).is_some_and(|path| path.ends_with(".BackgroundTasks"))
        }
        _ => false,
    })
}
