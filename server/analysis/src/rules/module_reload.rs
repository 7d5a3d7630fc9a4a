//! `module-reload`: a test or fixture runs a module again, or takes it out of `sys.modules`, and what others hold of it
//! is not put back.

mod affected;
mod condition;
mod cures;
mod undone;
mod usual;
mod words;

use crate::facts::NodeKind;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::effects::Footprint;
use crate::project::guards::Guards;
use crate::project::reload::{Reload, Renewal, may_renew_in};
use crate::project::{Fixture, FixtureScope, Glance, Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use affected::Affected;
use condition::Condition;
use undone::Undone;

pub struct ModuleReload;

/// One module that the subject leaves different.
pub struct Found {
    reload: Reload,
    /// What it was run again under, where that is what stays.
    condition: Option<Condition>,
    affected: Affected,
    undone: Undone,
    confidence: Confidence,
}

impl Rule for ModuleReload {
    const META: RuleMeta = RuleMeta {
        name: "module-reload",
        summary: "A test or fixture that reloads a module, or takes it out of `sys.modules`, and does not put it back",
        cause: Cause::Reloading,
        page: include_str!("module-reload.md"),
        on_by_default: true,
        triggers: &[],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::HOOK).or(Roles::PLAIN);
    type Found = Found;

    /// By no word: the function may have any name where it is imported.
    fn may_find(item: &Glance<'_>) -> bool {
        may_renew_in(item.module) && item.project.reloads().iter().any(|reload| item.holds(&reload.place))
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let all = subject.project.reloads();
        let own = all.iter().filter(|reload| is_own(subject, reload) && !is_stand_in(subject, reload));
        let mut found: Vec<Found> = Vec::new();
        for reload in own {
            let is_known = found
                .iter()
                .any(|other| other.reload.module == reload.module || other.reload.place == reload.place);
            if !is_known && !has_hints_of_its_own(subject, reload) {
                found.extend(judged(subject, reload));
            }
        }
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        words::said(subject, found)
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cures::fixes(subject, found)
    }
}

/// Whether the subject's code holds the reload. While the file does not parse, reloads are where they were in its last
/// sound text.
fn is_own(subject: &Subject<'_>, reload: &Reload) -> bool {
    let node = subject.code().nodes.get(reload.node.0 as usize);
    subject.holds(&reload.place)
        && node.is_some_and(|node| subject.absolute(node.range) == reload.place.range)
}

/// `sys.modules["shop"] = fake` is a changed entry like any other, not a second life of the module.
fn is_stand_in(subject: &Subject<'_>, reload: &Reload) -> bool {
    matches!(subject.code().kind(reload.node), NodeKind::Assign { .. })
}

/// Whether tests that compare with classes of the module have hints, or the reload has one for all of them.
fn has_hints_of_its_own(subject: &Subject<'_>, reload: &Reload) -> bool {
    let all = subject.project.reloads();
    let stale = subject.project.stale_uses();
    stale.iter().any(|used| all[used.reload].module == reload.module)
}

fn judged(subject: &Subject<'_>, reload: &Reload) -> Option<Found> {
    let footprint = Footprint::of(subject);
    // What only a nested function does that nothing calls, or what is expected to raise, leaves nothing.
    let is_done = footprint.touches.iter().any(|touch| touch.node == reload.node);
    if !is_done || is_around_everything(subject) {
        return None;
    }
    let guards = Guards::of(subject);
    let conditions = match reload.renewal {
        Renewal::Reload => condition::around(subject, &footprint, reload),
        Renewal::Purge => Vec::new(),
    };
    let undone = undone::of(subject, &footprint, &guards, reload, &conditions);
    if undone == Undone::Fully {
        return None;
    }
    let (condition, affected) = affected::by(subject, reload, conditions)?;
    let undone = match undone {
        // A second reload brings values back and makes classes anew once more.
        Undone::IfPassing(_) | Undone::TooEarly(_)
            if condition.is_none() && reload.renewal == Renewal::Reload =>
        {
            Undone::No
        }
        other => other,
    };
    let is_held_back = matches!(undone, Undone::IfPassing(_))
        || subject.role == Role::Plain
        || subject.as_fixture().is_some_and(|fixture| is_wide(&fixture))
        || guards.vague
        || footprint.vague.iter().any(|(node, _)| *node > reload.node);
    let confidence =
        if affected.is_sure && !is_held_back { Confidence::Likely } else { Confidence::Possible };
    Some(Found { reload: reload.clone(), condition, affected, undone, confidence })
}

/// Before every test of the project, or once for all of them: nobody knows anything else.
fn is_around_everything(subject: &Subject<'_>) -> bool {
    let reaches_all = || {
        let directory = subject.path().parent();
        let files = subject.project.checked_files();
        directory.is_some_and(|directory| files.iter().all(|file| file.starts_with(directory)))
    };
    let is_conftest = subject.path().ends_with("conftest.py");
    subject
        .as_fixture()
        .is_some_and(|fixture| fixture.autouse && (is_wide(&fixture) || (is_conftest && reaches_all())))
}

fn is_wide(fixture: &Fixture) -> bool {
    fixture.scope.is_none_or(|scope| scope >= FixtureScope::Package)
}
