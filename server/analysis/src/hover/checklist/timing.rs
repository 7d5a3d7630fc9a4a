//! "Is it timing-sensitive?"

use super::super::place;
use super::{Line, Test};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::mock_assertions::mock_assertions;
use crate::project::waits::{Wait, wait_for};

const RULES: &[&str] = &[
    "asserted-too-early",
    "sleep-then-assert",
    "elapsed-time-assertion",
    "unfrozen-now",
    "tight-timeout",
    "short-expiry",
];

pub fn line(test: &Test<'_>) -> Line {
    let subject = test.subject;
    let mut line = Line::new("Timing?", RULES);
    let mut seen: Vec<Use> = Vec::new();
    for node in subject.body() {
        let Some(what) = time_use(subject, node).filter(|what| !seen.contains(what)) else { continue };
        seen.push(what);
        let at = place::of(subject, subject.code().range(node));
        line.say(match what {
            Use::Sleeps => format!("It sleeps at {at}, and is right only if everything else was faster."),
            Use::Yields => {
                format!("`sleep(0)` at {at} lets other tasks run once; it waits for none of them.")
            }
            Use::Measures => format!("It reads a clock at {at}."),
            Use::Limits => format!("It sets a time limit at {at}."),
        });
    }
    for off in subject.hand_offs() {
        let at = place::of(subject, subject.code().range(off.call));
        let is_waited_for = wait_for(subject, &off, first_question(subject, off.call)) == Wait::Waited;
        line.is_true |= !is_waited_for;
        let waits =
            if is_waited_for { "and waits for it" } else { "and asserts before it has waited for it" };
        line.say(format!("It hands work to {} at {at} {waits}.", off.runner.words()));
    }
    line.is_true |= !seen.is_empty();
    if line.is_true {
        line.say(
            "Neither a retry nor `asyncio.sleep(0)` waits for anything: await the work, or poll for it with a limit.",
        );
    } else if line.says.is_empty() {
        line.say("It neither sleeps, measures, limits time nor hands work off.");
    }
    line
}

/// The first assertion after a node, on a mock or any other.
fn first_question(subject: &Subject<'_>, after: NodeId) -> Option<NodeId> {
    let asserts = subject.body().filter(|node| matches!(subject.code().kind(*node), NodeKind::Assert { .. }));
    let of_mocks = mock_assertions(subject).into_iter().map(|found| found.node);
    asserts.chain(of_mocks).filter(|node| *node > after).min()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Sleeps,
    /// `sleep(0)`.
    Yields,
    Measures,
    Limits,
}

fn time_use(subject: &Subject<'_>, node: NodeId) -> Option<Use> {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(node) else { return None };
    let path = subject.resolve(*func);
    match path.as_deref() {
        Some("time.sleep" | "asyncio.sleep" | "trio.sleep" | "anyio.sleep") => {
            let is_zero = args.first().is_some_and(|first| *code.kind(first.value) == NodeKind::Int(Some(0)));
            Some(if is_zero { Use::Yields } else { Use::Sleeps })
        }
        Some(
            "time.time"
            | "time.time_ns"
            | "time.monotonic"
            | "time.monotonic_ns"
            | "time.perf_counter"
            | "time.perf_counter_ns"
            | "time.process_time"
            | "datetime.datetime.now"
            | "datetime.datetime.utcnow"
            | "datetime.datetime.today"
            | "datetime.date.today",
        ) => Some(Use::Measures),
        Some("asyncio.wait_for" | "asyncio.timeout" | "anyio.fail_after" | "trio.fail_after") => {
            Some(Use::Limits)
        }
        _ => has_limit(subject, args).then_some(Use::Limits),
    }
}

/// A literal `timeout=`.
fn has_limit(subject: &Subject<'_>, args: &[Argument]) -> bool {
    args.iter().any(|argument| {
        matches!(&argument.kind, ArgumentKind::Keyword(name) if name == "timeout")
            && matches!(subject.code().kind(argument.value), NodeKind::Int(_) | NodeKind::Float(_))
    })
}
