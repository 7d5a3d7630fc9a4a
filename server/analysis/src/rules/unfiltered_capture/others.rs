//! What may log or warn beside the test.

use super::captured::begins;
use super::claimed::Claimed;
use crate::facts::{NodeId, NodeKind};
use crate::project::handoff::Runner;
use crate::project::waits::{Wait, left_running, wait_for};
use crate::project::{Place, Subject};

pub enum Other {
    /// Work that runs when the assertion looks.
    Running { place: Place, is_thread: bool, by: Option<String> },
    /// An event loop, which logs what earlier tests left when it is collected.
    Loop { at: Option<NodeId> },
}

impl Other {
    pub fn of(subject: &Subject<'_>, claimed: &Claimed) -> Option<Other> {
        started_here(subject, claimed.at)
            .or_else(|| in_fixture(subject))
            .or_else(|| awaits(subject, claimed).then_some(Other::Loop { at: None }))
            .or_else(|| runs_loop(subject, claimed.at))
    }

    pub fn words(&self) -> &'static str {
        match self {
            Other::Running { is_thread: true, .. } => {
                "A thread is running by then, and what it and the libraries in it log or warn comes when it comes."
            }
            Other::Running { .. } => {
                "A task is running by then, and what it and the libraries in it log or warn comes when it comes."
            }
            Other::Loop { .. } => {
                "Tasks, sockets and sessions that any test before has left are reported whenever Python collects them, which may be here."
            }
        }
    }

    pub fn place(&self, subject: &Subject<'_>) -> Option<Place> {
        match self {
            Other::Running { place, .. } => Some(place.clone()),
            Other::Loop { at } => at.map(|at| subject.place(subject.code().range(at))),
        }
    }

    pub fn note(&self) -> String {
        match self {
            Other::Running { by: Some(fixture), .. } => {
                format!("It is started here, by the fixture `{fixture}`.")
            }
            Other::Running { .. } => "It is started here.".to_owned(),
            Other::Loop { .. } => "An event loop runs here.".to_owned(),
        }
    }
}

/// Work of the test's own that nothing has waited for before the assertion.
fn started_here(subject: &Subject<'_>, assertion: NodeId) -> Option<Other> {
    let off = subject.hand_offs().into_iter().find(|off| {
        let is_real = off.runner.is_thread() || off.runner == Runner::Task;
        is_real && off.begins < assertion && wait_for(subject, off, Some(assertion)) != Wait::Waited
    })?;
    let place = subject.place(subject.code().range(off.begins));
    Some(Other::Running { place, is_thread: off.runner.is_thread(), by: None })
}

fn in_fixture(subject: &Subject<'_>) -> Option<Other> {
    let closure = subject.closure();
    closure.iter().find_map(|closed| {
        let fixture = closed.fixture.as_ref()?.subject(subject.project);
        let off = left_running(&fixture)?;
        let place = fixture.place(fixture.code().range(off.begins));
        Some(Other::Running { place, is_thread: off.runner.is_thread(), by: Some(closed.name.to_string()) })
    })
}

/// Whether others of the test's own loop have their turn between the beginning of the capture and the assertion.
fn awaits(subject: &Subject<'_>, claimed: &Claimed) -> bool {
    let code = subject.code();
    let begin = begins(subject, claimed.all).unwrap_or(NodeId(0));
    let is_turn = |node: &NodeId| {
        matches!(
            code.kind(*node),
            NodeKind::Await(_) | NodeKind::With { is_async: true, .. } | NodeKind::For { is_async: true, .. }
        )
    };
    let mut here = subject.body().filter(|node| *node > begin && *node < claimed.at);
    subject.function().is_some_and(|function| function.is_async) && here.any(|node| is_turn(&node))
}

/// `asyncio.run(…)` before the assertion.
fn runs_loop(subject: &Subject<'_>, assertion: NodeId) -> Option<Other> {
    let at = subject.body().take_while(|node| *node < assertion).find(|node| {
        matches!(subject.code().kind(*node), NodeKind::Call { .. })
            && subject.callee(*node).is_some_and(|path| path == "asyncio.run" || path == "anyio.run")
    })?;
    Some(Other::Loop { at: Some(at) })
}
