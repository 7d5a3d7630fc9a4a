//! The tests and set-ups that a fixture or a helper runs for.

use super::callee::Definition;
use super::role::Phase;
use super::{Role, Subject};
use crate::facts::{NodeId, NodeKind};

/// Whether what the subject does counts only where somebody uses it.
pub fn are_sought(subject: &Subject<'_>) -> bool {
    match subject.role {
        Role::Plain => true,
        Role::Fixture => subject.as_fixture().is_some_and(|fixture| !fixture.autouse),
        _ => false,
    }
}

/// The tests and set-ups that reach the subject, directly or through fixtures and helpers. A fixture is used where it is
/// in the closure, a helper where `counts` says so of an expression that names it.
pub fn users<'p>(subject: &Subject<'p>, counts: impl Fn(&Subject<'_>, NodeId) -> bool) -> Vec<Subject<'p>> {
    let project = subject.project;
    let mut pending = vec![Definition { module: subject.module.clone(), item: subject.item }];
    let mut seen = pending.clone();
    let mut users = Vec::new();
    while let Some(used) = pending.pop() {
        let named = used.subject(project);
        let name = named.as_fixture().map_or(used.called_name().into(), |fixture| fixture.name.clone());
        let user_of = |user: &Subject<'_>| {
            uses(user, &named, &counts).then(|| Definition { module: user.module.clone(), item: user.item })
        };
        let found = match named.role {
            Role::Fixture => project.in_functions_with(&name, user_of),
            _ => project.in_functions_naming(&name, user_of),
        };
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

/// The call whose function `name` is.
pub fn call_of(user: &Subject<'_>, name: NodeId) -> Option<NodeId> {
    let call = user.code().node(name).parent;
    matches!(user.code().kind(call), NodeKind::Call { func, .. } if *func == name).then_some(call)
}

fn uses(user: &Subject<'_>, used: &Subject<'_>, counts: &impl Fn(&Subject<'_>, NodeId) -> bool) -> bool {
    if user.is_item(&used.module, used.item) {
        return false;
    }
    if used.role == Role::Fixture {
        return is_in_closure(user, used);
    }
    user.body().any(|node| {
        matches!(user.code().kind(node), NodeKind::Name(_) | NodeKind::Attribute { .. })
            && user.definition(node).is_some_and(|named| used.is_item(&named.module, named.item))
            && counts(user, node)
    })
}

/// Whether the fixture `used` runs around a function.
fn is_in_closure(user: &Subject<'_>, used: &Subject<'_>) -> bool {
    let closure = user.closure();
    closure.iter().any(|closed| {
        closed.fixture.as_ref().is_some_and(|fixture| used.is_item(&fixture.module, fixture.item))
    })
}
