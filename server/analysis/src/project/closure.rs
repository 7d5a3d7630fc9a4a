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

use super::fixtures::{Fixture, requested_names};
use super::{Module, Project};
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

/// The places that can declare fixtures for a test, nearest first.
enum Level {
    Class(Module, u32),
    Module(Module),
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
        let mut pending = self.first_names(module, item, &levels);
        pending.reverse();
        let mut seen = FxHashSet::default();
        let mut closed = Vec::new();
        while let Some((name, reason, depth)) = pending.pop() {
            if !seen.insert((name.clone(), depth)) {
                continue;
            }
            let found = self.find_from(&levels, &name, depth);
            if let Some((fixture, at)) = &found {
                for request in fixture.requests.iter().rev() {
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
        for class in owners(&module.file, item) {
            levels.push(Level::Class(module.clone(), class));
            levels.extend(self.bases(module, class).into_iter().map(|(m, base)| Level::Class(m, base)));
        }
        levels.push(Level::Module(module.clone()));
        let conftests = self.conftests(&module.file.path);
        levels.extend(conftests.iter().filter_map(|path| self.module(path)).map(Level::Module));
        levels.extend(self.plugin_modules().iter().cloned().map(Level::Module));
        levels
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

    fn first_names(&self, module: &Module, item: u32, levels: &[Level]) -> Vec<(SmolStr, Reason, usize)> {
        let marks = self.marks(module, item);
        let direct: Vec<SmolStr> =
            marks.iter().filter(|m| m.name == "parametrize").flat_map(|m| m.direct_parameters()).collect();
        let mut names: Vec<(SmolStr, Reason, usize)> = Vec::new();
        names.extend(self.config.options.usefixtures.iter().map(|n| (SmolStr::new(n), Reason::Used, 0)));
        names.extend(self.autouse_names(levels).into_iter().map(|n| (n, Reason::Autouse, 0)));
        for mark in marks.iter().filter(|mark| mark.name == "usefixtures") {
            names.extend(mark.strings().map(|n| (SmolStr::new(n), Reason::Used, 0)));
        }
        let facts = module.file.facts(item);
        if let Some(function) = facts.code.function() {
            let is_method = module.file.item(item).owner.is_some();
            let requested = requested_names(&facts.code, function, is_method);
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
            Level::Class(module, class) => (module, Some(*class)),
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
        for (index, level) in levels.iter().enumerate().skip(depth) {
            if is_hidden_in_classes && matches!(level, Level::Class(..)) {
                continue;
            }
            let mut here = self.fixtures_at(level);
            here.retain(|(bound, _)| bound == name);
            if let Some((_, fixture)) = here.pop() {
                return Some((fixture, index));
            }
            is_hidden_in_classes =
                matches!(level, Level::Class(module, class) if class_binds(module, *class, name));
        }
        None
    }
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
