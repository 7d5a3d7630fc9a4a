//! Tuples without parentheses whose elements the tree gives to the node around them: `a[b, c]`, `match a, b:`,
//! `except A, B:`.

use super::Lowering;
use super::builder::Open;
use crate::facts::code::{NodeId, NodeKind};

/// Takes what stands in such a place: one expression, or a tuple's elements.
pub(super) struct BareTuple {
    has_comma: bool,
    open: Option<Open>,
    elements: Vec<NodeId>,
}

impl BareTuple {
    /// `has_comma`: whether a comma comes; it must be known before the first element.
    pub(super) fn new(has_comma: bool) -> Self {
        Self { has_comma, open: None, elements: Vec::new() }
    }

    /// On an expression. `*a` alone makes a tuple too.
    pub(super) fn element(&mut self, l: &mut Lowering<'_>) {
        let range = l.range();
        if self.open.is_none() && (self.has_comma || range.slice(l.text).starts_with('*')) {
            self.open = Some(l.builder.open(range));
        }
        self.elements.push(l.expression());
        self.grow(l, range.end);
    }

    /// On a comma; the last one belongs to the tuple.
    pub(super) fn comma(&mut self, l: &mut Lowering<'_>) {
        self.grow(l, l.range().end);
    }

    fn grow(&self, l: &mut Lowering<'_>, end: u32) {
        if let Some(open) = &self.open {
            l.builder.grow(open, end);
        }
    }

    /// What the elements come to; nothing when there were none. To be called before anything else is made.
    pub(super) fn close(&mut self, l: &mut Lowering<'_>) -> Option<NodeId> {
        match self.open.take() {
            Some(open) => {
                let elements = std::mem::take(&mut self.elements).into();
                Some(l.builder.close(open, NodeKind::Tuple(elements)))
            }
            None => self.elements.pop(),
        }
    }
}
