//! What nests to the left without bound: `a.b().c()[0]`, `a + b + c`.
//!
//! Nodes are opened from the outside in along the left side, what stands leftmost is lowered, and the nodes are closed
//! from the inside out, each with what stands to its right.

use ruff_python_ast::Expr;
use smol_str::SmolStr;

use super::builder::Open;
use super::{Lowering, MAX_CHAIN_DEPTH, range};
use crate::facts::code::{NodeId, NodeKind};

enum Level {
    Opened(Open),
    /// The chain is too long from here inwards.
    Cut(Open),
    /// Below a cut: the parts lie flat.
    Flat,
}

impl Lowering<'_> {
    pub(super) fn chain(&mut self, outermost: &Expr) -> NodeId {
        let mut levels: Vec<(&Expr, Level)> = Vec::new();
        let mut at = outermost;
        while let Some(left) = left_of(at) {
            let level = match levels.last() {
                Some((_, Level::Cut(_) | Level::Flat)) => Level::Flat,
                _ if self.builder.depth() >= MAX_CHAIN_DEPTH => {
                    self.is_cut = true;
                    Level::Cut(self.builder.open(range(at)))
                }
                _ => Level::Opened(self.builder.open(range(at))),
            };
            levels.push((at, level));
            at = left;
        }
        let mut left = self.expression(at);
        while let Some((link, level)) = levels.pop() {
            left = match level {
                Level::Opened(open) => {
                    let kind = self.link(link, left);
                    self.builder.close(open, kind)
                }
                Level::Cut(open) => {
                    self.link(link, left);
                    self.builder.close(open, NodeKind::Opaque)
                }
                Level::Flat => {
                    self.link(link, left);
                    left
                }
            };
        }
        left
    }

    /// The node that a link of a chain is, behind its left side.
    fn link(&mut self, link: &Expr, left: NodeId) -> NodeKind {
        match link {
            Expr::Attribute(attribute) => NodeKind::Attribute {
                value: left,
                attr: SmolStr::new(attribute.attr.as_str()),
                attr_range: range(&attribute.attr),
            },
            Expr::Call(call) => NodeKind::Call { func: left, args: self.arguments(&call.arguments) },
            Expr::Subscript(subscript) => {
                NodeKind::Subscript { value: left, index: self.expression(&subscript.slice) }
            }
            Expr::BinOp(binary) => NodeKind::Binary {
                op: SmolStr::new_static(binary.op.as_str()),
                left,
                right: self.expression(&binary.right),
            },
            _ => NodeKind::Opaque,
        }
    }
}

pub(super) fn is_chain(expression: &Expr) -> bool {
    left_of(expression).is_some()
}

fn left_of(expression: &Expr) -> Option<&Expr> {
    match expression {
        Expr::Attribute(attribute) => Some(&attribute.value),
        Expr::Call(call) => Some(&call.func),
        Expr::Subscript(subscript) => Some(&subscript.value),
        Expr::BinOp(binary) => Some(&binary.left),
        _ => None,
    }
}
