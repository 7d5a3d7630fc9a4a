//! Functions and classes with their decorators.

use ruff_python_ast::{self as ast, StmtClassDef, StmtFunctionDef, TypeParam, TypeParams};
use ruff_text_size::{Ranged, TextSize};
use smol_str::SmolStr;

use super::builder::Open;
use super::{Lowering, range};
use crate::facts::code::{Class, Decorator, Function, NodeKind};
use crate::text::TextRange;

impl Lowering<'_> {
    pub(super) fn function(&mut self, function: &StmtFunctionDef, open: &Open) -> NodeKind {
        let start = self.keyword_after(&function.decorator_list, function.range.start());
        let decorators = self.decorators(&function.decorator_list);
        self.type_params(function.type_params.as_deref());
        let params = self.parameters(&function.parameters);
        let returns = self.optional(function.returns.as_deref());
        let body = self.suite(&function.body, open);
        NodeKind::Function(Box::new(Function {
            name: SmolStr::new(function.name.as_str()),
            name_range: range(&function.name),
            is_async: function.is_async,
            decorators,
            params,
            params_range: range(&*function.parameters),
            returns,
            body,
            def_range: TextRange::new(start, self.builder.end(open)),
        }))
    }

    pub(super) fn class(&mut self, class: &StmtClassDef, open: &Open) -> NodeKind {
        let start = self.keyword_after(&class.decorator_list, class.range.start());
        let decorators = self.decorators(&class.decorator_list);
        self.type_params(class.type_params.as_deref());
        let bases = class.arguments.as_deref().map(|bases| self.arguments(bases)).unwrap_or_default();
        let body = self.suite(&class.body, open);
        NodeKind::Class(Box::new(Class {
            name: SmolStr::new(class.name.as_str()),
            name_range: range(&class.name),
            decorators,
            bases,
            body,
            def_range: TextRange::new(start, self.builder.end(open)),
        }))
    }

    fn decorators(&mut self, decorators: &[ast::Decorator]) -> Box<[Decorator]> {
        let lower = |decorator: &ast::Decorator| Decorator {
            range: range(decorator),
            expr: self.expression(&decorator.expression),
        };
        decorators.iter().map(lower).collect()
    }

    /// Where `def`, `async` or `class` stands, behind the decorators of a definition that begins at `start`.
    fn keyword_after(&self, decorators: &[ast::Decorator], start: TextSize) -> u32 {
        let Some(last) = decorators.last() else { return start.to_u32() };
        let behind = self.tokens.after(last.end()).iter().find(|token| !is_between_lines(token.kind()));
        behind.map_or(last.end(), Ranged::start).to_u32()
    }

    /// `[T: bound = default]`: one `Opaque` with the bounds and defaults below it.
    pub(super) fn type_params(&mut self, params: Option<&TypeParams>) {
        let Some(params) = params else { return };
        let open = self.builder.open(range(params));
        for param in &params.type_params {
            let (name, bound, default) = match param {
                TypeParam::TypeVar(param) => (&param.name, param.bound.as_deref(), param.default.as_deref()),
                TypeParam::TypeVarTuple(param) => (&param.name, None, param.default.as_deref()),
                TypeParam::ParamSpec(param) => (&param.name, None, param.default.as_deref()),
            };
            self.builder.leaf(range(name), NodeKind::Name(SmolStr::new(name.as_str())));
            self.optional(bound);
            self.optional(default);
        }
        self.builder.close(open, NodeKind::Opaque);
    }
}

fn is_between_lines(kind: ast::token::TokenKind) -> bool {
    use ast::token::TokenKind;
    matches!(kind, TokenKind::Newline | TokenKind::NonLogicalNewline | TokenKind::Comment)
}
