//! The fix that writes a suppression, in its narrowest form.

use super::directive::Extent;
use super::found::{Placed, directives};
use super::reach::{Reach, innermost};
use crate::facts::{Code, NodeId, NodeKind};
use crate::fix::{Edits, Fix};
use crate::hint::Hint;
use crate::store::File;
use crate::text::TextRange;

/// Silences a hint of `file` on its own line, else on the first or last of its statement, else on the head of the
/// function around it. `None` where no comment can stand on any of them.
pub fn ignore(file: &File, hint: &Hint) -> Option<Fix> {
    let line = candidates(file, hint.range).into_iter().find(|line| takes_comment(file, *line))?;
    let mut edits = Edits::new();
    let (range, text) = edit(file, line, hint.rule);
    edits.push(&file.path, range, text);
    let own = file.text.lines().line_of(hint.range.start);
    let place = if line == own { "here" } else { "by a comment on its statement" };
    Some(Fix::suppression(format!("Ignore `{}` {place}", hint.rule), edits))
}

/// The lines to try, narrowest first.
fn candidates(file: &File, range: TextRange) -> Vec<u32> {
    let reach = Reach::of(file, range);
    let own = file.text.lines().line_of(range.start);
    let mut lines = vec![own];
    lines.extend(reach.lines());
    lines
}

/// Adds the name to the directive on that line, or a directive to the line's end.
fn edit(file: &File, line: u32, rule: &str) -> (TextRange, String) {
    let known = directives(file);
    let is_list = |placed: &&Placed| {
        placed.line == line && placed.directive.extent == Extent::Here && !placed.directive.names.is_empty()
    };
    if let Some(last) = known.iter().find(is_list).and_then(|placed| placed.directive.names.last()) {
        return (TextRange::empty(last.range.end), format!(", {rule}"));
    }
    let text = file.text.as_str();
    let whole = file.text.lines().line_range(text, line);
    let end = whole.start + whole.slice(text).trim_end().len() as u32;
    (TextRange::new(end, whole.end), format!("  # flakeless: ignore[{rule}]"))
}

/// Whether a comment can stand at the end of a line: not inside a string, not behind a backslash.
fn takes_comment(file: &File, line: u32) -> bool {
    let text = file.text.as_str();
    let range = file.text.lines().line_range(text, line);
    let Some(item) = file.item_at(range.end) else { return true };
    let Some(offset) = range.end.checked_sub(file.item(item).code.start) else { return true };
    let code = &file.facts(item).code;
    let has_comment = code.comments.iter().any(|comment| comment.end == offset);
    has_comment || (!range.slice(text).ends_with('\\') && !is_in_string(code, offset))
}

/// Whether the byte at `offset`, a line end, belongs to a literal. Between joined literals a comment could stand, but
/// that is not told apart here.
fn is_in_string(code: &Code, offset: u32) -> bool {
    let is_literal = |node: NodeId| {
        matches!(code.kind(node), NodeKind::Str(_) | NodeKind::Bytes | NodeKind::FString { .. })
    };
    innermost(code, offset)
        .is_some_and(|node| std::iter::once(node).chain(code.ancestors(node)).any(is_literal))
}
