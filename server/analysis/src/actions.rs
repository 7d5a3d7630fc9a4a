//! What an editor can offer at a place: fixes of hints.

use crate::fix::FixKind;
use crate::hint::Hint;
use crate::project::{Module, Project};
use crate::report;
use crate::text::TextRange;
use crate::workspace::Action;

/// The fixes of all hints that touch `range`. The first cure of each hint is preferred.
pub fn actions(project: &Project, module: &Module, range: TextRange, hints: &[Hint]) -> Vec<Action> {
    hints
        .iter()
        .filter(|hint| hint.range.start <= range.end && range.start <= hint.range.end)
        .flat_map(|hint| {
            let fixes = report::fixes(project, module, hint);
            let first_cure = fixes.iter().position(|fix| fix.kind == FixKind::Cure);
            fixes.into_iter().enumerate().map(move |(index, fix)| Action {
                hint: Some(hint.clone()),
                fix,
                preferred: Some(index) == first_cure,
                disabled: None,
            })
        })
        .collect()
}
