//! A copy for the test, or a fixture that is made for each test.

use super::sharing::is_asked_for_wider;
use crate::facts::NodeId;
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::import::{Wanted, ensure_import};
use crate::fixes::line::insert_above;
use crate::fixes::statement::body_statement_of;
use crate::project::fixtures::Fixture;
use crate::project::{Project, Subject};

/// `prices = copy.deepcopy(prices)` above the first use of the value.
pub fn copied(subject: &Subject<'_>, name: &str, change: NodeId) -> Option<Fix> {
    let code = subject.code();
    let first_use = subject.body().find(|node| code.kind(*node).as_name() == Some(name)).unwrap_or(change);
    let statement = body_statement_of(subject, first_use)?;
    let (copy, mut edits) = ensure_import(&subject.module, Wanted::Plain("copy"))?;
    edits.merge(insert_above(subject, statement, &[format!("{name} = {copy}.deepcopy({name})")])?);
    let title = format!("Change a copy of `{name}`");
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// `scope="function"`. Not where a wider fixture asks for this one, which pytest refuses (`ScopeMismatch`).
pub fn narrowed(project: &Project, fixture: &Fixture) -> Option<Fix> {
    if is_asked_for_wider(project, &fixture.name) {
        return None;
    }
    let maker = fixture.subject(project);
    let code = maker.code();
    let scope = maker.fixture_keyword("scope")?;
    code.kind(scope).as_str()?;
    let mut edits = Edits::new();
    edits.push(maker.path(), maker.absolute(code.range(scope)), "\"function\"");
    let title = format!("Make `{}` for each test", fixture.name);
    Some(Fix::cure(title, Applicability::Suggested, edits))
}
