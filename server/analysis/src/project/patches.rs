//! `unittest.mock.patch` and its like: what they replace, and how many mocks their decorators hand to a test as leading
//! arguments.
//!
//! Each `patch`/`patch.object` without `new` injects one, `patch.multiple` and `patch.dict` inject none by
//! position (documentation of `unittest.mock`, "patch"); a class decorator counts for every test method.

use smol_str::SmolStr;

use super::definition::Definition;
use super::resolve::Scope;
use super::{Module, Project, Subject};
use crate::facts::arguments::argument;
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

/// Which of `unittest.mock`'s (or the `mock` backport's) patchers a callee's path is. A module of the project that hands
/// them on, `tests.async_mock`, counts too.
pub fn patcher(path: &str) -> Option<Patcher> {
    let (_, below) = path.rsplit_once("mock.patch")?;
    match below {
        "" => Some(Patcher::Path),
        ".object" => Some(Patcher::Object),
        ".dict" => Some(Patcher::Dict),
        ".multiple" => Some(Patcher::Multiple),
        _ => None,
    }
}

/// How many leading arguments of a test are mocks from `patch` decorators on it and its class.
pub fn injected_mocks(project: &Project, module: &Module, item: u32) -> usize {
    let class = owners(&module.file, item).next();
    let definitions =
        [Some(item), class].into_iter().flatten().filter_map(|it| Definition::of_item(module, it));
    definitions.map(|definition| injected_by(project, &definition)).sum()
}

/// How many mocks the decorators of one function or class hand over.
pub fn injected_by(project: &Project, definition: &Definition) -> usize {
    let facts = definition.module.file.facts(definition.item);
    let scope = Scope { project, module: &definition.module, facts };
    definition.decorators().iter().filter(|decorator| injects(&scope, decorator.expr)).count()
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
    argument(args, new_at, "new").is_none()
}

/// What a patching call replaces by what.
#[derive(Clone, Debug, PartialEq)]
pub struct Replacement {
    /// The last part: `send` of `patch("shop.mail.send")`.
    pub name: SmolStr,
    /// The canonical dotted path of what is replaced, where it has one.
    pub path: Option<SmolStr>,
    /// The canonical dotted path of what holds it: `time` of `patch("shop.mail.time.sleep")`, where the module imports
    /// `time`, and `shop.mail` of `patch("shop.mail.sleep")`, wherever that comes from.
    pub owner: Option<SmolStr>,
    /// The object whose attribute is replaced: `service` of `patch.object(service, "send")`.
    pub object: Option<NodeId>,
    /// What is put there, or the class that makes it (`new_callable`). `None`: patch makes a mock, an `AsyncMock` for an
    /// `async def` (documentation of `unittest.mock`, "patch").
    pub new: Option<NodeId>,
}

/// What a call of `patch`, `patch.object`, pytest-mock's `mocker` or `monkeypatch.setattr` replaces.
pub fn replacement(scope: &Scope<'_>, call: NodeId) -> Option<Replacement> {
    let NodeKind::Call { func, args } = scope.code().kind(call) else { return None };
    let by_path = |at: usize| {
        let path = scope.code().kind(value(args, 0, "target")?).as_str()?;
        let name = SmolStr::new(path.rsplit('.').next()?);
        let owner = path.rsplit_once('.').map(|(owner, _)| scope.project.canonical(owner));
        let path = Some(scope.project.canonical(path));
        Some(Replacement { name, path, owner, object: None, new: new(args, at) })
    };
    let by_object = |at: usize| {
        let object = value(args, 0, "target")?;
        let name = SmolStr::new(
            scope.code().kind(value(args, 1, "attribute").or_else(|| value(args, 1, "name"))?).as_str()?,
        );
        let owner = scope.path(object);
        let path = owner.as_ref().map(|owner| scope.project.canonical(&format!("{owner}.{name}")));
        Some(Replacement { name, path, owner, object: Some(object), new: new(args, at) })
    };
    if let Some(kind) = scope.path(*func).as_deref().and_then(patcher) {
        return match kind {
            Patcher::Path => by_path(1),
            Patcher::Object => by_object(2),
            Patcher::Dict | Patcher::Multiple => None,
        };
    }
    let text = scope.code().dotted(*func)?;
    let (head, last) = text.split_once('.')?;
    match (head, last) {
        ("monkeypatch", "setattr") => by_path(1).or_else(|| by_object(2)),
        (head, "patch") if head.ends_with("mocker") => by_path(1),
        (head, "patch.object") if head.ends_with("mocker") => by_object(2),
        (head, "spy") if head.ends_with("mocker") => by_object(usize::MAX),
        _ => None,
    }
}

/// The decorator that fills parameter `index` of the subject's function with a mock, and the item it stands in.
pub fn injecting_call<'p>(subject: &Subject<'p>, index: usize) -> Option<(Subject<'p>, NodeId)> {
    let of = |subject: &Subject<'p>| -> Vec<NodeId> {
        let code = subject.code();
        let decorators: &[Decorator] = match (code.function(), code.class()) {
            (Some(function), _) => &function.decorators,
            (_, Some(class)) => &class.decorators,
            _ => &[],
        };
        let calls = decorators.iter().rev().map(|decorator| decorator.expr);
        calls.filter(|call| injects(&subject.scope(), *call)).collect()
    };
    let index = index.checked_sub(usize::from(subject.class().is_some()))?;
    let own = of(subject);
    if let Some(call) = own.get(index) {
        return Some((subject.clone(), *call));
    }
    let class = Subject::new(subject.project, &subject.module, subject.class()?);
    let call = *of(&class).get(index - own.len())?;
    Some((class, call))
}

fn new(args: &[Argument], position: usize) -> Option<NodeId> {
    value(args, position, "new").or_else(|| value(args, usize::MAX, "new_callable"))
}

fn value(args: &[Argument], position: usize, keyword: &str) -> Option<NodeId> {
    let mut positional = args.iter().filter(|a| a.kind == ArgumentKind::Positional);
    let named = || args.iter().find(|a| matches!(&a.kind, ArgumentKind::Keyword(k) if k == keyword));
    positional.nth(position).or_else(named).map(|a| a.value)
}
