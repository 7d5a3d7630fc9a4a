//! The fix that writes a suppression, in its narrowest form that the project's formatter leaves alone.

use super::directive::Extent;
use super::found::{Placed, Position, directives};
use super::reach::{Reach, head_at, innermost};
use crate::facts::{Code, NodeId, NodeKind};
use crate::fix::{Edits, Fix};
use crate::hint::Hint;
use crate::store::File;
use crate::text::{TextRange, newline_of};

/// Silences a hint of `file` where a formatter that allows `limit` columns leaves the comment as it is: at the end of the
/// hint's own line or of an end of its statement, else above the statement. Where neither can be, a line gets too long: of
/// the statement, else of the head of the function around it. `None` where no comment can stand on any of them.
pub fn ignore(file: &File, hint: &Hint, limit: usize) -> Option<Fix> {
    let known = directives(file);
    let behind = |line: u32| (Insertion::behind(file, &known, line, hint.rule), Place::Behind(line));
    let has_room = |(made, _): &(Insertion, Place)| made.width(file) <= limit;
    let (insertion, place) = steady_lines(file, hint.range)
        .map(behind)
        .find(has_room)
        .or_else(|| Some((Insertion::above(file, &known, hint)?, Place::Above)))
        .or_else(|| lines(file, hint.range).map(behind).next())?;
    let place = match place {
        Place::Behind(line) if line == file.text.lines().line_of(hint.range.start) => "here",
        Place::Behind(_) => "by a comment on its statement",
        Place::Above => "by a comment above it",
    };
    let mut edits = Edits::new();
    edits.push(&file.path, insertion.range, insertion.text);
    Some(Fix::suppression(format!("Ignore `{}` {place}", hint.rule), edits))
}

enum Place {
    Behind(u32),
    Above,
}

/// The hint's statement, of a compound one the head; what it marks, where that lies behind the head (`elif`).
fn head(file: &File, range: TextRange) -> TextRange {
    head_at(file, range).filter(|head| head.contains(range.start)).unwrap_or(range)
}

/// The lines that can take a comment, narrowest first.
fn lines(file: &File, range: TextRange) -> impl Iterator<Item = u32> {
    let own = file.text.lines().line_of(range.start);
    let reach = Reach::of(file, range);
    let lines: Vec<u32> = std::iter::once(own).chain(reach.lines()).collect();
    lines.into_iter().filter(|line| takes_comment(file, *line))
}

/// Those of the statement that a formatter does not break anew because of a comment: its ends, and between them the hint's
/// own line, if that holds a whole part.
fn steady_lines(file: &File, range: TextRange) -> impl Iterator<Item = u32> {
    let line = |offset: u32| file.text.lines().line_of(offset);
    let head = head(file, range);
    let (first, last) = (line(head.start), line(head.end.saturating_sub(1)));
    let own = line(range.start);
    let code = code_of(file, own);
    let is_steady = [first, last].contains(&own) || code.ends_with(',') || code.trim_start().starts_with('@');
    let lines = is_steady.then_some(own).into_iter().chain([last, first]);
    lines.filter(|line| takes_comment(file, *line))
}

/// A line without white space at its end.
fn code_of(file: &File, line: u32) -> &str {
    file.text.lines().line_range(file.text.as_str(), line).slice(file.text.as_str()).trim_end()
}

/// The edit that makes a comment.
struct Insertion {
    range: TextRange,
    text: String,
}

impl Insertion {
    /// At the end of a line.
    fn behind(file: &File, known: &[Placed], line: u32, rule: &str) -> Insertion {
        let on_line = known.iter().filter(|placed| placed.line == line);
        if let Some(insertion) = Insertion::into_list(on_line, rule) {
            return insertion;
        }
        let whole = file.text.lines().line_range(file.text.as_str(), line);
        let end = whole.start + code_of(file, line).len() as u32;
        Insertion { range: TextRange::new(end, whole.end), text: format!("  # flakeless: ignore[{rule}]") }
    }

    /// On a line of its own above the hint's statement.
    fn above(file: &File, known: &[Placed], hint: &Hint) -> Option<Insertion> {
        let (text, lines) = (file.text.as_str(), file.text.lines());
        let line = lines.line_of(head(file, hint.range).start);
        if line.checked_sub(1).is_some_and(|before| !takes_comment(file, before)) {
            return None;
        }
        let whole = lines.line_range(text, line);
        let code = whole.slice(text).trim_start_matches('\u{feff}').trim_start();
        let at = whole.end - code.len() as u32;
        if code.starts_with('#') {
            return None;
        }
        let over = known.iter().filter(|placed| placed.position == Position::Above { line, code: at });
        if let Some(insertion) = Insertion::into_list(over, hint.rule) {
            return Some(insertion);
        }
        let indent = TextRange::new(whole.start, at).slice(text).trim_start_matches('\u{feff}');
        let comment = format!("# flakeless: ignore[{}]{}{indent}", hint.rule, newline_of(text));
        Some(Insertion { range: TextRange::empty(at), text: comment })
    }

    /// One more name for a comment that is there.
    fn into_list<'p>(mut placed: impl Iterator<Item = &'p Placed>, rule: &str) -> Option<Insertion> {
        let last = placed.find_map(|placed| match placed.directive.extent {
            Extent::Here => placed.directive.names.last(),
            Extent::File => None,
        })?;
        Some(Insertion { range: TextRange::empty(last.range.end), text: format!(", {rule}") })
    }

    /// Of the line that it makes longer, in columns.
    fn width(&self, file: &File) -> usize {
        let line = file.text.lines().line_of(self.range.start);
        code_of(file, line).chars().count() + self.text.chars().count()
    }
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
