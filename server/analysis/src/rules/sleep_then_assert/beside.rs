//! What runs beside the test while it sleeps.

use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::cached::around;
use crate::project::handoff::{HandOff, Runner};
use crate::project::processes::process;
use crate::project::sleeps::Sleep;
use crate::project::waits::{Wait, is_told_to_wait, left_running, wait_for};
use crate::project::{Place, Role, Subject};

use super::brought::waits_for_test;
use super::heard::hears;
use super::turns::needs_turns_only;

/// Who is given time.
pub enum Beside {
    /// Work that the test itself handed off, or a process that it started.
    Started { runs: Runs, at: NodeId },
    /// Work that a function of the project hands off, which the test calls.
    Called { runs: Runs, at: NodeId, inside: Place },
    /// A fixture or set-up of the test hands work off.
    Fixture { name: String, is_fixture: bool, runs: Runs, inside: Place },
    /// An event loop, whose other tasks are out of sight.
    Loop,
}

/// What runs.
#[derive(Clone, Copy)]
pub enum Runs {
    By(Runner),
    Process,
}

impl Runs {
    /// How a person calls it.
    fn who(self) -> &'static str {
        match self {
            Runs::Process | Runs::By(Runner::Process) => "a process",
            Runs::By(Runner::Task | Runner::Group | Runner::Spawner) => "a task",
            Runs::By(Runner::Callback) => "a callback",
            Runs::By(Runner::Thread) => "a thread",
            Runs::By(Runner::Executor) => "an executor's thread",
            Runs::By(Runner::Background) => "a background task",
            Runs::By(Runner::Queue) => "the reader of a queue",
        }
    }

    /// Whether it goes on at a pace of its own. What the test's own loop runs mostly gets its turns while the test sleeps.
    fn is_apart(self) -> bool {
        matches!(self, Runs::Process | Runs::By(Runner::Thread | Runner::Executor | Runner::Process))
    }
}

impl Beside {
    pub fn of(subject: &Subject<'_>, sleep: &Sleep, assertion: NodeId) -> Option<Beside> {
        started_here(subject, sleep, assertion)
            .or_else(|| in_called(subject, sleep))
            .or_else(|| in_fixture(subject))
            .or_else(|| in_loop(subject, sleep, assertion).then_some(Beside::Loop))
    }

    pub fn confidence(&self) -> Confidence {
        match self {
            Beside::Started { runs, .. } | Beside::Called { runs, .. } if runs.is_apart() => {
                Confidence::Likely
            }
            _ => Confidence::Possible,
        }
    }

    pub fn who(&self) -> &'static str {
        match self {
            Beside::Started { runs, .. } | Beside::Called { runs, .. } | Beside::Fixture { runs, .. } => {
                runs.who()
            }
            Beside::Loop => "other tasks",
        }
    }

    pub fn places(&self, subject: &Subject<'_>) -> Vec<(Place, String)> {
        let here = |node| subject.place(subject.code().range(node));
        let started = format!("{} is started here", self.who());
        match self {
            Beside::Started { at, .. } => vec![(here(*at), started)],
            Beside::Called { at, inside, .. } => {
                vec![(here(*at), "called here".to_owned()), (inside.clone(), started)]
            }
            Beside::Fixture { inside, name, is_fixture, .. } => {
                let by = if *is_fixture { "the fixture " } else { "" };
                vec![(inside.clone(), format!("{started}, by {by}`{name}`"))]
            }
            Beside::Loop => Vec::new(),
        }
    }
}

/// Whether the event loop has something to tell: a page's or pilot's own pause is made for that.
fn in_loop(subject: &Subject<'_>, sleep: &Sleep, assertion: NodeId) -> bool {
    let is_waited = || calls_before(subject, sleep).last().is_some_and(|call| is_told_to_wait(subject, call));
    !sleep.is_plain || (sleep.is_awaited && hears(subject, sleep.call, assertion) && !is_waited())
}

/// The calls that the test makes before it sleeps.
fn calls_before(subject: &Subject<'_>, sleep: &Sleep) -> impl Iterator<Item = NodeId> {
    let code = subject.code();
    let before = subject.body().take_while(|node| *node < sleep.call).filter(|node| subject.runs_here(*node));
    before.filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }))
}

fn started_here(subject: &Subject<'_>, sleep: &Sleep, assertion: NodeId) -> Option<Beside> {
    let hand_offs = subject.hand_offs();
    let runs = |off: &&HandOff| {
        off.begins < sleep.call
            && off.runner != Runner::Queue
            && !needs_turns_only(subject, off, assertion)
            && !waits_for_test(subject, off, sleep.call, assertion)
            && wait_for(subject, off, Some(sleep.statement)) <= Wait::Tick(NodeId(u32::MAX))
            && wait_for(subject, off, Some(assertion)) != Wait::Waited
    };
    if let Some(off) = hand_offs.iter().find(runs) {
        return Some(Beside::Started { runs: Runs::By(off.runner), at: off.begins });
    }
    if let Some(at) = calls_before(subject, sleep).find(|node| starts_worker(subject, *node)) {
        return Some(Beside::Started { runs: Runs::By(Runner::Thread), at });
    }
    let process = calls_before(subject, sleep)
        .filter_map(|node| process(subject, node))
        .find(|off| off.begins < sleep.call && wait_for(subject, off, Some(assertion)) != Wait::Waited);
    Some(Beside::Started { runs: Runs::Process, at: process?.begins })
}

/// `worker.start()`, where the project's class of `worker` derives from `Thread`.
fn starts_worker(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(call) else { return false };
    let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return false };
    let class = || subject.class_of(*value);
    attr == "start"
        && class().is_some_and(|class| {
            let unseen = subject.project.unseen_bases(&class.module, class.item).unwrap_or_default();
            unseen.iter().any(|path| path == "threading.Thread")
        })
}

/// A function or method of the project, called before the sleep, whose source hands work off.
fn in_called(subject: &Subject<'_>, sleep: &Sleep) -> Option<Beside> {
    let code = subject.code();
    let leaves = |call: &NodeId| code.awaited_by(*call).is_none() && !is_told_to_wait(subject, *call);
    calls_before(subject, sleep).filter(leaves).find_map(|at| {
        let NodeKind::Call { func, .. } = code.kind(at) else { return None };
        let definition = subject.definition(*func)?;
        let called = definition.subject(subject.project);
        let off = left_running(&called)?;
        let inside = called.place(called.code().range(off.begins));
        Some(Beside::Called { runs: Runs::By(off.runner), at, inside })
    })
}

/// A fixture or set-up of the test.
fn in_fixture(subject: &Subject<'_>) -> Option<Beside> {
    around(subject).iter().find_map(|around| {
        let off = left_running(around)?;
        let inside = around.place(around.code().range(off.begins));
        let name = around.as_fixture().map(|fixture| fixture.name.to_string());
        let name = name.unwrap_or_else(|| around.module.file.name(around.item).to_owned());
        let is_fixture = around.role == Role::Fixture;
        Some(Beside::Fixture { name, is_fixture, runs: Runs::By(off.runner), inside })
    })
}
