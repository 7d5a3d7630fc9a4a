//! Compound statements. Each ends where the last statement in it ends, whatever comments follow.

use smol_str::SmolStr;

use super::bare_tuple::BareTuple;
use super::builder::Open;
use super::{Lowering, MAX_CHAIN_DEPTH};
use crate::facts::code::{Block, Handler, NodeId, NodeKind};
use crate::syntax::kinds::{Field, Kind};
use crate::text::TextRange;

impl Lowering<'_> {
    /// The statement that `open` stands for; moves its end.
    pub(super) fn compound(&mut self, kind: Kind, open: &Open) -> NodeKind {
        match kind {
            Kind::IfStatement => self.if_statement(open),
            Kind::ForStatement => self.for_statement(open),
            Kind::WhileStatement => self.while_statement(open),
            Kind::TryStatement => self.try_statement(open),
            Kind::WithStatement => self.with_statement(open),
            Kind::MatchStatement => self.match_statement(open),
            Kind::FunctionDefinition => self.function(Box::default(), open),
            Kind::ClassDefinition => self.class(Box::default(), open),
            Kind::DecoratedDefinition => self.decorated(open),
            _ => {
                self.broken = true;
                self.parts();
                NodeKind::Opaque
            }
        }
    }

    /// On a `block`: its statements.
    pub(super) fn suite(&mut self, open: &Open) -> Block {
        let body = self.suite_or_nothing(open);
        self.broken |= body.is_empty();
        body
    }

    /// As [`Self::suite`], where none may be there because the text ends.
    pub(super) fn suite_or_nothing(&mut self, open: &Open) -> Block {
        let body = self.statements();
        if let Some(last) = body.last() {
            let end = self.builder.range(*last).end;
            self.builder.set_end(open, end);
        }
        body.into()
    }

    /// On the colon before a suite: the statement ends here if the suite is empty.
    pub(super) fn colon(&mut self, open: &Open) {
        let end = self.range().end;
        self.builder.set_end(open, end);
    }

    /// On an `else` or `finally` clause.
    pub(super) fn clause_suite(&mut self, open: &Open) -> Block {
        let mut body = Block::default();
        self.children(|l, kind| match kind {
            Kind::Colon => l.colon(open),
            Kind::Block => body = l.suite(open),
            _ => {}
        });
        body
    }

    /// `elif` clauses are siblings in the tree; here each lies in the one before it.
    fn if_statement(&mut self, open: &Open) -> NodeKind {
        let mut test = None;
        let mut body = Block::default();
        let mut inner: Vec<(Open, NodeId, Block)> = Vec::new();
        let mut orelse = Vec::new();
        self.children(|l, kind| match kind {
            Kind::Colon => l.colon(open),
            Kind::Block => body = l.suite(open),
            Kind::ElifClause if l.builder.depth() >= MAX_CHAIN_DEPTH => orelse.push(l.wrong()),
            Kind::ElifClause => {
                let elif = l.builder.open(l.range());
                let (test, body) = l.elif(&elif);
                inner.push((elif, test, body));
            }
            Kind::ElseClause => {
                let open = inner.last().map_or(open, |(elif, ..)| elif);
                orelse.extend(l.clause_suite(open));
            }
            kind if kind.is_expression() => test = Some(l.expression()),
            _ => {}
        });
        while let Some((elif, test, body)) = inner.pop() {
            let kind = NodeKind::If { test, body, orelse: std::mem::take(&mut orelse).into() };
            orelse.push(self.builder.close(elif, kind));
        }
        let test = test.unwrap_or_else(|| self.absent());
        NodeKind::If { test, body, orelse: orelse.into() }
    }

    fn elif(&mut self, open: &Open) -> (NodeId, Block) {
        let mut test = None;
        let mut body = Block::default();
        self.children(|l, kind| match kind {
            Kind::Colon => l.colon(open),
            Kind::Block => body = l.suite(open),
            kind if kind.is_expression() => test = Some(l.expression()),
            _ => {}
        });
        (test.unwrap_or_else(|| self.absent()), body)
    }

    fn for_statement(&mut self, open: &Open) -> NodeKind {
        let mut is_async = false;
        let mut target = None;
        let mut iter = None;
        let mut body = Block::default();
        let mut orelse = Block::default();
        self.children(|l, kind| match (l.field(), kind) {
            (Field::Left, _) => target = Some(l.expression()),
            (Field::Right, _) => iter = Some(l.expression()),
            (_, Kind::Async) => is_async = true,
            (_, Kind::Colon) => l.colon(open),
            (_, Kind::Block) => body = l.suite(open),
            (_, Kind::ElseClause) => orelse = l.clause_suite(open),
            _ => {}
        });
        let target = target.unwrap_or_else(|| self.absent());
        let iter = iter.unwrap_or_else(|| self.absent());
        NodeKind::For { is_async, target, iter, body, orelse }
    }

    fn while_statement(&mut self, open: &Open) -> NodeKind {
        let mut test = None;
        let mut body = Block::default();
        let mut orelse = Block::default();
        self.children(|l, kind| match kind {
            Kind::Colon => l.colon(open),
            Kind::Block => body = l.suite(open),
            Kind::ElseClause => orelse = l.clause_suite(open),
            kind if kind.is_expression() => test = Some(l.expression()),
            _ => {}
        });
        let test = test.unwrap_or_else(|| self.absent());
        NodeKind::While { test, body, orelse }
    }

    fn try_statement(&mut self, open: &Open) -> NodeKind {
        let mut body = Block::default();
        let mut handlers = Vec::new();
        let mut orelse = Block::default();
        let mut finally = Block::default();
        let mut is_complete = false;
        self.children(|l, kind| {
            is_complete |= matches!(kind, Kind::ExceptClause | Kind::FinallyClause);
            match kind {
                Kind::Colon => l.colon(open),
                Kind::Block => body = l.suite(open),
                Kind::ExceptClause => handlers.push(l.handler(open)),
                Kind::ElseClause => orelse = l.clause_suite(open),
                Kind::FinallyClause => finally = l.clause_suite(open),
                _ => {}
            }
        });
        self.broken |= !is_complete;
        NodeKind::Try { body, handlers: handlers.into(), orelse, finally }
    }

    fn handler(&mut self, open: &Open) -> Handler {
        let start = self.range().start;
        let has_comma = self.has_child(Kind::Comma);
        let mut several = BareTuple::new(has_comma);
        let mut exception = None;
        let mut name = None;
        let mut body = Block::default();
        self.children(|l, kind| match kind {
            Kind::Colon => {
                exception = exception.or(several.close(l));
                l.colon(open);
            }
            Kind::Block => body = l.suite(open),
            kind if kind.is_expression() && has_comma => several.element(l),
            kind if kind.is_expression() => {
                let (value, bound) = l.aliased(Self::bound_name);
                exception = Some(value);
                name = bound.flatten();
            }
            _ => {}
        });
        exception = exception.or(several.close(self));
        let range = TextRange::new(start, self.builder.end(open));
        Handler { range, exception, name, body }
    }

    /// The name that `except … as name` binds; Python takes nothing else there.
    fn bound_name(&mut self) -> Option<SmolStr> {
        if self.has_child(Kind::Identifier) {
            return Some(SmolStr::new(self.slice()));
        }
        self.wrong();
        None
    }
}
