//! `with` statements.

use super::Lowering;
use super::builder::Open;
use crate::facts::code::{Block, NodeKind, WithItem};
use crate::syntax::kinds::Kind;

impl Lowering<'_> {
    pub(super) fn with_statement(&mut self, open: &Open) -> NodeKind {
        let mut is_async = false;
        let mut items = Vec::new();
        let mut body = Block::default();
        self.children(|l, kind| match kind {
            Kind::Async => is_async = true,
            Kind::WithClause => l.with_clause(&mut items),
            Kind::Colon => l.colon(open),
            Kind::Block => body = l.suite(open),
            _ => {}
        });
        NodeKind::With { is_async, items: items.into(), body }
    }

    fn with_clause(&mut self, items: &mut Vec<WithItem>) {
        let is_single = !self.has_child(Kind::Comma) && !self.has_child(Kind::OpenParen);
        self.children(|l, kind| {
            if kind == Kind::WithItem {
                l.children(|l, kind| match kind {
                    // The grammar cannot always tell `with (a, b as c):` from a tuple; Python takes it as items.
                    Kind::Tuple if is_single => l.children(|l, kind| l.with_item(kind, items)),
                    kind => l.with_item(kind, items),
                });
            }
        });
    }

    fn with_item(&mut self, kind: Kind, items: &mut Vec<WithItem>) {
        if !kind.is_expression() {
            return;
        }
        let range = self.range();
        if kind == Kind::ParenthesizedExpression && self.has_child(Kind::AsPattern) {
            self.children(|l, kind| l.with_item(kind, items));
            return;
        }
        let (context, target) = self.aliased(Self::expression);
        items.push(WithItem { range, context, target });
    }
}
