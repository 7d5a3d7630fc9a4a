//! Calls that start a process, or make one that is started later.

use super::Subject;
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
