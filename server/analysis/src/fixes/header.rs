//! The imports, constants and fixtures that a module starts with, and what is inserted behind them.

use crate::project::{Role, Subject};
use crate::syntax::split::{Item, ItemKind};

/// Where a new function of the subject's module goes, and its text with two blank lines on each side.
pub fn behind_header(subject: &Subject<'_>, function: &str) -> (u32, String) {
    let (at, has_header) = after_header(subject);
    (at, apart(subject, function, at, has_header))
}

fn apart(subject: &Subject<'_>, function: &str, at: u32, has_header: bool) -> String {
    let newline = subject.newline();
    let gap = newline.repeat(3);
    if !has_header {
        return format!("{function}{gap}");
    }
    let behind = &subject.module.file.text.as_str()[at as usize..];
    let code = behind.trim_start();
    if code.is_empty() {
        return format!("{gap}{function}");
    }
    let blank = &behind[..behind.len() - code.len()];
    let ends = blank.matches('\n').count().max(blank.matches('\r').count());
    format!("{gap}{function}{}", newline.repeat(3_usize.saturating_sub(ends)))
}

/// Behind the imports, constants and fixtures that a module starts with; `false` if it starts with none and the
/// function goes in front of all.
fn after_header(subject: &Subject<'_>) -> (u32, bool) {
    let file = &subject.module.file;
    let is_header = |(index, item): &(usize, &Item)| match item.kind {
        ItemKind::Import | ItemKind::Statement => true,
        ItemKind::Function(_) => subject.project.role(&subject.module, *index as u32) == Role::Fixture,
        ItemKind::Class(_) => false,
    };
    let Some((_, last)) = file.items().iter().enumerate().take_while(is_header).last() else {
        return (file.items().first().map_or(0, |item| item.code.start), false);
    };
    // A comment on the last line belongs to it.
    let text = file.text.as_str();
    let end = text[..last.code.end as usize].trim_end().len();
    ((end + text[end..].find(['\r', '\n']).unwrap_or(text.len() - end)) as u32, true)
}
