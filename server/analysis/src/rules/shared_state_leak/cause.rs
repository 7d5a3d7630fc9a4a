//! Changes that a helper makes for many: published once, where they are made.

use std::sync::Arc;

use crate::hint::Confidence;
use crate::project::callers::Caller;
use crate::project::effects::class_state::own_class;
use crate::project::effects::{Footprint, Touch};
use crate::project::target::Target;
use crate::project::{Place, Role, Subject};

use super::{Evidence, Found};

/// More callers than this and the helper gets the hint.
pub const MANY: usize = 5;

/// The leaks of a helper that more than [`MANY`] functions are left with.
pub fn of_helper(subject: &Subject<'_>) -> Vec<Found> {
    let Some(function) = subject.function().filter(|_| subject.role == Role::Plain) else {
        return Vec::new();
    };
    let footprint = Footprint::of(subject);
    let mut found: Vec<Found> = Vec::new();
    for touch in footprint.escaping().filter(|touch| touch.origin.is_none()) {
        // A set-up of the class's own attributes, whoever calls it, gives each class a fresh value.
        let is_own = own_class(subject).is_some_and(|class| Target::attribute(class).covers(&touch.target));
        if is_own || found.iter().any(|other| other.target == touch.target) {
            continue;
        }
        let origin = subject.place(subject.code().range(touch.node));
        let callers = subject.project.exposed_callers(&function.name, &origin, &touch.target);
        if callers.len() > MANY && !touch.counts {
            found.push(leak(subject, touch, &callers));
        }
    }
    found
}

fn leak(subject: &Subject<'_>, touch: &Touch, callers: &Arc<Vec<Caller>>) -> Found {
    let evidence =
        Evidence { put_back_later: touch.put_back, callers: callers.clone(), ..Evidence::default() };
    let is_sure = touch.target.is_process_wide() && touch.put_back.is_none();
    let readers = subject.project.accesses(&touch.target);
    let is_read = readers.iter().any(|user| !subject.is_item(&user.module, user.item));
    let confidence = if is_sure || (is_read && touch.put_back.is_none()) {
        Confidence::Likely
    } else {
        Confidence::Possible
    };
    Found {
        target: touch.target.clone(),
        also: Vec::new(),
        touches: vec![touch.clone()],
        confidence,
        evidence,
    }
}

/// Whether a hint for this touch, which a helper makes, is published elsewhere: at the helper, or at its first caller
/// where the helper's own file is not looked at.
pub fn is_published_elsewhere(subject: &Subject<'_>, touch: &Touch) -> bool {
    let Some(origin) = &touch.origin else { return false };
    let Some(name) = helper_name(subject, origin) else { return false };
    let callers = subject.project.exposed_callers(&name, origin, &touch.target);
    if callers.len() <= MANY {
        return false;
    }
    subject.project.is_checked(&origin.path) || callers.first().is_some_and(|first| !is_by(subject, first))
}

/// Whether a call is one of the subject's own.
pub fn is_by(subject: &Subject<'_>, caller: &Caller) -> bool {
    caller.item == subject.item && caller.place.path == *subject.path()
}

fn helper_name(subject: &Subject<'_>, origin: &Place) -> Option<String> {
    let module = subject.project.module(&origin.path)?;
    let item = module.file.item_at(origin.range.start)?;
    Some(module.file.name(item).to_owned()).filter(|name| !name.is_empty())
}
