//! What runs beside the test while it sleeps.

use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::handoff::{HandOff, Runner};
use crate::project::sleeps::Sleep;
use crate::project::waits::{Wait, left_running, wait_for};
use crate::project::{Place, Subject};

/// Who is given time.
pub enum Beside {
    /// Work that the test itself handed off, or a process that it started.
    Started { runs: Runs, at: NodeId },
    /// Work that a function of the project hands off, which the test calls.
    Called { runs: Runs, at: NodeId, inside: Place },
    /// A fixture of the test hands work off.
    Fixture { name: String, runs: Runs, inside: Place },
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

const PROCESSES: &[&str] = &[
    "subprocess.Popen",
    "asyncio.create_subprocess_exec",
    "asyncio.create_subprocess_shell",
    "asyncio.subprocess.create_subprocess_exec",
    "os.fork",
    "_thread.start_new_thread",
];

impl Beside {
    pub fn of(subject: &Subject<'_>, sleep: &Sleep, assertion: NodeId) -> Option<Beside> {
        started_here(subject, sleep, assertion)
            .or_else(|| in_called(subject, sleep))
            .or_else(|| in_fixture(subject))
            .or_else(|| (sleep.is_awaited || !sleep.is_plain).then_some(Beside::Loop))
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
            Beside::Fixture { inside, name, .. } => {
                vec![(inside.clone(), format!("{started}, by the fixture `{name}`"))]
            }
            Beside::Loop => Vec::new(),
        }
    }
}

fn started_here(subject: &Subject<'_>, sleep: &Sleep, assertion: NodeId) -> Option<Beside> {
    let hand_offs = subject.hand_offs();
    let runs = |off: &&HandOff| {
        off.begins < sleep.call
            && off.runner != Runner::Queue
            && wait_for(subject, off, Some(sleep.statement)) <= Wait::Tick(NodeId(u32::MAX))
            && wait_for(subject, off, Some(assertion)) != Wait::Waited
    };
    if let Some(off) = hand_offs.iter().find(runs) {
        return Some(Beside::Started { runs: Runs::By(off.runner), at: off.begins });
    }
    let code = subject.code();
    let process = subject.body().take_while(|node| *node < sleep.call).find(|node| {
        let is_known = subject.callee(*node).is_some_and(|path| PROCESSES.contains(&path.as_str()));
        is_known && subject.runs_here(*node) && matches!(code.kind(*node), NodeKind::Call { .. })
    })?;
    Some(Beside::Started { runs: Runs::Process, at: process })
}

/// A function or method of the project, called before the sleep, whose source hands work off.
fn in_called(subject: &Subject<'_>, sleep: &Sleep) -> Option<Beside> {
    let code = subject.code();
    let calls = subject.body().take_while(|node| *node < sleep.call).filter(|node| subject.runs_here(*node));
    calls.filter(|node| code.awaited_by(*node).is_none()).find_map(|at| {
        let NodeKind::Call { func, .. } = code.kind(at) else { return None };
        let definition = subject.definition(*func)?;
        let called = definition.subject(subject.project);
        let off = left_running(&called)?;
        let inside = called.place(called.code().range(off.begins));
        Some(Beside::Called { runs: Runs::By(off.runner), at, inside })
    })
}

fn in_fixture(subject: &Subject<'_>) -> Option<Beside> {
    let closure = subject.project.closure(&subject.module, subject.item);
    closure.iter().find_map(|closed| {
        let fixture = closed.fixture.as_ref()?.subject(subject.project);
        let off = left_running(&fixture)?;
        let inside = fixture.place(fixture.code().range(off.begins));
        Some(Beside::Fixture { name: closed.name.to_string(), runs: Runs::By(off.runner), inside })
    })
}
