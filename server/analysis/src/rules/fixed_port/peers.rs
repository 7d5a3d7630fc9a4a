//! Other functions of the file that listen at the same port: many of them are one cause.

use super::{Listens, listens, may_listen, quiet};
use crate::project::{Place, Role, Subject, peers};

/// Where the file has few of them: none. Where it has many, those behind the first, and for them nothing.
pub fn behind(subject: &Subject<'_>, listens: &Listens) -> Option<Vec<Place>> {
    if subject.role == Role::Plain {
        return Some(Vec::new());
    }
    peers::behind(subject, subject.source(listens.at), |peer| place_in(peer, listens.port))
}

fn place_in(peer: &Subject<'_>, port: u16) -> Option<Place> {
    if !may_listen(peer.role) || peer.role == Role::Plain {
        return None;
    }
    let all = listens(peer);
    let one = all.iter().find(|one| one.port == port)?;
    (!quiet::is_harmless(peer, &all)).then(|| peer.place(peer.code().range(one.at)))
}
