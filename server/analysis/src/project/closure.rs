//! Which fixtures run around a test, and which of several with one name.
//!
//! pytest's rules (documentation, "Fixtures reference"; proved in `pytest-facts.md`, A4): the nearest declaration
//! wins: class, its bases, outer classes, module, conftests from the nearest directory to rootdir, plugins.
//! A fixture that requests its own name gets the next one outwards. A name that is replaced lower down is
//! switched off above, autouse included.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::collect::{Collected, TestCode};
use super::fixtures::{Fixture, dynamic_names, parameter_names};
use super::marks::Mark;
use super::{Module, Project};
use crate::facts::NodeKind;
use crate::facts::module::ModuleBindingKind;
use crate::store::owners;
use crate::syntax::split::ItemKind;

/// Why a fixture is in a closure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    Autouse,
    /// `usefixtures` as a mark or in the configuration.
    Used,
    /// By the test itself.
    Requested,
    /// By the fixture of this name.
    RequestedBy(SmolStr),
}

/// One fixture of a closure.
#[derive(Clone, Debug)]
pub struct Closed {
    pub name: SmolStr,
    /// `None`: pytest's, an installed plugin's, or unknown.
    pub fixture: Option<Arc<Fixture>>,
    pub reason: Reason,
}

/// The fixture that anyio's own fixtures ask for, and its plugin for async tests; projects give it in a conftest.
const ANYIO_BACKEND: SmolStr = SmolStr::new_static("anyio_backend");

/// The places that can declare fixtures for a test, nearest first.
enum Level {
    /// A class around the test or a base of it. The number tells the classes around apart: a fixture of a class replaces
    /// those of its bases, it is not built upon them.
    Class(Module, u32, usize),
    Module(Module),
}

impl Level {
    fn class_around(&self) -> Option<usize> {
        match self {
            Level::Class(_, _, around) => Some(*around),
            Level::Module(_) => None,
        }
    }
}

impl Project {
    /// The conftest files above a file, nearest first, its own directory included.
    pub fn conftests(&self, path: &Path) -> Vec<PathBuf> {
        let directories = path.ancestors().skip(1).take_while(|dir| dir.starts_with(&self.root));
        directories
            .map(|dir| dir.join("conftest.py"))
            .filter(|conftest| conftest != path && self.layout.contains(conftest))
            .collect()
    }

    /// All fixtures that run around an item (a test, a fixture, a set-up), in no promised order but always the same.
    pub fn closure(&self, module: &Module, item: u32) -> Vec<Closed> {
        let levels = self.levels(module, item);
        let marks = self.marks(module, item);
        let mut first = self.first_names(module, item, &marks, &levels);
        first.extend(self.dynamic_first(module, item));
        self.close(first, &levels, &direct_parameters(&marks), true)
    }

    /// The fixtures around a test where it is collected, as pytest knows them before it runs: without those that only
    /// `getfixturevalue` asks for.
    pub fn closure_collected(&self, test: &Collected) -> Vec<Closed> {
        let mut levels = Vec::new();
        for (around, (module, class)) in test.classes.iter().enumerate() {
            let lines = self.method_resolution(module, *class);
            levels.extend(lines.into_iter().map(|(module, class)| Level::Class(module, class, around)));
        }
        levels.extend(self.outer_levels(&test.module));
        let (first, direct) = match &test.code {
            TestCode::Item(module, item) => {
                let marks = self.marks_collected(test, module, *item);
                (self.first_names(module, *item, &marks, &levels), direct_parameters(&marks))
            }
            TestCode::Nested { item, node } => {
                let mut first = self.names_around(&self.module_marks(&test.module), &levels);
                let code = &test.module.file.facts(*item).code;
                if let NodeKind::Function(function) = code.kind(*node) {
                    let requested = parameter_names(code, function, false).into_iter();
                    first.extend(requested.map(|name| (name, Reason::Requested, 0)));
                }
                (first, Vec::new())
            }
        };
        self.close(first, &levels, &direct, false)
    }

    fn close(
        &self,
        first: Vec<(SmolStr, Reason, usize)>,
        levels: &[Level],
        direct: &[SmolStr],
        with_dynamic: bool,
    ) -> Vec<Closed> {
        let mut pending = first;
        pending.reverse();
        let mut seen = FxHashSet::default();
        let mut closed = Vec::new();
        while let Some((name, reason, depth)) = pending.pop() {
            if !seen.insert((name.clone(), depth)) {
                continue;
            }
            let found = self.find_from(levels, &name, depth);
            if found.is_none()
                && matches!(name.as_str(), "anyio_backend_name" | "anyio_backend_options")
                && !direct.contains(&ANYIO_BACKEND)
            {
                pending.push((ANYIO_BACKEND, Reason::RequestedBy(name.clone()), 0));
            }
            if let Some((fixture, at)) = &found {
                let dynamic = if with_dynamic { &fixture.dynamic[..] } else { &[] };
                for request in fixture.requests.iter().chain(dynamic).rev() {
                    // A value that `parametrize` gives stands for the fixture of its name everywhere.
                    if direct.contains(request) {
                        continue;
                    }
                    let depth = if *request == name { at + 1 } else { 0 };
                    pending.push((request.clone(), Reason::RequestedBy(name.clone()), depth));
                }
            }
            closed.push(Closed { name, fixture: found.map(|(fixture, _)| fixture), reason });
        }
        closed
    }

    /// The fixture that `name` means for an item.
    pub fn fixture(&self, module: &Module, item: u32, name: &str) -> Option<Arc<Fixture>> {
        self.find_from(&self.levels(module, item), name, 0).map(|(fixture, _)| fixture)
    }

    fn levels(&self, module: &Module, item: u32) -> Vec<Level> {
        let mut levels = Vec::new();
        for (around, class) in owners(&module.file, item).enumerate() {
            let lines = self.method_resolution(module, class);
            levels.extend(lines.into_iter().map(|(module, class)| Level::Class(module, class, around)));
        }
        levels.extend(self.outer_levels(module));
        levels
    }

    /// The module, the conftests above it, and plugin modules.
    fn outer_levels(&self, module: &Module) -> Vec<Level> {
        let mut levels = vec![Level::Module(module.clone())];
        let conftests = self.conftests(&module.file.path);
        levels.extend(conftests.iter().filter_map(|path| self.module(path)).map(Level::Module));
        levels.extend(self.plugin_modules().iter().cloned().map(Level::Module));
        levels
    }

    /// The marks of a test where it is collected: its own, its classes' with their bases, the module's.
    fn marks_collected(&self, test: &Collected, module: &Module, item: u32) -> Vec<Mark> {
        let mut marks = self.decorator_marks(module, item);
        for (module, class) in &test.classes {
            for (module, class) in self.method_resolution(module, *class) {
                marks.extend(self.class_marks(&module, class));
            }
        }
        marks.extend(self.module_marks(&test.module));
        marks
    }

    /// The project's own modules named by `pytest_plugins` and `-p`. They count everywhere.
    fn plugin_modules(&self) -> Arc<Vec<Module>> {
        self.plugin_modules.get_or(|| {
            let conftests =
                self.layout.files().filter(|path| path.file_name().is_some_and(|n| n == "conftest.py"));
            let mut names: Vec<SmolStr> =
                conftests.filter_map(|path| self.module(path)).flat_map(|m| declared_plugins(&m)).collect();
            names.extend(self.config.options.plugin_switches.iter().map(SmolStr::new));
            names.sort();
            names.dedup();
            names.iter().filter_map(|name| self.module_named(name)).collect()
        })
    }

    /// What runs around a test whatever it asks for itself.
    fn names_around(&self, marks: &[Mark], levels: &[Level]) -> Vec<(SmolStr, Reason, usize)> {
        let mut names: Vec<(SmolStr, Reason, usize)> = Vec::new();
        names.extend(self.config.options.usefixtures.iter().map(|n| (SmolStr::new(n), Reason::Used, 0)));
        names.extend(self.autouse_names(levels).into_iter().map(|n| (n, Reason::Autouse, 0)));
        for mark in marks.iter().filter(|mark| mark.name == "usefixtures") {
            names.extend(mark.strings().map(|n| (SmolStr::new(n), Reason::Used, 0)));
        }
        names
    }

    fn first_names(
        &self,
        module: &Module,
        item: u32,
        marks: &[Mark],
        levels: &[Level],
    ) -> Vec<(SmolStr, Reason, usize)> {
        let direct = direct_parameters(marks);
        let mut names = self.names_around(marks, levels);
        let facts = module.file.facts(item);
        // anyio's plugin has the backend run around what it awaits.
        let is_async = facts.code.function().is_some_and(|function| function.is_async);
        if is_async && marks.iter().any(|mark| mark.name == "anyio") && !direct.contains(&ANYIO_BACKEND) {
            names.push((ANYIO_BACKEND, Reason::Used, 0));
        }
        if let Some(function) = facts.code.function() {
            let is_method = module.file.item(item).owner.is_some();
            let requested = parameter_names(&facts.code, function, is_method);
            let injected = crate::project::patches::injected_mocks(self, module, item);
            let skip: Vec<SmolStr> = requested.iter().take(injected).cloned().collect();
            names.extend(
                requested
                    .into_iter()
                    .filter(|name| !direct.contains(name) && !skip.contains(name))
                    .map(|name| (name, Reason::Requested, 0)),
            );
        }
        names
    }

    /// What the item asks for by `request.getfixturevalue`.
    fn dynamic_first(&self, module: &Module, item: u32) -> Vec<(SmolStr, Reason, usize)> {
        let facts = module.file.facts(item);
        let Some(function) = facts.code.function() else { return Vec::new() };
        let names = dynamic_names(&facts.code, function).into_iter();
        names.map(|name| (name, Reason::Requested, 0)).collect()
    }

    /// Names of autouse fixtures of all levels, outermost first, then by name: pytest's order within a scope.
    fn autouse_names(&self, levels: &[Level]) -> Vec<SmolStr> {
        let mut names = Vec::new();
        for level in levels.iter().rev() {
            let mut here: Vec<SmolStr> = self
                .fixtures_at(level)
                .into_iter()
                .filter(|(_, f)| f.autouse)
                .map(|(name, _)| name)
                .collect();
            here.sort();
            names.extend(here);
        }
        names
    }

    fn fixtures_at(&self, level: &Level) -> Vec<(SmolStr, Arc<Fixture>)> {
        let (module, class) = match level {
            Level::Class(module, class, _) => (module, Some(*class)),
            Level::Module(module) => (module, None),
        };
        let own = self.declared_fixtures(&module.file.path);
        let mut found: Vec<_> =
            own.iter().filter(|f| f.class == class).map(|f| (f.name.clone(), f.clone())).collect();
        if class.is_none() {
            found.extend(self.imported_fixtures(module).iter().cloned());
        }
        found
    }

    /// The first fixture of a name from level `depth` outwards, and its level. A class attribute of the name hides
    /// the fixtures of base classes; what the module and conftests declare stays (`pytest-facts.md`, A4).
    fn find_from(&self, levels: &[Level], name: &str, depth: usize) -> Option<(Arc<Fixture>, usize)> {
        let mut is_hidden_in_classes = false;
        let replaced = depth.checked_sub(1).and_then(|above| levels.get(above)?.class_around());
        for (index, level) in levels.iter().enumerate().skip(depth) {
            let is_replaced = replaced.is_some() && level.class_around() == replaced;
            if is_replaced || (is_hidden_in_classes && level.class_around().is_some()) {
                continue;
            }
            let mut here = self.fixtures_at(level);
            here.retain(|(bound, _)| bound == name);
            if let Some((_, fixture)) = here.pop() {
                return Some((fixture, index));
            }
            is_hidden_in_classes =
                matches!(level, Level::Class(module, class, _) if class_binds(module, *class, name));
        }
        None
    }
}

/// The names that `parametrize` marks give values to.
fn direct_parameters(marks: &[Mark]) -> Vec<SmolStr> {
    marks.iter().filter(|mark| mark.name == "parametrize").flat_map(Mark::direct_parameters).collect()
}

fn class_binds(module: &Module, class: u32, name: &str) -> bool {
    module.file.members(class).any(|member| {
        module.file.item(member).kind == ItemKind::Statement
            && module.file.item_text(member).trim_start().starts_with(name)
            && !module.file.facts(member).bindings().all(name).is_empty()
    })
}

/// The names in a module's `pytest_plugins`.
fn declared_plugins(module: &Module) -> Vec<SmolStr> {
    let mut names = Vec::new();
    for binding in module.file.scope().get("pytest_plugins") {
        let ModuleBindingKind::Bound { kind: crate::facts::BindingKind::Value(value), .. } = binding.kind
        else {
            continue;
        };
        let code = &module.file.facts(binding.item).code;
        names.extend(code.subtree(value).filter_map(|node| code.kind(node).as_str()).map(SmolStr::new));
    }
    names
}
