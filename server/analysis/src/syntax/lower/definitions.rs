//! Functions and classes with their decorators.

use smol_str::SmolStr;

use super::Lowering;
use super::builder::Open;
use crate::facts::code::{Block, Class, Decorator, Function, NodeKind};
use crate::syntax::kinds::{Field, Kind};
use crate::text::TextRange;

impl Lowering<'_> {
    pub(super) fn decorated(&mut self, open: &Open) -> NodeKind {
        let mut decorators = Vec::new();
        let mut definition = None;
        self.children(|l, kind| match kind {
            Kind::Decorator => decorators.push(l.decorator()),
            Kind::FunctionDefinition => {
                definition = Some(l.function(std::mem::take(&mut decorators).into(), open));
            }
            Kind::ClassDefinition => definition = Some(l.class(std::mem::take(&mut decorators).into(), open)),
            _ => {}
        });
        definition.unwrap_or_else(|| {
            self.broken = true;
            NodeKind::Opaque
        })
    }

    fn decorator(&mut self) -> Decorator {
        let start = self.range().start;
        let mut end = self.range().end;
        let mut expr = None;
        self.children(|l, kind| {
            if kind.is_expression() {
                end = l.range().end;
                expr = Some(l.expression());
            }
        });
        let expr = expr.unwrap_or_else(|| self.absent());
        Decorator { range: TextRange::new(start, end), expr }
    }

    /// On a `function_definition`; `open` is its node or the decorated one's.
    pub(super) fn function(&mut self, decorators: Box<[Decorator]>, open: &Open) -> NodeKind {
        let start = self.range().start;
        let mut function = Function {
            name: SmolStr::default(),
            name_range: TextRange::empty(start),
            is_async: false,
            decorators,
            params: Box::default(),
            params_range: TextRange::empty(start),
            returns: None,
            body: Block::default(),
            def_range: TextRange::empty(start),
        };
        self.children(|l, kind| match (l.field(), kind) {
            (Field::Name, _) => (function.name, function.name_range) = l.name(),
            (_, Kind::Async) => function.is_async = true,
            (_, Kind::TypeParameter) => {
                l.opaque();
            }
            (_, Kind::Parameters) => {
                function.params_range = l.range();
                function.params = l.parameters();
            }
            (_, Kind::Type) => function.returns = Some(l.expression()),
            (_, Kind::Colon) => l.colon(open),
            (_, Kind::Block) => function.body = l.suite(open),
            _ => {}
        });
        function.def_range = TextRange::new(start, self.builder.end(open));
        NodeKind::Function(Box::new(function))
    }

    /// On a `class_definition`; `open` is its node or the decorated one's.
    pub(super) fn class(&mut self, decorators: Box<[Decorator]>, open: &Open) -> NodeKind {
        let start = self.range().start;
        // Of an item that is a class's head, the members are items of their own.
        let may_be_head = self.builder.depth() == 1;
        let mut class = Class {
            name: SmolStr::default(),
            name_range: TextRange::empty(start),
            decorators,
            bases: Box::default(),
            body: Block::default(),
            def_range: TextRange::empty(start),
        };
        self.children(|l, kind| match (l.field(), kind) {
            (Field::Name, _) => (class.name, class.name_range) = l.name(),
            (_, Kind::TypeParameter) => {
                l.opaque();
            }
            (_, Kind::ArgumentList) => class.bases = l.argument_list(),
            (_, Kind::Colon) => l.colon(open),
            (_, Kind::Block) if may_be_head => class.body = l.suite_or_nothing(open),
            (_, Kind::Block) => class.body = l.suite(open),
            _ => {}
        });
        class.def_range = TextRange::new(start, self.builder.end(open));
        NodeKind::Class(Box::new(class))
    }

    fn name(&self) -> (SmolStr, TextRange) {
        (SmolStr::new(self.slice()), self.range())
    }
}
