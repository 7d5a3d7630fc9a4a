//! Puts a decorator on a test, where pytest sees it.

use crate::facts::code::Decorator;
use crate::fix::Edits;
use crate::project::Subject;
use crate::text::{TextRange, newline_of};

/// Adds `@written` directly above the first decorator that is no mark: below an unknown decorator it could be lost.
pub fn above_other_decorators(subject: &Subject<'_>, written: &str, edits: &mut Edits) -> Option<()> {
    let function = subject.function()?;
    let newline = newline_of(subject.module.file.text.as_str());
    let indent = indent_of(subject, function.def_range.start);
    let at = place(subject, &function.decorators).unwrap_or(function.def_range.start);
    let line = format!("@{written}{newline}{indent}");
    edits.push(subject.path(), subject.absolute(TextRange::empty(at)), line);
    Some(())
}

fn place(subject: &Subject<'_>, decorators: &[Decorator]) -> Option<u32> {
    let is_mark = |decorator: &&Decorator| {
        let target = subject.code().uncalled(decorator.expr);
        subject.resolve(target).is_some_and(|path| path.starts_with("pytest.mark."))
    };
    decorators.iter().find(|decorator| !is_mark(decorator)).map(|decorator| decorator.range.start)
}

fn indent_of<'s>(subject: &'s Subject<'_>, at: u32) -> &'s str {
    let before = &subject.text()[..at as usize];
    let line_start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    &before[line_start..]
}
