//! What nests to the left without bound: `a.b().c()[0]`, `a + b + c`, `a and b and c`, `(((a)))`.
//!
//! The cursor goes down the left side, opening a node a level, lowers what stands leftmost, and closes the nodes on
//! its way up, each with what stands to its right.

use smol_str::SmolStr;

use super::bare_tuple::BareTuple;
use super::builder::Open;
use super::{Lowering, MAX_CHAIN_DEPTH};
use crate::facts::code::{BoolOp, NodeId, NodeKind};
use crate::syntax::kinds::Kind;
use crate::text::TextRange;

enum Level {
    /// An open node, to be closed as what it says.
    Opened(Link, Open),
    /// `a and b` as the left side of `… and c`: its operands are those of the node above.
    Merged,
    /// Parentheses, and whatever else has one child and no meaning.
    Transparent,
    /// The chain is too long from here inwards.
    Cut(Link, Open),
    /// Below a cut: the parts lie flat.
    Flat(Link),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Link {
    Attribute,
    Call,
    Subscript { has_comma: bool },
    Binary,
    Logic(BoolOp),
}

impl Lowering<'_> {
    pub(super) fn chain(&mut self) -> NodeId {
        let mut levels = Vec::new();
        let mut left = match self.descend(&mut levels) {
            Some(leftmost) => leftmost,
            None => self.expression(),
        };
        let mut operands = Vec::new();
        while let Some(level) = levels.pop() {
            left = self.ascend(level, left, &mut operands);
        }
        left
    }

    /// Goes to what stands leftmost, keeping the way in `levels`. A level that lacks its left side is made at once.
    fn descend(&mut self, levels: &mut Vec<Level>) -> Option<NodeId> {
        let mut above = None;
        let mut cut = false;
        while is_chain(self.kind()) && !self.is_type_call() {
            let link = self.link_here();
            let is_merged = matches!(link, Some(Link::Logic(_))) && link == above;
            above = link;
            let level = match link {
                None => Level::Transparent,
                Some(link) if cut => Level::Flat(link),
                Some(_) if is_merged => Level::Merged,
                Some(link) if self.builder.depth() >= MAX_CHAIN_DEPTH => {
                    cut = true;
                    self.broken = true;
                    Level::Cut(link, self.builder.open(self.range()))
                }
                Some(link) => Level::Opened(link, self.builder.open(self.range())),
            };
            if !self.enter_where(Kind::is_expression) {
                self.broken = true;
                return Some(match level {
                    Level::Opened(_, open) | Level::Cut(_, open) => {
                        self.builder.close(open, NodeKind::Opaque)
                    }
                    Level::Merged | Level::Transparent | Level::Flat(_) => self.absent(),
                });
            }
            levels.push(level);
        }
        None
    }

    /// From the left side of a level to the level's node, which it makes.
    fn ascend(&mut self, level: Level, left: NodeId, operands: &mut Vec<NodeId>) -> NodeId {
        match level {
            Level::Opened(link, open) => {
                let kind = match link {
                    Link::Attribute => self.attribute(left),
                    Link::Call => NodeKind::Call { func: left, args: self.call_arguments() },
                    Link::Subscript { has_comma } => self.subscript(left, has_comma),
                    Link::Binary => self.binary(left),
                    Link::Logic(op) => {
                        self.operand(left, operands);
                        NodeKind::Logic { op, values: std::mem::take(operands).into() }
                    }
                };
                self.builder.close(open, kind)
            }
            Level::Merged => {
                self.operand(left, operands);
                left
            }
            Level::Transparent => {
                self.rest(Self::part);
                left
            }
            Level::Flat(link) => {
                self.flat(link);
                left
            }
            Level::Cut(link, open) => {
                self.flat(link);
                self.builder.close(open, NodeKind::Opaque)
            }
        }
    }

    /// What stands to the right of a left side that is cut.
    fn flat(&mut self, link: Link) {
        match link {
            Link::Attribute => self.leave(),
            _ => self.rest(Self::part),
        }
    }

    fn attribute(&mut self, value: NodeId) -> NodeKind {
        let mut attr = None;
        self.rest(|l, kind| {
            if kind == Kind::Identifier {
                attr = Some((SmolStr::new(l.slice()), l.range()));
            }
        });
        let (attr, attr_range) = attr.unwrap_or_else(|| {
            self.broken = true;
            (SmolStr::default(), TextRange::empty(self.range().end))
        });
        NodeKind::Attribute { value, attr, attr_range }
    }

    fn subscript(&mut self, value: NodeId, has_comma: bool) -> NodeKind {
        let mut tuple = BareTuple::new(has_comma);
        self.rest(|l, kind| match kind {
            Kind::Comma => tuple.comma(l),
            kind if kind.is_expression() => tuple.element(l),
            _ => {}
        });
        let index = tuple.close(self).unwrap_or_else(|| self.absent());
        NodeKind::Subscript { value, index }
    }

    fn binary(&mut self, left: NodeId) -> NodeKind {
        let mut op = SmolStr::default();
        let mut right = None;
        self.rest(|l, kind| {
            if kind.is_expression() {
                right = Some(l.expression());
            } else if right.is_none() {
                op = SmolStr::new(l.slice());
            }
        });
        let right = right.unwrap_or_else(|| self.absent());
        NodeKind::Binary { op, left, right }
    }

    fn operand(&mut self, left: NodeId, operands: &mut Vec<NodeId>) {
        if operands.is_empty() {
            operands.push(left);
        }
        self.rest(|l, kind| {
            if kind.is_expression() {
                operands.push(l.expression());
            }
        });
    }

    /// What the node links its left side with; `None` where it is transparent.
    fn link_here(&mut self) -> Option<Link> {
        match self.kind() {
            Kind::Attribute | Kind::MemberType => Some(Link::Attribute),
            Kind::Call => Some(Link::Call),
            Kind::Subscript => {
                // `a`, `[`, one index and `]` leave no room for a comma.
                let has_comma = self.child_count() > 4 && self.has_child(Kind::Comma);
                Some(Link::Subscript { has_comma })
            }
            Kind::BinaryOperator | Kind::UnionType => Some(Link::Binary),
            Kind::BooleanOperator if self.has_child(Kind::Or) => Some(Link::Logic(BoolOp::Or)),
            Kind::BooleanOperator => Some(Link::Logic(BoolOp::And)),
            _ => None,
        }
    }
}

pub(super) fn is_chain(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::Attribute
            | Kind::Call
            | Kind::Subscript
            | Kind::BinaryOperator
            | Kind::BooleanOperator
            | Kind::UnionType
            | Kind::MemberType
            | Kind::ParenthesizedExpression
            | Kind::Type
            | Kind::AsPatternTarget
    )
}
