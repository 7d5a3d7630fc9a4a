//! `unittest.mock.patch` decorators: how many mocks they hand to a test as leading arguments.
//!
//! Each `patch`/`patch.object` without `new` injects one, `patch.multiple` and `patch.dict` inject none by
//! position (documentation of `unittest.mock`, "patch"); a class decorator counts for every test method.

use super::resolve::Scope;
use super::{Module, Project};
use crate::facts::code::{Argument, ArgumentKind, Decorator};
use crate::facts::{NodeId, NodeKind};
use crate::store::owners;

/// What a patching call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patcher {
    /// `patch("dotted.path")`
    Path,
    /// `patch.object(target, "name")`
    Object,
    Dict,
    Multiple,
}

/// Which of `unittest.mock`'s (or the `mock` backport's) patchers a callee's path is.
pub fn patcher(path: &str) -> Option<Patcher> {
    let rest = path.strip_prefix("unittest.").unwrap_or(path);
    Some(match rest {
        "mock.patch" | "mock.mock.patch" => Patcher::Path,
        "mock.patch.object" | "mock.mock.patch.object" => Patcher::Object,
        "mock.patch.dict" | "mock.mock.patch.dict" => Patcher::Dict,
        "mock.patch.multiple" | "mock.mock.patch.multiple" => Patcher::Multiple,
        _ => return None,
    })
}

/// How many leading arguments of a test are mocks from `patch` decorators on it and its class.
pub fn injected_mocks(project: &Project, module: &Module, item: u32) -> usize {
    let own = injecting_decorators(project, module, item);
    let class: usize =
        owners(&module.file, item).take(1).map(|class| injecting_decorators(project, module, class)).sum();
    own + class
}

fn injecting_decorators(project: &Project, module: &Module, item: u32) -> usize {
    let facts = module.file.facts(item);
    let decorators: &[Decorator] = match (facts.code.function(), facts.code.class()) {
        (Some(function), _) => &function.decorators,
        (_, Some(class)) => &class.decorators,
        _ => &[],
    };
    let scope = Scope { project, module, facts };
    decorators.iter().filter(|decorator| injects(&scope, decorator.expr)).count()
}

/// Whether a decorator is a patcher that injects a mock.
pub fn injects(scope: &Scope<'_>, expr: NodeId) -> bool {
    let NodeKind::Call { args, .. } = scope.code().kind(expr) else { return false };
    let Some(kind) = scope.callee(expr).as_deref().and_then(patcher) else { return false };
    let new_at = match kind {
        Patcher::Path => 1,
        Patcher::Object => 2,
        Patcher::Dict | Patcher::Multiple => return false,
    };
    !has_argument(args, new_at, "new")
}

fn has_argument(args: &[Argument], position: usize, keyword: &str) -> bool {
    args.iter().filter(|a| a.kind == ArgumentKind::Positional).count() > position
        || args.iter().any(|a| matches!(&a.kind, ArgumentKind::Keyword(k) if k == keyword))
}
