//! Registers the stop right behind the start, so that it runs however the test ends.

use super::handle::{Handle, Holder};
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::line::{insert_above, insert_below};
use crate::fixes::parameter::add_fixture_parameter;
use crate::fixes::register_cleanup::registrar;
use crate::fixes::statement::statement_of;
use crate::project::Subject;

/// The name for a patcher that has none.
const NAME: &str = "patcher";

pub fn stopped(subject: &Subject<'_>, handle: &Handle) -> Option<Fix> {
    let statement = statement_of(subject, handle.started_at);
    let (register, mut edits) = match registrar(subject) {
        Some(register) => (register, Edits::new()),
        None => ("request.addfinalizer".to_owned(), add_fixture_parameter(subject, "request")?),
    };
    let stop = match (&handle.holder, handle.stop()) {
        (_, Some(stop)) => stop,
        (Holder::Unnamed(patcher), None) => {
            edits.merge(named(subject, statement, handle.started_at, *patcher)?);
            format!("{NAME}.stop")
        }
        _ => return None,
    };
    let line = format!("{register}({stop})");
    let title = format!("Stop it at the end: `{line}`");
    edits.merge(insert_below(subject, statement, &[line])?);
    Some(Fix::cure(title, Applicability::Safe, edits))
}

/// Gives the patcher a name in a statement above: `patcher = patch(…)`, `patcher.start()`. Where several in one function
/// get the name, each is registered before the next one takes it.
fn named(subject: &Subject<'_>, statement: NodeId, call: NodeId, patcher: NodeId) -> Option<Edits> {
    let code = subject.code();
    let is_whole = match code.kind(statement) {
        NodeKind::Expr(value) | NodeKind::Assign { value, .. } => *value == call,
        _ => false,
    };
    if !is_whole || !subject.facts.bindings().all(NAME).is_empty() {
        return None;
    }
    let made = format!("{NAME} = {}", subject.source(patcher));
    let mut edits = insert_above(subject, statement, &[made])?;
    edits.push(subject.path(), subject.absolute(code.range(patcher)), NAME);
    Some(edits)
}
