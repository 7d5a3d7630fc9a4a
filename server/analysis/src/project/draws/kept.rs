//! Calls that keep what was drawn, or make something else of it.

use super::law::Law;
use super::{Draw, Search, Shape};
use crate::facts::arguments::positional;
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};
use crate::project::constant::Origin;

impl Search<'_> {
    /// Calls that keep what was drawn, join it to one text or leave out what comes twice.
    pub(super) fn in_call(self, origin: &Origin, func: NodeId, args: &[Argument]) -> Option<Draw> {
        let first = positional(args, 0);
        let inside = |node: NodeId| self.of(&origin.at(node));
        let path = origin.scope(self.project).path(func);
        match path.as_deref() {
            Some(
                "builtins.list" | "builtins.tuple" | "numpy.array" | "numpy.asarray" | "builtins.sorted",
            ) => {
                return inside(first?);
            }
            Some("builtins.set" | "builtins.frozenset" | "numpy.unique") => {
                let drawn = inside(first?)?;
                let Shape::Many(count) = drawn.shape else { return None };
                return Some(drawn.shaped(Shape::Distinct(count)));
            }
            Some("builtins.str" | "builtins.repr" | "builtins.hex" | "builtins.bytes") => {
                let drawn = inside(first?)?;
                let outcomes = drawn.outcomes()?;
                return Some(drawn.of(Law::Token(outcomes)).shaped(Shape::One));
            }
            _ => {}
        }
        if let NodeKind::Attribute { value, attr, .. } = origin.kind_of(func) {
            let is_separator = matches!(origin.kind_of(*value), NodeKind::Str(_));
            match attr.as_str() {
                "join" if is_separator => {
                    let drawn = inside(first?).filter(|drawn| matches!(drawn.shape, Shape::Many(_)))?;
                    let outcomes = drawn.outcomes()?;
                    return Some(drawn.of(Law::Token(outcomes)).shaped(Shape::One));
                }
                "tolist" | "copy" | "item" | "ravel" | "flatten" | "upper" | "lower" | "encode" => {
                    return inside(*value);
                }
                _ => {}
            }
        }
        let called = origin.subject(self.project).definition(func)?.subject(self.project);
        let is_plain = called.function().is_some_and(|function| {
            function.decorators.iter().all(|decorator| {
                called
                    .code()
                    .kind(decorator.expr)
                    .as_name()
                    .is_some_and(|name| name == "staticmethod" || name == "classmethod")
            })
        });
        let is_generator = called
            .body()
            .any(|node| called.runs_here(node) && matches!(called.code().kind(node), NodeKind::Yield { .. }));
        (is_plain && !is_generator).then(|| self.in_results(&called))?
    }
}
