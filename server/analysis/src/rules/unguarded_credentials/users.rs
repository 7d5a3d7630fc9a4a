//! The tests that a fixture or a helper runs for.

use super::needed::runs_always;
use super::provided::is_set;
use super::skipped::{Run, run};
use crate::facts::NodeKind;
use crate::project::callee::Definition;
use crate::project::role::Phase;
use crate::project::{Place, Role, Subject};

/// A test or set-up that runs it, and that nothing keeps from running.
pub struct User {
    pub place: Place,
    pub run: Run,
}

/// Whether what the subject needs counts only where somebody uses it.
pub fn are_sought(subject: &Subject<'_>) -> bool {
    match subject.role {
        Role::Plain => true,
        Role::Fixture => subject.as_fixture().is_some_and(|fixture| !fixture.autouse),
        _ => false,
    }
}

/// The tests that use a fixture or helper, directly or through others, without the variable or a skip.
pub fn unguarded(subject: &Subject<'_>, variable: &str) -> Vec<User> {
    let project = subject.project;
    let mut pending = vec![Definition { module: subject.module.clone(), item: subject.item }];
    let mut seen = pending.clone();
    let mut users = Vec::new();
    while let Some(used) = pending.pop() {
        let named = used.subject(project);
        let name = named.as_fixture().map_or(used.name().into(), |fixture| fixture.name.clone());
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
    let open = users.into_iter().filter(|user| !is_set(user, variable));
    let mut open: Vec<User> = open
        .filter_map(|user| {
            let place = user.place(user.function()?.name_range);
            Some(User { place, run: run(&user) })
        })
        .filter(|user| user.run != Run::Guarded)
        .collect();
    open.sort_by(|a, b| a.place.cmp(&b.place));
    open
}

/// Whether a function runs the fixture around it, or calls the helper.
fn uses(user: &Subject<'_>, used: &Subject<'_>) -> bool {
    if user.is_item(&used.module, used.item) {
        return false;
    }
    if used.role == Role::Fixture {
        let closure = user.project.closure(&user.module, user.item);
        return closure.iter().any(|closed| {
            closed.fixture.as_ref().is_some_and(|fixture| used.is_item(&fixture.module, fixture.item))
        });
    }
    let code = user.code();
    user.body().any(|node| {
        let NodeKind::Call { func, .. } = code.kind(node) else { return false };
        let called = user.definition(*func);
        called.is_some_and(|called| used.is_item(&called.module, called.item)) && runs_always(user, node)
    })
}
