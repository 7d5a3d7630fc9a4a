//! Registers the stop right behind the start, so that it runs however the test ends.

use super::handle::{Handle, Holder, Kind};
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::cleanup_fixture::module_fixture;
use crate::fixes::line::{indent_unit, insert_above, insert_below, outer_indent};
use crate::fixes::parameter::add_fixture_parameter;
use crate::fixes::register_cleanup::registrar;
use crate::fixes::statement::statement_of;
use crate::project::functions::method_of;
use crate::project::{Role, Subject};
use crate::text::TextRange;

/// The name for a patcher that has none.
const NAME: &str = "patcher";

pub fn stopped(subject: &Subject<'_>, handle: &Handle) -> Option<Fix> {
    match (handle.kind, &subject.role) {
        (Kind::TimeZone, _) => zone_set_again(subject, handle),
        (_, Role::Statement) => None,
        (_, Role::Xunit(_)) if !subject.is_test_case() => torn_down(subject, handle),
        _ => registered(subject, handle),
    }
}

/// An autouse fixture is set up before the `monkeypatch` that a test asks for, and so torn down behind its undo (seen in a
/// run).
fn zone_set_again(subject: &Subject<'_>, handle: &Handle) -> Option<Fix> {
    let Holder::Module(tzset) = &handle.holder else { return None };
    if subject.is_test_case() || subject.role != Role::Test {
        return None;
    }
    let name = "set_time_zone_again";
    let edits = module_fixture(subject, name, &["yield".to_owned(), format!("{tzset}()")])?;
    let title = format!("Call `{tzset}()` again in an autouse fixture `{name}`");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// `self.patcher.stop()` in the tear-down that goes with a plain class's set-up.
fn torn_down(subject: &Subject<'_>, handle: &Handle) -> Option<Fix> {
    let Holder::Attribute(_) = &handle.holder else { return None };
    let function = subject.function()?;
    let (name, decorator) = match function.name.as_str() {
        "setup_method" => ("teardown_method", ""),
        "setup_class" => ("teardown_class", "@classmethod"),
        _ => return None,
    };
    let stop = format!("{}()", handle.stop()?);
    let receiver = &function.params.first()?.name;
    let title = format!("Stop it in `{name}`: `{stop}`");
    let edits = match method_of(subject, subject.class()?, name) {
        Some((module, item)) => {
            let tear_down = Subject::new(subject.project, &module, item);
            let is_own = module.file.path == *subject.path() && tear_down.class() == subject.class();
            let same_receiver = &tear_down.function()?.params.first()?.name == receiver;
            let last = *tear_down.function()?.body.last().filter(|_| is_own && same_receiver)?;
            insert_below(&tear_down, last, &[stop])?
        }
        None => {
            let outer = outer_indent(subject);
            let newline = subject.newline();
            let head = format!("{newline}{newline}{outer}");
            let decorated =
                if decorator.is_empty() { head } else { format!("{head}{decorator}{newline}{outer}") };
            let body = format!("{newline}{outer}{}{stop}", indent_unit(subject));
            let end = subject.code().range(*function.body.last()?).end;
            let mut edits = Edits::new();
            let at = subject.absolute(TextRange::empty(end));
            edits.push(subject.path(), at, format!("{decorated}def {name}({receiver}):{body}"));
            edits
        }
    };
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

fn registered(subject: &Subject<'_>, handle: &Handle) -> Option<Fix> {
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
