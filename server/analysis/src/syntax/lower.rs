//! Lowering: from the syntax tree of an item's text to its owned [`Code`].
//!
//! The tree is walked once, in source order. Recursion is bounded by [`MAX_NESTING`]; what nests to the left without
//! bound in real code (`a + b + …`, `a.b().c()…`) and `elif` are walked in loops.

mod arguments;
mod builder;
mod chains;
mod compound;
mod definitions;
mod expressions;
mod imports;
mod parameters;
mod patterns;
mod statements;
mod strings;

#[cfg(test)]
mod tests;

use ruff_python_ast::token::{TokenKind, Tokens};
use ruff_python_ast::{Expr, Stmt};
use ruff_text_size::Ranged;

use self::builder::Builder;
use crate::facts::code::{Block, Code, Health, NodeId, NodeKind};
use crate::text::TextRange;

/// How deep expressions and statements may nest before the rest is [`Opaque`](NodeKind::Opaque).
/// CPython refuses 100 levels of indentation and 200 of brackets.
const MAX_NESTING: u32 = 200;

/// How deep left chains and `elif` may take a node of [`Code`].
const MAX_CHAIN_DEPTH: u32 = 400;

/// How deep a node of [`Code`] may lie, so that a reader may recurse: at the end of a chain something may nest.
const MAX_DEPTH: u32 = MAX_CHAIN_DEPTH + MAX_NESTING;

/// What an item's tree comes to, and whether the tree nests deeper than that shows.
pub(super) struct Lowered {
    pub(super) code: Code,
    pub(super) is_cut: bool,
}

/// The code of the statements of `text`: everything that is understood of them, whatever else is wrong with them.
pub(super) fn lower(text: &str, statements: &[Stmt], tokens: &Tokens, health: Health) -> Lowered {
    let mut lowering =
        Lowering { text, tokens, builder: Builder::new(), is_cut: false, is_wrong: false, nesting: 0 };
    let roots = lowering.statements(statements);
    let is_broken = health == Health::Broken || lowering.is_cut || lowering.is_wrong;
    let comments = tokens.iter().filter(|token| token.kind() == TokenKind::Comment);
    let code = Code {
        nodes: lowering.builder.finish(),
        roots,
        health: if is_broken { Health::Broken } else { Health::Sound },
        comments: comments.map(|token| range(token.range())).collect(),
    };
    Lowered { code, is_cut: lowering.is_cut }
}

/// The state of lowering one item.
struct Lowering<'t> {
    text: &'t str,
    tokens: &'t Tokens,
    builder: Builder,
    is_cut: bool,
    /// Something that is no Python and that the parser takes without a word.
    is_wrong: bool,
    nesting: u32,
}

impl Lowering<'_> {
    /// Runs `lower` one level deeper, or gives an empty `Opaque` where that is too deep.
    fn nested(&mut self, at: TextRange, lower: impl FnOnce(&mut Self) -> NodeId) -> NodeId {
        if self.nesting >= MAX_NESTING || self.builder.depth() >= MAX_DEPTH {
            self.is_cut = true;
            return self.builder.leaf(at, NodeKind::Opaque);
        }
        self.nesting += 1;
        let id = lower(self);
        self.nesting -= 1;
        id
    }

    fn statements(&mut self, statements: &[Stmt]) -> Block {
        statements.iter().map(|statement| self.statement(statement)).collect()
    }

    fn expressions<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr>) -> Box<[NodeId]> {
        expressions.into_iter().map(|expression| self.expression(expression)).collect()
    }

    fn optional(&mut self, expression: Option<&Expr>) -> Option<NodeId> {
        expression.map(|expression| self.expression(expression))
    }
}

/// A range of the parser as one of ours: both are bytes of the item's text.
fn range(ranged: impl Ranged) -> TextRange {
    TextRange::new(ranged.start().to_u32(), ranged.end().to_u32())
}
