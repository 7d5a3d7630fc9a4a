//! Comprehensions and generator expressions.

use super::Lowering;
use crate::facts::code::{Clause, ComprehensionKind, NodeId, NodeKind};
use crate::syntax::kinds::{Field, Kind};

impl Lowering<'_> {
    pub(super) fn comprehension(&mut self, kind: ComprehensionKind) -> NodeKind {
        let mut element = None;
        let mut value = None;
        let mut clauses = Vec::new();
        self.children(|l, child| match child {
            Kind::Pair => {
                let (key, paired) = l.pair();
                element = Some(key);
                value = Some(paired);
            }
            Kind::ForInClause => clauses.push(l.for_clause()),
            Kind::IfClause => clauses.push(Clause::If(l.only_child())),
            child if child.is_expression() => element = Some(l.expression()),
            _ => {}
        });
        let element = element.unwrap_or_else(|| self.absent());
        NodeKind::Comprehension { kind, element, value, clauses: clauses.into() }
    }

    fn for_clause(&mut self) -> Clause {
        let mut is_async = false;
        let mut target = None;
        let mut iters: Vec<NodeId> = Vec::new();
        self.children(|l, kind| match l.field() {
            Field::Left => target = Some(l.expression()),
            Field::Right if kind.is_expression() => iters.push(l.expression()),
            _ => is_async |= kind == Kind::Async,
        });
        // `for x in 1, 2` inside brackets is Python 2.
        self.broken |= iters.len() > 1;
        let target = target.unwrap_or_else(|| self.absent());
        let iter = iters.first().copied().unwrap_or_else(|| self.absent());
        Clause::For { is_async, target, iter }
    }
}
