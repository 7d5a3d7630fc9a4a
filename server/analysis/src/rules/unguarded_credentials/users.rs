//! The tests that need what a fixture or a helper needs.

use super::needed::runs_always;
use super::provided::is_set;
use crate::project::kept_out::{Run, run};
use crate::project::users::{call_of, users};
use crate::project::{Place, Subject};

/// A test or set-up that runs it, and that nothing keeps from running.
pub struct User {
    pub place: Place,
    pub run: Run,
}

/// The tests that use a fixture or helper, directly or through others, without the variable or a skip.
pub fn unguarded(subject: &Subject<'_>, variable: &str) -> Vec<User> {
    let runs = |user: &Subject<'_>, name| call_of(user, name).is_some_and(|call| runs_always(user, call));
    let open = users(subject, runs).into_iter().filter(|user| !is_set(user, variable));
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
