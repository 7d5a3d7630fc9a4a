//! Fixtures as they are declared: name, scope, autouse, what they request.

use std::path::Path;
use std::sync::Arc;

use smol_str::SmolStr;

use super::definition::is_public;
use super::resolve::Scope;
use super::{Module, NamedFixture, Place, Project, Role, Subject};
use crate::facts::arguments::keyword;
use crate::facts::code::{Argument, ArgumentKind, Function, ParamKind};
use crate::facts::module::ModuleBindingKind;
use crate::facts::{Code, NodeId, NodeKind};

/// Star imports of star imports are followed this far.
const MAX_STARS: u32 = 4;

/// How long a fixture's value lives; the order is pytest's, widest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FixtureScope {
    Function,
    Class,
    Module,
    Package,
    Session,
}

/// Whose decorator made the fixture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Maker {
    Pytest,
    PytestAsyncio,
}

/// One fixture function of the project.
#[derive(Clone, Debug)]
pub struct Fixture {
    /// The name that it is requested by.
    pub name: SmolStr,
    pub module: Module,
    pub item: u32,
    /// The class whose member it is.
    pub class: Option<u32>,
    /// `None` where the scope is computed.
    pub scope: Option<FixtureScope>,
    pub autouse: bool,
    pub is_async: bool,
    pub maker: Maker,
    /// Has `yield` at its own level: what stands behind it is tear-down.
    pub yields: bool,
    /// Parameters and literal `request.getfixturevalue` names.
    pub requests: Vec<SmolStr>,
    /// Those of `requests` that are only looked up while the fixture runs.
    pub looked_up: Vec<SmolStr>,
}

impl Fixture {
    /// Its function as it stands now: edits of tests in its file move it, and leave what is known of it.
    pub fn subject<'p>(&self, project: &'p Project) -> Subject<'p> {
        let now = project.module(&self.module.file.path);
        Subject::new(project, now.as_ref().unwrap_or(&self.module), self.item)
    }

    /// Where its function's name stands now.
    pub fn place(&self, project: &Project) -> Option<Place> {
        let declared = self.subject(project);
        Some(declared.place(declared.function()?.name_range))
    }
}

/// Whether a decorator's path makes a fixture.
pub fn is_fixture_path(path: &str) -> bool {
    matches!(
        path,
        "pytest.fixture"
            | "pytest.yield_fixture"
            | "_pytest.fixtures.fixture"
            | "pytest_asyncio.fixture"
            | "pytest_asyncio.plugin.fixture"
            | "pytest_twisted.async_fixture"
            | "pytest_twisted.async_yield_fixture"
            | "pytest_trio.trio_fixture"
    )
}

impl Project {
    /// The fixtures that a file declares, in source order, those of classes included.
    pub fn declared_fixtures(&self, path: &Path) -> Arc<Vec<Arc<Fixture>>> {
        if let Some(known) = self.fixtures.get(path.as_os_str()) {
            return known.clone();
        }
        let found = Arc::new(self.module(path).map(|module| self.read_fixtures(&module)).unwrap_or_default());
        self.fixtures.insert(path.into(), found.clone());
        found
    }

    /// The fixture that a module-level name means in a module, whether declared there or imported.
    pub fn module_fixture(&self, module: &Module, name: &str) -> Option<Arc<Fixture>> {
        let own = self.declared_fixtures(&module.file.path);
        if let Some(fixture) = own.iter().rev().find(|f| f.class.is_none() && f.name == name) {
            return Some(fixture.clone());
        }
        let imported = self.imported_fixtures(module);
        imported.iter().rev().find(|(bound, _)| bound == name).map(|(_, fixture)| fixture.clone())
    }

    /// Fixtures that a module imports, with the names that they get there. `import lib` brings none.
    pub(super) fn imported_fixtures(&self, module: &Module) -> Arc<Vec<NamedFixture>> {
        if let Some(known) = self.imported.get(&module.file.id) {
            return known.clone();
        }
        let found = Arc::new(self.find_imported_fixtures(module, MAX_STARS));
        self.imported.insert(module.file.id, found.clone());
        found
    }

    fn find_imported_fixtures(&self, module: &Module, hops: u32) -> Vec<NamedFixture> {
        let mut found = Vec::new();
        let scope = module.file.scope();
        for (level, from) in &scope.stars {
            let Some(source) = self.star_source(module, *level, from) else { continue };
            let own = self.declared_fixtures(&source.file.path);
            let own = own.iter().filter(|f| f.class.is_none()).map(|f| (f.name.clone(), f.clone()));
            let further = if hops == 0 { Vec::new() } else { self.find_imported_fixtures(&source, hops - 1) };
            let public = own.chain(further).filter(|(name, fixture)| {
                let attribute = fixture.module.file.name(fixture.item);
                is_public(&source, if fixture.name == attribute { name } else { attribute })
            });
            found.extend(public);
        }
        let mut imported: Vec<_> = scope
            .names()
            .filter_map(|(bound, bindings)| {
                let path = bindings.iter().find_map(|binding| match &binding.kind {
                    ModuleBindingKind::Bound { kind, .. } => module.imported_path(kind),
                    _ => None,
                })?;
                let fixture = self.fixture_at(&self.canonical(&path))?;
                let renamed = fixture.name != fixture.module.file.name(fixture.item);
                let name = if renamed { fixture.name.clone() } else { bound.clone() };
                Some((name, fixture))
            })
            .collect();
        imported.sort_by(|a, b| a.0.cmp(&b.0));
        found.extend(imported);
        found
    }

    /// The fixture function with a canonical path.
    fn fixture_at(&self, path: &str) -> Option<Arc<Fixture>> {
        let (file, rest) = self.layout.split_path(path)?;
        if rest.is_empty() || rest.contains('.') {
            return None;
        }
        let own = self.declared_fixtures(file);
        own.iter().find(|f| f.class.is_none() && f.module.file.name(f.item) == rest).cloned()
    }

    fn read_fixtures(&self, module: &Module) -> Vec<Arc<Fixture>> {
        (0..module.file.items().len() as u32)
            .filter(|index| self.role(module, *index) == Role::Fixture)
            .filter_map(|index| self.read_fixture(module, index).map(Arc::new))
            .collect()
    }

    /// The fixture that an item declares.
    pub fn read_fixture(&self, module: &Module, index: u32) -> Option<Fixture> {
        let facts = module.file.facts(index);
        let code = &facts.code;
        let function = code.function()?;
        let scope = Scope { project: self, module, facts };
        let (path, args) = function.decorators.iter().find_map(|decorator| {
            let (target, args): (_, &[Argument]) = match code.kind(decorator.expr) {
                NodeKind::Call { func, args } => (*func, args),
                _ => (decorator.expr, &[]),
            };
            let path = scope.path(target)?;
            is_fixture_path(&path).then_some((path, args))
        })?;
        let keyword = |name: &str| keyword(args, name);
        let class = module.file.item(index).owner;
        let mut requests = parameters(code, function, class.is_some());
        let mut looked_up = looked_up_names(code, function);
        looked_up.retain(|name| !requests.contains(name));
        requests.extend(looked_up.iter().cloned());
        Some(Fixture {
            name: keyword("name")
                .and_then(|id| code.kind(id).as_str())
                .map_or_else(|| function.name.clone(), SmolStr::new),
            module: module.clone(),
            item: index,
            class,
            scope: keyword("scope")
                .map_or(Some(FixtureScope::Function), |id| scope_named(code.kind(id).as_str()?)),
            autouse: keyword("autouse").is_some_and(|id| *code.kind(id) == NodeKind::Bool(true)),
            is_async: function.is_async,
            maker: if path.starts_with("pytest_asyncio") { Maker::PytestAsyncio } else { Maker::Pytest },
            yields: yields(code, function),
            requests,
            looked_up,
        })
    }
}

impl Subject<'_> {
    /// An argument of the fixture's decorator.
    pub fn fixture_keyword(&self, name: &str) -> Option<NodeId> {
        let code = self.code();
        self.function()?.decorators.iter().find_map(|decorator| match code.kind(decorator.expr) {
            NodeKind::Call { args, .. } => keyword(args, name),
            _ => None,
        })
    }
}

/// The scope that a word of pytest's names.
pub fn scope_named(word: &str) -> Option<FixtureScope> {
    Some(match word {
        "function" => FixtureScope::Function,
        "class" => FixtureScope::Class,
        "module" => FixtureScope::Module,
        "package" => FixtureScope::Package,
        "session" => FixtureScope::Session,
        _ => return None,
    })
}

/// Whether the function itself yields, not one nested in it.
fn yields(code: &Code, function: &Function) -> bool {
    let Some(root) = code.roots.first() else { return false };
    function.body.iter().flat_map(|statement| code.subtree(*statement)).any(|node| {
        matches!(code.kind(node), NodeKind::Yield { .. })
            && code
                .ancestors(node)
                .find(|outer| matches!(code.kind(*outer), NodeKind::Function(_) | NodeKind::Lambda { .. }))
                == Some(*root)
    })
}

/// The parameters of a test or fixture function that pytest fills: those without default, `self`/`cls` left out in
/// classes.
pub fn parameters(code: &Code, function: &Function, is_method: bool) -> Vec<SmolStr> {
    let is_static = function
        .decorators
        .iter()
        .any(|decorator| code.kind(decorator.expr).as_name() == Some("staticmethod"));
    function
        .params
        .iter()
        .filter(|param| param.default.is_none())
        .filter(|param| matches!(param.kind, ParamKind::Positional | ParamKind::KeywordOnly))
        .map(|param| param.name.clone())
        .skip(usize::from(is_method && !is_static))
        .collect()
}

/// The literal names that a function gives to `getfixturevalue`.
pub fn looked_up_names(code: &Code, function: &Function) -> Vec<SmolStr> {
    let nodes = function.body.iter().flat_map(|statement| code.subtree(*statement));
    nodes.filter_map(|node| literal_request(code, node)).collect()
}

fn literal_request(code: &Code, node: NodeId) -> Option<SmolStr> {
    let NodeKind::Call { func, args } = code.kind(node) else { return None };
    let NodeKind::Attribute { attr, .. } = code.kind(*func) else { return None };
    let [Argument { kind: ArgumentKind::Positional, value, .. }] = &**args else { return None };
    if attr != "getfixturevalue" {
        return None;
    }
    code.kind(*value).as_str().map(SmolStr::new)
}
