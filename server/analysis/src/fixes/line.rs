//! Inserts whole lines beside a statement, with its indentation and the file's line ending.

use super::statement::indentation;
use crate::facts::NodeId;
use crate::fix::Edits;
use crate::project::Subject;
use crate::text::TextRange;

/// One level of the function's indentation.
pub fn indent_unit(subject: &Subject<'_>) -> String {
    let unit = || {
        let function = subject.function()?;
        let inner = indentation(subject, *function.body.first()?)?;
        let text = subject.module.file.text.as_str();
        let start = subject.absolute(function.def_range).start as usize;
        let outer = &text[text[..start].rfind(['\n', '\r']).map_or(0, |end| end + 1)..start];
        inner.strip_prefix(outer)
    };
    unit().filter(|unit| !unit.is_empty()).unwrap_or("    ").to_owned()
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
