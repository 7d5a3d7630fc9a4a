//! Expressions.

use smol_str::SmolStr;

use super::bare_tuple::BareTuple;
use super::chains::is_chain;
use super::{Lowering, literals};
use crate::facts::code::{CompareOp, ComprehensionKind, NodeId, NodeKind};
use crate::syntax::kinds::Kind;

impl Lowering<'_> {
    /// The node as an expression. Parentheses leave no trace.
    pub(super) fn expression(&mut self) -> NodeId {
        self.nested(Self::expression_here)
    }

    /// The expressions among the node's children.
    pub(super) fn expressions(&mut self) -> Box<[NodeId]> {
        let mut list = Vec::new();
        self.children(|l, kind| {
            if kind.is_expression() {
                list.push(l.expression());
            }
        });
        list.into()
    }

    /// The one expression among the node's children. A target behind `as` is not it.
    pub(super) fn only_child(&mut self) -> NodeId {
        self.optional_child().unwrap_or_else(|| self.absent())
    }

    pub(super) fn optional_child(&mut self) -> Option<NodeId> {
        let mut only = None;
        self.children(|l, kind| {
            if kind.is_expression() && kind != Kind::AsPatternTarget {
                only = Some(l.expression());
            }
        });
        only
    }

    fn expression_here(&mut self) -> NodeId {
        let kind = self.kind();
        let range = self.range();
        if range.is_empty() {
            // A part that the parser made up.
            self.broken = true;
            return self.builder.leaf(range, NodeKind::Opaque);
        }
        if self.is_type_call() {
            return self.type_call();
        }
        if let Some(starred) = self.starred(kind, range) {
            return starred;
        }
        if is_chain(kind) {
            return self.chain();
        }
        if let Some(leaf) = self.leaf(kind) {
            return self.builder.leaf(range, leaf);
        }
        match kind {
            Kind::ConstrainedType => return self.opaque(),
            // `for (a) in b`: parentheses alone make no tuple.
            Kind::TuplePattern
                if !self.has_child(Kind::Comma) && self.cursor.node().named_child_count() > 0 =>
            {
                return self.only_child();
            }
            Kind::AsPattern if self.is_left_out_alias() => return self.only_child(),
            Kind::AsPattern => return self.wrong(),
            Kind::ListSplat | Kind::ListSplatPattern if self.is_left_out_star() => return self.only_child(),
            _ => {}
        }
        let open = self.builder.open(range);
        let kind = self.composite(kind);
        self.builder.close(open, kind)
    }

    fn leaf(&mut self, kind: Kind) -> Option<NodeKind> {
        Some(match kind {
            Kind::Identifier => NodeKind::Name(SmolStr::new(self.slice())),
            Kind::Integer | Kind::Float => self.number(kind),
            Kind::True => NodeKind::Bool(true),
            Kind::False => NodeKind::Bool(false),
            Kind::None => NodeKind::None,
            Kind::Ellipsis => NodeKind::Ellipsis,
            _ => return None,
        })
    }

    fn number(&mut self, kind: Kind) -> NodeKind {
        let text = self.slice();
        if kind == Kind::Float || text.ends_with(['j', 'J']) {
            return NodeKind::Float(SmolStr::new(text));
        }
        match literals::integer(text) {
            Ok(value) => NodeKind::Int(value),
            Err(literals::Python2) => {
                self.broken = true;
                NodeKind::Int(None)
            }
        }
    }

    fn composite(&mut self, kind: Kind) -> NodeKind {
        match kind {
            Kind::String | Kind::ConcatenatedString => self.string_literal(kind),
            Kind::Tuple | Kind::TuplePattern | Kind::ExpressionList | Kind::PatternList => {
                NodeKind::Tuple(self.expressions())
            }
            Kind::List | Kind::ListPattern => NodeKind::List(self.expressions()),
            Kind::Set => NodeKind::Set(self.expressions()),
            Kind::Dictionary => self.dictionary(),
            Kind::ListComprehension => self.comprehension(ComprehensionKind::List),
            Kind::SetComprehension => self.comprehension(ComprehensionKind::Set),
            Kind::DictionaryComprehension => self.comprehension(ComprehensionKind::Dict),
            Kind::GeneratorExpression => self.comprehension(ComprehensionKind::Generator),
            Kind::ListSplat | Kind::ListSplatPattern | Kind::SplatType => {
                NodeKind::Starred(self.only_child())
            }
            Kind::Await => NodeKind::Await(self.only_child()),
            Kind::UnaryOperator | Kind::NotOperator => self.unary(),
            Kind::ComparisonOperator => self.comparison(),
            Kind::Lambda => self.lambda(),
            Kind::ConditionalExpression => self.conditional(),
            Kind::NamedExpression => self.walrus(),
            Kind::Yield => self.yield_here(),
            Kind::Slice => self.slice_here(),
            Kind::GenericType => self.generic_type(),
            _ => {
                self.broken = true;
                self.parts();
                NodeKind::Opaque
            }
        }
    }

    fn dictionary(&mut self) -> NodeKind {
        let mut pairs = Vec::new();
        self.children(|l, kind| match kind {
            Kind::Pair => {
                let (key, value) = l.pair();
                pairs.push((Some(key), value));
            }
            Kind::DictionarySplat => pairs.push((None, l.only_child())),
            _ => {}
        });
        NodeKind::Dict(pairs.into())
    }

    /// On `key: value`.
    pub(super) fn pair(&mut self) -> (NodeId, NodeId) {
        let parts = self.expressions();
        match *parts {
            [key, value] => (key, value),
            [key] => (key, self.absent()),
            _ => (self.absent(), self.absent()),
        }
    }

    fn unary(&mut self) -> NodeKind {
        let mut op = SmolStr::default();
        let mut operand = None;
        self.children(|l, kind| {
            if kind.is_expression() {
                operand = Some(l.expression());
            } else {
                op = SmolStr::new(l.slice());
            }
        });
        let operand = operand.unwrap_or_else(|| self.absent());
        NodeKind::Unary { op, operand }
    }

    fn comparison(&mut self) -> NodeKind {
        let mut left = None;
        let mut op = CompareOp::Eq;
        let mut rest = Vec::new();
        self.children(|l, kind| {
            if kind.is_expression() {
                let operand = l.expression();
                match left {
                    None => left = Some(operand),
                    Some(_) => rest.push((op, operand)),
                }
            } else if let Some(found) = compare_op(kind) {
                l.broken |= kind == Kind::LessGreater;
                op = found;
            }
        });
        let left = left.unwrap_or_else(|| self.absent());
        NodeKind::Compare { left, rest: rest.into() }
    }

    fn conditional(&mut self) -> NodeKind {
        let parts = self.expressions();
        match *parts {
            [then, test, otherwise] => NodeKind::Conditional { test, then, otherwise },
            _ => {
                self.broken = true;
                NodeKind::Opaque
            }
        }
    }

    fn walrus(&mut self) -> NodeKind {
        let (target, value) = self.pair();
        NodeKind::Walrus { target, value }
    }

    fn yield_here(&mut self) -> NodeKind {
        let mut value = None;
        let mut from = false;
        self.children(|l, kind| {
            from |= kind == Kind::From;
            if kind.is_expression() {
                value = Some(l.expression());
            }
        });
        NodeKind::Yield { value, from }
    }

    fn slice_here(&mut self) -> NodeKind {
        let mut bounds = [None; 3];
        let mut colons = 0;
        self.children(|l, kind| {
            if kind == Kind::Colon {
                colons += 1;
            } else if kind.is_expression()
                && let Some(bound) = bounds.get_mut(colons)
            {
                *bound = Some(l.expression());
            }
        });
        let [lower, upper, step] = bounds;
        NodeKind::Slice { lower, upper, step }
    }

    /// `list[int]` where a type stands; elsewhere the same text is a subscript.
    fn generic_type(&mut self) -> NodeKind {
        let mut value = None;
        let mut index = None;
        self.children(|l, kind| match kind {
            Kind::Identifier => value = Some(l.expression()),
            Kind::TypeParameter => index = Some(l.type_arguments()),
            _ => {}
        });
        let value = value.unwrap_or_else(|| self.absent());
        let index = index.unwrap_or_else(|| self.absent());
        NodeKind::Subscript { value, index }
    }

    fn type_arguments(&mut self) -> NodeId {
        let mut tuple = BareTuple::new(self.has_child(Kind::Comma));
        self.children(|l, kind| match kind {
            Kind::Comma => tuple.comma(l),
            kind if kind.is_expression() => tuple.element(l),
            _ => {}
        });
        tuple.close(self).unwrap_or_else(|| self.absent())
    }
}

fn compare_op(kind: Kind) -> Option<CompareOp> {
    Some(match kind {
        Kind::Equal => CompareOp::Eq,
        Kind::NotEqual | Kind::LessGreater => CompareOp::NotEq,
        Kind::Less => CompareOp::Lt,
        Kind::LessEqual => CompareOp::LtE,
        Kind::Greater => CompareOp::Gt,
        Kind::GreaterEqual => CompareOp::GtE,
        Kind::In => CompareOp::In,
        Kind::NotIn => CompareOp::NotIn,
        Kind::Is => CompareOp::Is,
        Kind::IsNot => CompareOp::IsNot,
        _ => return None,
    })
}
