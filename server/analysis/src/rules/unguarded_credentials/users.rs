//! The tests that need what a fixture or a helper needs.

use super::needed::runs_always;
use super::provided::is_set;
use crate::facts::NodeKind;
use crate::project::kept_out::{Run, run};
use crate::project::users::{is_in_closure, users};
use crate::project::{Place, Role, Subject};

/// A test or set-up that runs it, and that nothing keeps from running.
pub struct User {
    pub place: Place,
    pub run: Run,
}

/// The tests that use a fixture or helper, directly or through others, without the variable or a skip.
pub fn unguarded(subject: &Subject<'_>, variable: &str) -> Vec<User> {
    let open = users(subject, uses).into_iter().filter(|user| !is_set(user, variable));
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
        return is_in_closure(user, used);
    }
    let code = user.code();
    user.body().any(|node| {
        let NodeKind::Call { func, .. } = code.kind(node) else { return false };
        let called = user.definition(*func);
        called.is_some_and(|called| used.is_item(&called.module, called.item)) && runs_always(user, node)
    })
}
