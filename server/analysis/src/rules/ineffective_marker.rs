//! `ineffective-marker`: a marker that does not do here what it is written for.

mod conftest_marks;
mod cures;
mod wiring;
mod words;

use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::idle_marker::{IdleMarker, Why};
use crate::project::{Glance, Place, Project, Subject};
use crate::rules::{Cause, ConfigurationRule, Rule, RuleMeta, Said};
use conftest_marks::Unapplied;

pub struct IneffectiveMarker;

const META: RuleMeta = RuleMeta {
    name: "ineffective-marker",
    summary: "A marker about parallel runs or order that nothing makes effective",
    cause: Cause::Markers,
    page: include_str!("ineffective-marker.md"),
    on_by_default: true,
    triggers: &[&[
        "mark.dependency",
        "mark.no_parallel",
        "mark.noparallel",
        "mark.order",
        "mark.serial",
        "mark.xdist_group",
        "pytestmark",
        // As hooks name them.
        "\"no_parallel\"",
        "\"noparallel\"",
        "\"serial\"",
        "'no_parallel'",
        "'noparallel'",
        "'serial'",
    ]],
};

pub enum Found {
    Idle(IdleMarker),
    /// `pytestmark` in a conftest.
    Unapplied(Unapplied),
}

/// So many uses are shown; the others are counted.
const SHOWN: usize = 5;

impl Rule for IneffectiveMarker {
    const META: RuleMeta = META;
    type Found = Found;

    fn may_find(item: &Glance<'_>) -> bool {
        conftest_marks::may_be_unapplied(item)
            || item.project.idle_markers().iter().any(|idle| item.holds(&idle.at))
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let idle = subject.project.idle_markers();
        let idle = idle.iter().filter(|idle| subject.holds(&idle.at)).cloned().map(Found::Idle);
        idle.chain(conftest_marks::unapplied(subject).map(Found::Unapplied)).collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        match found {
            Found::Idle(idle) => Said { at: subject.relative(idle.at.range), ..said(subject.project, idle) },
            Found::Unapplied(unapplied) => conftest_marks::say(unapplied),
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        match found {
            Found::Idle(idle) => cures::of(subject.project, idle),
            Found::Unapplied(unapplied) => conftest_marks::fix(subject, unapplied).into_iter().collect(),
        }
    }
}

impl ConfigurationRule for IneffectiveMarker {
    const META: RuleMeta = META;
    type Found = IdleMarker;

    fn find(project: &Project) -> Vec<IdleMarker> {
        let Some(file) = &project.config.file else { return Vec::new() };
        project.idle_markers().iter().filter(|idle| idle.at.path == file.path).cloned().collect()
    }

    fn say(project: &Project, idle: &IdleMarker) -> Said {
        said(project, idle)
    }

    fn fix(project: &Project, idle: &IdleMarker) -> Vec<Fix> {
        cures::of(project, idle)
    }
}

/// The hint with its place in bytes of the whole file.
fn said(project: &Project, idle: &IdleMarker) -> Said {
    let others = idle.uses.iter().filter(|place| **place != idle.at);
    let mut related: Vec<(Place, String)> =
        others.take(SHOWN).map(|place| (place.clone(), "It is written here.".to_owned())).collect();
    let hidden = idle.uses.len().saturating_sub(related.len() + usize::from(idle.uses.contains(&idle.at)));
    if let Some((_, message)) = related.last_mut().filter(|_| hidden > 0) {
        *message = format!("It is written here, and {hidden} more times: `flakeless project`.");
    }
    Said {
        // The command line, CI and plugins out of sight may do what the files do not.
        confidence: match idle.why {
            Why::DeadGroups | Why::Refused => Confidence::Likely,
            _ => Confidence::Possible,
        },
        at: idle.at.range,
        what: words::what(idle),
        why: words::why(idle),
        todo: words::todo(project, idle),
        related,
        mitigated_by: None,
    }
}
