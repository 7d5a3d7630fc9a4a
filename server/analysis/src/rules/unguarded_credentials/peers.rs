//! Other functions of the file with the same need: many of them are one cause.

use super::needed::needs;
use super::provided::is_set;
use super::skipped::{Run, run};
use crate::project::role::Phase;
use crate::project::users::are_sought;
use crate::project::{Place, Role, Subject};

/// So many get a hint each.
const FEW: usize = 5;

/// Where the file has few such tests and set-ups: none. Where it has many, those behind the first, and for them nothing.
pub fn behind(subject: &Subject<'_>, variable: &str) -> Option<Vec<Place>> {
    if are_sought(subject) || subject.role == Role::Statement {
        return Some(Vec::new());
    }
    subject.project.ask_for(variable);
    let file = &subject.module.file;
    let mut places: Vec<(u32, Place)> = (0..file.items().len() as u32)
        .filter(|item| file.item_text(*item).contains(variable))
        .filter_map(|item| {
            Some((item, need_in(&Subject::new(subject.project, &subject.module, item), variable)?))
        })
        .collect();
    if places.len() <= FEW {
        return Some(Vec::new());
    }
    let (first, _) = places.remove(0);
    (first == subject.item).then(|| places.into_iter().map(|(_, place)| place).collect())
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
