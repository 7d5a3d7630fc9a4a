//! The words for a module that is left different.

use crate::evidence::first_few;
use crate::project::reload::Renewal;
use crate::project::{Place, Role, Subject};
use crate::rules::Said;

use super::Found;
use super::affected::Kept;
use super::condition::{Condition, Holds};
use super::undone::Undone;

pub fn said(subject: &Subject<'_>, found: &Found) -> Said {
    let node = match found.undone {
        Undone::TooEarly(node) => node,
        _ => found.reload.node,
    };
    Said {
        confidence: found.confidence,
        at: subject.code().range(node),
        what: what(found),
        why: why(found),
        todo: todo(subject, found),
        related: related(subject, found),
        mitigated_by: None,
    }
}

fn what(found: &Found) -> String {
    let reload = &found.reload;
    let (function, module) = (&reload.function, &reload.module);
    let end = match found.undone {
        Undone::IfPassing(_) => "and puts it right only if nothing fails before that",
        _ => "and nothing puts it right afterwards",
    };
    match (reload.renewal, &found.condition) {
        (Renewal::Purge, _) => match found.undone {
            Undone::IfPassing(_) => format!(
                "`{function}` takes `{module}` out of `sys.modules`, and puts it back only if nothing fails before that."
            ),
            _ => format!("`{function}` takes `{module}` out of `sys.modules`, and nothing puts it back."),
        },
        (Renewal::Reload, Some(condition)) => match found.undone {
            Undone::TooEarly(_) => format!(
                "This reloads `{module}` while the change of {} still holds: {}.",
                condition.target,
                still_held(condition)
            ),
            _ => format!("`{function}` reloads `{module}` under a change of {}, {end}.", condition.target),
        },
        (Renewal::Reload, None) => match &found.affected.kept {
            Kept::Class(name) => {
                format!("`{function}` reloads `{module}`, which makes a new class `{name}`.")
            }
            Kept::Container(name) => format!("`{function}` reloads `{module}`, which makes a new `{name}`."),
            Kept::Values(_) | Kept::TwoModules => format!("`{function}` reloads `{module}`, {end}."),
        },
    }
}

fn still_held(condition: &Condition) -> &'static str {
    match condition.holds {
        Holds::BeyondTest | Holds::Fixture => {
            "`monkeypatch` undoes only after the tear-down of those that ask for it"
        }
        Holds::Until(_) => "what changed it ends later",
        Holds::Written(_) => "nothing has put it back yet",
    }
}

fn why(found: &Found) -> String {
    let module = &found.reload.module;
    match &found.affected.kept {
        Kept::Values(names) => {
            let value = match names.as_slice() {
                [name] => format!("`{name}` keeps the value that it got then"),
                _ => format!("`{module}` keeps what it computed then"),
            };
            format!("{value}, for every test that runs later in the process.")
        }
        Kept::Class(name) => format!(
            "Whoever imported `{name}` by name before keeps the old class, and objects and exceptions of the new one are none of that."
        ),
        Kept::Container(name) => format!(
            "Whoever imported `{name}` by name before keeps the old object, and does not see what goes into the new one."
        ),
        Kept::TwoModules => format!(
            "The next import makes a second `{module}`; who imported it before goes on with the first, which patches by path no longer reach and whose classes are not those of the second."
        ),
    }
}

fn todo(subject: &Subject<'_>, found: &Found) -> String {
    let is_fixture = subject.role == Role::Fixture;
    match (found.reload.renewal, &found.condition, subject.is_test_case()) {
        (Renewal::Purge, _, true) => {
            "Do it inside `patch.dict(sys.modules)`, which puts the module back.".to_owned()
        }
        (Renewal::Purge, _, false) => {
            "Use `monkeypatch.delitem(sys.modules, …)`, which puts the module back after the test.".to_owned()
        }
        (Renewal::Reload, Some(condition), _) if is_fixture && condition.holds == Holds::BeyondTest => {
            "Undo the change after the `yield`, and reload the module then.".to_owned()
        }
        (Renewal::Reload, Some(_), true) => "Reload it once more in a clean-up.".to_owned(),
        (Renewal::Reload, Some(_), false) => {
            "Reload it once more when the change is undone: in a fixture that is set up before the change."
                .to_owned()
        }
        (Renewal::Reload, None, _) => {
            "Put back what the test changes instead of reloading, or run the reload in a process of its own."
                .to_owned()
        }
    }
}

fn related(subject: &Subject<'_>, found: &Found) -> Vec<(Place, String)> {
    let mut places: Vec<(Place, String)> = Vec::new();
    let here = |node| subject.place(subject.code().range(node));
    if let Some(condition) = &found.condition
        && let Some(place) = &condition.place
    {
        places.push((place.clone(), format!("changed here: {}", condition.target)));
    }
    match found.undone {
        Undone::TooEarly(_) => {
            places.push((found.reload.place.clone(), "reloaded under the change here".to_owned()));
        }
        Undone::IfPassing(node) => {
            places.push((here(node), "put right here, if nothing failed before".to_owned()));
        }
        Undone::No | Undone::Fully => {}
    }
    places.extend(first_few(found.affected.places.iter().cloned()));
    places
}
