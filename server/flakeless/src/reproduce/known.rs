//! What hints say of a test before it runs: what it may fail of, and behind which others.

use std::path::Path;

use analysis::hint::Hint;
use analysis::workspace::Workspace;

use super::axis::{self, Axis};
use super::polluter::Suspects;

/// What the code says of a test before it runs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// The rules of its own hints.
    pub(crate) rules: Vec<&'static str>,
    /// Those of hints on the fixtures that run around it.
    around: Vec<&'static str>,
    /// Those of hints on other tests that rest on this one: it reads what they leave.
    behind: Vec<&'static str>,
    pub(crate) suspects: Suspects,
}

impl Known {
    /// What `hints`, those of all tests, say of the one in `path` with this node id.
    pub(crate) fn of(workspace: &Workspace, hints: &[Hint], path: &Path, test: &str) -> Known {
        let own = workspace.test(path, test);
        let mut known = Known::default();
        for hint in hints {
            if hint.test.as_deref() == Some(test) {
                known.rules.push(hint.rule);
                continue;
            }
            let is_of_it = hint
                .related
                .iter()
                .any(|it| it.path == path && own.as_ref().is_some_and(|own| own.code.intersects(it.range)));
            if is_of_it {
                known.behind.push(hint.rule);
            }
            match hint.test.as_ref().map(ToString::to_string) {
                Some(other) if is_of_it => known.suspects.of_it.push(other),
                Some(other) if axis::shows(hint.rule, Axis::Order) => known.suspects.others.push(other),
                _ => {}
            }
        }
        for (path, code) in workspace.fixtures_around(path, test) {
            let hints = workspace.report(&path).hints.into_iter();
            known.around.extend(hints.filter(|hint| code.intersects(hint.range)).map(|hint| hint.rule));
        }
        known
    }

    /// What breaks behind another test shows in another order, not by repetition.
    pub(crate) fn suspected(&self) -> Vec<Axis> {
        let rules: Vec<&str> = self.rules.iter().chain(&self.around).copied().collect();
        let mut axes = axis::suspected(&rules);
        if !self.behind.is_empty() {
            axes.retain(|axis| *axis != Axis::Order);
            axes.insert(0, Axis::Order);
        }
        axes
    }
}

/// The hints of every test file.
pub(crate) fn hints_of_all(workspace: &Workspace) -> Vec<Hint> {
    workspace.test_files().iter().flat_map(|path| workspace.report(path).hints).collect()
}
