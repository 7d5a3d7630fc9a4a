//! What an editor can offer at a place: fixes of hints, and what can be done with the test there.
//!
//! An action on a test is bound to no hint. Each is one file with `offer`, a page beside it (`<action>.md`) and its
//! line in [`REGISTRY`].

mod mark_flaky;
mod mark_no_parallel;
mod retry_in_test;
mod skip_in_ci;

use crate::fix::{Edits, Fix, FixKind};
use crate::hint::Hint;
use crate::project::{Module, Project, Role, Subject};
use crate::report::fit;
use crate::text::TextRange;
use crate::workspace::Action;

/// Something to do with a test, whatever hints it has: none is a cure.
pub struct OnTest {
    /// Kebab-case.
    pub name: &'static str,
    pub summary: &'static str,
    /// Markdown.
    pub page: &'static str,
    offer: fn(&Subject<'_>) -> Option<Offer>,
}

/// What an action says of one test; nothing where it means nothing for such tests.
pub enum Offer {
    Possible(Fix),
    /// Why not, in words for a person.
    Refused {
        title: String,
        reason: String,
    },
}

impl Offer {
    fn refused(title: impl Into<String>, reason: impl Into<String>) -> Option<Offer> {
        Some(Offer::Refused { title: title.into(), reason: reason.into() })
    }
}

pub static REGISTRY: &[OnTest] = &[
    OnTest {
        name: "mark-no-parallel",
        summary: "Gives a test the project's marker for tests that must not run beside others",
        page: include_str!("actions/mark-no-parallel.md"),
        offer: mark_no_parallel::offer,
    },
    OnTest {
        name: "mark-flaky",
        summary: "Has a test retried, in the form of the retry plugin that the project has",
        page: include_str!("actions/mark-flaky.md"),
        offer: mark_flaky::offer,
    },
    OnTest {
        name: "retry-in-test",
        summary: "Wraps an async test in a bounded retry that needs no plugin",
        page: include_str!("actions/retry-in-test.md"),
        offer: retry_in_test::offer,
    },
    OnTest {
        name: "skip-in-ci",
        summary: "Skips a known flaky test in CI, with a reason that names the issue",
        page: include_str!("actions/skip-in-ci.md"),
        offer: skip_in_ci::offer,
    },
];

/// What can be done with the test whose head is at `range`, unless it is offered already.
pub fn add_of_test(project: &Project, module: &Module, range: TextRange, actions: &mut Vec<Action>) {
    for (_, offer) in offers(project, module, range) {
        let action = action(offer);
        if !actions.iter().any(|other| other.fix.title == action.fix.title) {
            actions.push(action);
        }
    }
}

/// What each action says of the test whose head is at `range`.
pub fn offers<'p>(
    project: &'p Project,
    module: &'p Module,
    range: TextRange,
) -> impl Iterator<Item = (&'static OnTest, Offer)> + use<'p> {
    let test = test_at(project, module, range);
    test.into_iter().flat_map(move |test| {
        REGISTRY.iter().filter_map(move |on_test| {
            let mut offer = (on_test.offer)(&test)?;
            if let Offer::Possible(fix) = &mut offer {
                fit(project, module, fix);
            }
            Some((on_test, offer))
        })
    })
}

/// The fixes of hints that are not shown, on the name of the test that has them. Each title says which hint it is for: no
/// editor marks the place. What the place has anyway is offered already.
pub fn add_of_hidden(
    project: &Project,
    module: &Module,
    range: TextRange,
    hidden: &[&Hint],
    fixes: impl Fn(&Hint) -> Vec<Fix>,
    actions: &mut Vec<Action>,
) {
    let Some(test) = test_at(project, module, range) else { return };
    let is_its =
        |hint: &&&Hint| module.file.item_at(hint.range.start) == Some(test.item) && !touches(hint, range);
    for hint in hidden.iter().filter(is_its) {
        let line = module.file.text.lines().line_of(hint.range.start) + 1;
        for mut fix in fixes(hint).into_iter().filter(|fix| fix.kind != FixKind::Suppression) {
            fix.title = format!("{} ({} in line {line}, {})", fix.title, hint.rule, hint.confidence.word());
            actions.push(Action { hint: None, fix, preferred: false, disabled: None });
        }
    }
}

fn touches(hint: &Hint, range: TextRange) -> bool {
    hint.range.start <= range.end && range.start <= hint.range.end
}

fn test_at<'p>(project: &'p Project, module: &Module, range: TextRange) -> Option<Subject<'p>> {
    let subject = Subject::new(project, module, module.file.item_at(range.start)?);
    let start = subject.absolute(TextRange::default()).start;
    let head = start..=subject.absolute(subject.function()?.params_range).end;
    (subject.role == Role::Test && head.contains(&range.start)).then_some(subject)
}

fn action(offer: Offer) -> Action {
    match offer {
        Offer::Possible(fix) => Action { hint: None, fix, preferred: false, disabled: None },
        Offer::Refused { title, reason } => {
            let fix = Fix::mitigation(title, Edits::new());
            Action { hint: None, fix, preferred: false, disabled: Some(reason) }
        }
    }
}

/// The fixes of all hints that touch `range`. The first cure of each hint is preferred.
pub fn of_hints(range: TextRange, hints: &[Hint], fixes: impl Fn(&Hint) -> Vec<Fix>) -> Vec<Action> {
    let touched = hints.iter().filter(|hint| touches(hint, range));
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
