//! Moving the cursor. Comments met on the way are kept, errors are lowered on the spot.

use super::Lowering;
use crate::syntax::kinds::{Field, Kind};
use crate::text::TextRange;

impl<'t> Lowering<'t> {
    pub(super) fn kind(&self) -> Kind {
        Kind::of(self.cursor.node())
    }

    pub(super) fn field(&self) -> Field {
        Field::of_id(self.cursor.field_id())
    }

    /// The range of the node, corrected for what the grammar misplaced.
    pub(super) fn range(&self) -> TextRange {
        self.misplaced.trim(self.full_range())
    }

    pub(super) fn full_range(&self) -> TextRange {
        let node = self.cursor.node();
        TextRange::new(offset(node.start_byte()), offset(node.end_byte()))
    }

    /// The text of the node.
    pub(super) fn slice(&self) -> &'t str {
        self.range().slice(self.text)
    }

    /// Visits the children, tokens included, and comes back.
    pub(super) fn children(&mut self, visit: impl FnMut(&mut Self, Kind)) {
        if self.cursor.goto_first_child() {
            self.siblings(visit);
        }
    }

    /// Goes to the first child that means something. Where there is none, stays and says no.
    pub(super) fn enter(&mut self) -> bool {
        self.enter_where(|_| true)
    }

    /// Goes to the first child of a kind that is `wanted`. Where there is none, stays and says no.
    pub(super) fn enter_where(&mut self, wanted: fn(Kind) -> bool) -> bool {
        if !self.cursor.goto_first_child() {
            return false;
        }
        loop {
            if self.significant().is_some_and(wanted) {
                return true;
            }
            if !self.cursor.goto_next_sibling() {
                self.cursor.goto_parent();
                return false;
            }
        }
    }

    /// From a child: visits the siblings behind it and goes to the parent.
    pub(super) fn rest(&mut self, visit: impl FnMut(&mut Self, Kind)) {
        if self.cursor.goto_next_sibling() {
            self.siblings(visit);
        } else {
            self.cursor.goto_parent();
        }
    }

    /// From a child: goes to the parent.
    pub(super) fn leave(&mut self) {
        self.rest(|_, _| {});
    }

    pub(super) fn child_count(&self) -> u32 {
        self.cursor.node().child_count()
    }

    /// Whether a child is of this kind; nothing is kept on the way.
    pub(super) fn has_child(&mut self, wanted: Kind) -> bool {
        if !self.cursor.goto_first_child() {
            return false;
        }
        let mut found = self.kind() == wanted;
        while !found && self.cursor.goto_next_sibling() {
            found = self.kind() == wanted;
        }
        self.cursor.goto_parent();
        found
    }

    fn siblings(&mut self, mut visit: impl FnMut(&mut Self, Kind)) {
        loop {
            if let Some(kind) = self.significant() {
                visit(self, kind);
            }
            if !self.cursor.goto_next_sibling() {
                break;
            }
        }
        self.cursor.goto_parent();
    }

    /// The kind of the node, unless it may stand anywhere: a comment, a line continuation, an error.
    pub(super) fn significant(&mut self) -> Option<Kind> {
        match self.kind() {
            Kind::Comment => {
                self.comment();
                None
            }
            Kind::LineContinuation => None,
            Kind::Error => {
                self.opaque();
                None
            }
            kind => Some(kind),
        }
    }

    /// A comment ends before its line end; the grammar's goes on to the next `\n`.
    fn comment(&mut self) {
        let range = self.full_range();
        let text = range.slice(self.text);
        let end = text.find('\r').unwrap_or(text.len());
        // Code behind a lone `\r` is lost.
        self.broken |= end + 1 < text.len();
        self.comments.push(TextRange::new(range.start, range.start + offset(end)));
    }

    /// Passes over all below the node, keeping its comments, without recursion.
    pub(super) fn pass_over(&mut self) {
        let mut depth = 0;
        loop {
            if self.kind() == Kind::Comment {
                self.comment();
            }
            if self.cursor.goto_first_child() {
                depth += 1;
                continue;
            }
            while depth > 0 && !self.cursor.goto_next_sibling() {
                self.cursor.goto_parent();
                depth -= 1;
            }
            if depth == 0 {
                return;
            }
        }
    }
}

/// A byte offset of tree-sitter, whose own offsets are 32 bits wide.
pub(super) fn offset(byte: usize) -> u32 {
    u32::try_from(byte).unwrap_or(u32::MAX)
}
