//! The tests and set-ups that a fixture or a helper runs for.

use super::callee::Definition;
use super::role::Phase;
use super::{Role, Subject};

/// Whether what the subject does counts only where somebody uses it.
pub fn are_sought(subject: &Subject<'_>) -> bool {
    match subject.role {
        Role::Plain => true,
        Role::Fixture => subject.as_fixture().is_some_and(|fixture| !fixture.autouse),
        _ => false,
    }
}

/// The tests and set-ups that reach the subject, directly or through fixtures and helpers. `uses` says whether the first
/// runs the second.
pub fn users<'p>(
    subject: &Subject<'p>,
    uses: impl Fn(&Subject<'_>, &Subject<'_>) -> bool,
) -> Vec<Subject<'p>> {
    let project = subject.project;
    let mut pending = vec![Definition { module: subject.module.clone(), item: subject.item }];
    let mut seen = pending.clone();
    let mut users = Vec::new();
    while let Some(used) = pending.pop() {
        let named = used.subject(project);
        let name = named.as_fixture().map_or(used.called_name().into(), |fixture| fixture.name.clone());
        let found = project.in_functions_with(&name, |user| {
            uses(user, &named).then(|| Definition { module: user.module.clone(), item: user.item })
        });
        for definition in found {
            if seen.contains(&definition) {
                continue;
            }
            seen.push(definition.clone());
            let user = definition.subject(project);
            match user.role {
                Role::Plain | Role::Fixture => pending.push(definition),
                Role::Test => users.push(user),
                Role::Xunit(xunit) if xunit.phase == Phase::SetUp => users.push(user),
                _ => {}
            }
        }
    }
    users
}

/// Whether the fixture `used` runs around a function.
pub fn is_in_closure(user: &Subject<'_>, used: &Subject<'_>) -> bool {
    let closure = user.project.closure(&user.module, user.item);
    closure.iter().any(|closed| {
        closed.fixture.as_ref().is_some_and(|fixture| used.is_item(&fixture.module, fixture.item))
    })
}
