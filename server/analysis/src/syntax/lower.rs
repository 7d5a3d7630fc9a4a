//! Lowering: from an item's syntax tree to its owned [`Code`].
//!
//! One cursor walks the tree once, in source order. Every function here is entered with the cursor on the node it
//! is named after and leaves it there. Recursion is bounded by [`MAX_NESTING`]; what nests to the left without
//! bound in real code (`a + b + …`, `a.b().c()…`) and `elif` are walked in loops.

mod arguments;
mod bare_tuple;
mod builder;
mod chains;
mod compound;
mod comprehensions;
mod definitions;
mod escapes;
mod expressions;
mod imports;
mod indentation;
mod literals;
mod misplaced;
mod opaque;
mod parameters;
mod patterns;
mod statements;
mod strings;
mod type_call;
mod walk;
mod with;

#[cfg(test)]
mod tests;

use tree_sitter::TreeCursor;

use self::builder::Builder;
use self::misplaced::Misplaced;
use super::kinds::Kind;
use super::parse::ItemTree;
use crate::facts::code::{Code, Health, NodeId};
use crate::text::TextRange;

/// How deep expressions and statements may nest before the rest is [`Opaque`](crate::facts::code::NodeKind::Opaque).
/// CPython refuses 100 levels of indentation and 200 of brackets.
const MAX_NESTING: u32 = 200;

/// How deep left chains and `elif` may take a node of [`Code`].
const MAX_CHAIN_DEPTH: u32 = 400;

/// How deep a node of [`Code`] may lie, so that a reader may recurse: at the end of a chain something may nest.
const MAX_DEPTH: u32 = MAX_CHAIN_DEPTH + MAX_NESTING;

/// The code of an item: everything that is understood of it, whatever else is wrong with it.
pub fn lower(tree: &ItemTree) -> Code {
    let root = tree.tree.root_node();
    let mut lowering = Lowering {
        text: &tree.text,
        cursor: root.walk(),
        builder: Builder::with_room_for(tree.text.len()),
        comments: Vec::new(),
        broken: root.has_error(),
        nesting: 0,
        misplaced: Misplaced::default(),
    };
    let roots = lowering.module();
    Code {
        nodes: lowering.builder.finish(),
        roots: roots.into(),
        health: if lowering.broken { Health::Broken } else { Health::Sound },
        comments: lowering.comments,
    }
}

/// The state of lowering one item.
struct Lowering<'t> {
    text: &'t str,
    cursor: TreeCursor<'t>,
    builder: Builder,
    comments: Vec<TextRange>,
    broken: bool,
    nesting: u32,
    misplaced: Misplaced,
}

impl Lowering<'_> {
    fn module(&mut self) -> Vec<NodeId> {
        // A file of nothing but an error has it as its root.
        if self.kind() == Kind::Error {
            return vec![self.opaque()];
        }
        self.statements()
    }

    /// Runs `lower` one level deeper, or gives an empty `Opaque` where that is too deep.
    fn nested(&mut self, lower: impl FnOnce(&mut Self) -> NodeId) -> NodeId {
        if self.nesting >= MAX_NESTING || self.builder.depth() >= MAX_DEPTH {
            return self.too_deep();
        }
        self.nesting += 1;
        let id = lower(self);
        self.nesting -= 1;
        id
    }

    /// Runs `visit`, which makes no node of its own, one level deeper, or passes over what is too deep.
    fn deeper(&mut self, visit: impl FnOnce(&mut Self)) {
        if self.nesting >= MAX_NESTING {
            self.broken = true;
            self.pass_over();
            return;
        }
        self.nesting += 1;
        visit(self);
        self.nesting -= 1;
    }
}
