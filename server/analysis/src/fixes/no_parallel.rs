//! Marks a test so that it runs alone, and registers the marker where an unknown one is an error.

use super::configuration::ConfigurationEdit;
use super::import::{Wanted, ensure_import};
use crate::facts::code::Decorator;
use crate::fix::{Edits, Fix};
use crate::project::no_parallel::Effect;
use crate::project::{Project, Role, Subject};
use crate::text::TextRange;
use crate::text::newline_of;

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
    let function = subject.function().filter(|_| subject.role == Role::Test).ok_or(Refused::NoTest)?;
    let project = subject.project;
    if project.no_parallel_mark(&subject.module, subject.item).is_some() {
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
    let newline = newline_of(subject.module.file.text.as_str());
    let indent = indent_of(subject, function.def_range.start);
    let at = place(subject, &function.decorators).unwrap_or(function.def_range.start);
    let line = format!("@{pytest}.mark.{}{newline}{indent}", marker.name);
    edits.push(subject.path(), subject.absolute(TextRange::empty(at)), line);
    Ok(Fix::mitigation(title(&marker.name, marker.effect), edits))
}

/// The edit that registers a marker in the configuration file in force; none is made for it.
fn registration(project: &Project, marker: &str) -> Option<Edits> {
    project.config.file.as_ref()?;
    let mut edit = ConfigurationEdit::of(project)?;
    edit.register(marker)?;
    Some(edit.edits())
}

/// Directly above the first decorator that is no mark: below an unknown decorator the mark could be lost.
fn place(subject: &Subject<'_>, decorators: &[Decorator]) -> Option<u32> {
    let is_mark = |decorator: &&Decorator| {
        let target = subject.code().uncalled(decorator.expr);
        subject.resolve(target).is_some_and(|path| path.starts_with("pytest.mark."))
    };
    decorators.iter().find(|decorator| !is_mark(decorator)).map(|decorator| decorator.range.start)
}

fn indent_of<'s>(subject: &'s Subject<'_>, at: u32) -> &'s str {
    let before = &subject.text()[..at as usize];
    let line_start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    &before[line_start..]
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
