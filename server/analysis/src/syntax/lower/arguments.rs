//! The arguments of calls, and the bases and keywords of classes.

use smol_str::SmolStr;

use super::Lowering;
use crate::facts::code::{Argument, ArgumentKind, NodeId};
use crate::syntax::kinds::{Field, Kind};

impl Lowering<'_> {
    /// From the called expression: the arguments behind it, leaving the cursor on the call.
    pub(super) fn call_arguments(&mut self) -> Box<[Argument]> {
        let mut arguments = Box::default();
        self.rest(|l, kind| match kind {
            Kind::ArgumentList => arguments = l.argument_list(),
            // `f(x for x in y)`: the parentheses are both the call's and the generator's.
            kind if kind.is_expression() => arguments = Box::new([l.argument(kind)]),
            _ => {}
        });
        arguments
    }

    /// On an `argument_list`.
    pub(super) fn argument_list(&mut self) -> Box<[Argument]> {
        let mut arguments = Vec::new();
        self.children(|l, kind| match kind {
            Kind::KeywordArgument | Kind::DictionarySplat => arguments.push(l.argument(kind)),
            kind if kind.is_expression() => arguments.push(l.argument(kind)),
            _ => {}
        });
        arguments.into()
    }

    fn argument(&mut self, kind: Kind) -> Argument {
        let range = self.range();
        let (kind, value) = match kind {
            Kind::KeywordArgument => self.keyword(),
            Kind::DictionarySplat => (ArgumentKind::DoubleStar, self.only_child()),
            Kind::ListSplat => (ArgumentKind::Star, self.only_child()),
            kind => match self.behind_star(kind, range) {
                Some(value) => (ArgumentKind::Star, value),
                None => (ArgumentKind::Positional, self.expression()),
            },
        };
        Argument { range, kind, value }
    }

    fn keyword(&mut self) -> (ArgumentKind, NodeId) {
        let mut name = SmolStr::default();
        let mut value = None;
        self.children(|l, kind| match l.field() {
            Field::Name => name = SmolStr::new(l.slice()),
            _ if kind.is_expression() => value = Some(l.expression()),
            _ => {}
        });
        let value = value.unwrap_or_else(|| self.absent());
        (ArgumentKind::Keyword(name), value)
    }
}
