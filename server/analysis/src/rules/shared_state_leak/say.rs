//! The words of a leak.

use crate::evidence::first_few;
use crate::facts::NodeKind;
use crate::fixes::depth::{Depth, depth};
use crate::fixes::monkeypatch::with_monkeypatch;
use crate::project::accesses::{Access, First};
use crate::project::effects::{Act, Touch, deed};
use crate::project::guards::Guarded;
use crate::project::role::Reach;
use crate::project::target::Target;
use crate::project::{Place, Role, Subject};
use crate::rules::Said;
use crate::text::TextRange;

use super::{Evidence, Found};

pub fn said(subject: &Subject<'_>, found: &Found) -> Said {
    let touch = &found.touches[0];
    Said {
        confidence: found.confidence,
        at: risky_range(subject, touch),
        what: what(subject, found, touch),
        why: why(subject, found),
        todo: match found.evidence.counts_calls {
            true => "Make the mock in the test or a fixture, or reset it first.".to_owned(),
            false => todo(subject, found, touch),
        },
        related: related(subject, found, touch),
        mitigated_by: subject.no_parallel_mark().map(|mark| format!("`{mark}`")),
    }
}

/// The changed expression, or the call that changes it.
fn risky_range(subject: &Subject<'_>, touch: &Touch) -> TextRange {
    let code = subject.code();
    match code.kind(touch.node) {
        NodeKind::Assign { targets, .. } if targets.len() == 1 => code.range(targets[0]),
        NodeKind::AugAssign { target, .. } | NodeKind::AnnAssign { target, .. } => code.range(*target),
        _ => code.range(touch.node),
    }
}

fn what(subject: &Subject<'_>, found: &Found, touch: &Touch) -> String {
    if found.evidence.counts_calls {
        let mock = found.target.named_in(&subject.module);
        return format!(
            "This test counts the calls of {mock}, a mock that the whole module shares, and nothing resets it."
        );
    }
    let actor = match subject.role {
        Role::Fixture => "This fixture",
        Role::Xunit(_) => "This set-up",
        Role::Plain => "This helper",
        _ => "This test",
    };
    let mut deed = deed(&subject.module, &found.target, touch.act);
    if let [also @ .., last] = found.also.as_slice() {
        also.iter().for_each(|target| deed.push_str(&format!(", {}", target.named_in(&subject.module))));
        deed.push_str(&format!(" and {}", last.named_in(&subject.module)));
    }
    if let Some(function) = &found.evidence.through {
        deed.push_str(&format!(" through `{function}`"));
    }
    let end = match (&found.evidence.put_back_later, found.evidence.guarded) {
        (Some(_), _) => "and puts it back only if nothing fails before that",
        (None, Some(Guarded::OutsideModule)) => "and only the end of the module puts it back",
        (None, Some(Guarded::OutsideClass)) => "and only the end of the class puts it back",
        _ => "and nothing puts it back",
    };
    format!("{actor} {deed} {end}.")
}

fn why(subject: &Subject<'_>, found: &Found) -> String {
    let Evidence { users, asserted_before, callers, .. } = &found.evidence;
    if users.is_empty() && found.evidence.refuses_twice.is_some() {
        return "It is refused when it is there already, so the test fails when it runs twice in one process."
            .to_owned();
    }
    if let [first, rest @ ..] = callers.as_slice() {
        let (name, more) = (&first.name, rest.len());
        return format!(
            "`{name}` and {more} more call it, and what each does then depends on which ran before."
        );
    }
    if found.evidence.counts_calls {
        return match users.first() {
            Some(user) => format!("`{}` uses it too, and calls of both are counted together.", user.name),
            None => "A second run of the test in the same process counts the calls of both.".to_owned(),
        };
    }
    if let Some(user) = users.iter().find(|user| user.first == First::Reads) {
        return format!("`{}` reads it, so the outcome depends on which of them runs first.", user.name);
    }
    if asserted_before.is_some() {
        return "It asserts on the value before the change, so it fails when it runs twice in one process."
            .to_owned();
    }
    if let Some(user) = users.first() {
        return format!(
            "`{}` changes it too, and whichever ran last decides what all others see.",
            user.name
        );
    }
    if found.target.path().is_some_and(|path| path.starts_with(subject.module.name.as_str())) {
        return "What one run of the test leaves there is still there in the next.".to_owned();
    }
    "Every test that runs later in the same process sees the change.".to_owned()
}

fn todo(subject: &Subject<'_>, found: &Found, touch: &Touch) -> String {
    if subject.is_test_case() {
        let register = match subject.role {
            Role::Xunit(xunit) if xunit.reach == Reach::Class => "cls.addClassCleanup",
            _ => "self.addCleanup",
        };
        return format!("Register the undoing with `{register}` before the change.");
    }
    match subject.role {
        Role::Fixture => "Put it back after the fixture's `yield`.".to_owned(),
        Role::Xunit(xunit) => format!("Put it back in `{}`.", tear_down(subject, xunit.reach)),
        _ => match by_monkeypatch(&found.target, touch.act) {
            Some(method) if has_such_form(subject, touch, method) => {
                format!("Use `monkeypatch.{method}`, which undoes itself after the test.")
            }
            Some("setattr") if gets_a_copy(subject, found) => {
                "Put a copy there with `monkeypatch.setattr`, and change that.".to_owned()
            }
            _ => "Put it back in a fixture, after its `yield`.".to_owned(),
        },
    }
}

fn tear_down(subject: &Subject<'_>, reach: Reach) -> &'static str {
    match (reach, subject.class().is_some()) {
        (Reach::Function, true) => "teardown_method",
        (Reach::Function, false) => "teardown_function",
        (Reach::Class, _) => "teardown_class",
        (Reach::Module, _) => "teardown_module",
    }
}

/// Whether a copy can be put in the place of the object that is changed.
fn gets_a_copy(subject: &Subject<'_>, found: &Found) -> bool {
    with_monkeypatch(subject, &found.target, &found.touches, found.evidence.put_back_later).is_some()
}

/// Whether `monkeypatch` can do it: the change is in sight, and what it sets or takes away is a name, or an entry of what the
/// name holds. An object that is changed in place stays changed, whatever is bound to its name.
fn has_such_form(subject: &Subject<'_>, touch: &Touch, method: &str) -> bool {
    let needed = match method {
        "setattr" | "delattr" => Depth::Binding,
        _ => Depth::Entries,
    };
    let is_attribute = matches!(touch.target, Target::Attribute { .. });
    touch.origin.is_none() && (!is_attribute || depth(subject, touch) <= needed)
}

/// The method of `monkeypatch` that does the same.
fn by_monkeypatch(target: &Target, act: Act) -> Option<&'static str> {
    Some(match (target, act) {
        (Target::Environ(_), Act::Remove) => "delenv",
        (Target::Environ(_), _) => "setenv",
        (Target::Cwd, _) => "chdir",
        (Target::SysPath, _) => "syspath_prepend",
        (Target::SysModules(_), Act::Remove) => "delitem",
        (Target::SysModules(_), _) => "setitem",
        (Target::Attribute { key: Some(_), .. }, Act::Put) => "setitem",
        (Target::Attribute { key: Some(_), .. }, Act::Remove) => "delitem",
        (Target::Attribute { key: None, .. }, Act::Remove) => "delattr",
        (Target::Attribute { .. }, _) => "setattr",
        (Target::Setting(_), _) => return None,
    })
}

fn related(subject: &Subject<'_>, found: &Found, touch: &Touch) -> Vec<(Place, String)> {
    let evidence = &found.evidence;
    let mut places = Vec::new();
    let here = |node| subject.place(subject.code().range(node));
    if let Some(origin) = &touch.origin {
        places.push((origin.clone(), "the change is made here".to_owned()));
    }
    if let Some(refusal) = &evidence.refuses_twice {
        places.push((refusal.clone(), "raises when it is there already".to_owned()));
    }
    if let Some(node) = evidence.asserted_before {
        places.push((here(node), "asserted here, before the change".to_owned()));
    }
    if let Some(node) = evidence.put_back_later {
        places.push((here(node), "put back here, if nothing failed before".to_owned()));
    }
    let dead_guard = evidence.dead_guard.as_ref().and_then(|fixture| fixture.place(subject.project));
    places.extend(
        dead_guard
            .map(|place| (place, "would put it back, but nothing awaits this async fixture".to_owned())),
    );
    let called = evidence.callers.iter();
    let called = called.map(|caller| (caller.place.clone(), format!("`{}` calls it here", caller.name)));
    places.extend(first_few(called));
    places.extend(first_few(evidence.users.iter().map(|user| (user.place.clone(), used_by(user)))));
    places
}

fn used_by(user: &Access) -> String {
    match user.first {
        First::Reads => format!("`{}` reads it here", user.name),
        First::Writes => format!("`{}` changes it here", user.name),
    }
}
