//! The other tests that get what a cached function kept.

use crate::facts::{NodeId, NodeKind};
use crate::project::cached::around;
use crate::project::callee::Definition;
use crate::project::effects::Footprint;
use crate::project::target::Target;
use crate::project::{Place, Subject};

use super::conditions::{Condition, in_force};

/// A test that calls the function with the same arguments under another condition.
pub struct Other {
    pub name: String,
    pub place: Place,
}

/// The tests that call `cached` as `call` does, where `condition` does not hold, with nothing that empties the cache
/// around them; by path and place.
pub fn unlike(subject: &Subject<'_>, call: NodeId, cached: &Definition, condition: &Condition) -> Vec<Other> {
    let project = subject.project;
    let wanted = arguments(subject, call);
    let calls = project.cached_calls(cached, &condition.target);
    let others = calls.iter().filter(|other| !subject.is_item(&other.module, other.item));
    let unlike = others.filter_map(|other| {
        let test = Subject::new(project, &other.module, other.item);
        let is_same_call = arguments(&test, other.node) == wanted;
        let is_unlike = is_same_call
            && !is_given_around(&test, &condition.target)
            && in_force(&test, other.node)
                .iter()
                .filter(|there| there.target.overlaps(&condition.target))
                .all(|there| there.written != condition.written);
        is_unlike.then(|| Other {
            name: project.qualified_name(&other.module, other.item),
            place: test.place(test.code().range(other.node)),
        })
    });
    unlike.collect()
}

/// Whether a fixture or set-up around the test gives the target a value of its own.
fn is_given_around(subject: &Subject<'_>, target: &Target) -> bool {
    around(subject).iter().any(|around| {
        let footprint = Footprint::of(around);
        footprint.touches.iter().any(|touch| touch.target.overlaps(target))
            || footprint.covers.iter().any(|cover| cover.target.overlaps(target))
    })
}

/// The source of a call's arguments.
fn arguments<'s>(subject: &'s Subject<'_>, call: NodeId) -> Vec<&'s str> {
    let NodeKind::Call { args, .. } = subject.code().kind(call) else { return Vec::new() };
    args.iter().map(|argument| subject.slice(argument.range)).collect()
}
