//! Work that the test itself starts.

use super::instant::is_instant;
use super::{Asks, Begun, Found, asked, between, ended};
use crate::facts::{Code, NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::callee::Definition;
use crate::project::definition::Definition as Class;
use crate::project::handoff::{HandOff, Runner, Work, handle_of, is_thread_pool};
use crate::project::outcome;
use crate::project::processes::process;
use crate::project::surroundings::Surroundings;
use crate::project::waits::{Wait, is_waited_on_the_other_side, wait_for};

/// What tests replace to have work done where it is handed off.
const REPLACED: &[&str] =
    &["Thread", "Timer", "Process", "Popen", "ThreadPoolExecutor", "submit", "start", "create_task"];

/// Whether what starts work is replaced around the test, so that it may run there and then.
pub fn runs_at_once(subject: &Subject<'_>) -> bool {
    let surroundings = Surroundings::of(subject);
    REPLACED.iter().any(|name| surroundings.mocks(name))
}

/// The first assertion that each piece of work is asked about too early.
pub fn found(subject: &Subject<'_>) -> Vec<Found> {
    let offs = started(subject);
    if offs.is_empty() {
        return Vec::new();
    }
    let assertions = asked::assertions(subject);
    offs.into_iter().filter_map(|off| judged(subject, off, &assertions)).collect()
}

fn started(subject: &Subject<'_>) -> Vec<HandOff> {
    let code = subject.code();
    let calls = subject.body().filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }));
    let own = calls.filter(|call| subject.runs_here(*call));
    let more = own.filter_map(|call| process(subject, call).or_else(|| own_thread(subject, call)));
    let mut all = subject.hand_offs();
    all.extend(more);
    all.retain(|off| !is_asked_at_once(code, off) && is_known(subject, off));
    all.sort_by_key(|off| off.begins);
    all
}

fn judged(subject: &Subject<'_>, off: HandOff, assertions: &[NodeId]) -> Option<Found> {
    let written = written(subject, &off);
    let behind = assertions.iter().copied().filter(|assertion| *assertion > off.begins);
    let asks = |assertion: NodeId| {
        let effect = written.iter().find(|name| asked::needs(subject, assertion, name));
        match effect {
            Some(name) => Some(Asks::effect(name)),
            None => ended::needs_end(subject, &off, assertion).then_some(Asks::End),
        }
    };
    let (assertion, asks) = behind.into_iter().find_map(|at| Some((at, asks(at)?)))?;
    let wait = wait_for(subject, &off, Some(assertion));
    let confidence = confidence(subject, &off, &asks, assertion, wait)?;
    Some(Found { assertion, begun: Begun::Here(off), asks, confidence })
}

/// `None` where the work is waited for, or may be. Behind a sleep the assertion is `sleep-then-assert`'s.
fn confidence(
    subject: &Subject<'_>,
    off: &HandOff,
    asks: &Asks,
    assertion: NodeId,
    wait: Wait,
) -> Option<Confidence> {
    match (wait, asks) {
        (Wait::Waited | Wait::Slept(_) | Wait::Tick(_), _) => None,
        (Wait::Other(awaited), Asks::Effect(effect)) if !off.is_apart(subject) => {
            let may_wait =
                is_waited_on_the_other_side(subject, off, wait) || is_about(subject, awaited, effect);
            (!may_wait).then_some(Confidence::Possible)
        }
        // A task has had no turn at all: that is so on every machine.
        _ if !off.is_apart(subject) => None,
        (_, Asks::End) if off.runner == Runner::Process => Some(Confidence::Likely),
        (Wait::None, _) if between::is_quick(subject, off, assertion) => match is_instant(subject, off) {
            true => Some(Confidence::Possible),
            false => Some(Confidence::Likely),
        },
        (_, Asks::End) => Some(Confidence::Possible),
        _ => None,
    }
}

/// Whether what is awaited has to do with the object that the work changes: it may wait for the change, or make one itself.
fn is_about(subject: &Subject<'_>, awaited: NodeId, effect: &str) -> bool {
    let object = effect.split(['.', '[']).next().unwrap_or(effect);
    let code = subject.code();
    object != "self" && code.subtree(awaited).any(|part| code.kind(part).as_name() == Some(object))
}

fn written(subject: &Subject<'_>, off: &HandOff) -> Vec<String> {
    let is_command = off.runner == Runner::Process && off.begins == off.call;
    if let (Work::Function { func, .. }, Some(run)) = (&off.work, run_of(subject, off)) {
        return outcome::of_method(subject, *func, &run);
    }
    match &off.work {
        Work::Function { args, .. } if is_command => ended::files(subject, off, args),
        work => outcome::of_work(subject, work),
    }
}

/// `executor.submit(job).result()`: something is done with the value of the hand-off where it stands.
fn is_asked_at_once(code: &Code, off: &HandOff) -> bool {
    let outer = code.awaited_by(off.call).unwrap_or(off.call);
    match code.kind(code.node(outer).parent) {
        NodeKind::Attribute { attr, .. } => attr != "start",
        NodeKind::Call { func, .. } => {
            !code.kind(*func).last_name().is_some_and(|name| matches!(name, "append" | "add"))
        }
        _ => false,
    }
}

/// An object that is only called an executor may run things there and then; a process pool shares no memory.
fn is_known(subject: &Subject<'_>, off: &HandOff) -> bool {
    let code = subject.code();
    if off.runner != Runner::Executor {
        return off.runner != Runner::Queue && off.runner != Runner::Background;
    }
    let NodeKind::Attribute { value, attr, .. } = code.kind(code.uncalled(off.call)) else { return false };
    attr == "run_in_executor" || is_thread_pool(subject, *value)
}

/// `Worker()` of a class of the project that derives from `threading.Thread`, and is started.
fn own_thread(subject: &Subject<'_>, call: NodeId) -> Option<HandOff> {
    let code = subject.code();
    let (module, item) = subject.project.class_at(&subject.callee(call)?)?;
    if !subject.project.is_thread(&Class::of_item(&module, item)?) {
        return None;
    }
    let start = format!("{}.start", handle_of(subject, call)?);
    let mut behind = subject.body().filter(|node| *node > call);
    let (begins, func) = behind.find_map(|node| match code.kind(node) {
        NodeKind::Call { func, .. } if code.dotted(*func).as_deref() == Some(&start) => Some((node, *func)),
        _ => None,
    })?;
    let work = Work::Function { func, args: Vec::new() };
    Some(HandOff { call, begins, runner: Runner::Thread, work })
}

/// The `run` of a thread that is of a class of the project.
pub fn run_of(subject: &Subject<'_>, off: &HandOff) -> Option<Definition> {
    let (module, item) = subject.project.class_at(&subject.callee(off.call)?)?;
    subject.project.method(&Definition { module, item }, "run")
}
