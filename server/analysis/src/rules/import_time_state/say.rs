//! The words of a write at import.

use crate::evidence::first_few;
use crate::facts::NodeKind;
use crate::project::effects::{Act, Touch, deed};
use crate::project::target::Target;
use crate::project::{Place, Subject};
use crate::rules::Said;
use crate::syntax::split::ItemKind;
use crate::text::TextRange;

use super::Found;
use super::judge::Write;

pub fn said(subject: &Subject<'_>, found: &Found) -> Said {
    let first = &found.statements[0].1[0];
    let mut more: Vec<&Target> = Vec::new();
    for write in found.statements.iter().flat_map(|(_, writes)| writes) {
        let target = &write.touch.target;
        if *target != first.touch.target && !more.contains(&target) {
            more.push(target);
        }
    }
    Said {
        confidence: first.confidence,
        at: written(subject, &first.touch),
        what: what(subject, first, &more),
        why: why(first),
        todo: todo(subject, found, first),
        related: related(subject, found),
        mitigated_by: None,
    }
}

/// The changed expression, or the call that changes it.
fn written(subject: &Subject<'_>, touch: &Touch) -> TextRange {
    let code = subject.code();
    match code.kind(touch.node) {
        NodeKind::Assign { targets, .. } if targets.len() == 1 => code.range(targets[0]),
        NodeKind::AugAssign { target, .. } | NodeKind::AnnAssign { target, .. } => code.range(*target),
        _ => code.range(touch.node),
    }
}

fn what(subject: &Subject<'_>, first: &Write, more: &[&Target]) -> String {
    let act = if first.touch.act == Act::Lent { Act::Replace } else { first.touch.act };
    let mut sentence = format!("Importing this module {}", deed(&subject.module, &first.touch.target, act));
    match more {
        [] => {}
        [one] => sentence.push_str(&format!(" and {}", one.named_in(&subject.module))),
        more => sentence.push_str(&format!(" and {} more", more.len())),
    }
    sentence + "."
}

fn why(write: &Write) -> String {
    let before = "pytest imports all selected modules before it runs the first test";
    match write.users.first() {
        Some(user) if !user.reads => {
            format!(
                "{before}. `{}` changes it too, so what tests get depends on what was selected.",
                user.name
            )
        }
        Some(user) => {
            format!("{before}, so what `{}` finds depends on whether this file was selected too.", user.name)
        }
        None => format!("{before}, so tests of other modules get it or not by what was selected."),
    }
}

fn todo(subject: &Subject<'_>, found: &Found, first: &Write) -> String {
    let for_all = "in conftest.py if all tests are to have it";
    if let Some(method) = by_monkeypatch(&first.touch).filter(|_| !imports_follow(subject, found)) {
        return format!("Use `monkeypatch.{method}` in a fixture, or make the change {for_all}.");
    }
    match first.touch.target {
        Target::SysModules(_) => "Put the stand-in there in conftest.py, for all tests.".to_owned(),
        Target::Environ(_) => format!("Make the change {for_all}, where it comes before every import."),
        _ => format!("Make the change in a fixture that undoes it, or {for_all}."),
    }
}

fn by_monkeypatch(touch: &Touch) -> Option<&'static str> {
    Some(match (&touch.target, touch.act) {
        (Target::Environ(Some(_)), Act::Remove) => "delenv",
        (Target::Environ(Some(_)), _) => "setenv",
        (Target::Cwd, _) => "chdir",
        (Target::Attribute { key: None, .. }, Act::Replace) => "setattr",
        (Target::Attribute { .. }, Act::Put) => "setitem",
        _ => return None,
    })
}

/// Whether the module imports more below the change, which may be made for that.
fn imports_follow(subject: &Subject<'_>, found: &Found) -> bool {
    let file = &subject.module.file;
    let last = found.statements.last().map_or(subject.item, |(item, _)| *item);
    (last + 1..file.items().len() as u32)
        .any(|item| file.item(item).kind == ItemKind::Import && file.item(item).owner.is_none())
}

fn related(subject: &Subject<'_>, found: &Found) -> Vec<(Place, String)> {
    let mut places = Vec::new();
    for (item, writes) in &found.statements {
        let statement = Subject::new(subject.project, &subject.module, *item);
        for write in writes {
            let target = write.touch.target.named_in(&subject.module);
            if *item != subject.item {
                let place = statement.place(written(&statement, &write.touch));
                places.push((place, format!("{target} is changed here")));
            }
            if let Some(origin) = &write.touch.origin {
                places.push((origin.clone(), "the change is made here".to_owned()));
            }
        }
    }
    let users = found.statements.iter().flat_map(|(_, writes)| writes).flat_map(|write| &write.users);
    places.extend(first_few(users.map(|user| (user.place.clone(), format!("`{}` uses it here", user.name)))));
    places
}
