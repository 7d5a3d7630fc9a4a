//! Whole statements: where they start, how they are indented, how they go away.

use crate::facts::{NodeId, NodeKind};
use crate::fix::Edits;
use crate::project::Subject;
use crate::text::{TextRange, line_start};

/// The statement that a node belongs to.
pub fn statement_of(subject: &Subject<'_>, node: NodeId) -> NodeId {
    let code = subject.code();
    let is_block = |at: NodeId| {
        matches!(
            code.kind(at),
            NodeKind::Function(_)
                | NodeKind::Class(_)
                | NodeKind::If { .. }
                | NodeKind::For { .. }
                | NodeKind::While { .. }
                | NodeKind::Try { .. }
                | NodeKind::With { .. }
                | NodeKind::Match { .. }
        )
    };
    let mut at = node;
    for outer in code.ancestors(node) {
        if is_block(outer) {
            break;
        }
        at = outer;
    }
    at
}

/// The statement of the function's own body that holds a node.
pub fn body_statement_of(subject: &Subject<'_>, node: NodeId) -> Option<NodeId> {
    let function = subject.function()?;
    function.body.iter().copied().find(|statement| subject.code().is_within(node, *statement))
}

/// The white space in front of the statement that a node belongs to; `None` if something else stands before it on
/// its line.
pub fn indentation<'s>(subject: &'s Subject<'_>, node: NodeId) -> Option<&'s str> {
    let text = subject.module.file.text.as_str();
    let start = subject.absolute(subject.code().range(statement_of(subject, node))).start as usize;
    let line = line_start(text, start);
    let indent = &text[line..start];
    indent.chars().all(|c| c == ' ' || c == '\t').then_some(indent)
}

/// Takes a statement's line out. `None` if it shares its line or is all that its block has.
pub fn deletion(subject: &Subject<'_>, node: NodeId) -> Option<Edits> {
    let statement = statement_of(subject, node);
    if !has_siblings(subject, statement) {
        return None;
    }
    let indent = indentation(subject, node)?;
    let text = subject.module.file.text.as_str();
    let range = subject.absolute(subject.code().range(statement));
    let rest = &text[range.end as usize..];
    let tail = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let behind = rest[..tail].trim();
    if !behind.is_empty() && !behind.starts_with('#') {
        return None;
    }
    let newline = match &rest[tail..] {
        after if after.starts_with("\r\n") => 2,
        "" => 0,
        _ => 1,
    };
    let line = range.start as usize - indent.len();
    let end = range.end + (tail + newline) as u32;
    let start = range.start - indent.len() as u32 - blank_lines_to_take(&text[..line], &text[end as usize..]);
    let mut edits = Edits::new();
    edits.push(subject.path(), TextRange::new(start, end), "");
    Some(edits)
}

/// How many bytes of blank lines before a line go with it, where more blank lines follow or nothing does.
fn blank_lines_to_take(before: &str, after: &str) -> u32 {
    let next = after.lines().next().unwrap_or("");
    let kept = before.trim_end();
    if !next.trim().is_empty() || kept.is_empty() {
        return 0;
    }
    let rest = &before[kept.len()..];
    let end_of_line = if rest.starts_with("\r\n") { 2 } else { usize::from(!rest.is_empty()) };
    (rest.len() - end_of_line) as u32
}

fn has_siblings(subject: &Subject<'_>, statement: NodeId) -> bool {
    let code = subject.code();
    let parent = code.node(statement).parent;
    let blocks: Vec<&[NodeId]> = match code.kind(parent) {
        NodeKind::Function(function) => vec![&function.body],
        NodeKind::With { body, .. } => vec![body],
        NodeKind::If { body, orelse, .. }
        | NodeKind::For { body, orelse, .. }
        | NodeKind::While { body, orelse, .. } => vec![body, orelse],
        NodeKind::Try { body, orelse, finally, handlers } => {
            let mut blocks: Vec<&[NodeId]> = vec![body, orelse, finally];
            blocks.extend(handlers.iter().map(|handler| &*handler.body));
            blocks
        }
        _ => return false,
    };
    blocks.iter().any(|block| block.len() > 1 && block.contains(&statement))
}
