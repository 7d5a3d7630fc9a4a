//! Explanations in Markdown: of a hint, of a test, and of fixtures, marks and reloads.

mod checklist;
mod fixture;
mod hint;
mod mark;
mod place;
mod reload;

use crate::facts::NodeKind;
use crate::hint::Hint;
use crate::project::{Module, Project, Role, Subject};
use crate::text::TextRange;
use crate::workspace::Hover;

/// What there is to say about the code at `offset`. `hints` are those of the file's report.
pub fn hover(project: &Project, module: &Module, offset: u32, hints: &[Hint]) -> Option<Hover> {
    if let Some(hover) = of_hint(project, offset, hints) {
        return Some(hover);
    }
    let item = module.file.item_at(offset)?;
    let relative = offset.checked_sub(module.file.item(item).code.start)?;
    let subject = Subject::new(project, module, item);
    let (range, markdown) = on_head(&subject, relative, hints)
        .or_else(|| on_mark(&subject, relative))
        .or_else(|| on_reload(&subject, offset))?;
    Some(Hover { markdown, message: None, range: subject.absolute(range) })
}

/// The hint at `offset`, whatever kind of file it is on.
pub fn of_hint(project: &Project, offset: u32, hints: &[Hint]) -> Option<Hover> {
    let hint = hints.iter().find(|hint| touches(hint.range, offset))?;
    let (markdown, message) = hint::explained(project, hint)?;
    Some(Hover { markdown, message: Some(message), range: hint.range })
}

fn touches(range: TextRange, offset: u32) -> bool {
    range.start <= offset && offset <= range.end
}

/// A test's or fixture's name, or a parameter that a fixture fills.
fn on_head(subject: &Subject<'_>, offset: u32, hints: &[Hint]) -> Option<(TextRange, String)> {
    let function = subject.function()?;
    if touches(function.name_range, offset) {
        let markdown = match subject.role {
            Role::Test => checklist::of(subject, hints),
            Role::Fixture => fixture::declared(subject)?,
            _ => return None,
        };
        return Some((function.name_range, markdown));
    }
    let param = function.params.iter().find(|param| touches(param.range, offset))?;
    let name = TextRange::new(param.range.start, param.range.start + param.name.len() as u32);
    let is_filled = matches!(subject.role, Role::Test | Role::Fixture) && subject.requests(&param.name);
    let markdown = is_filled.then(|| fixture::named(subject, &param.name))??;
    touches(name, offset).then_some((name, markdown))
}

/// A mark above a function or class or in `pytestmark`; in `usefixtures` the fixture that a string names.
fn on_mark(subject: &Subject<'_>, offset: u32) -> Option<(TextRange, String)> {
    let (project, module) = (subject.project, &subject.module);
    let mut marks = project.decorator_marks(module, subject.item);
    marks.extend(project.module_marks(module).into_iter().filter(|mark| mark.item == subject.item));
    let code = subject.code();
    let mark = marks.iter().find(|mark| touches(code.range(mark.node), offset))?;
    if mark.name == "usefixtures" {
        let strings = mark.args().iter().map(|argument| argument.value);
        let node = strings.into_iter().find(|node| touches(code.range(*node), offset))?;
        let NodeKind::Str(name) = code.kind(node) else { return None };
        return Some((code.range(node), fixture::named(subject, name)?));
    }
    Some((code.range(mark.node), mark::explained(subject, mark)?))
}

fn on_reload(subject: &Subject<'_>, offset: u32) -> Option<(TextRange, String)> {
    let reloads = subject.project.reloads();
    let index = reloads
        .iter()
        .position(|reload| reload.place.path == subject.path() && touches(reload.place.range, offset))?;
    let range = subject.relative(reloads[index].place.range);
    Some((range, reload::explained(subject.project, index)))
}
