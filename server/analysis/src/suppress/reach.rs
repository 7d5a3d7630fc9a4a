//! On which lines a suppression counts for a piece of code.

use std::ops::RangeInclusive;

use crate::facts::{Code, NodeId, NodeKind};
use crate::store::{File, owners};
use crate::text::TextRange;

/// The lines of one file, 0-based.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    lines: Vec<RangeInclusive<u32>>,
}

impl Reach {
    /// The lines for what stands at `range`: its own first and last, those of its statement (of the head, if that is
    /// compound), the first and last before the others, where a formatter may put the comment, and all lines of the heads
    /// of the functions and classes around it, decorators included.
    pub fn of(file: &File, range: TextRange) -> Reach {
        let line = |offset: u32| file.text.lines().line_of(offset);
        let mut reach = Reach::default();
        reach.add_ends(file, range);
        let Some(item) = file.item_at(range.start) else { return reach };
        reach.add_item(file, item, range.start);
        for class in owners(file, item) {
            let code = file.item(class).code;
            reach.lines.push(line(code.start)..=line(code.end));
        }
        reach
    }

    fn add_item(&mut self, file: &File, item: u32, offset: u32) {
        let start = file.item(item).code.start;
        let code = &file.facts(item).code;
        let Some(node) = offset.checked_sub(start).and_then(|offset| innermost(code, offset)) else { return };
        let head = |statement| file.absolute(item, code.head(statement, file.item_text(item)));
        let statement = head(code.statement_of(node));
        self.add_ends(file, statement);
        let line = |offset: u32| file.text.lines().line_of(offset);
        self.lines.push(line(statement.start)..=line(last_byte(statement)));
        for outer in std::iter::once(node).chain(code.ancestors(node)) {
            if matches!(code.kind(outer), NodeKind::Function(_) | NodeKind::Class(_)) {
                let head = head(outer);
                self.lines.push(line(head.start)..=line(last_byte(head)));
            }
        }
    }

    pub fn holds(&self, line: u32) -> bool {
        self.lines.iter().any(|lines| lines.contains(&line))
    }

    /// The lines in the order in which they were found: of the code itself, of its statement, of what is around it.
    pub fn lines(&self) -> impl Iterator<Item = u32> + '_ {
        self.lines.iter().cloned().flatten()
    }

    fn add_ends(&mut self, file: &File, range: TextRange) {
        for end in [range.start, last_byte(range)] {
            let line = file.text.lines().line_of(end);
            self.lines.push(line..=line);
        }
    }
}

fn last_byte(range: TextRange) -> u32 {
    range.end.saturating_sub(1).max(range.start)
}

/// The innermost node that holds the byte at `offset`: in pre-order the last that does.
pub fn innermost(code: &Code, offset: u32) -> Option<NodeId> {
    let at = code.nodes.iter().rposition(|node| node.range.contains(offset))?;
    Some(NodeId(at as u32))
}

/// The innermost statement at the start of `range`; of a compound one the head.
pub fn head_at(file: &File, range: TextRange) -> Option<TextRange> {
    let (item, statement) = statement_at(file, range)?;
    Some(file.absolute(item, file.facts(item).code.head(statement, file.item_text(item))))
}

/// The innermost statement at the start of `range`, by its item.
pub fn statement_at(file: &File, range: TextRange) -> Option<(u32, NodeId)> {
    let item = file.item_at(range.start)?;
    let code = &file.facts(item).code;
    let node = innermost(code, range.start.checked_sub(file.item(item).code.start)?)?;
    Some((item, code.statement_of(node)))
}
