//! Inserts an autouse fixture that saves a target, yields, and puts it back.
//!
//! Synchronous, since nothing in it awaits: it runs whatever plugin and mode run the tests. Preconditions:
//! `pytest-facts.md`, B, "cleanup fixture".

use crate::fix::Edits;
use crate::project::accesses::search_word;
use crate::project::effects::{Footprint, Touch};
use crate::project::guards::xunit_functions;
use crate::project::target::Target;
use crate::project::{Role, Subject};
use crate::syntax::split::ItemKind;
use crate::text::{TextRange, line_start};

use super::header::behind_header;
use super::import::{Wanted, ensure_import};
use super::keeping::{Keeping, keeping, opening};

/// Where the fixture goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    Class,
    Module,
}

/// A fixture that restores `target` around every test of the class or module, with the name it got.
pub fn restoring_fixture(
    subject: &Subject<'_>,
    target: &Target,
    touches: &[Touch],
) -> Option<(String, Reach, Edits)> {
    if subject.is_test_case() || is_set_up_elsewhere(subject, target) {
        return None;
    }
    let name = free_name(subject, target)?;
    let Keeping { imports, first, saved, restore, .. } = keeping(subject, target, touches)?;
    let (pytest, import_pytest) = ensure_import(&subject.module, Wanted::Plain("pytest"))?;
    let reach = if only_class_touches(subject, target) { Reach::Class } else { Reach::Module };
    let in_class = match reach {
        Reach::Class => Some(before_first_method(subject)?),
        Reach::Module => None,
    };
    let indent = in_class.as_ref().map_or("", |(_, indent)| indent);
    let receiver = if reach == Reach::Class { "self" } else { "" };
    let mut lines = vec![format!("@{pytest}.fixture(autouse=True)"), format!("def {name}({receiver}):")];
    let newline = subject.newline();
    let before = opening(&first, newline, &format!("{indent}    "));
    lines.push(format!("    {before}saved = {saved}"));
    lines.push("    yield".to_owned());
    lines.extend(restore.iter().map(|line| format!("    {}", line.replace("{saved}", "saved"))));
    let body = lines.join(&format!("{newline}{indent}"));
    let (at, text) = match &in_class {
        Some((at, indent)) => (*at, format!("{body}{newline}{newline}{indent}")),
        None => behind_header(subject, &body),
    };
    let mut edits = imports;
    edits.merge(import_pytest);
    edits.push(subject.path(), TextRange::empty(at), text);
    Some((name, reach, edits))
}

/// An autouse fixture of the module with these lines as its body, behind the imports and fixtures that the module starts
/// with. `None` if the name is taken.
pub fn module_fixture(subject: &Subject<'_>, name: &str, body: &[String]) -> Option<Edits> {
    let is_taken = !subject.module.file.scope().get(name).is_empty()
        || subject.project.fixture(&subject.module, subject.item, name).is_some();
    if is_taken {
        return None;
    }
    let (pytest, mut edits) = ensure_import(&subject.module, Wanted::Plain("pytest"))?;
    let newline = subject.newline();
    let mut lines = vec![format!("@{pytest}.fixture(autouse=True)"), format!("def {name}():")];
    lines.extend(body.iter().map(|line| format!("    {line}")));
    let (at, text) = behind_header(subject, &lines.join(newline));
    edits.push(subject.path(), TextRange::empty(at), text);
    Some(edits)
}

/// xunit-style set-up runs before the autouse fixtures of its level, so the fixture would save what it left; so would
/// an autouse fixture beside an autouse fixture.
fn is_set_up_elsewhere(subject: &Subject<'_>, target: &Target) -> bool {
    match subject.role {
        Role::Test | Role::Plain => xunit_functions(subject).iter().any(|(module, item)| {
            let set_up = Subject::new(subject.project, module, *item);
            Footprint::of(&set_up).touches.iter().any(|touch| touch.target.overlaps(target))
        }),
        Role::Fixture => subject.as_fixture().is_none_or(|fixture| {
            fixture.autouse || fixture.scope != Some(crate::project::FixtureScope::Function)
        }),
        _ => true,
    }
}

/// `restore_<name>`, if neither the module nor any fixture around the subject has that name.
fn free_name(subject: &Subject<'_>, target: &Target) -> Option<String> {
    let what = match target {
        Target::Attribute { path, .. } => path.rsplit('.').next()?.to_ascii_lowercase(),
        Target::Environ(_) => "environ".to_owned(),
        Target::Cwd => "cwd".to_owned(),
        Target::SysPath => "sys_path".to_owned(),
        Target::SysModules(_) => "sys_modules".to_owned(),
        Target::Setting(setting) => setting.word().to_owned(),
    };
    let name = format!("restore_{}", what.trim_matches('_'));
    let is_taken = !subject.module.file.scope().get(&name).is_empty()
        || subject.project.fixture(&subject.module, subject.item, &name).is_some()
        || subject.class().is_some_and(|class| {
            subject.module.file.members(class).any(|m| subject.module.file.name(m) == name)
        });
    (!is_taken).then_some(name)
}

/// Whether every function of the module that changes the target stands in the subject's class.
fn only_class_touches(subject: &Subject<'_>, target: &Target) -> bool {
    let (Some(class), Some(word)) = (subject.class(), search_word(target)) else { return false };
    let file = &subject.module.file;
    (0..file.items().len() as u32)
        .filter(|item| matches!(file.item(*item).kind, ItemKind::Function(_)))
        .filter(|item| file.item(*item).owner != Some(class) && file.item_text(*item).contains(word.as_str()))
        .all(|item| {
            let other = Subject::new(subject.project, &subject.module, item);
            !Footprint::of(&other).touches.iter().any(|touch| touch.target.overlaps(target))
        })
}

/// The start of the class's first method, and its indentation.
fn before_first_method(subject: &Subject<'_>) -> Option<(u32, String)> {
    let file = &subject.module.file;
    let first = file
        .members(subject.class()?)
        .find(|member| matches!(file.item(*member).kind, ItemKind::Function(_)))?;
    let start = file.item(first).code.start;
    let text = file.text.as_str();
    let code_start =
        start as usize + (text[start as usize..].len() - text[start as usize..].trim_start().len());
    let line = line_start(text, code_start);
    let indent = &text[line..code_start];
    indent.chars().all(char::is_whitespace).then(|| (code_start as u32, indent.to_owned()))
}
