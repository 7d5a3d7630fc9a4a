//! Explanations: the rule's page under a hint.

use crate::hint::Hint;
use crate::project::{Module, Project};
use crate::rules;
use crate::workspace::Hover;

/// The message and page of the hint at `offset`.
pub fn hover(_project: &Project, _module: &Module, offset: u32, hints: &[Hint]) -> Option<Hover> {
    let hint = hints.iter().find(|hint| hint.range.start <= offset && offset <= hint.range.end)?;
    let entry = rules::entry(hint.rule)?;
    Some(Hover { markdown: format!("{}\n\n---\n\n{}", hint.message, entry.meta.page), range: hint.range })
}
