//! Which calls wait, by what they are called and what they are called on.

use super::{Args, Expiry, Wait, What};
use crate::facts::arguments::{argument, keyword};
use crate::facts::code::ArgumentKind;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

/// The argument that says how long.
pub fn limit(args: Args<'_>, index: usize) -> Option<NodeId> {
    argument(args, index, "timeout")
}

pub fn wait(subject: &Subject<'_>, func: NodeId, args: Args<'_>) -> Option<Wait> {
    let path = subject.resolve(func);
    let known = path.as_deref().and_then(|path| of_function(path, args));
    known.or_else(|| of_method(subject, func, args)).or_else(|| named_like_wait(subject, func, args))
}

fn of_function(path: &str, args: Args<'_>) -> Option<Wait> {
    use Expiry::Raises;
    let by_name = keyword(args, "timeout");
    let wait = match path {
        "subprocess.run" | "subprocess.call" | "subprocess.check_call" | "subprocess.check_output" => {
            Wait::new(What::Process, Raises, by_name)
        }
        "asyncio.wait_for" => Wait::new(What::Loop, Raises, limit(args, 1)),
        "asyncio.timeout" | "async_timeout.timeout" => {
            Wait::new(What::Loop, Raises, argument(args, 0, "delay").or(by_name))
        }
        "anyio.fail_after" => Wait::new(What::Loop, Raises, argument(args, 0, "delay")),
        "trio.fail_after" => Wait::new(What::Loop, Raises, argument(args, 0, "seconds")),
        "socket.create_connection" => Wait::new(What::Connection, Raises, limit(args, 1)),
        "urllib.request.urlopen" => Wait::new(What::Connection, Raises, limit(args, 2)),
        _ if is_request(path) => Wait::new(What::Connection, Raises, by_name),
        _ => return None,
    };
    Some(wait)
}

/// `requests.get`, `httpx.post`
fn is_request(path: &str) -> bool {
    let Some((module, name)) = path.rsplit_once('.') else { return false };
    matches!(module, "requests" | "httpx")
        && matches!(name, "get" | "post" | "put" | "delete" | "head" | "patch" | "options" | "request")
}

/// Modules whose objects wait in the thread that asks; the empty one is not known.
const MODULES: &[&str] = &["", "subprocess", "threading", "multiprocessing", "queue", "socket", "asyncio"];

fn of_method(subject: &Subject<'_>, func: NodeId, args: Args<'_>) -> Option<Wait> {
    use Expiry::{Raises, Returns, Silent};
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(func) else { return None };
    let maker = || subject.made_by(*value).unwrap_or_default();
    let is_made = |names: &[&str]| {
        let maker = maker();
        let last = maker.rsplit('.').next().unwrap_or_default();
        // Of a context or manager, `ctx.Queue()`, the module is not known.
        let is_theirs = maker.split('.').next().is_some_and(|module| MODULES.contains(&module));
        names.contains(&last) && is_theirs
    };
    let wait = match attr.as_str() {
        "communicate" if is_made(&["Popen"]) => Wait::new(What::Process, Raises, limit(args, 1)),
        "wait" if is_made(&["Popen"]) => Wait::new(What::ProcessEnd, Raises, limit(args, 0)),
        // Those of asyncio take no limit.
        "wait" if is_made(&["Event", "Condition"]) => Wait::new(What::Thread, Returns, limit(args, 0)),
        "wait" if is_made(&["Barrier"]) => Wait::new(What::Thread, Raises, limit(args, 0)),
        "wait_for" if is_made(&["Condition"]) => Wait::new(What::Thread, Returns, limit(args, 1)),
        "wait" if maker().is_empty() || maker().starts_with('.') => {
            Wait::new(What::Unknown, Returns, limit(args, 0))
        }
        "get" if is_made(&["Queue", "LifoQueue", "PriorityQueue", "SimpleQueue", "JoinableQueue"]) => {
            Wait::new(What::Thread, Raises, limit(args, 1))
        }
        "get" if maker().is_empty() && is_called_queue(subject, *value) && has_no_key(args) => {
            Wait::new(What::Thread, Raises, keyword(args, "timeout"))
        }
        "result" | "exception" if is_made(&["submit", "run_coroutine_threadsafe"]) => {
            Wait::new(What::Thread, Raises, limit(args, 0))
        }
        "join" if is_made(&["Thread", "Timer", "Process"]) || maker().is_empty() => {
            let what = if is_made(&["Process"]) { What::Process } else { What::Thread };
            Wait::new(what, Silent, limit(args, 0))
        }
        "acquire" if is_made(&["Lock", "RLock", "Semaphore", "BoundedSemaphore"]) => {
            Wait::new(What::Thread, Returns, limit(args, 1))
        }
        "settimeout" if is_made(&["socket", "create_connection"]) => {
            Wait::new(What::Connection, Raises, argument(args, 0, "value"))
        }
        _ => return None,
    };
    Some(wait)
}

/// `self.queue.get(timeout=…)`, of which only the name is known.
fn is_called_queue(subject: &Subject<'_>, receiver: NodeId) -> bool {
    let name = subject.code().kind(receiver).last_name().unwrap_or_default();
    name == "q" || name.ends_with("queue") || name.ends_with("_q")
}

/// Whether nothing but `block` is given by position: a dictionary's or a session's `get` has a key.
fn has_no_key(args: Args<'_>) -> bool {
    args.iter().all(|argument| argument.kind != ArgumentKind::Positional)
}

/// Waits of pages, in milliseconds, as are those of `qtbot`.
const OF_PAGES: &[&str] = &[
    "wait_for_selector",
    "wait_for_url",
    "wait_for_load_state",
    "wait_for_function",
    "waitSignal",
    "waitUntil",
];

fn counts_milliseconds(subject: &Subject<'_>, func: NodeId, name: &str) -> bool {
    let code = subject.code();
    let on = match code.kind(func) {
        NodeKind::Attribute { value, .. } => code.kind(*value).last_name(),
        _ => None,
    };
    OF_PAGES.contains(&name) || on == Some("qtbot")
}

/// `wait_until(…, timeout=0.5)`, of the project or of a tool: it gives up with an error.
fn named_like_wait(subject: &Subject<'_>, func: NodeId, args: Args<'_>) -> Option<Wait> {
    let by_name = keyword(args, "timeout")?;
    let name = subject.code().kind(func).last_name()?;
    if counts_milliseconds(subject, func, name) {
        let wait = Wait::new(What::Unknown, Expiry::Raises, Some(by_name));
        return Some(Wait { unit: 0.001, ..wait });
    }
    let begins = ["wait_until", "wait_for", "wait_while", "waituntil", "poll_until", "eventually"];
    let is_wait = begins.iter().any(|begin| name.trim_start_matches('_').to_lowercase().starts_with(begin));
    is_wait.then(|| Wait::new(What::Unknown, Expiry::Raises, Some(by_name)))
}
