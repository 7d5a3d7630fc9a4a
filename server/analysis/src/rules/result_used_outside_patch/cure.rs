//! The cure: the statement behind the `with` that runs the work moves inside.

use super::{Found, Late};
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::line::indent_unit;
use crate::fixes::statement::indentation;
use crate::project::Subject;
use crate::text::TextRange;

/// Offered where that statement is the next one, and nothing but white space lies between.
pub fn moved_inside(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let code = subject.code();
    let next = NodeId(code.node(found.with).subtree_end);
    let is_next =
        (next.0 as usize) < code.nodes.len() && code.node(next).parent == code.node(found.with).parent;
    if !is_next || !runs_it(subject, found, next) {
        return None;
    }
    let NodeKind::With { body, .. } = code.kind(found.with) else { return None };
    let last = *body.last()?;
    let inner = indentation(subject, last)?;
    let outer = indentation(subject, next)?;
    let gap = TextRange::new(code.range(last).end, code.range(next).start);
    let is_blank = subject.slice(gap).chars().all(char::is_whitespace);
    if !is_blank || inner != format!("{outer}{}", indent_unit(subject)) {
        return None;
    }
    let text = deeper(subject, next)?;
    let mut edits = Edits::new();
    let range = TextRange::new(gap.start, code.range(next).end);
    edits.push(subject.path(), subject.absolute(range), format!("{}{inner}{text}", subject.newline()));
    let title = match found.late {
        Late::Coroutine { .. } => "Await it inside the `with`",
        Late::Generator { .. } => "Read it inside the `with`",
        Late::HandedOff(_) => "Wait for it inside the `with`",
    };
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

fn runs_it(subject: &Subject<'_>, found: &Found, statement: NodeId) -> bool {
    let code = subject.code();
    match found.late {
        Late::Coroutine { used } | Late::Generator { used } => code.is_within(used, statement),
        Late::HandedOff(_) => {
            let handle = crate::project::handoff::handle_of(subject, found.made);
            handle.is_some_and(|handle| {
                code.subtree(statement).any(|node| code.dotted(node).is_some_and(|name| name == handle))
            })
        }
    }
}

/// A statement's text, one level deeper. `None` where a line of a string would move with it.
fn deeper(subject: &Subject<'_>, statement: NodeId) -> Option<String> {
    let code = subject.code();
    let source = subject.source(statement);
    let is_long = |node: NodeId| match code.kind(node) {
        NodeKind::Str(_) | NodeKind::FString { .. } | NodeKind::Bytes => subject.source(node).contains('\n'),
        _ => false,
    };
    if code.subtree(statement).any(is_long) {
        return None;
    }
    let unit = indent_unit(subject);
    let lines = source.split('\n').enumerate().map(|(at, line)| match at {
        0 => line.to_owned(),
        _ if line.trim().is_empty() => line.to_owned(),
        _ => format!("{unit}{line}"),
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}
