//! Who else sleeps while the patch is in force.

use super::asked::Asked;
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::cached::around;
use crate::project::sleepers::{Sleeper, begun_in};
use crate::project::surroundings::Surroundings;
use crate::project::waits::{Wait, wait_since};

/// Functions that a test or fixture calls are looked into this far.
const MAX_DEPTH: u32 = 3;

/// A thread or task that may be running.
pub enum Beside {
    /// The test or what runs around it begins it, by calling this function where it is not its own doing.
    Begun { sleeper: Sleeper, by: Option<String> },
    /// The project has it: another test may have left it running.
    Elsewhere(Sleeper),
}

impl Beside {
    pub fn sleeper(&self) -> &Sleeper {
        match self {
            Beside::Begun { sleeper, .. } | Beside::Elsewhere(sleeper) => sleeper,
        }
    }

    /// A task has its turn only where the test waits: mostly nothing of it is seen.
    pub fn confidence(&self, path: &str) -> Confidence {
        match self {
            Beside::Begun { .. } if path == "time.sleep" => Confidence::Likely,
            _ => Confidence::Possible,
        }
    }

    pub fn why(&self, path: &str) -> String {
        let sleeper = self.sleeper();
        let (name, runner) = (&sleeper.name, sleeper.runner.words());
        match self {
            Beside::Begun { by: Some(by), .. } => format!(
                "`{name}` loops in {runner} that `{by}` begins, and calls `{path}` as well: once it wakes up it calls the mock, which gives it no pause."
            ),
            Beside::Begun { by: None, .. } => format!(
                "`{name}` loops in {runner}, and calls `{path}` as well: once it wakes up it calls the mock, which gives it no pause."
            ),
            Beside::Elsewhere(_) => format!(
                "`{name}` loops in {runner} of the project and calls `{path}`: where another test has begun it, its calls count too, and a mock that returns at once makes it spin."
            ),
        }
    }
}

/// Words of code that looks after threads that are left.
const LOOKS_AFTER: &[&str] = &["threading.enumerate", "active_count"];

pub fn beside(subject: &Subject<'_>, asked: &Asked) -> Option<Beside> {
    let surroundings = Surroundings::of(subject);
    if ["Thread", "threading", "start", "create_task"].iter().any(|name| surroundings.mocks(name)) {
        return None;
    }
    let around = around(subject);
    let looks_after = |text: &str| LOOKS_AFTER.iter().any(|word| text.contains(word));
    // What the mock does may end the loop, after so many calls.
    let ends_it = |text: &str| text.contains("side_effect");
    let is_ended = ends_it(subject.text()) || around.iter().any(|other| ends_it(other.text()));
    let own = || begun(subject, asked.path, Some(asked.at), MAX_DEPTH).filter(|_| !is_ended);
    let other = || around.iter().find_map(|other| begun(other, asked.path, first_yield(other), MAX_DEPTH));
    if let Some((sleeper, by)) = own().or_else(other) {
        return Some(Beside::Begun { sleeper, by });
    }
    // A loop of its own ends the tasks of a test.
    let is_kept = asked.path == "time.sleep" && !around.iter().any(|other| looks_after(other.text()));
    is_kept.then(|| elsewhere(subject, asked.path)).flatten()
}

fn first_yield(subject: &Subject<'_>) -> Option<NodeId> {
    subject.body().find(|node| matches!(subject.code().kind(*node), NodeKind::Yield { .. }))
}

/// A loop that a function leaves running at `until`, and the function that it calls for it.
fn begun(
    subject: &Subject<'_>,
    path: &str,
    until: Option<NodeId>,
    depth: u32,
) -> Option<(Sleeper, Option<String>)> {
    if let Some(sleeper) = begun_in(subject, path, until) {
        return Some((sleeper, None));
    }
    let depth = depth.checked_sub(1)?;
    let code = subject.code();
    let before = |node: &NodeId| until.is_none_or(|until| *node < until);
    subject.body().filter(before).filter(|node| subject.runs_here(*node)).find_map(|node| {
        let NodeKind::Call { func, .. } = code.kind(node) else { return None };
        let definition = subject.definition(*func)?;
        let called = definition.subject(subject.project);
        let (sleeper, _) = begun(&called, path, None, depth)?;
        let is_over = until.is_some_and(|until| wait_since(subject, Some(node), until) == Wait::Waited);
        (!is_over).then(|| (sleeper, Some(definition.called_name().to_owned())))
    })
}

/// A loop of a thread of the product that nobody ends, in a module that something imports. One that the test names is
/// under test.
fn elsewhere(subject: &Subject<'_>, path: &str) -> Option<Beside> {
    let project = subject.project;
    let sleepers = project.sleepers(path);
    let names_it = |sleeper: &&Sleeper| {
        let mut parts = sleeper.name.split('.');
        parts.any(|part| part != "run" && subject.text().contains(part))
    };
    let is_used = |sleeper: &&Sleeper| {
        let module = project.module(&sleeper.begins.path);
        module.is_some_and(|module| !project.importers(&module.name).is_empty())
    };
    let left = sleepers.iter().filter(|sleeper| sleeper.outlives && !names_it(sleeper));
    let found = left.into_iter().find(is_used)?;
    Some(Beside::Elsewhere(found.clone()))
}
