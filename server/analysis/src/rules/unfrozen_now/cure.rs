//! One reading for both sides, or a clock that stands still.

use super::compared::Compared;
use super::stamps::Read;
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Fix};
use crate::fixes::decorator::above_other_decorators;
use crate::fixes::import::{Wanted, ensure_import};
use crate::fixes::line::insert_above;
use crate::fixes::statement::body_statement_of;
use crate::project::assertions::is_asserted;
use crate::project::{Role, Subject};

/// `today = date.today()` above the first of several equal readings, where the code under test is given one of them.
pub fn read_once(subject: &Subject<'_>, compared: &Compared) -> Option<Fix> {
    let Read::Here(read) = compared.stamp.read else { return None };
    if !compared.stamp.names.is_empty() {
        return None;
    }
    let code = subject.code();
    let written = subject.source(read);
    let alike: Vec<NodeId> = subject
        .body()
        .filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }) && subject.source(*node) == written)
        .collect();
    let first = *alike.first()?;
    let is_handed =
        |node: &NodeId| *node < read && !is_asserted(subject, *node) && is_argument(subject, *node);
    let is_plain = |node: &NodeId| subject.runs_here(*node) && !is_repeated(subject, *node);
    if !alike.iter().any(is_handed) || !alike.iter().all(is_plain) || written.contains('\n') {
        return None;
    }
    let name = ["today", "now", "moment"].into_iter().find(|name| {
        let fits = *name != "today" || written.contains("today") || written.contains("localdate");
        fits && is_free(subject, name)
    })?;
    let statement = body_statement_of(subject, first)?;
    let mut edits = insert_above(subject, statement, &[format!("{name} = {written}")])?;
    for node in &alike {
        edits.push(subject.path(), subject.absolute(code.range(*node)), name);
    }
    Some(Fix::cure(format!("Read the clock once, into `{name}`"), Applicability::Suggested, edits))
}

fn is_argument(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(node).any(|outer| match code.kind(outer) {
        NodeKind::Call { func, .. } => !code.is_within(node, *func),
        _ => false,
    })
}

fn is_repeated(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(node).any(|outer| {
        matches!(
            code.kind(outer),
            NodeKind::For { .. } | NodeKind::While { .. } | NodeKind::Comprehension { .. }
        )
    })
}

fn is_free(subject: &Subject<'_>, name: &str) -> bool {
    subject.facts.bindings().all(name).is_empty() && subject.module.file.scope().get(name).is_empty()
}

/// A day on which nothing happens, at noon.
const STILL: &str = "2026-01-15 12:00";

/// A decorator that holds the clock, where a package for it is declared and everything that reads it runs in the test.
pub fn frozen(subject: &Subject<'_>, compared: &Compared) -> Option<Fix> {
    let is_here = matches!(compared.stamp.read, Read::Here(_));
    let is_async = subject.function()?.is_async;
    if subject.role != Role::Test || !is_here || is_async || is_prepared(subject) {
        return None;
    }
    let plugins = &subject.project.plugins;
    let (package, written, mut edits) = if plugins.has("freezegun") {
        let (name, edits) = ensure_import(&subject.module, Wanted::From("freezegun", "freeze_time"))?;
        ("freezegun", format!("{name}(\"{STILL}\")"), edits)
    } else if plugins.has("time-machine") {
        let (name, edits) = ensure_import(&subject.module, Wanted::Plain("time_machine"))?;
        ("time-machine", format!("{name}.travel(\"{STILL}\", tick=False)"), edits)
    } else {
        return None;
    };
    above_other_decorators(subject, &written, &mut edits)?;
    let title = format!("Hold the clock still at {STILL} ({package})");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// Whether fixtures or a set-up of the project run first, outside the decorator, by the real clock.
fn is_prepared(subject: &Subject<'_>) -> bool {
    let file = &subject.module.file;
    let closure = subject.closure();
    closure.iter().any(|closed| closed.fixture.is_some())
        || (0..file.items().len() as u32).any(|item| {
            let owner = file.item(item).owner;
            let is_around = owner.is_none() || owner == subject.class();
            is_around && matches!(subject.project.role(&subject.module, item), Role::Xunit(_))
        })
}
