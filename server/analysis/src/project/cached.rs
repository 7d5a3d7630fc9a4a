//! Functions of the project that keep their results, what they look at, and who empties them.

use std::sync::Arc;

use smol_str::SmolStr;

use super::accesses::{is_use, search_word};
use super::callee::Definition;
use super::effects::Footprint;
use super::guards::xunit_functions;
use super::target::Target;
use super::{Module, Place, Project, Role, Subject};
use crate::facts::{NodeId, NodeKind};

/// Decorators that keep results until `cache_clear()` (`functools`; `cachetools.func`).
const CACHES: &[&str] = &[
    "cachetools.func.fifo_cache",
    "cachetools.func.lfu_cache",
    "cachetools.func.lru_cache",
    "cachetools.func.rr_cache",
    "functools.cache",
    "functools.lru_cache",
];

/// Calls are followed this far.
const MAX_CALLS: u32 = 2;

/// Whether a function keeps its results. No method, whose results belong to objects; a static one or one of the class does.
pub fn is_cached(project: &Project, function: &Definition) -> bool {
    let item = function.module.file.item(function.item);
    if item.function().is_none_or(|head| head.decorators.is_empty()) {
        return false;
    }
    let subject = function.subject(project);
    let Some(code) = subject.function() else { return false };
    let is_one_of = |known: &[&str]| {
        code.decorators.iter().any(|decorator| {
            let path = subject.resolve(subject.code().uncalled(decorator.expr));
            path.is_some_and(|path| known.contains(&path.as_str()))
        })
    };
    is_one_of(CACHES)
        && (item.owner.is_none() || is_one_of(&["builtins.classmethod", "builtins.staticmethod"]))
}

/// The call's function, if that keeps its results and gives the same for the same literal arguments.
pub fn cached_callee(subject: &Subject<'_>, call: NodeId) -> Option<Definition> {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(call) else { return None };
    let is_literal = |node: NodeId| {
        matches!(
            code.kind(node),
            NodeKind::Str(_) | NodeKind::Int(_) | NodeKind::Bool(_) | NodeKind::None | NodeKind::Float(_)
        )
    };
    if !args.iter().all(|argument| is_literal(argument.value)) {
        return None;
    }
    let function = subject.definition(*func).filter(|function| is_cached(subject.project, function))?;
    if function.module.file.item(function.item).owner.is_some()
        && !is_called_on_owner(subject, *func, &function)
    {
        return None;
    }
    (!replaces(subject, &function)).then_some(function)
}

/// Whether a method is called on the class that has it, by name: an heir's results are kept apart.
fn is_called_on_owner(subject: &Subject<'_>, func: NodeId, method: &Definition) -> bool {
    let NodeKind::Attribute { value, .. } = subject.code().kind(func) else { return false };
    let class = subject.resolve(*value).and_then(|path| subject.project.class_at(&path));
    class.is_some_and(|(module, class)| {
        module.file.path == method.module.file.path && module.file.item(method.item).owner == Some(class)
    })
}

/// Whether a test or fixture puts something else in the place of a function: what it calls then keeps nothing.
fn replaces(subject: &Subject<'_>, function: &Definition) -> bool {
    let footprint = Footprint::of(subject);
    let mut targets = footprint
        .touches
        .iter()
        .map(|touch| &touch.target)
        .chain(footprint.covers.iter().map(|cover| &cover.target));
    targets.any(|target| target.path().and_then(|path| path.rsplit('.').next()) == Some(function.name()))
}

/// A test that calls a function which keeps its results, with nothing around it that empties the cache.
#[derive(Clone, Debug)]
pub struct CachedCall {
    pub module: Module,
    pub item: u32,
    /// The first such call.
    pub node: NodeId,
}

impl Project {
    /// The tests that call a cached function, by path and place, kept. `target` is what their answers are looked at for.
    pub fn cached_calls(&self, cached: &Definition, target: &Target) -> Arc<Vec<CachedCall>> {
        if let Some(word) = search_word(target) {
            self.ask_for_name(&word);
        }
        let key = (cached.module.file.id, cached.item);
        if let Some(known) = self.cached_calls.get(&key) {
            return known.clone();
        }
        let call = |subject: &Subject<'_>| {
            let mut body = subject.body().filter(|node| subject.runs_here(*node));
            let calls = |node: &NodeId| cached_callee(subject, *node).is_some_and(|callee| callee == *cached);
            let node = body.find(calls).filter(|_| subject.role == Role::Test)?;
            let call = CachedCall { module: subject.module.clone(), item: subject.item, node };
            (!is_emptied_around(subject, cached)).then_some(call)
        };
        let found = Arc::new(self.in_functions_naming(cached.name(), call));
        self.cached_calls.insert(key, found.clone());
        found
    }
}

/// Whether the test, or a fixture or set-up around it, empties the cache or puts something in its function's place.
pub fn is_emptied_around(subject: &Subject<'_>, cached: &Definition) -> bool {
    let does = |subject: &Subject<'_>| empties(subject, cached) || replaces(subject, cached);
    does(subject) || around(subject).iter().any(does)
}

/// The project's fixtures and xunit-style functions that run around a test.
pub fn around<'p>(subject: &Subject<'p>) -> Vec<Subject<'p>> {
    let project = subject.project;
    let closure = subject.closure();
    let fixtures = closure.iter().filter_map(|closed| closed.fixture.as_ref());
    let fixtures = fixtures.map(|fixture| fixture.subject(project));
    let xunit = xunit_functions(subject);
    fixtures.chain(xunit.iter().map(|(module, item)| Subject::new(project, module, *item))).collect()
}

/// Where a function looks at a target, itself or through a function that it calls.
pub fn looks_at(project: &Project, function: &Definition, target: &Target) -> Option<Place> {
    let word = search_word(target)?;
    looks_within(project, function, target, &word, MAX_CALLS)
}

fn looks_within(
    project: &Project,
    function: &Definition,
    target: &Target,
    word: &SmolStr,
    calls: u32,
) -> Option<Place> {
    let subject = function.subject(project);
    let code = subject.code();
    let seen = subject.body().find(|node| {
        is_use(&subject, *node, target, word)
            || is_looked_up_here(&subject, *node, target, word)
            || fills_settings(&subject, *node, target, word)
    });
    if let Some(node) = seen {
        return Some(subject.place(code.range(node)));
    }
    let calls = calls.checked_sub(1)?;
    subject.body().find_map(|node| {
        let NodeKind::Call { func, .. } = code.kind(node) else { return None };
        let callee = subject.definition(*func).filter(|callee| callee != function)?;
        looks_within(project, &callee, target, word, calls)
    })
}

/// A name that is imported into the module and patched there: `patch("shop.config.load")`.
fn is_looked_up_here(subject: &Subject<'_>, node: NodeId, target: &Target, word: &str) -> bool {
    subject.code().kind(node).as_name() == Some(word)
        && !subject.scope().is_local(word, node)
        && target
            .path()
            .and_then(|path| path.rsplit_once('.'))
            .is_some_and(|(owner, name)| name == word && owner == subject.module.name)
}

/// `Settings()` of pydantic, with a field that the environment variable fills.
fn fills_settings(subject: &Subject<'_>, node: NodeId, target: &Target, word: &str) -> bool {
    let Target::Environ(_) = target else { return false };
    let Some((module, class)) = subject.callee(node).and_then(|path| subject.project.class_at(&path)) else {
        return false;
    };
    let bases = subject.project.base_names(&module, class);
    if !bases.iter().any(|base| base.rsplit('.').next() == Some("BaseSettings")) {
        return false;
    }
    module.file.members(class).any(|member| {
        let code = &module.file.facts(member).code;
        code.roots.iter().any(|root| match code.kind(*root) {
            NodeKind::AnnAssign { target, .. } => {
                code.kind(*target).as_name().is_some_and(|field| field.eq_ignore_ascii_case(word))
            }
            _ => false,
        })
    })
}

/// Whether a function empties the cache of another, or a cache that cannot be told, or makes its module anew; also through a
/// function that it calls.
fn empties(subject: &Subject<'_>, cached: &Definition) -> bool {
    empties_within(subject, cached, MAX_CALLS)
}

fn empties_within(subject: &Subject<'_>, cached: &Definition, calls: u32) -> bool {
    let text = subject.text();
    if text.contains("reload(") || text.contains("sys.modules") {
        return true;
    }
    let code = subject.code();
    subject.body().any(|node| match code.kind(node) {
        NodeKind::Attribute { value, attr, .. } if attr == "cache_clear" => {
            subject.definition(*value).is_none_or(|emptied| emptied == *cached)
        }
        NodeKind::Call { func, .. } if calls > 0 => subject
            .definition(*func)
            .filter(|callee| callee != cached)
            .is_some_and(|callee| empties_within(&callee.subject(subject.project), cached, calls - 1)),
        _ => false,
    })
}
