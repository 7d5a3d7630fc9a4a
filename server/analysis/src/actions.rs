//! What an editor can offer at a place: fixes of hints, and what can be done with the test there.

use crate::fix::{Edits, Fix, FixKind};
use crate::fixes::no_parallel;
use crate::hint::Hint;
use crate::project::{Module, Project, Role, Subject};
use crate::text::TextRange;
use crate::workspace::Action;

/// What can be done with the test whose head is at `range`, unless it is offered already.
pub fn add_of_test(project: &Project, module: &Module, range: TextRange, actions: &mut Vec<Action>) {
    let more = of_test(project, module, range).into_iter();
    let is_new = |action: &Action| !actions.iter().any(|other| other.fix.title == action.fix.title);
    let more: Vec<Action> = more.filter(is_new).collect();
    actions.extend(more);
}

fn of_test(project: &Project, module: &Module, range: TextRange) -> Vec<Action> {
    let Some(item) = module.file.item_at(range.start) else { return Vec::new() };
    let subject = Subject::new(project, module, item);
    let is_on_head = subject.function().is_some_and(|function| {
        let start = subject.absolute(TextRange::default()).start;
        range.start >= start && range.start <= subject.absolute(function.params_range).end
    });
    if subject.role != Role::Test || !is_on_head {
        return Vec::new();
    }
    let action = match no_parallel::mark(&subject) {
        Ok(fix) => Action { hint: None, fix, preferred: false, disabled: None },
        Err(refused) => {
            let title = format!("Mark with `@pytest.mark.{}`", project.no_parallel().name);
            let disabled = Some(refused.reason().to_owned());
            Action { hint: None, fix: Fix::mitigation(title, Edits::new()), preferred: false, disabled }
        }
    };
    vec![action]
}

/// The fixes of all hints that touch `range`. The first cure of each hint is preferred.
pub fn of_hints(range: TextRange, hints: &[Hint], fixes: impl Fn(&Hint) -> Vec<Fix>) -> Vec<Action> {
    let touched = hints.iter().filter(|hint| hint.range.start <= range.end && range.start <= hint.range.end);
    touched
        .flat_map(|hint| {
            let fixes = fixes(hint);
            let first_cure = fixes.iter().position(|fix| fix.kind == FixKind::Cure);
            fixes.into_iter().enumerate().map(move |(index, fix)| Action {
                hint: Some(hint.clone()),
                fix,
                preferred: Some(index) == first_cure,
                disabled: None,
            })
        })
        .collect()
}
