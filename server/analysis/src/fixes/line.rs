//! Inserts whole lines beside a statement, with its indentation and the file's line ending.

use super::import::newline_of;
use crate::facts::NodeId;
use crate::fix::Edits;
use crate::project::Subject;
use crate::text::TextRange;

/// The white space before a statement that begins its line; `None` behind `;` or on the line of its block's head.
pub fn indent_of<'s>(subject: &'s Subject<'_>, statement: NodeId) -> Option<&'s str> {
    let before = &subject.text()[..subject.code().range(statement).start as usize];
    let start = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    let indent = &before[start..];
    indent.trim().is_empty().then_some(indent)
}

/// One level of the function's indentation.
pub fn indent_unit(subject: &Subject<'_>) -> String {
    let unit = || {
        let code = subject.code();
        let function = subject.function()?;
        let inner = indent_of(subject, *function.body.first()?)?;
        let before = &subject.text()[..function.def_range.start as usize];
        let outer = &before[before.rfind(['\n', '\r']).map_or(0, |end| end + 1)..];
        let is_first_line =
            code.roots.first().is_some_and(|root| code.range(*root).start == function.def_range.start);
        // An item's text begins behind the indentation of its first line.
        let outer = if is_first_line { own_indent(subject) } else { outer.to_owned() };
        inner.strip_prefix(outer.as_str()).map(str::to_owned)
    };
    unit().filter(|unit| !unit.is_empty()).unwrap_or_else(|| "    ".to_owned())
}

fn own_indent(subject: &Subject<'_>) -> String {
    let start = subject.absolute(TextRange::default()).start as usize;
    let before = &subject.module.file.text.as_str()[..start];
    before[before.rfind(['\n', '\r']).map_or(0, |end| end + 1)..].to_owned()
}

/// Inserts lines, given without indentation and line ends, above a statement.
pub fn insert_above(subject: &Subject<'_>, statement: NodeId, lines: &[String]) -> Option<Edits> {
    let indent = indent_of(subject, statement)?;
    let newline = newline_of(subject.module.file.text.as_str());
    let text: String = lines.iter().map(|line| format!("{line}{newline}{indent}")).collect();
    let at = TextRange::empty(subject.code().range(statement).start);
    let mut edits = Edits::new();
    edits.push(subject.path(), subject.absolute(at), text);
    Some(edits)
}

/// The same below a statement that is the last on its line.
pub fn insert_below(subject: &Subject<'_>, statement: NodeId, lines: &[String]) -> Option<Edits> {
    let indent = indent_of(subject, statement)?;
    let newline = newline_of(subject.module.file.text.as_str());
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
    let indent = indent_of(subject, statement)?;
    let newline = newline_of(subject.module.file.text.as_str());
    let mut edits = Edits::new();
    let range = subject.absolute(subject.code().range(statement));
    edits.push(subject.path(), range, lines.join(&format!("{newline}{indent}")));
    Some(edits)
}
