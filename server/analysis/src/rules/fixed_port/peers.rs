//! Other functions of the file that listen at the same port: many of them are one cause.

use super::{Listens, listens, may_listen, quiet};
use crate::project::{Place, Role, Subject};

/// So many get a hint each.
const FEW: usize = 5;

/// Where the file has few of them: none. Where it has many, those behind the first, and for them nothing.
pub fn behind(subject: &Subject<'_>, listens: &Listens) -> Option<Vec<Place>> {
    if subject.role == Role::Plain {
        return Some(Vec::new());
    }
    let word = subject.source(listens.at);
    subject.project.ask_for(word);
    let file = &subject.module.file;
    let mut places: Vec<(u32, Place)> = (0..file.items().len() as u32)
        .filter(|item| file.item_text(*item).contains(word))
        .filter_map(|item| {
            let peer = Subject::new(subject.project, &subject.module, item);
            Some((item, place_in(&peer, listens.port)?))
        })
        .collect();
    if places.len() <= FEW {
        return Some(Vec::new());
    }
    let (first, _) = places.remove(0);
    (first == subject.item).then(|| places.into_iter().map(|(_, place)| place).collect())
}

fn place_in(peer: &Subject<'_>, port: u16) -> Option<Place> {
    if !may_listen(peer) || peer.role == Role::Plain {
        return None;
    }
    let all = listens(peer);
    let one = all.iter().find(|one| one.port == port)?;
    (!quiet::is_harmless(peer, &all)).then(|| peer.place(peer.code().range(one.at)))
}
