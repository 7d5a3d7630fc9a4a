//! Parameters of functions and lambdas.

use ruff_python_ast::{AnyParameterRef, Parameters};
use smol_str::SmolStr;

use super::{Lowering, range};
use crate::facts::code::{Param, ParamKind};

impl Lowering<'_> {
    /// The parameters in source order.
    pub(super) fn parameters(&mut self, parameters: &Parameters) -> Box<[Param]> {
        let positional_only = parameters.posonlyargs.iter().map(|param| (param, ParamKind::PositionalOnly));
        let positional = parameters.args.iter().map(|param| (param, ParamKind::Positional));
        let keyword_only = parameters.kwonlyargs.iter().map(|param| (param, ParamKind::KeywordOnly));
        let variadic = parameters.vararg.as_deref().map(|param| (param, ParamKind::Variadic));
        let keywords = parameters.kwarg.as_deref().map(|param| (param, ParamKind::Keywords));
        let plain = |(param, kind)| (AnyParameterRef::NonVariadic(param), kind);
        let packed = |(param, kind)| (AnyParameterRef::Variadic(param), kind);
        let all = positional_only
            .chain(positional)
            .map(plain)
            .chain(variadic.map(packed))
            .chain(keyword_only.map(plain))
            .chain(keywords.map(packed));
        all.map(|(param, kind)| self.parameter(param, kind)).collect()
    }

    fn parameter(&mut self, param: AnyParameterRef<'_>, kind: ParamKind) -> Param {
        let annotation = self.optional(param.annotation());
        let default = self.optional(param.default());
        Param { name: SmolStr::new(param.name().as_str()), range: range(param), annotation, default, kind }
    }
}
