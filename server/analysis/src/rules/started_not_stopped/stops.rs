//! Whether anything in sight may stop what was started. Every use that is not plainly harmless counts.

use std::sync::Arc;

use memchr::memmem;

use super::handle::{CHANGES, Handle, Holder, Kind};
use crate::facts::NodeKind;
use crate::project::fixtures::Fixture;
use crate::project::guards::xunit_functions;
use crate::project::{Module, Subject};

/// Bases out of sight that stop nothing which their tests start.
const PLAIN_BASES: &[&str] = &["unittest.", "builtins.object", "django.test.", "rest_framework.test."];

pub fn may_stop(subject: &Subject<'_>, handle: &Handle) -> bool {
    if handle.kind == Kind::TimeZone {
        return zone_is_set_again(subject);
    }
    let by_name = match &handle.holder {
        Holder::Unnamed(_) => false,
        Holder::Local(name) => is_used_otherwise(subject, name, handle.kind),
        Holder::Attribute(dotted) => classes(subject).iter().any(|(module, class)| {
            let items = std::iter::once(*class).chain(module.file.members(*class));
            items.into_iter().any(|item| uses_attribute(module.file.item_text(item), dotted))
        }),
        Holder::Module(_) => false,
        Holder::Global(name, bound) => is_named_elsewhere(subject, name, *bound),
    };
    by_name || word_for_all(handle.kind).is_some_and(|word| is_written_around(subject, word))
}

/// The word by which everything of a kind is stopped, whoever started it.
fn word_for_all(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Patch => Some("stopall"),
        Kind::Module { off: "disable" } => Some(".disable"),
        Kind::Module { .. } => Some(".stop"),
        Kind::Fake | Kind::MonkeyPatch | Kind::TimeZone => None,
    }
}

/// Whether `tzset` is called a second time: by the function, a fixture around it, or what is torn down with its class.
fn zone_is_set_again(subject: &Subject<'_>) -> bool {
    let calls = |text: &str| memmem::find_iter(text.as_bytes(), b"tzset(").count();
    let closure = subject.closure();
    let mut fixtures = closure.iter().filter_map(|closed| closed.fixture.as_ref());
    let is_other = |fixture: &Arc<Fixture>| !subject.is_item(&fixture.module, fixture.item);
    let registers = subject.text().contains("tzset)");
    registers
        || calls(subject.text()) > 1
        || fixtures.any(|fixture| is_other(fixture) && calls(fixture.module.file.item_text(fixture.item)) > 0)
        || xunit_functions(subject).iter().any(|(module, item)| calls(module.file.item_text(*item)) > 0)
}

/// Whether another item of the module than the one that starts it and the one that bound it names it.
fn is_named_elsewhere(subject: &Subject<'_>, name: &str, bound: u32) -> bool {
    let file = &subject.module.file;
    let others = (0..file.items().len() as u32).filter(|item| *item != subject.item && *item != bound);
    others.into_iter().any(|item| file.item_text(item).contains(name))
}

/// Whether a name of the function is used for more than to start, or to patch through, what it holds.
fn is_used_otherwise(subject: &Subject<'_>, name: &str, kind: Kind) -> bool {
    let code = subject.code();
    let harmless: &[&str] = if kind == Kind::MonkeyPatch { CHANGES } else { &["start"] };
    subject.body().filter(|node| code.kind(*node).as_name() == Some(name)).any(|node| {
        match code.kind(code.node(node).parent) {
            NodeKind::Attribute { attr, .. } => !harmless.contains(&attr.as_str()),
            NodeKind::Assign { targets, .. } => !targets.contains(&node),
            _ => true,
        }
    })
}

/// The class around, those that it derives from, and those of its file that derive from it.
fn classes(subject: &Subject<'_>) -> Vec<(Module, u32)> {
    let Some(class) = subject.class() else { return Vec::new() };
    let project = subject.project;
    let file = &subject.module.file;
    let mut found = project.method_resolution(&subject.module, class);
    let heads = (0..file.items().len() as u32).filter(|item| file.item(*item).class().is_some());
    let heirs = heads.filter(|head| {
        let line = project.method_resolution(&subject.module, *head);
        *head != class && line.iter().any(|(module, item)| *item == class && module.file.path == file.path)
    });
    found.extend(heirs.map(|head| (subject.module.clone(), head)));
    found
}

/// Whether a text uses `self.patcher`, through whatever object, for more than to assign or start it.
fn uses_attribute(text: &str, dotted: &str) -> bool {
    let Some((_, attribute)) = dotted.split_once('.') else { return true };
    let word = format!(".{attribute}");
    memmem::find_iter(text.as_bytes(), word.as_bytes()).any(|at| {
        let rest = &text[at + word.len()..];
        if rest.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
            return false;
        }
        let is_assigned = rest.trim_start().strip_prefix('=').is_some_and(|more| !more.starts_with('='));
        !is_assigned && !rest.starts_with(".start()")
    })
}

/// Whether a word stands in the file, in the files of the class's bases or in a conftest above.
fn is_written_around(subject: &Subject<'_>, word: &str) -> bool {
    let project = subject.project;
    let has_word =
        |module: &Module| memmem::find(module.file.text.as_str().as_bytes(), word.as_bytes()).is_some();
    let conftests = project.conftests(subject.path());
    has_word(&subject.module)
        || classes(subject).iter().any(|(module, _)| has_word(module))
        || conftests.iter().filter_map(|path| project.module(path)).any(|module| has_word(&module))
}

/// Whether every base of a class is in sight, or known to stop nothing.
pub fn sees_bases(subject: &Subject<'_>, class: u32) -> bool {
    let unseen = subject.project.unseen_bases(&subject.module, class);
    let is_plain = |path: &str| PLAIN_BASES.iter().any(|plain| path.starts_with(plain));
    unseen.is_some_and(|unseen| unseen.iter().all(|path| is_plain(path)))
}
