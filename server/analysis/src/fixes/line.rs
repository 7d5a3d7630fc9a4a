//! Inserts whole lines beside a statement, with its indentation and the file's line ending.

use super::statement::indentation;
use crate::facts::NodeId;
use crate::fix::Edits;
use crate::project::Subject;
use crate::text::{TextRange, line_start};

/// One level of the function's indentation.
pub fn indent_unit(subject: &Subject<'_>) -> String {
    let unit = || {
        let function = subject.function()?;
        let inner = indentation(subject, *function.body.first()?)?;
        inner.strip_prefix(outer_indent(subject).as_str()).map(str::to_owned)
    };
    unit().filter(|unit| !unit.is_empty()).unwrap_or_else(|| "    ".to_owned())
}

/// The white space in front of the `def`.
pub fn outer_indent(subject: &Subject<'_>) -> String {
    let Some(function) = subject.function() else { return String::new() };
    let text = subject.module.file.text.as_str();
    let start = subject.absolute(function.def_range).start as usize;
    text[line_start(text, start)..start].chars().take_while(|c| c.is_whitespace()).collect()
}

/// Inserts lines, given without indentation and line ends, above a statement.
pub fn insert_above(subject: &Subject<'_>, statement: NodeId, lines: &[String]) -> Option<Edits> {
    let indent = indentation(subject, statement)?;
    let newline = subject.newline();
    let text: String = lines.iter().map(|line| format!("{line}{newline}{indent}")).collect();
    let at = TextRange::empty(subject.code().range(statement).start);
    let mut edits = Edits::new();
    edits.push(subject.path(), subject.absolute(at), text);
    Some(edits)
}

/// The same below a statement that is the last on its line.
pub fn insert_below(subject: &Subject<'_>, statement: NodeId, lines: &[String]) -> Option<Edits> {
    let indent = indentation(subject, statement)?;
    let newline = subject.newline();
    let end = subject.code().range(statement).end as usize;
    let rest = &subject.text()[end..];
    let line_rest = &rest[..rest.find(['\n', '\r']).unwrap_or(rest.len())];
    if !(line_rest.trim().is_empty() || line_rest.trim_start().starts_with('#')) {
        return None;
    }
    let at = TextRange::empty((end + line_rest.len()) as u32);
    let text: String = lines.iter().map(|line| format!("{newline}{indent}{line}")).collect();
    let mut edits = Edits::new();
    edits.push(subject.path(), subject.absolute(at), text);
    Some(edits)
}

/// Puts lines in the place of a statement.
pub fn replace(subject: &Subject<'_>, statement: NodeId, lines: &[String]) -> Option<Edits> {
    let indent = indentation(subject, statement)?;
    let newline = subject.newline();
    let mut edits = Edits::new();
    let range = subject.absolute(subject.code().range(statement));
    edits.push(subject.path(), range, lines.join(&format!("{newline}{indent}")));
    Some(edits)
}
