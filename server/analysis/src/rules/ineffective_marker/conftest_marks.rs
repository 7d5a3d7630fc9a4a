//! `pytestmark` in a conftest: it applies to nothing (seen with pytest 7.4, 8.4.2 and 9.x).

use super::wiring::HOOK;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::statement::statement_of;
use crate::hint::Confidence;
use crate::project::marks::Mark;
use crate::project::{Glance, Subject};
use crate::rules::Said;
use crate::text::TextRange;

/// `pytestmark = …` at the module level of a conftest.
pub struct Unapplied {
    name: TextRange,
    value: NodeId,
    marks: Vec<Mark>,
}

/// Marks that pytest or a plugin reads before an item is made, so that a hook that sees the item comes too late.
const READ_EARLIER: &[&str] = &["anyio", "asyncio", "django_db", "parametrize", "trio", "usefixtures"];

const NAME: &str = "pytestmark";

/// Whether the item may be such an assignment, as far as its text shows.
pub fn may_be_unapplied(item: &Glance<'_>) -> bool {
    let file = &item.module.file;
    file.path.ends_with("conftest.py")
        && file.item(item.item).function().is_none()
        && item.text().contains(NAME)
}

pub fn unapplied(subject: &Subject<'_>) -> Option<Unapplied> {
    if !subject.path().ends_with("conftest.py") || subject.function().is_some() {
        return None;
    }
    let code = subject.code();
    let bindings = subject.facts.bindings();
    let binding = bindings.all(NAME).first()?;
    let BindingKind::Value(value) = binding.kind else { return None };
    let start = code.range(statement_of(subject, value)).start;
    let name = TextRange::new(start, start + NAME.len() as u32);
    let marks = subject.project.module_marks(&subject.module);
    let marks: Vec<Mark> = marks.into_iter().filter(|mark| mark.item == subject.item).collect();
    let is_used = is_named_elsewhere(subject);
    let is_plain = subject.slice(name) == NAME;
    (is_plain && !marks.is_empty() && !is_used).then_some(Unapplied { name, value, marks })
}

/// Whether other code of the conftest, or a module that imports from a conftest, makes use of the name.
fn is_named_elsewhere(subject: &Subject<'_>) -> bool {
    let file = &subject.module.file;
    let own = (0..file.items().len() as u32).filter(|item| *item != subject.item);
    let is_read_here = own.into_iter().any(|item| file.item_text(item).contains(NAME));
    let is_imported = |path: &std::path::PathBuf| {
        let Some(module) = subject.project.module(path) else { return false };
        let text = module.file.text.as_str();
        text.contains("conftest import") && (text.contains(NAME) || text.contains("import *"))
    };
    is_read_here || subject.project.checked_files().iter().any(is_imported)
}

pub fn say(unapplied: &Unapplied) -> Said {
    let names: Vec<String> = unapplied.marks.iter().map(|mark| format!("`{}`", mark.name)).collect();
    let (marks, verb) = match names.as_slice() {
        [one] => (one.clone(), "applies"),
        _ => (names.join(" and "), "apply"),
    };
    Said {
        confidence: Confidence::Likely,
        at: unapplied.name,
        what: format!("`pytestmark` in a conftest marks no test, so {marks} {verb} to nothing."),
        why: "pytest reads `pytestmark` from test modules and classes only.".to_owned(),
        todo: "Mark the test modules, or add the marks in a `pytest_itemcollected` hook.".to_owned(),
        related: Vec::new(),
        mitigated_by: None,
    }
}

/// The hook in the place of the assignment.
pub fn fix(subject: &Subject<'_>, unapplied: &Unapplied) -> Option<Fix> {
    let is_early = |mark: &Mark| READ_EARLIER.contains(&mark.name.as_str());
    let has_hook = !subject.module.file.scope().get(HOOK).is_empty();
    let code = subject.code();
    let statement = statement_of(subject, unapplied.value);
    if has_hook || unapplied.marks.iter().any(is_early) || code.roots.first() != Some(&statement) {
        return None;
    }
    let newline = subject.newline();
    let written = match code.kind(unapplied.value) {
        NodeKind::List(parts) | NodeKind::Tuple(parts) => parts.to_vec(),
        _ => vec![unapplied.value],
    };
    let lines: Vec<String> =
        written.iter().map(|mark| format!("    item.add_marker({})", subject.source(*mark))).collect();
    let hook = format!("def {HOOK}(item):{newline}{}", lines.join(newline));
    let range = subject.absolute(code.range(statement));
    let text = subject.module.file.text.as_str();
    let mut edits = Edits::new();
    edits.push(
        subject.path(),
        range,
        format!("{}{hook}", blank_lines(&text[..range.start as usize], newline)),
    );
    Some(Fix::cure("Add the marks in a `pytest_itemcollected` hook", Applicability::Suggested, edits))
}

/// The blank lines that are missing for two above a function.
fn blank_lines(before: &str, newline: &str) -> String {
    let kept = before.trim_end();
    if kept.is_empty() {
        return String::new();
    }
    let lines = before[kept.len()..].matches('\n').count();
    newline.repeat(3_usize.saturating_sub(lines))
}
