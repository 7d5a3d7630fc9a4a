//! Which state the tests share: who changes it and leaves it changed, who looks at it.

use std::collections::BTreeMap;

use super::accesses::First;
use super::effects::Footprint;
use super::guards::{Guarded, Guards};
use super::target::Target;
use super::{Place, Project, Role, Subject};

/// One piece of state that outlives the functions which change it.
#[derive(Clone, Debug)]
pub struct Shared {
    pub target: Target,
    /// By path and place.
    pub writers: Vec<User>,
    pub readers: Vec<User>,
}

/// A function that changes or reads a target, and where.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct User {
    pub place: Place,
    /// The function's name with its classes.
    pub name: String,
}

impl Project {
    /// Every target that a test, a fixture or a set-up leaves changed, sorted; a change that is undone is none.
    pub fn shared_targets(&self) -> Vec<Shared> {
        let mut writers: BTreeMap<Target, Vec<User>> = BTreeMap::new();
        for path in self.checked_files() {
            let Some(module) = self.module(path) else { continue };
            for item in 0..module.file.items().len() as u32 {
                if matches!(self.role(&module, item), Role::Test | Role::Fixture | Role::Xunit(_)) {
                    let subject = Subject::new(self, &module, item);
                    for (target, user) in left_changed(&subject) {
                        writers.entry(target).or_default().push(user);
                    }
                }
            }
        }
        let shared = writers.into_iter().map(|(target, mut writers)| {
            writers.sort();
            writers.dedup();
            let accesses = self.accesses(&target);
            let reading = accesses.iter().filter(|access| access.first == First::Reads);
            let mut readers: Vec<User> = reading
                .map(|access| User { place: access.place.clone(), name: access.name.clone() })
                .filter(|reader| !writers.iter().any(|writer| writer.is_in_same_function(reader)))
                .collect();
            readers.sort();
            Shared { target, writers, readers }
        });
        shared.collect()
    }
}

impl User {
    fn is_in_same_function(&self, other: &User) -> bool {
        self.place.path == other.place.path && self.name == other.name
    }
}

fn left_changed(subject: &Subject<'_>) -> Vec<(Target, User)> {
    let footprint = Footprint::of(subject);
    let guards = Guards::of(subject);
    let name = subject.project.qualified_name(&subject.module, subject.item);
    footprint
        .escaping()
        .filter(|touch| touch.put_back.is_none() && guards.of_touch(touch) == Guarded::No)
        .map(|touch| {
            let place = subject.place(subject.code().range(touch.node));
            (touch.target.clone(), User { place, name: name.clone() })
        })
        .collect()
}
