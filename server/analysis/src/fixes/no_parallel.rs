//! Marks a test so that it runs alone, and registers the marker where an unknown one is an error.

use super::configuration::ConfigurationEdit;
use super::decorator::above_other_decorators;
use super::import::{Wanted, ensure_import};
use crate::fix::{Edits, Fix};
use crate::project::no_parallel::Effect;
use crate::project::{Project, Role, Subject};

/// Why a test cannot be marked here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    NoTest,
    AlreadyMarked,
    /// Markers are strict and the configuration cannot be edited.
    CannotRegister,
    /// `pytest` means something else in this module.
    NameTaken,
}

impl Refused {
    /// For a person.
    pub fn reason(self) -> &'static str {
        match self {
            Refused::NoTest => "Only tests can carry the marker",
            Refused::AlreadyMarked => "The test carries the marker already",
            Refused::CannotRegister => {
                "Unregistered markers are errors here, and the configuration leaves no safe place to register this one"
            }
            Refused::NameTaken => "The name `pytest` means something else in this module",
        }
    }
}

/// Inserts the project's no-parallel marker below the other marks of a test.
pub fn mark(subject: &Subject<'_>) -> Result<Fix, Refused> {
    if subject.role != Role::Test {
        return Err(Refused::NoTest);
    }
    let project = subject.project;
    if subject.no_parallel_mark().is_some() {
        return Err(Refused::AlreadyMarked);
    }
    let marker = project.no_parallel();
    let (pytest, mut edits) =
        ensure_import(&subject.module, Wanted::Plain("pytest")).ok_or(Refused::NameTaken)?;
    if !marker.is_registered {
        let registered = registration(project, &marker.name);
        if registered.is_none() && project.config.options.strict_markers.may_be_on() {
            return Err(Refused::CannotRegister);
        }
        edits.merge(registered.unwrap_or_default());
    }
    above_other_decorators(subject, &format!("{pytest}.mark.{}", marker.name), &mut edits)
        .ok_or(Refused::NoTest)?;
    Ok(Fix::mitigation(title(&marker.name, marker.effect), edits))
}

/// The edit that registers a marker in the configuration file in force; none is made for it.
fn registration(project: &Project, marker: &str) -> Option<Edits> {
    project.config.file.as_ref()?;
    let mut edit = ConfigurationEdit::of(project)?;
    edit.register(marker)?;
    Some(edit.edits())
}

fn title(name: &str, effect: Effect) -> String {
    let does = match effect {
        Effect::OneWorker => "runs these on one worker; does not undo the change",
        Effect::SkippedUnderXdist => "skips this test under xdist",
        Effect::Deselected => "leaves this test to a run of its own; does not undo the change",
        Effect::Reordered => "a hook of this project only reorders it; does not undo the change",
        Effect::Other => "a hook of this project looks at it; does not undo the change",
        Effect::Nothing => "no effect until conftest honours it",
    };
    format!("Mark with `@pytest.mark.{name}` ({does})")
}
