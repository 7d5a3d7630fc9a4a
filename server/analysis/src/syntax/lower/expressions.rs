//! Expressions.

use ruff_python_ast::{CmpOp, Comprehension, DictItem, Expr, ExprCompare, ExprDictComp, Number, UnaryOp};
use smol_str::SmolStr;

use super::chains::is_chain;
use super::{Lowering, range};
use crate::facts::code::{BoolOp, Clause, CompareOp, ComprehensionKind, NodeId, NodeKind};
use crate::text::TextRange;

impl Lowering<'_> {
    /// Parentheses leave no trace.
    pub(super) fn expression(&mut self, expression: &Expr) -> NodeId {
        self.expression_at(expression, range(expression))
    }

    /// As [`Self::expression`], with another range than the parser gives it.
    pub(super) fn expression_at(&mut self, expression: &Expr, at: TextRange) -> NodeId {
        self.nested(at, |l| {
            if is_chain(expression) {
                return l.chain(expression);
            }
            if let Some(leaf) = l.leaf(expression) {
                return l.builder.leaf(at, leaf);
            }
            let open = l.builder.open(at);
            let kind = l.composite(expression);
            l.builder.close(open, kind)
        })
    }

    fn leaf(&self, expression: &Expr) -> Option<NodeKind> {
        Some(match expression {
            // A part that the parser made up.
            Expr::Name(name) if name.id.is_empty() => NodeKind::Opaque,
            Expr::Name(name) => NodeKind::Name(SmolStr::new(name.id.as_str())),
            Expr::NumberLiteral(number) => match &number.value {
                Number::Int(value) => NodeKind::Int(value.as_i64()),
                Number::Float(_) | Number::Complex { .. } => {
                    NodeKind::Float(SmolStr::new(range(number).slice(self.text)))
                }
            },
            Expr::BooleanLiteral(literal) => NodeKind::Bool(literal.value),
            Expr::NoneLiteral(_) => NodeKind::None,
            Expr::EllipsisLiteral(_) => NodeKind::Ellipsis,
            _ => return None,
        })
    }

    fn composite(&mut self, expression: &Expr) -> NodeKind {
        match expression {
            Expr::StringLiteral(literal) => self.string(literal),
            Expr::BytesLiteral(_) => NodeKind::Bytes,
            Expr::FString(literal) => self.format_string(literal),
            Expr::TString(literal) => self.template(literal),
            Expr::Tuple(tuple) => NodeKind::Tuple(self.expressions(&tuple.elts)),
            Expr::List(list) => NodeKind::List(self.expressions(&list.elts)),
            Expr::Set(set) => NodeKind::Set(self.expressions(&set.elts)),
            Expr::Dict(dict) => NodeKind::Dict(dict.items.iter().map(|item| self.pair(item)).collect()),
            Expr::ListComp(of) => self.comprehension(ComprehensionKind::List, &of.elt, &of.generators),
            Expr::SetComp(of) => self.comprehension(ComprehensionKind::Set, &of.elt, &of.generators),
            Expr::Generator(of) => self.comprehension(ComprehensionKind::Generator, &of.elt, &of.generators),
            Expr::DictComp(of) => self.dict_comprehension(of),
            Expr::Starred(starred) => NodeKind::Starred(self.expression(&starred.value)),
            Expr::Await(awaited) => NodeKind::Await(self.expression(&awaited.value)),
            Expr::BoolOp(logic) => NodeKind::Logic {
                op: match logic.op {
                    ruff_python_ast::BoolOp::And => BoolOp::And,
                    ruff_python_ast::BoolOp::Or => BoolOp::Or,
                },
                values: self.expressions(&logic.values),
            },
            Expr::UnaryOp(unary) => {
                NodeKind::Unary { op: unary_op(unary.op), operand: self.expression(&unary.operand) }
            }
            Expr::Compare(comparison) => self.comparison(comparison),
            Expr::Lambda(lambda) => {
                let params = lambda.parameters.as_deref().map(|params| self.parameters(params));
                NodeKind::Lambda { params: params.unwrap_or_default(), body: self.expression(&lambda.body) }
            }
            Expr::If(conditional) => {
                let then = self.expression(&conditional.body);
                let test = self.expression(&conditional.test);
                NodeKind::Conditional { test, then, otherwise: self.expression(&conditional.orelse) }
            }
            Expr::Named(walrus) => NodeKind::Walrus {
                target: self.expression(&walrus.target),
                value: self.expression(&walrus.value),
            },
            Expr::Yield(yielded) => {
                NodeKind::Yield { value: self.optional(yielded.value.as_deref()), from: false }
            }
            Expr::YieldFrom(yielded) => {
                NodeKind::Yield { value: Some(self.expression(&yielded.value)), from: true }
            }
            Expr::Slice(slice) => NodeKind::Slice {
                lower: self.optional(slice.lower.as_deref()),
                upper: self.optional(slice.upper.as_deref()),
                step: self.optional(slice.step.as_deref()),
            },
            _ => NodeKind::Opaque,
        }
    }

    fn pair(&mut self, item: &DictItem) -> (Option<NodeId>, NodeId) {
        (self.optional(item.key.as_ref()), self.expression(&item.value))
    }

    fn comparison(&mut self, comparison: &ExprCompare) -> NodeKind {
        let left = self.expression(&comparison.left);
        let rest = comparison.ops.iter().zip(&comparison.comparators);
        let rest = rest.map(|(op, operand)| (compare_op(*op), self.expression(operand))).collect();
        NodeKind::Compare { left, rest }
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: &Expr,
        generators: &[Comprehension],
    ) -> NodeKind {
        let element = self.expression(element);
        NodeKind::Comprehension { kind, element, value: None, clauses: self.clauses(generators) }
    }

    /// `{**a for a in b}`, which unpacks, has no key and is not modelled.
    fn dict_comprehension(&mut self, of: &ExprDictComp) -> NodeKind {
        let key = self.optional(of.key.as_deref());
        let value = self.expression(&of.value);
        let clauses = self.clauses(&of.generators);
        match key {
            Some(element) => {
                let kind = ComprehensionKind::Dict;
                NodeKind::Comprehension { kind, element, value: Some(value), clauses }
            }
            None => NodeKind::Opaque,
        }
    }

    fn clauses(&mut self, generators: &[Comprehension]) -> Box<[Clause]> {
        let mut clauses = Vec::new();
        for generator in generators {
            let target = self.expression(&generator.target);
            let iter = self.expression(&generator.iter);
            clauses.push(Clause::For { is_async: generator.is_async, target, iter });
            clauses.extend(generator.ifs.iter().map(|test| Clause::If(self.expression(test))));
        }
        clauses.into()
    }
}

fn unary_op(op: UnaryOp) -> SmolStr {
    SmolStr::new_static(match op {
        UnaryOp::Invert => "~",
        UnaryOp::Not => "not",
        UnaryOp::UAdd => "+",
        UnaryOp::USub => "-",
    })
}

fn compare_op(op: CmpOp) -> CompareOp {
    match op {
        CmpOp::Eq => CompareOp::Eq,
        CmpOp::NotEq => CompareOp::NotEq,
        CmpOp::Lt => CompareOp::Lt,
        CmpOp::LtE => CompareOp::LtE,
        CmpOp::Gt => CompareOp::Gt,
        CmpOp::GtE => CompareOp::GtE,
        CmpOp::In => CompareOp::In,
        CmpOp::NotIn => CompareOp::NotIn,
        CmpOp::Is => CompareOp::Is,
        CmpOp::IsNot => CompareOp::IsNot,
    }
}
