//! Parameters of functions and lambdas.

use smol_str::SmolStr;

use super::Lowering;
use crate::facts::code::{NodeKind, Param, ParamKind};
use crate::syntax::kinds::{Field, Kind};

impl Lowering<'_> {
    /// On a parameter list, parenthesised or a lambda's.
    pub(super) fn parameters(&mut self) -> Box<[Param]> {
        let mut params: Vec<Param> = Vec::new();
        let mut plain = ParamKind::Positional;
        self.children(|l, kind| match kind {
            Kind::PositionalSeparator => {
                for param in &mut params {
                    param.kind = ParamKind::PositionalOnly;
                }
            }
            Kind::KeywordSeparator => plain = ParamKind::KeywordOnly,
            Kind::TuplePattern => {
                // Python 2's `def f((a, b)):`.
                l.wrong();
            }
            Kind::Identifier
            | Kind::TypedParameter
            | Kind::DefaultParameter
            | Kind::TypedDefaultParameter
            | Kind::ListSplatPattern
            | Kind::DictionarySplatPattern => {
                let param = l.parameter(kind, plain);
                if param.kind == ParamKind::Variadic {
                    plain = ParamKind::KeywordOnly;
                }
                params.push(param);
            }
            _ => {}
        });
        params.into()
    }

    fn parameter(&mut self, kind: Kind, plain: ParamKind) -> Param {
        let mut param = Param {
            name: SmolStr::default(),
            range: self.range(),
            annotation: None,
            default: None,
            kind: plain,
        };
        match kind {
            Kind::Identifier => param.name = SmolStr::new(self.slice()),
            Kind::ListSplatPattern | Kind::DictionarySplatPattern => self.splat(kind, &mut param),
            _ => self.children(|l, kind| match (l.field(), kind) {
                (Field::Type, _) => param.annotation = Some(l.expression()),
                (Field::Value, _) => param.default = Some(l.expression()),
                (_, Kind::Identifier) => param.name = SmolStr::new(l.slice()),
                (_, Kind::ListSplatPattern | Kind::DictionarySplatPattern) => l.splat(kind, &mut param),
                (_, Kind::TuplePattern) => {
                    l.wrong();
                }
                _ => {}
            }),
        }
        param
    }

    fn splat(&mut self, kind: Kind, param: &mut Param) {
        param.kind = match kind {
            Kind::ListSplatPattern => ParamKind::Variadic,
            _ => ParamKind::Keywords,
        };
        self.children(|l, kind| {
            if kind == Kind::Identifier {
                param.name = SmolStr::new(l.slice());
            }
        });
    }

    pub(super) fn lambda(&mut self) -> NodeKind {
        let mut params = Box::default();
        let mut body = None;
        self.children(|l, kind| match kind {
            Kind::LambdaParameters => params = l.parameters(),
            kind if kind.is_expression() => body = Some(l.expression()),
            _ => {}
        });
        let body = body.unwrap_or_else(|| self.absent());
        NodeKind::Lambda { params, body }
    }
}
