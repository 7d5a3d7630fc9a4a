//! Other functions of the file with the same need: many of them are one cause.

use super::needed::needs;
use super::provided::is_set;
use crate::project::kept_out::{Run, run};
use crate::project::role::Phase;
use crate::project::users::are_sought;
use crate::project::{Place, Role, Subject, peers};

/// Where the file has few such tests and set-ups: none. Where it has many, those behind the first, and for them nothing.
pub fn behind(subject: &Subject<'_>, variable: &str) -> Option<Vec<Place>> {
    if are_sought(subject) || subject.role == Role::Statement {
        return Some(Vec::new());
    }
    peers::behind(subject, variable, |peer| need_in(peer, variable))
}

/// Where a test or set-up needs the variable before any other.
fn need_in(peer: &Subject<'_>, variable: &str) -> Option<Place> {
    let counts = match peer.role {
        Role::Test => true,
        Role::Xunit(xunit) => xunit.phase == Phase::SetUp,
        _ => false,
    };
    let need = needs(peer).into_iter().next().filter(|need| counts && need.name == variable)?;
    let is_open = !is_set(peer, variable) && run(peer) != Run::Guarded;
    is_open.then(|| peer.place(peer.code().range(need.at)))
}
