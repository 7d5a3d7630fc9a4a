//! Calls that start a process, or make one that is started later.

use super::Subject;
use super::functions::function_at;
use super::handoff::{HandOff, Runner, Work, receiver_text, thread};
use crate::facts::{NodeId, NodeKind};

const PROCESSES: &[&str] = &[
    "subprocess.Popen",
    "asyncio.create_subprocess_exec",
    "asyncio.create_subprocess_shell",
    "asyncio.subprocess.create_subprocess_exec",
    "asyncio.subprocess.create_subprocess_shell",
    "psutil.Popen",
];

const FORKED: &[&str] = &["multiprocessing.Process", "multiprocessing.context.Process"];

/// The process that a call starts, or makes that is started later.
pub fn process(subject: &Subject<'_>, call: NodeId) -> Option<HandOff> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
    let path = subject.resolve(*func).unwrap_or_default();
    if PROCESSES.contains(&path.as_str()) {
        let args = args.iter().map(|argument| argument.value).collect();
        let work = Work::Function { func: *func, args };
        return Some(HandOff { call, begins: call, runner: Runner::Process, work });
    }
    let is_forked = FORKED.contains(&path.as_str()) || is_of_context(subject, *func);
    let off = is_forked.then(|| thread(subject, call, args, false)).flatten()?;
    Some(HandOff { runner: Runner::Process, ..off })
}

/// `context.Process` of what `multiprocessing.get_context` gave, or is named like that.
fn is_of_context(subject: &Subject<'_>, func: NodeId) -> bool {
    let NodeKind::Attribute { attr, .. } = subject.code().kind(func) else { return false };
    let receiver = receiver_text(subject, func).to_lowercase();
    attr == "Process"
        && (receiver.ends_with("context") || receiver.ends_with("ctx") || receiver.contains("get_context"))
}

/// Whether a decorator of the project runs the function in another process, instead of calling it: what it does to
/// its own process ends there.
pub fn runs_in_a_process_of_its_own(subject: &Subject<'_>) -> bool {
    let decorators = subject.function().map(|function| &*function.decorators).unwrap_or_default();
    decorators.iter().any(|decorator| {
        let code = subject.code();
        let path = subject.resolve(code.uncalled(decorator.expr));
        let source = path.and_then(|path| function_at(subject, &path));
        source
            .is_some_and(|(module, item)| starts_its_argument(&Subject::new(subject.project, &module, item)))
    })
}

/// Whether a decorator gives the decorated function to something that starts a process, and never calls it itself.
fn starts_its_argument(decorator: &Subject<'_>) -> bool {
    let code = decorator.code();
    let Some(function) = decorator.function() else { return false };
    let is_param = |node: NodeId| {
        let name = code.kind(node).as_name();
        name.is_some_and(|name| function.params.iter().any(|param| param.name == name))
    };
    let mut starts = false;
    for node in decorator.body() {
        let NodeKind::Call { func, args } = code.kind(node) else { continue };
        if is_param(*func) {
            return false;
        }
        let called = code.kind(*func).last_name().unwrap_or_default();
        let is_start = called.contains("process") || called.contains("Process") || called.contains("fork");
        starts |= is_start && args.iter().any(|argument| is_param(argument.value));
    }
    starts
}
