//! The arguments of calls, and the bases and keywords of classes.

use ruff_python_ast::token::parentheses_iterator;
use ruff_python_ast::{ArgOrKeyword, Arguments, Expr, ExprRef, Keyword};
use ruff_text_size::Ranged;
use smol_str::SmolStr;

use super::{Lowering, range};
use crate::facts::code::{Argument, ArgumentKind};
use crate::text::TextRange;

impl Lowering<'_> {
    pub(super) fn arguments(&mut self, arguments: &Arguments) -> Box<[Argument]> {
        let lower = |argument: ArgOrKeyword<'_>| match argument {
            ArgOrKeyword::Arg(value) => self.positional(value, arguments),
            ArgOrKeyword::Keyword(keyword) => self.keyword(keyword),
        };
        arguments.iter_source_order().map(lower).collect()
    }

    fn positional(&mut self, value: &Expr, arguments: &Arguments) -> Argument {
        if let Expr::Starred(starred) = value {
            let value = self.expression(&starred.value);
            return Argument { range: range(starred), kind: ArgumentKind::Star, value };
        }
        // The parentheses around a generator that is the only argument are both its own and the call's.
        if matches!(value, Expr::Generator(generator) if !generator.parenthesized) {
            let range = range(arguments);
            let value = self.expression_at(value, range);
            return Argument { range, kind: ArgumentKind::Positional, value };
        }
        let range = self.with_parentheses(value, arguments);
        Argument { range, kind: ArgumentKind::Positional, value: self.expression(value) }
    }

    /// The range of an argument with the parentheses around it that are not the call's.
    fn with_parentheses(&self, value: &Expr, arguments: &Arguments) -> TextRange {
        let own = range(value);
        let before = self.text[..own.start as usize].trim_end();
        if before.ends_with(',') || before.len() == arguments.start().to_usize() + 1 {
            return own;
        }
        let around = parentheses_iterator(ExprRef::from(value), None, self.tokens);
        around.take_while(|around| around.start() > arguments.start()).last().map_or(own, range)
    }

    fn keyword(&mut self, keyword: &Keyword) -> Argument {
        let kind = match &keyword.arg {
            Some(name) => ArgumentKind::Keyword(SmolStr::new(name.as_str())),
            None => ArgumentKind::DoubleStar,
        };
        Argument { range: range(keyword), kind, value: self.expression(&keyword.value) }
    }
}
