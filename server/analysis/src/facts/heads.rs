//! The head of a statement: what stands before the colon of its body.

use super::{Code, NodeId, NodeKind};
use crate::text::TextRange;

impl Code {
    /// All of a simple statement; a compound one with its decorators up to the colon before its first body. `text` is
    /// the item's.
    pub fn head(&self, statement: NodeId, text: &str) -> TextRange {
        let whole = self.range(statement);
        let Some(last) = self.last_before_colon(statement) else { return whole };
        TextRange::new(whole.start, colon(text, last).unwrap_or(last).min(whole.end))
    }

    /// Where the last part of a compound statement's head that is a node ends; `None` for a simple statement.
    fn last_before_colon(&self, statement: NodeId) -> Option<u32> {
        let end = |node: NodeId| self.range(node).end;
        let start = self.range(statement).start;
        match self.kind(statement) {
            NodeKind::If { test, .. } | NodeKind::While { test, .. } => Some(end(*test)),
            NodeKind::For { iter, .. } => Some(end(*iter)),
            NodeKind::With { items, .. } => Some(items.last().map_or(start, |item| item.range.end)),
            NodeKind::Match { subject, .. } => Some(end(*subject)),
            NodeKind::Try { .. } => Some(start),
            NodeKind::Function(function) => {
                Some(function.returns.map_or(0, end).max(function.params_range.end))
            }
            NodeKind::Class(class) => {
                Some(class.bases.last().map_or(0, |base| base.range.end).max(class.name_range.end))
            }
            _ => None,
        }
    }
}

/// One past the first colon at or after `from` that stands in no comment.
fn colon(text: &str, from: u32) -> Option<u32> {
    let mut in_comment = false;
    for (offset, byte) in text.bytes().enumerate().skip(from as usize) {
        match byte {
            b'\n' | b'\r' => in_comment = false,
            b'#' => in_comment = true,
            b':' if !in_comment => return Some(offset as u32 + 1),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use crate::facts::NodeId;
    use crate::syntax::code_of;

    fn head(text: &str) -> &str {
        code_of(text).head(NodeId(0), text).slice(text)
    }

    #[test]
    fn a_head_ends_at_its_colon() {
        assert_eq!(head("with (\n    a as b,  # x: y\n):\n    pass\n"), "with (\n    a as b,  # x: y\n):");
        assert_eq!(head("try:\n    a\nexcept b:\n    c\n"), "try:");
        assert_eq!(
            head("@mark\ndef f(\n    a=1,\n) -> x[y]:\n    pass\n"),
            "@mark\ndef f(\n    a=1,\n) -> x[y]:"
        );
        assert_eq!(head("class A(B):\n"), "class A(B):");
        assert_eq!(head("for a in (b):\n    pass\n"), "for a in (b):");
        assert_eq!(head("a = {\n    1: 2\n}\n"), "a = {\n    1: 2\n}");
    }
}
