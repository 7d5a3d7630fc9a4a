//! `import-time-state`: a test module changes state of the whole process when it is imported.

mod cure;
mod judge;
mod say;
mod undone;
mod writes;

use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::{ClassKind, Glance, Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use judge::{Write, writes};

pub struct ImportTimeState;

/// Statements that follow one another and all change something, as surely: one cause.
pub struct Found {
    /// Each statement's item with what it changes, surest first; never empty, nor are its lists.
    statements: Vec<(u32, Vec<Write>)>,
}

impl Rule for ImportTimeState {
    const META: RuleMeta = RuleMeta {
        name: "import-time-state",
        summary: "A test module that changes state of the whole process when it is imported",
        cause: Cause::StateInside,
        page: include_str!("import-time-state.md"),
        on_by_default: true,
        triggers: &[],
    };
    const ROLES: Roles = Roles::STATEMENT;
    type Found = Found;

    fn may_find(item: &Glance<'_>) -> bool {
        writes::has_form_of_write(item) && writes::is_one_of_several(item.project, &item.module.file.path)
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let first = writes(subject);
        let Some(confidence) = first.first().map(|write| write.confidence) else { return Vec::new() };
        if !has_tests(subject) {
            return Vec::new();
        }
        if subject
            .item
            .checked_sub(1)
            .is_some_and(|above| of_same_cause(subject, above, confidence).is_some())
        {
            return Vec::new();
        }
        let below = subject.item + 1..subject.module.file.items().len() as u32;
        let more = below.map_while(|item| Some((item, of_same_cause(subject, item, confidence)?)));
        let statements = std::iter::once((subject.item, first)).chain(more).collect();
        vec![Found { statements }]
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        say::said(subject, found)
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::in_fixture(subject, found).into_iter().collect()
    }
}

/// Whether there is a test in the module. A file that only bears the name of one is a script, run by something else.
fn has_tests(subject: &Subject<'_>) -> bool {
    let Subject { project, module, .. } = subject;
    (0..module.file.items().len() as u32).any(|item| {
        project.role(module, item) == Role::Test
            || (module.file.item(item).class().is_some()
                && project.class_kind(module, item) != ClassKind::NotCollected)
    })
}

/// What another statement of the same body changes, if that is as sure.
fn of_same_cause(subject: &Subject<'_>, item: u32, confidence: Confidence) -> Option<Vec<Write>> {
    let other = Subject::new(subject.project, &subject.module, item);
    let is_beside = other.role == Role::Statement && other.class() == subject.class();
    let writes = is_beside.then(|| writes(&other))?;
    (writes.first()?.confidence == confidence).then_some(writes)
}
