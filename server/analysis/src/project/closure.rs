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

use super::collected::{Collected, Site};
use super::definition::{Definition, Lineage};
use super::fixtures::{Fixture, looked_up_names, parameters};
use super::marks::Mark;
use super::patches::injected_by;
use super::resolve::Scope;
use super::role::ClassKind;
use super::{Module, NamedFixture, Project};
use crate::facts::NodeKind;
use crate::facts::arguments::keyword;
use crate::facts::code::ArgumentKind;
use crate::store::owners;

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
    /// By a literal `getfixturevalue` while it runs: in the fixture of this name or what that requests, else in the
    /// test itself. pytest does not know before.
    LookedUp(Option<SmolStr>),
}

impl Reason {
    pub fn is_late(&self) -> bool {
        matches!(self, Reason::LookedUp(_))
    }

    /// Why a fixture that `by` requests is in the closure, when `by` is there for this reason.
    fn passed_on(&self, by: &SmolStr) -> Reason {
        if self.is_late() { Reason::LookedUp(Some(by.clone())) } else { Reason::RequestedBy(by.clone()) }
    }
}

/// A fixture that is wanted, and the names of those that led to it.
struct Asked {
    name: SmolStr,
    reason: Reason,
    way: Vec<SmolStr>,
}

/// One fixture of a closure.
#[derive(Clone, Debug)]
pub struct Closed {
    pub name: SmolStr,
    /// `None`: pytest's, an installed plugin's, or unknown.
    pub fixture: Option<Arc<Fixture>>,
    pub reason: Reason,
}

/// What fixtures of pytest and of plugins request, where projects override it: pytest 9.2.0, anyio 4.16.
const FOREIGN_REQUESTS: &[(&str, &str)] = &[
    ("anyio_backend_name", "anyio_backend"),
    ("anyio_backend_options", "anyio_backend"),
    ("tmpdir", "tmp_path"),
    ("tmp_path", "tmp_path_factory"),
];

/// The places that can declare fixtures for a test, nearest first.
pub(super) enum Level {
    /// A class with its bases: to pytest the attributes of one object.
    Class(Lineage),
    Module(Module),
}

impl Project {
    /// The conftest files above a file, nearest first, its own directory included.
    pub fn conftests(&self, path: &Path) -> Arc<Vec<PathBuf>> {
        if let Some(known) = self.conftests.get(path.as_os_str()) {
            return known.clone();
        }
        let directories = path.ancestors().skip(1).take_while(|dir| dir.starts_with(&self.root));
        let found = directories
            .map(|dir| dir.join("conftest.py"))
            .filter(|conftest| conftest != path && self.layout.contains(conftest));
        let found = Arc::new(found.collect());
        self.conftests.insert(path.into(), Arc::clone(&found));
        found
    }

    /// All fixtures that run around an item (a test, a fixture, a set-up), in no promised order but always the same.
    pub fn closure(&self, module: &Module, item: u32) -> Vec<Closed> {
        let site = self.site(module, item);
        self.close(&site, Definition::of_item(module, item).filter(|it| it.function().is_some()).as_ref())
    }

    /// The same for a test where it is collected.
    pub fn closure_of(&self, test: &Collected) -> Vec<Closed> {
        self.close(&test.site, Some(&test.function))
    }

    fn close(&self, site: &Site, function: Option<&Definition>) -> Vec<Closed> {
        let levels = self.levels(site);
        let marks = self.marks_at(site, function);
        let direct: Vec<SmolStr> = parametrizing(&marks).flat_map(Mark::direct_parameters).collect();
        let first = self.first_names(site, function, &levels, &marks);
        let (mut late, mut pending): (Vec<Asked>, Vec<Asked>) =
            first.into_iter().rev().partition(|asked| asked.reason.is_late());
        let mut seen = FxHashSet::default();
        let mut closed = Vec::new();
        loop {
            let Some(Asked { name, reason, mut way }) = pending.pop() else {
                if late.is_empty() {
                    return closed;
                }
                pending.append(&mut late);
                continue;
            };
            let used = way.iter().filter(|former| **former == name).count();
            if direct.contains(&name) || !seen.insert((name.clone(), used)) {
                continue;
            }
            let found = self.find_outwards(&levels, &name, used);
            way.push(name.clone());
            if let Some(fixture) = &found {
                let is_late = reason.is_late();
                for request in fixture.requests.iter().rev() {
                    let looks_up = is_late || fixture.looked_up.contains(request);
                    let by = name.clone();
                    let reason = if looks_up { Reason::LookedUp(Some(by)) } else { reason.passed_on(&by) };
                    let asked = Asked { name: request.clone(), reason, way: way.clone() };
                    if looks_up && !is_late { late.push(asked) } else { pending.push(asked) }
                }
            }
            if found.is_none() {
                let foreign = FOREIGN_REQUESTS.iter().filter(|(fixture, _)| *fixture == name);
                pending.extend(foreign.map(|(_, request)| Asked {
                    name: SmolStr::new(request),
                    reason: reason.passed_on(&name),
                    way: way.clone(),
                }));
            }
            closed.push(Closed { name, fixture: found, reason });
        }
    }

    /// The fixture that `name` means for an item.
    pub fn fixture(&self, module: &Module, item: u32, name: &str) -> Option<Arc<Fixture>> {
        let find =
            || self.find_from(&self.levels(&self.site(module, item)), name, 0).map(|(fixture, _)| fixture);
        if !self.knows(&module.file) {
            return find();
        }
        // Items of one class have the same levels.
        let asked = (module.file.id, module.file.item(item).owner, SmolStr::new(name));
        if let Some(known) = self.named_fixtures.get(&asked) {
            return known.clone();
        }
        let found = find();
        self.named_fixtures.insert(asked, found.clone());
        found
    }

    /// Where an item stands: a test of a class that others inherit is at other sites too.
    pub fn site(&self, module: &Module, item: u32) -> Site {
        let classes = owners(&module.file, item)
            .filter_map(|class| Definition::of_item(module, class))
            .map(|class| self.lineage(&class))
            .collect();
        let kind = module.file.item(item).owner.map(|class| self.class_kind(module, class));
        Site { module: module.clone(), classes, is_unittest: kind == Some(ClassKind::TestCase) }
    }

    pub(super) fn levels(&self, site: &Site) -> Vec<Level> {
        let mut levels: Vec<Level> = site.classes.iter().cloned().map(Level::Class).collect();
        levels.push(Level::Module(site.module.clone()));
        let conftests = self.conftests(&site.module.file.path);
        levels.extend(conftests.iter().filter_map(|path| self.module(path)).map(Level::Module));
        levels.extend(self.plugin_modules().iter().cloned().map(Level::Module));
        levels
    }

    /// The project's own modules named by `pytest_plugins` and `-p`. They count everywhere.
    pub(super) fn plugin_modules(&self) -> Arc<Vec<Module>> {
        self.plugin_modules.get_or(|| {
            let conftests =
                self.layout.files().filter(|path| path.file_name().is_some_and(|n| n == "conftest.py"));
            let mut names: Vec<SmolStr> = conftests
                .filter_map(|path| self.module(path))
                .flat_map(|module| self.named_plugins(&module))
                .map(|named| named.name)
                .collect();
            names.extend(self.config.options.plugin_switches.iter().map(SmolStr::new));
            names.sort();
            let mut seen = FxHashSet::default();
            let mut modules = Vec::new();
            while let Some(name) = names.pop() {
                if let Some(module) =
                    self.module_named(&name).filter(|module| seen.insert(module.name.clone()))
                {
                    names.extend(self.named_plugins(&module).into_iter().map(|named| named.name));
                    modules.push(module);
                }
            }
            modules.sort_by(|a, b| a.name.cmp(&b.name));
            modules
        })
    }

    fn first_names(
        &self,
        site: &Site,
        function: Option<&Definition>,
        levels: &[Level],
        marks: &[Mark],
    ) -> Vec<Asked> {
        let asked = |name: SmolStr, reason| Asked { name, reason, way: Vec::new() };
        let configured = self.config.options.usefixtures.iter().map(SmolStr::new);
        let mut names: Vec<Asked> = configured.map(|name| asked(name, Reason::Used)).collect();
        names.extend(self.autouse_names(levels).into_iter().map(|name| asked(name, Reason::Autouse)));
        for mark in marks.iter().filter(|mark| mark.name == "usefixtures") {
            names.extend(mark.strings().map(|name| asked(SmolStr::new(name), Reason::Used)));
        }
        let Some(definition) = function else { return names };
        let Some(head) = definition.function() else { return names };
        if !site.is_unittest {
            let mut parameters = parameters(definition.code(), head, definition.is_method());
            parameters.drain(..self.injected_at(site, definition).min(parameters.len()));
            self.take_given(definition, &mut parameters);
            names.extend(parameters.into_iter().map(|name| asked(name, Reason::Requested)));
        }
        // anyio's plugin makes its coroutine tests use the backend (`anyio/pytest_plugin.py`, 4.9 to 4.16).
        if head.is_async && marks.iter().any(|mark| mark.name == "anyio") {
            names.push(asked(SmolStr::new("anyio_backend"), Reason::Used));
        }
        let looked_up = looked_up_names(definition.code(), head);
        names.extend(looked_up.into_iter().map(|name| asked(name, Reason::LookedUp(None))));
        names
    }

    /// How many mocks `patch` decorators hand to the function, those on the classes that it runs in included.
    fn injected_at(&self, site: &Site, function: &Definition) -> usize {
        let mut injected = injected_by(self, function);
        for class in site.classes.first().into_iter().flat_map(|lineage| &lineage.classes) {
            injected += injected_by(self, class);
            if class.is_owner_of(function) {
                break;
            }
        }
        injected
    }

    /// Takes away the parameters that Hypothesis fills: by keyword, or from the right.
    fn take_given(&self, function: &Definition, parameters: &mut Vec<SmolStr>) {
        let facts = function.module.file.facts(function.item);
        let scope = Scope { project: self, module: &function.module, facts };
        for decorator in function.decorators() {
            let NodeKind::Call { func, args } = facts.code.kind(decorator.expr) else { continue };
            if scope.path(*func).is_none_or(|path| path != "hypothesis.given") {
                continue;
            }
            parameters.retain(|name| keyword(args, name).is_none());
            let by_place = args.iter().filter(|it| it.kind == ArgumentKind::Positional).count();
            parameters.truncate(parameters.len().saturating_sub(by_place));
        }
    }

    /// Names of autouse fixtures of all levels, outermost first, then by name: pytest's order within a scope.
    fn autouse_names(&self, levels: &[Level]) -> Vec<SmolStr> {
        let mut names = Vec::new();
        for level in levels.iter().rev() {
            let mut here: Vec<SmolStr> = self.autouse_at(level).into_iter().map(|(name, _)| name).collect();
            here.sort();
            names.extend(here);
        }
        names
    }

    /// The autouse fixtures of one level by the names that they are requested by.
    pub(super) fn autouse_at(&self, level: &Level) -> Vec<NamedFixture> {
        match level {
            Level::Class(lineage) => self.class_fixtures(lineage, |fixture| fixture.autouse),
            Level::Module(module) => self.autouse_of_module(module),
        }
    }

    /// The wanted ones of a class's fixtures and those of its bases. What a nearer class binds to the attribute hides the
    /// fixture.
    fn class_fixtures(&self, lineage: &Lineage, wanted: impl Fn(&Fixture) -> bool) -> Vec<NamedFixture> {
        let mut found = Vec::new();
        for (depth, class) in lineage.classes.iter().enumerate().filter(|(_, class)| class.is_item()) {
            let own = self.declared_fixtures(&class.module.file.path);
            let here = own.iter().filter(|fixture| fixture.class == Some(class.item) && wanted(fixture));
            found.extend(here.filter_map(|fixture| {
                let attribute = fixture.module.file.name(fixture.item);
                let is_hidden = lineage.classes[..depth].iter().any(|nearer| nearer.binds(attribute));
                (!is_hidden).then(|| (fixture.name.clone(), fixture.clone()))
            }));
        }
        found
    }

    fn autouse_of_module(&self, module: &Module) -> Vec<NamedFixture> {
        let own = self.declared_fixtures(&module.file.path);
        let own = own.iter().filter(|f| f.class.is_none() && f.autouse).map(|f| (f.name.clone(), f.clone()));
        let imported = self.imported_fixtures(module);
        own.chain(imported.iter().filter(|(_, fixture)| fixture.autouse).cloned()).collect()
    }

    /// The fixture that a name means where `used` fixtures of that name are on the way already: each uses up one, from
    /// the nearest outwards (`_pytest/fixtures.py`, `_get_active_fixturedef`).
    pub(super) fn find_outwards(&self, levels: &[Level], name: &str, used: usize) -> Option<Arc<Fixture>> {
        let (mut found, mut at) = self.find_from(levels, name, 0)?;
        for _ in 0..used {
            (found, at) = self.find_from(levels, name, at + 1)?;
        }
        Some(found)
    }

    /// The first fixture of a name from level `depth` outwards, and its level. A class attribute of the name hides
    /// the fixtures of base classes; what the module and conftests declare stays (`pytest-facts.md`, A4).
    pub(super) fn find_from(
        &self,
        levels: &[Level],
        name: &str,
        depth: usize,
    ) -> Option<(Arc<Fixture>, usize)> {
        levels.iter().enumerate().skip(depth).find_map(|(index, level)| {
            let here = match level {
                Level::Class(lineage) => {
                    self.class_fixtures(lineage, |f| f.name == name).pop().map(|(_, fixture)| fixture)
                }
                Level::Module(module) => self.module_fixture(module, name),
            };
            here.map(|fixture| (fixture, index))
        })
    }
}

fn parametrizing(marks: &[Mark]) -> impl Iterator<Item = &Mark> {
    marks.iter().filter(|mark| mark.name == "parametrize")
}
