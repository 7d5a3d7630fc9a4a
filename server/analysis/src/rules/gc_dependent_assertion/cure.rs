//! `gc.collect()` before.

use super::Found;
use super::counted::Counted;
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Fix};
use crate::fixes::import::{Wanted, ensure_import};
use crate::fixes::statement::indentation;
use crate::project::Subject;
use crate::text::TextRange;

/// Before the test's first statement, where the garbage of earlier tests counts; else before the assertion.
pub fn collect_first(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    if !found.is_cured_by_collecting {
        return None;
    }
    let code = subject.code();
    let statement = match found.counted {
        Counted::Found | Counted::Objects => first(subject)?,
        _ => code.statement_of(found.at),
    };
    let indent = indentation(subject, statement)?;
    let (name, mut edits) = ensure_import(&subject.module, Wanted::Plain("gc"))?;
    let line = format!("{name}.collect(){}{indent}", subject.newline());
    edits.push(subject.path(), subject.absolute(TextRange::empty(code.range(statement).start)), &line);
    let title = match found.counted {
        Counted::Found | Counted::Objects => "Collect what earlier tests left, first of all",
        _ => "Collect garbage before the assertion",
    };
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// The first statement that is no docstring.
fn first(subject: &Subject<'_>) -> Option<NodeId> {
    let code = subject.code();
    let is_text = |statement: NodeId| match code.kind(statement) {
        NodeKind::Expr(value) => matches!(code.kind(*value), NodeKind::Str(_)),
        _ => false,
    };
    subject.function()?.body.iter().copied().find(|statement| !is_text(*statement))
}
