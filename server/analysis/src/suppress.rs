//! Suppressions: `# flakeless: ignore[rule, rule] reason` and `# flakeless: ignore-file[rule]`.
//!
//! A hint is silenced on the lines of its [`Reach`] or directly above one, by `ignore-file` anywhere in its file, and likewise at a cause that
//! it names as related: in a conftest, or in a fixture, set-up or hook. Rules know nothing of this; it is applied to what
//! they found, so that a changed comment runs no rule again.

pub mod configuration;
mod directive;
mod found;
mod insert;
mod reach;
mod unused;

use std::path::Path;

use crate::hint::{Hint, Related};
use crate::project::{Module, Project, Role};
use crate::store::File;
use directive::Extent;
use found::directives;
pub use found::{Placed, Position};

pub use directive::{Directive, Name};
pub use insert::ignore;
pub use reach::{Reach, statement_at};
pub use unused::{Flaw, flaw_at, unused};

/// The directives of one file, and which of their names silenced something.
#[derive(Clone, Debug, Default)]
pub struct Suppressions {
    placed: Vec<Placed>,
    /// For each directive, for each name.
    used: Vec<Vec<bool>>,
}

impl Suppressions {
    pub fn of(file: &File) -> Suppressions {
        let placed = directives(file);
        let used = placed.iter().map(|placed| vec![false; placed.directive.names.len()]).collect();
        Suppressions { placed, used }
    }

    pub fn is_empty(&self) -> bool {
        self.placed.is_empty()
    }

    /// Whether a hint of `rule` at that place of the file is silenced. Every directive that does it counts as used.
    fn silence(&mut self, rule: &str, place: &Reach) -> bool {
        let mut silenced = false;
        for (placed, used) in self.placed.iter().zip(&mut self.used) {
            if placed.directive.extent == Extent::Here && !placed.lines().any(|line| place.holds(line)) {
                continue;
            }
            for (name, used) in placed.directive.names.iter().zip(used) {
                if name.text == rule {
                    *used = true;
                    silenced = true;
                }
            }
        }
        silenced
    }

    /// Whether the hint, of the file itself, is silenced there.
    fn silence_own(&mut self, file: &File, hint: &Hint) -> bool {
        !self.is_empty() && self.silence(hint.rule, &Reach::of(file, hint.range))
    }

    /// Whether the hint is silenced by what stands at its causes in this file.
    fn silence_causes(&mut self, project: &Project, module: &Module, hint: &Hint) -> bool {
        if self.is_empty() {
            return false;
        }
        let causes = hint.related.iter().filter(|related| is_cause(project, module, related));
        let mut silenced = false;
        for cause in causes {
            silenced |= self.silence(hint.rule, &Reach::of(&module.file, cause.range));
        }
        silenced
    }
}

/// Silences what the comments of the file, and of the files with the hints' causes, say.
pub fn unsilenced(project: &Project, module: &Module, own: &mut Suppressions, hints: Vec<Hint>) -> Vec<Hint> {
    let mut loud = Vec::new();
    for hint in hints {
        let silenced = own.silence_own(&module.file, &hint)
            | own.silence_causes(project, module, &hint)
            | silenced_elsewhere(project, module, &hint);
        if !silenced {
            loud.push(hint);
        }
    }
    loud
}

/// Whether a cause of the hint in another file has a suppression.
fn silenced_elsewhere(project: &Project, module: &Module, hint: &Hint) -> bool {
    let paths = hint.related.iter().map(|related| related.path.as_path());
    // To compare paths is to take them apart.
    let mut paths: Vec<&Path> =
        paths.filter(|path| path.as_os_str() != module.file.path.as_os_str()).collect();
    paths.sort();
    paths.dedup();
    paths.into_iter().any(|path| {
        project
            .module(path)
            .is_some_and(|other| Suppressions::of(&other.file).silence_causes(project, &other, hint))
    })
}

/// Whether a related place is what the hint's trouble comes from, and not another test that takes part.
fn is_cause(project: &Project, module: &Module, related: &Related) -> bool {
    if related.path != module.file.path {
        return false;
    }
    let Some(item) = module.file.item_at(related.range.start) else { return false };
    let is_conftest = related.path.ends_with("conftest.py");
    is_conftest || matches!(project.role(module, item), Role::Fixture | Role::Xunit(_) | Role::Hook)
}
