//! Compound statements. Each ends where the last statement in it ends, whatever comments follow.

use ruff_python_ast::{
    ElifElseClause, ExceptHandler, Stmt, StmtFor, StmtIf, StmtMatch, StmtTry, StmtTypeAlias, StmtWhile,
    StmtWith,
};
use smol_str::SmolStr;

use super::builder::Open;
use super::{Lowering, MAX_CHAIN_DEPTH, range};
use crate::facts::code::{Block, Case, Handler, NodeId, NodeKind, WithItem};
use crate::text::TextRange;

impl Lowering<'_> {
    /// The statement that `open` stands for; moves its end.
    pub(super) fn compound(&mut self, statement: &Stmt, open: &Open) -> NodeKind {
        match statement {
            Stmt::If(statement) => self.if_statement(statement, open),
            Stmt::For(statement) => self.for_statement(statement, open),
            Stmt::While(statement) => self.while_statement(statement, open),
            Stmt::Try(statement) => self.try_statement(statement, open),
            Stmt::With(statement) => self.with_statement(statement, open),
            Stmt::Match(statement) => self.match_statement(statement, open),
            Stmt::FunctionDef(statement) => self.function(statement, open),
            Stmt::ClassDef(statement) => self.class(statement, open),
            Stmt::TypeAlias(statement) => self.type_alias(statement),
            _ => NodeKind::Opaque,
        }
    }

    pub(super) fn suite(&mut self, statements: &[Stmt], open: &Open) -> Block {
        let body = self.statements(statements);
        if let Some(last) = body.last() {
            let end = self.builder.range(*last).end;
            self.builder.set_end(open, end);
        }
        body
    }

    fn type_alias(&mut self, statement: &StmtTypeAlias) -> NodeKind {
        self.expression(&statement.name);
        self.type_params(statement.type_params.as_deref());
        self.parts([&*statement.value])
    }

    /// `elif` clauses stand side by side in the tree; here each lies in the one before it.
    fn if_statement(&mut self, statement: &StmtIf, open: &Open) -> NodeKind {
        let test = self.expression(&statement.test);
        let body = self.suite(&statement.body, open);
        let mut elifs: Vec<(Open, NodeId, Block)> = Vec::new();
        let mut orelse = Block::default();
        for clause in &statement.elif_else_clauses {
            let innermost = elifs.last().map_or(open, |(elif, ..)| elif);
            match &clause.test {
                Some(_) if self.builder.depth() >= MAX_CHAIN_DEPTH => {
                    orelse = Block::from([self.cut_clause(clause)]);
                    break;
                }
                Some(test) => {
                    let elif = self.builder.open(range(clause));
                    let test = self.expression(test);
                    let body = self.suite(&clause.body, &elif);
                    elifs.push((elif, test, body));
                }
                None => orelse = self.suite(&clause.body, innermost),
            }
        }
        while let Some((elif, test, body)) = elifs.pop() {
            let end = self.builder.end(&elif);
            let kind = NodeKind::If { test, body, orelse: std::mem::take(&mut orelse) };
            orelse = Block::from([self.builder.close(elif, kind)]);
            self.builder.set_end(elifs.last().map_or(open, |(outer, ..)| outer), end);
        }
        NodeKind::If { test, body, orelse }
    }

    /// The first of the `elif` clauses that would lie too deep, without its parts.
    fn cut_clause(&mut self, clause: &ElifElseClause) -> NodeId {
        self.is_cut = true;
        self.builder.leaf(range(clause), NodeKind::Opaque)
    }

    fn for_statement(&mut self, statement: &StmtFor, open: &Open) -> NodeKind {
        let target = self.expression(&statement.target);
        let iter = self.expression(&statement.iter);
        let body = self.suite(&statement.body, open);
        let orelse = self.suite(&statement.orelse, open);
        NodeKind::For { is_async: statement.is_async, target, iter, body, orelse }
    }

    fn while_statement(&mut self, statement: &StmtWhile, open: &Open) -> NodeKind {
        let test = self.expression(&statement.test);
        let body = self.suite(&statement.body, open);
        let orelse = self.suite(&statement.orelse, open);
        NodeKind::While { test, body, orelse }
    }

    fn try_statement(&mut self, statement: &StmtTry, open: &Open) -> NodeKind {
        let body = self.suite(&statement.body, open);
        let handlers = statement.handlers.iter().map(|handler| self.handler(handler, open)).collect();
        let orelse = self.suite(&statement.orelse, open);
        let finally = self.suite(&statement.finalbody, open);
        NodeKind::Try { body, handlers, orelse, finally }
    }

    fn handler(&mut self, handler: &ExceptHandler, open: &Open) -> Handler {
        let ExceptHandler::ExceptHandler(handler) = handler;
        let exception = self.optional(handler.type_.as_deref());
        let name = handler.name.as_ref().map(|name| SmolStr::new(name.as_str()));
        let body = self.suite(&handler.body, open);
        let own = range(handler);
        let end = body.last().map_or(own.end, |last| self.builder.range(*last).end);
        Handler { range: TextRange::new(own.start, end), exception, name, body }
    }

    fn with_statement(&mut self, statement: &StmtWith, open: &Open) -> NodeKind {
        let item = |item: &ruff_python_ast::WithItem| WithItem {
            range: range(item),
            context: self.expression(&item.context_expr),
            target: self.optional(item.optional_vars.as_deref()),
        };
        let items = statement.items.iter().map(item).collect();
        NodeKind::With { is_async: statement.is_async, items, body: self.suite(&statement.body, open) }
    }

    fn match_statement(&mut self, statement: &StmtMatch, open: &Open) -> NodeKind {
        let subject = self.expression(&statement.subject);
        let mut cases = Vec::with_capacity(statement.cases.len());
        for case in &statement.cases {
            let pattern = self.pattern(&case.pattern);
            let guard = self.optional(case.guard.as_deref());
            let body = self.suite(&case.body, open);
            cases.push(Case { pattern, guard, body });
        }
        NodeKind::Match { subject, cases: cases.into() }
    }
}
