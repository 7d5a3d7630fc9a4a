//! What pytest makes of an item: a test, a fixture, a set-up, or nothing of its own.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{Module, Project};
use crate::facts::code::ArgumentKind;
use crate::facts::module::ModuleBindingKind;
use crate::store::{FileId, owners};
use crate::syntax::split::ItemKind;

/// What an item is to pytest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    Test,
    Fixture,
    /// xunit-style and `unittest` set-up and tear-down.
    Xunit(Xunit),
    /// `pytest_…` in a conftest or plugin module.
    Hook,
    /// Any other function or method.
    Plain,
    Class,
    /// A statement or import at module level or in a class body.
    Statement,
}

impl Role {
    /// Whether it runs behind what it is there for.
    pub fn tears_down(self) -> bool {
        matches!(self, Role::Xunit(Xunit { phase: Phase::TearDown, .. }))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Xunit {
    pub reach: Reach,
    pub phase: Phase,
}

/// Around what it runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reach {
    Function,
    Class,
    Module,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Phase {
    SetUp,
    TearDown,
}

/// How pytest collects a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ClassKind {
    /// `python_classes` matches and it has no `__init__`.
    Plain,
    /// Derives from `unittest.TestCase`.
    TestCase,
    NotCollected,
}

/// A class that pytest collects, which runs the tests of its bases.
#[derive(Clone, Debug)]
pub struct Heir {
    pub module: Module,
    pub class: u32,
    pub kind: ClassKind,
}

/// Bases of bases are followed this far.
const MAX_BASES: u32 = 8;

impl Project {
    /// What an item of a file, as the project knows it, is to pytest. Kept until the file is forgotten: edits inside
    /// tests change no role.
    pub fn role(&self, module: &Module, index: u32) -> Role {
        let known = self.roles.get(&module.file.id).filter(|known| known.len() == module.file.items().len());
        known.map_or_else(|| self.roles(module)[index as usize], |known| known[index as usize])
    }

    /// The roles of all items of a file.
    pub fn roles(&self, module: &Module) -> Arc<[Role]> {
        let id = module.file.id;
        let count = module.file.items().len();
        if let Some(known) = self.roles.get(&id).filter(|known| known.len() == count) {
            return known.clone();
        }
        let roles: Arc<[Role]> = (0..count as u32).map(|item| self.role_by_head(module, item)).collect();
        self.roles.insert(id, roles.clone());
        roles
    }

    /// The same, worked out from the item's head.
    pub fn role_by_head(&self, module: &Module, index: u32) -> Role {
        let file = &module.file;
        match &file.item(index).kind {
            ItemKind::Class(_) => return Role::Class,
            ItemKind::Import | ItemKind::Statement => return Role::Statement,
            ItemKind::Function(_) => {}
        }
        if self.is_fixture(module, index) {
            return Role::Fixture;
        }
        let name = file.name(index);
        let role = match file.item(index).owner {
            Some(class) => self.method_role(module, class, name),
            None => self.function_role(module, name),
        };
        if role == Role::Test && is_bound_again(module, index) { Role::Plain } else { role }
    }

    /// How pytest collects the class of a head; a class in a class that is not collected is not either.
    pub fn class_kind(&self, module: &Module, class: u32) -> ClassKind {
        let key = (module.file.id, class);
        if let Some(known) = self.class_kinds.get(&key) {
            return *known;
        }
        let kind = self.find_class_kind(module, class);
        self.class_kinds.insert(key, kind);
        kind
    }

    /// A class that is not collected itself, as which its tests run in the classes that derive from it.
    fn find_class_kind(&self, module: &Module, class: u32) -> ClassKind {
        let own = self.own_class_kind(module, class);
        if own != ClassKind::NotCollected || !self.looks_like_tests(&module.file.path) {
            return own;
        }
        self.heir(module, class).map_or(own, |heir| heir.kind)
    }

    /// The first collected class that derives from a class which pytest does not collect itself.
    pub fn heir(&self, module: &Module, class: u32) -> Option<Heir> {
        let key = (module.file.id, class);
        self.heirs.get_or(|| self.find_heirs()).get(&key).cloned()
    }

    /// The class whose name the tests of a class go by, where that is not its own.
    pub fn heir_if_needed(&self, module: &Module, class: u32) -> Option<Heir> {
        let is_collected = self.own_class_kind(module, class) != ClassKind::NotCollected;
        if is_collected { None } else { self.heir(module, class) }
    }

    fn find_heirs(&self) -> FxHashMap<(FileId, u32), Heir> {
        let mut heirs = FxHashMap::default();
        for module in self.checked_files().iter().filter_map(|path| self.module(path)) {
            let classes = (0..module.file.items().len() as u32).filter(|item| {
                module.file.item(*item).class().is_some() && module.file.item_text(*item).contains('(')
            });
            for class in classes {
                let kind = self.own_class_kind(&module, class);
                if kind == ClassKind::NotCollected {
                    continue;
                }
                for (base_module, base) in self.method_resolution(&module, class).into_iter().skip(1) {
                    let heir = Heir { module: module.clone(), class, kind };
                    heirs.entry((base_module.file.id, base)).or_insert(heir);
                }
            }
        }
        heirs
    }

    /// How pytest collects the class under its own name.
    fn own_class_kind(&self, module: &Module, class: u32) -> ClassKind {
        // pytest looks for classes in plain classes only, not in `TestCase`s.
        if owners(&module.file, class).any(|outer| self.own_class_kind(module, outer) != ClassKind::Plain) {
            return ClassKind::NotCollected;
        }
        let is_case = self.is_test_case(module, class, MAX_BASES);
        if !is_case && !self.config.options.is_test_class_name(module.file.name(class)) {
            return ClassKind::NotCollected;
        }
        let lines = self.method_resolution(module, class);
        let is_switched_off =
            lines.iter().find_map(|(module, class)| says_test(module, *class)) == Some(false);
        match is_case {
            _ if is_switched_off => ClassKind::NotCollected,
            true => ClassKind::TestCase,
            false if lines.iter().any(|(module, class)| has_constructor(module, *class)) => {
                ClassKind::NotCollected
            }
            false => ClassKind::Plain,
        }
    }

    /// The project's own base classes of a class: module and head item of each.
    pub fn bases(&self, module: &Module, class: u32) -> Vec<(Module, u32)> {
        let key = (module.file.id, class);
        let known = self.bases.get(&key).map(|known| known.clone());
        let bases = known.unwrap_or_else(|| {
            let found = self.base_names(module, class).into_iter().filter_map(|path| self.class_at(&path));
            let found = Arc::new(found.map(|(base, item)| (base.file.path.clone(), item)).collect());
            self.bases.insert(key, Arc::clone(&found));
            found
        });
        bases.iter().filter_map(|(path, item)| self.module(path).zip(Some(*item))).collect()
    }

    /// The class and those of the project that it derives from, nearest first, each once: near enough to Python's order.
    pub fn method_resolution(&self, module: &Module, class: u32) -> Vec<(Module, u32)> {
        let mut lines: Vec<(Module, u32)> = Vec::new();
        let mut pending = vec![(module.clone(), class, MAX_BASES)];
        while let Some((module, class, hops)) = pending.pop() {
            let is_known =
                lines.iter().any(|(known, other)| *other == class && known.file.id == module.file.id);
            if is_known {
                continue;
            }
            if hops > 0 {
                let bases = self.bases(&module, class).into_iter().rev();
                pending.extend(bases.map(|(module, base)| (module, base, hops - 1)));
            }
            lines.push((module, class));
        }
        lines
    }

    /// The module and head item of a class of the project by its canonical path.
    pub fn class_at(&self, path: &str) -> Option<(Module, u32)> {
        let (file, rest) = self.layout.split_path(path)?;
        let module = self.module(file)?;
        let mut names = rest.split('.');
        let outer = module.file.scope().get(names.next()?);
        let outer = outer.iter().find(|binding| binding.kind == ModuleBindingKind::Class)?.item;
        let file = &module.file;
        let is_class = |item: u32, name| file.item(item).class().is_some() && file.name(item) == name;
        let found =
            names.try_fold(outer, |class, name| file.members(class).find(|item| is_class(*item, name)))?;
        Some((module, found))
    }

    /// `Outer.Inner.name` for an item of a module.
    pub fn qualified_name(&self, module: &Module, index: u32) -> String {
        let mut parts: Vec<&str> = vec![module.file.name(index)];
        parts.extend(owners(&module.file, index).map(|class| module.file.name(class)));
        parts.reverse();
        parts.join(".")
    }

    /// The bases that are no class of the project, of the class and of all that it derives from. `None` where a base has no
    /// path.
    pub fn unseen_bases(&self, module: &Module, class: u32) -> Option<Vec<SmolStr>> {
        let mut unseen = Vec::new();
        for (module, class) in self.method_resolution(module, class) {
            let head = module.file.facts(class).code.class()?;
            let named = self.base_names(&module, class);
            let written = head.bases.iter().filter(|base| base.kind == ArgumentKind::Positional);
            if written.count() != named.len() {
                return None;
            }
            unseen.extend(named.into_iter().filter(|path| self.class_at(path).is_none()));
        }
        Some(unseen)
    }

    /// The dotted paths of a class's bases, as far as they have one.
    pub fn base_names(&self, module: &Module, class: u32) -> Vec<SmolStr> {
        let facts = module.file.facts(class);
        let Some(head) = facts.code.class() else { return Vec::new() };
        let scope = super::resolve::Scope { project: self, module, facts };
        head.bases
            .iter()
            .filter(|base| base.kind == ArgumentKind::Positional)
            .filter_map(|base| scope.path(base.value))
            .collect()
    }

    /// Whether a class has a base, directly or further up, whose source is not in the project; `unittest`'s own
    /// and `object` are known.
    pub fn has_unseen_base(&self, module: &Module, class: u32) -> bool {
        let mut pending = vec![(module.clone(), class, MAX_BASES)];
        while let Some((module, class, hops)) = pending.pop() {
            for path in self.base_names(&module, class) {
                match self.class_at(&path) {
                    Some((module, base)) if hops > 0 => pending.push((module, base, hops - 1)),
                    Some(_) => return true,
                    None if path.starts_with("unittest.") || path.starts_with("builtins.") => {}
                    None => return true,
                }
            }
        }
        false
    }

    fn is_test_case(&self, module: &Module, class: u32, hops: u32) -> bool {
        self.base_names(module, class).iter().any(|path| match self.class_at(path) {
            Some((base_module, base)) => hops > 0 && self.is_test_case(&base_module, base, hops - 1),
            None => is_foreign_test_case(path),
        })
    }

    fn is_fixture(&self, module: &Module, index: u32) -> bool {
        let file = &module.file;
        let Some(head) = file.item(index).function() else { return false };
        head.decorators.iter().any(|range| {
            let text = range.slice(file.item_text(index));
            let may_be_alias = !text.contains('.');
            (may_be_alias || text.contains("fixture")) && self.decorator_is_fixture(module, text)
        })
    }

    fn decorator_is_fixture(&self, module: &Module, decorator: &str) -> bool {
        let dotted = decorator.trim_start_matches('@').split('(').next().unwrap_or_default().trim();
        let (first, rest) = dotted.split_once('.').unwrap_or((dotted, ""));
        let base = self.name_in(module, first, 4).unwrap_or_else(|| SmolStr::new(first));
        let path = if rest.is_empty() { base.to_string() } else { format!("{base}.{rest}") };
        super::fixtures::is_fixture_path(&path)
    }

    fn function_role(&self, module: &Module, name: &str) -> Role {
        if let Some(xunit) = module_level_xunit(name) {
            return Role::Xunit(xunit);
        }
        if name.starts_with("pytest_") {
            return Role::Hook;
        }
        if self.looks_like_tests(&module.file.path) && self.config.options.is_test_function_name(name) {
            return Role::Test;
        }
        Role::Plain
    }

    fn method_role(&self, module: &Module, class: u32, name: &str) -> Role {
        match self.class_kind(module, class) {
            ClassKind::TestCase => unittest_role(name),
            ClassKind::Plain if !self.looks_like_tests(&module.file.path) => Role::Plain,
            ClassKind::Plain => match class_level_xunit(name) {
                Some(xunit) => Role::Xunit(xunit),
                None if self.config.options.is_test_function_name(name) => Role::Test,
                None => Role::Plain,
            },
            ClassKind::NotCollected => Role::Plain,
        }
    }
}

fn has_constructor(module: &Module, class: u32) -> bool {
    ["__init__", "__new__"].iter().any(|name| module.file.method(class, name).is_some())
}

/// What `__test__ = …` in the body of a class says.
fn says_test(module: &Module, class: u32) -> Option<bool> {
    module.file.class_statements(class).find_map(|member| {
        let text = module.file.item_text(member).trim_start();
        let value = text.strip_prefix("__test__")?.trim_start().strip_prefix('=')?.trim();
        Some(value != "False")
    })
}

/// Whether what an item is bound to gets another meaning further down in the same body: pytest meets only the last.
fn is_bound_again(module: &Module, index: u32) -> bool {
    let file = &module.file;
    let name = file.name(index);
    let assigns = |later: u32| {
        let rest = file.item_text(later).trim_start().strip_prefix(name);
        rest.is_some_and(|rest| rest.trim_start().strip_prefix('=').is_some_and(|it| !it.starts_with('=')))
    };
    let binds = |later: u32| match file.item(later).kind {
        ItemKind::Function(_) | ItemKind::Class(_) => true,
        ItemKind::Statement => assigns(later),
        ItemKind::Import => false,
    };
    let Some(class) = file.item(index).owner else {
        let bindings = file.scope().get(name).iter().map(|binding| binding.item);
        return bindings.filter(|later| *later > index).any(binds);
    };
    file.members_named(class, name).any(|later| later > index)
        || file.class_statements(class).any(|later| later > index && assigns(later))
}

/// Base classes outside the project that derive from `unittest.TestCase`, by the ending that they share.
pub(super) fn is_foreign_test_case(path: &str) -> bool {
    path.rsplit('.').next().is_some_and(|last| last.ends_with("TestCase") || last == "TestBase")
}

fn unittest_role(name: &str) -> Role {
    let xunit = |reach, phase| Role::Xunit(Xunit { reach, phase });
    match name {
        "setUp" | "asyncSetUp" | "setup_method" => xunit(Reach::Function, Phase::SetUp),
        "tearDown" | "asyncTearDown" | "teardown_method" => xunit(Reach::Function, Phase::TearDown),
        "setUpClass" | "setup_class" => xunit(Reach::Class, Phase::SetUp),
        "tearDownClass" | "teardown_class" => xunit(Reach::Class, Phase::TearDown),
        _ if name.starts_with("test") => Role::Test,
        _ => Role::Plain,
    }
}

fn class_level_xunit(name: &str) -> Option<Xunit> {
    let (reach, phase) = match name {
        "setup_method" => (Reach::Function, Phase::SetUp),
        "teardown_method" => (Reach::Function, Phase::TearDown),
        "setup_class" => (Reach::Class, Phase::SetUp),
        "teardown_class" => (Reach::Class, Phase::TearDown),
        _ => return None,
    };
    Some(Xunit { reach, phase })
}

fn module_level_xunit(name: &str) -> Option<Xunit> {
    let (reach, phase) = match name {
        "setup_function" => (Reach::Function, Phase::SetUp),
        "teardown_function" => (Reach::Function, Phase::TearDown),
        "setup_module" | "setUpModule" => (Reach::Module, Phase::SetUp),
        "teardown_module" | "tearDownModule" => (Reach::Module, Phase::TearDown),
        _ => return None,
    };
    Some(Xunit { reach, phase })
}
