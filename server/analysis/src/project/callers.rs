//! Which tests, fixtures and set-ups are left with a helper's change of lasting state.

use std::sync::Arc;

use super::callee::Definition;
use super::effects::{Footprint, Touch};
use super::guards::{Guarded, Guards};
use super::product_writes::ProductWrite;
use super::role::Phase;
use super::target::Target;
use super::{Place, Project, Role, Subject};
use crate::facts::NodeId;

/// One function that calls the helper, directly or through others, with nothing that undoes the change.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Its name with its classes.
    pub name: String,
    pub item: u32,
    /// The call.
    pub place: Place,
}

impl Project {
    /// The callers of the helper called `name` that are left with what it does to `target` at `origin`, by path and
    /// place.
    pub fn exposed_callers(&self, name: &str, origin: &Place, target: &Target) -> Arc<Vec<Caller>> {
        let key = (origin.clone(), target.clone());
        if let Some(known) = self.callers.get(&key) {
            return known.clone();
        }
        let found = Arc::new(self.find_callers(name, |subject| exposed(subject, origin, target)));
        self.callers.insert(key, found.clone());
        found
    }

    /// The tests that call the product's function `callee` and are left with what `touch` shows of it.
    pub fn product_callers(&self, callee: &Definition, touch: &Touch) -> Arc<Vec<Caller>> {
        let Some(origin) = &touch.origin else { return Arc::default() };
        let key = (origin.clone(), touch.target.clone());
        if let Some(known) = self.callers.get(&key) {
            return known.clone();
        }
        let found = Arc::new(self.find_callers(callee.called_name(), |subject| {
            let writes = if subject.role == Role::Test { subject.product_writes() } else { Vec::new() };
            let is_it = |write: &ProductWrite| {
                !write.takes_back
                    && write.touch.target == touch.target
                    && write.touch.origin.as_ref() == Some(origin)
            };
            let write = writes.into_iter().find(is_it)?;
            (Guards::of(subject).of_touch(&write.touch) == Guarded::No).then_some(write.touch.node)
        }));
        self.callers.insert(key, found.clone());
        found
    }

    fn find_callers(&self, name: &str, exposed: impl Fn(&Subject<'_>) -> Option<NodeId>) -> Vec<Caller> {
        self.in_functions_naming(name, |subject| {
            let place = subject.place(subject.code().range(exposed(subject)?));
            let name = self.qualified_name(&subject.module, subject.item);
            Some(Caller { name, item: subject.item, place })
        })
    }
}

fn exposed(subject: &Subject<'_>, origin: &Place, target: &Target) -> Option<NodeId> {
    let acts = match subject.role {
        Role::Test | Role::Fixture => true,
        Role::Xunit(xunit) => xunit.phase == Phase::SetUp,
        _ => false,
    };
    if !acts {
        return None;
    }
    let footprint = Footprint::of(subject);
    let mut touches = footprint.escaping();
    let touch = touches.find(|touch| touch.origin.as_ref() == Some(origin) && touch.target == *target)?;
    (Guards::of(subject).of_touch(touch) != Guarded::Fully).then_some(touch.node)
}
