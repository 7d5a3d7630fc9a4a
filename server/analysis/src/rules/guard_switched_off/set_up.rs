//! A set-up that changes a target before the autouse fixture of its level saves it.
//!
//! xunit-style set-up of a level runs before the autouse fixtures of that level (`pytest-facts.md`, A4).

use std::sync::Arc;

use crate::fix::{Applicability, Fix};
use crate::fixes::set_up_fixture::set_up_behind;
use crate::hint::Confidence;
use crate::project::accesses::First;
use crate::project::effects::{Footprint, Touch};
use crate::project::guards::{Guarded, Guards};
use crate::project::role::Reach;
use crate::project::{ClassKind, Fixture, Glance, Role, Subject};
use crate::rules::Said;

pub struct Dirtied {
    guard: Arc<Fixture>,
    touch: Touch,
    confidence: Confidence,
}

/// Whether the set-up runs before each test of a class or module that has an autouse fixture of its own.
pub fn stands_beside_guard(item: &Glance<'_>, reach: Reach) -> bool {
    let (project, file) = (item.project, &item.module.file);
    let class = file.item(item.item).owner;
    let is_of_case =
        || class.is_some_and(|class| project.class_kind(item.module, class) == ClassKind::TestCase);
    let is_of_level = |fixture: &Arc<Fixture>| fixture.autouse && fixture.class == class;
    reach == Reach::Function
        && file.text.as_str().contains("autouse")
        && !is_of_case()
        && project.declared_fixtures(&file.path).iter().any(is_of_level)
}

pub fn dirtied(subject: &Subject<'_>) -> Vec<Dirtied> {
    let Role::Xunit(xunit) = subject.role else { return Vec::new() };
    if subject.is_test_case() || xunit.reach != Reach::Function {
        return Vec::new();
    }
    let footprint = Footprint::of(subject);
    let mut found: Vec<Dirtied> = Vec::new();
    for touch in footprint.escaping().filter(|touch| touch.origin.is_none() && touch.put_back.is_none()) {
        if found.iter().any(|other| other.touch.target == touch.target) {
            continue;
        }
        let Some(guard) = late_guard(subject, touch) else { continue };
        let guards = Guards::of(subject);
        if guards.of_touch(touch) != Guarded::No || guards.renews(&touch.target) || guards.vague {
            continue;
        }
        let Some(confidence) = confidence(subject, touch) else { continue };
        found.push(Dirtied { guard, touch: touch.clone(), confidence });
    }
    found
}

/// The autouse fixture of the set-up's own level that puts the target back as it found it.
fn late_guard(subject: &Subject<'_>, touch: &Touch) -> Option<Arc<Fixture>> {
    let declared = subject.project.declared_fixtures(subject.path());
    let mut of_level = declared.iter().filter(|fixture| fixture.autouse && fixture.class == subject.class());
    let guard = of_level.find(|fixture| {
        let source = fixture.subject(subject.project);
        let footprint = Footprint::of(&source);
        let restores = footprint.restores().any(|target| touch.is_within(target));
        let renews = footprint.renews().any(|target| target.covers(&touch.target));
        restores && !renews
    })?;
    Some(guard.clone())
}

/// `None` where every test starts with the same value and nobody else can see it.
fn confidence(subject: &Subject<'_>, touch: &Touch) -> Option<Confidence> {
    let module = subject.module.name.as_str();
    let path = touch.target.path().and_then(|path| path.strip_prefix(module));
    let is_private = path.is_some_and(|rest| rest.starts_with('.'));
    if !touch.act.renews() {
        return Some(Confidence::Likely);
    }
    if is_private {
        return None;
    }
    let users = subject.project.accesses(&touch.target);
    let is_read = users.iter().any(|user| {
        user.first == First::Reads && user.module.file.path != *subject.path() && user.role == Role::Test
    });
    let is_sure = is_read || touch.target.is_process_wide();
    Some(if is_sure { Confidence::Likely } else { Confidence::Possible })
}

pub fn said(subject: &Subject<'_>, found: &Dirtied) -> Said {
    let Dirtied { guard, touch, confidence } = found;
    let name = &guard.name;
    let set_up = subject.function().map(|function| function.name.clone()).unwrap_or_default();
    let place = guard.place(subject.project);
    Said {
        confidence: *confidence,
        at: subject.code().range(touch.node),
        what: format!("`{set_up}` changes {} before the autouse fixture `{name}` saves it.", touch.target),
        why: format!(
            "pytest runs `{set_up}` before the autouse fixtures beside it, so `{name}` puts back what the set-up left, not what was there before."
        ),
        todo: format!("Make the set-up an autouse fixture that requests `{name}`."),
        related: place.map(|place| (place, "saves too late".to_owned())).into_iter().collect(),
        mitigated_by: None,
    }
}

pub fn fixes(subject: &Subject<'_>, found: &Dirtied) -> Vec<Fix> {
    let edits = set_up_behind(subject, &found.guard.name);
    let title = format!("Make the set-up a fixture that requests `{}`", found.guard.name);
    edits.map(|edits| Fix::cure(title, Applicability::Suggested, edits)).into_iter().collect()
}
