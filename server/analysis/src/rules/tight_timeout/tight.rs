//! How much time is too little.

use super::timed::{Timed, What};
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;

/// A limit below the first is tight, one up to the second may be.
struct Bounds {
    likely_below: f64,
    possible_to: f64,
}

fn bounds(what: What) -> Bounds {
    let (likely_below, possible_to) = match what {
        // An interpreter alone takes a tenth of a second to start, and several times that on a busy machine.
        What::Process => (1.01, 2.0),
        What::Thread | What::ProcessEnd => (0.5, 1.0),
        What::Loop => (0.05, 0.2),
        What::Connection | What::Unknown => (0.05, 0.5),
        What::Test => (1.0, 1.0),
    };
    Bounds { likely_below, possible_to }
}

pub fn confidence(subject: &Subject<'_>, timed: &Timed) -> Option<Confidence> {
    let what = if timed.what == What::Loop && is_apart(subject) { What::Thread } else { timed.what };
    let bounds = bounds(what);
    if timed.seconds < bounds.likely_below || races_sleep(subject, timed).is_some() {
        return Some(Confidence::Likely);
    }
    (timed.seconds <= bounds.possible_to).then_some(Confidence::Possible)
}

/// What makes a coroutine wait for something outside the loop.
const APART: &[&str] = &[
    "create_subprocess_exec",
    "create_subprocess_shell",
    "open_connection",
    "open_unix_connection",
    "start_server",
    "create_server",
    "to_thread",
    "run_in_executor",
    "Thread",
    "ThreadPoolExecutor",
    "Popen",
    "run_sync",
];

fn is_apart(subject: &Subject<'_>) -> bool {
    let code = subject.code();
    subject.body().any(|node| match code.kind(node) {
        NodeKind::Call { func, .. } => code.kind(*func).last_name().is_some_and(|name| APART.contains(&name)),
        _ => false,
    })
}

/// A sleep that the limit hardly exceeds, in the work that it is for.
pub fn races_sleep(subject: &Subject<'_>, timed: &Timed) -> Option<NodeId> {
    const RATIO: f64 = 2.5;
    const LONG: f64 = 5.0;
    if timed.seconds > LONG {
        return None;
    }
    let code = subject.code();
    let sleeps = subject.body().filter_map(|node| {
        let NodeKind::Call { args, .. } = code.kind(node) else { return None };
        let is_sleep = subject.callee(node).is_some_and(|path| {
            matches!(path.as_str(), "time.sleep" | "asyncio.sleep" | "anyio.sleep" | "trio.sleep")
        });
        // The test's own pauses are over by then.
        let is_beside = !subject.runs_here(node) || code.is_within(node, timed.call);
        let seconds = (is_sleep && is_beside).then(|| subject.number(args.first()?.value)).flatten()?;
        Some((node, seconds))
    });
    let longest = sleeps.max_by(|(_, one), (_, other)| one.total_cmp(other))?;
    (longest.1 < timed.seconds && timed.seconds < longest.1 * RATIO).then_some(longest.0)
}
