//! The tests that pytest collects from a file, under the names that it gives them.
//!
//! A test is collected where its class is: methods of base classes run again in every class that derives from them,
//! classes and functions that a module imports run again there (`pytest-facts.md`, A4 and D18).

use smol_str::SmolStr;

use super::role::ClassKind;
use super::{Module, Project, Role};
use crate::facts::code::NodeKind;
use crate::facts::module::{ModuleBinding, ModuleBindingKind};
use crate::facts::{BindingKind, NodeId};
use crate::syntax::split::ItemKind;

/// A class or function by its module and item.
pub type Definition = (Module, u32);

/// One test as pytest collects it, parameters not told apart.
#[derive(Clone, Debug)]
pub struct Collected {
    /// The module that it is collected from.
    pub module: Module,
    /// The classes around it, innermost first, as they are collected; a test of a base class has the deriving class here.
    pub classes: Vec<Definition>,
    pub code: TestCode,
    /// Its name behind those of its classes, outermost first.
    pub names: Vec<SmolStr>,
}

/// Where the test's code stands.
#[derive(Clone, Debug)]
pub enum TestCode {
    Item(Module, u32),
    /// Inside a statement of the module, such as an `if`.
    Nested {
        item: u32,
        node: NodeId,
    },
}

/// Classes in classes are followed this far.
const MAX_NESTING: usize = 8;

impl Project {
    /// The tests of a file in the order of their names; none of a file that is not collected.
    pub fn collected(&self, module: &Module) -> Vec<Collected> {
        if !self.looks_like_tests(&module.file.path) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (name, binding, owner) in self.module_names(module) {
            self.collect_name(module, &owner, &name, &binding, &mut found);
        }
        found.sort_by(|a: &Collected, b: &Collected| a.names.cmp(&b.names));
        found
    }

    /// pytest's node id of a collected test, relative to rootdir.
    pub fn id_of(&self, test: &Collected) -> String {
        let path = &test.module.file.path;
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let file: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
        format!("{}::{}", file.join("/"), test.names.join("::"))
    }

    /// What each name of the module is bound to last, with the module that binds it: star imports bring those of others.
    fn module_names(&self, module: &Module) -> Vec<(SmolStr, ModuleBinding, Module)> {
        let scope = module.file.scope();
        let own = |module: &Module| -> Vec<(SmolStr, ModuleBinding, Module)> {
            let names = module.file.scope().names();
            names
                .filter_map(|(name, bindings)| Some((name.clone(), bindings.last()?.clone(), module.clone())))
                .collect()
        };
        let mut found = own(module);
        for (level, from) in &scope.stars {
            let path = module.absolute_import(*level, from);
            let Some(source) = path.and_then(|path| self.module_named(&path)) else { continue };
            let public = own(&source).into_iter().filter(|(name, _, _)| !name.starts_with('_'));
            found.extend(public.filter(|(name, _, _)| scope.get(name).is_empty()));
        }
        found
    }

    fn collect_name(
        &self,
        module: &Module,
        owner: &Module,
        name: &SmolStr,
        binding: &ModuleBinding,
        found: &mut Vec<Collected>,
    ) {
        match &binding.kind {
            ModuleBindingKind::Function => {
                self.collect_function(module, (owner.clone(), binding.item), name, found);
            }
            ModuleBindingKind::Class => {
                self.collect_class(module, (owner.clone(), binding.item), name, &[], &[], found);
            }
            ModuleBindingKind::Bound { kind: BindingKind::Function, node } => {
                if self.config.options.is_test_function_name(name) && owner.file.path == module.file.path {
                    let code = TestCode::Nested { item: binding.item, node: *node };
                    let names = vec![name.clone()];
                    found.push(Collected { module: module.clone(), classes: Vec::new(), code, names });
                }
            }
            ModuleBindingKind::Bound { kind, .. } => {
                let Some(path) = owner.imported_path(kind) else { return };
                let path = self.canonical(&path);
                if let Some(class) = self.class_at(&path) {
                    self.collect_class(module, class, name, &[], &[], found);
                } else if let Some(function) = self.function_at(&path) {
                    self.collect_function(module, (function.module, function.item), name, found);
                }
            }
        }
    }

    fn collect_function(
        &self,
        module: &Module,
        (owner, item): Definition,
        name: &SmolStr,
        found: &mut Vec<Collected>,
    ) {
        let is_test = self.config.options.is_test_function_name(name)
            && owner.file.item(item).owner.is_none()
            && self.role(&owner, item) != Role::Fixture
            && !is_switched_off(&owner, name);
        if is_test {
            let code = TestCode::Item(owner, item);
            let names = vec![name.clone()];
            found.push(Collected { module: module.clone(), classes: Vec::new(), code, names });
        }
    }

    /// `outer`: the classes around, innermost first; `above`: their names, outermost first.
    fn collect_class(
        &self,
        module: &Module,
        class: Definition,
        name: &SmolStr,
        outer: &[Definition],
        above: &[SmolStr],
        found: &mut Vec<Collected>,
    ) {
        let kind = self.kind_as(&class, name);
        if kind == ClassKind::NotCollected
            || outer.len() >= MAX_NESTING
            || (kind == ClassKind::TestCase && !outer.is_empty())
        {
            return;
        }
        let lines = self.method_resolution(&class.0, class.1);
        if lines.iter().find_map(says_test) == Some(false) {
            return;
        }
        let classes: Vec<Definition> = std::iter::once(class).chain(outer.iter().cloned()).collect();
        let mut names: Vec<SmolStr> = above.to_vec();
        names.push(name.clone());
        for (member, (owner, item)) in self.members_seen(&lines) {
            match &owner.file.item(item).kind {
                ItemKind::Function(_) if self.is_test_method(kind, &owner, item, &member) => {
                    let code = TestCode::Item(owner, item);
                    let names = names.iter().cloned().chain([member]).collect();
                    found.push(Collected { module: module.clone(), classes: classes.clone(), code, names });
                }
                ItemKind::Class(_) if kind == ClassKind::Plain => {
                    self.collect_class(module, (owner, item), &member, &classes, &names, found);
                }
                _ => {}
            }
        }
    }

    /// How pytest collects a class that a module knows by `name`.
    fn kind_as(&self, class: &Definition, name: &str) -> ClassKind {
        if self.is_test_case_class(&class.0, class.1) {
            return ClassKind::TestCase;
        }
        let lines = self.method_resolution(&class.0, class.1);
        let constructed = lines.iter().any(|(module, class)| {
            module
                .file
                .members(*class)
                .any(|member| matches!(module.file.name(member), "__init__" | "__new__"))
        });
        let is_collected = self.config.options.is_test_class_name(name) && !constructed;
        if is_collected { ClassKind::Plain } else { ClassKind::NotCollected }
    }

    fn is_test_method(&self, kind: ClassKind, owner: &Module, item: u32, name: &str) -> bool {
        let is_named = match kind {
            ClassKind::TestCase => name.starts_with("test"),
            _ => self.config.options.is_test_function_name(name),
        };
        is_named && self.role(owner, item) != Role::Fixture
    }

    /// The members of a class that are functions or classes, as an instance sees them: the nearest of each name.
    fn members_seen(&self, lines: &[Definition]) -> Vec<(SmolStr, Definition)> {
        let mut seen: Vec<SmolStr> = Vec::new();
        let mut found = Vec::new();
        for (module, class) in lines {
            // A name that is bound twice in one body means the last.
            let mut here: Vec<(SmolStr, Definition)> = Vec::new();
            let mut others: Vec<SmolStr> = Vec::new();
            for member in module.file.members(*class) {
                if module.file.item(member).kind == ItemKind::Statement {
                    let facts = module.file.facts(member);
                    others.extend(facts.bindings().outer().map(|(name, _)| name.clone()));
                    here.retain(|(name, _)| !others.contains(name));
                    continue;
                }
                let name = SmolStr::new(module.file.name(member));
                here.retain(|(other, _)| *other != name);
                others.retain(|other| *other != name);
                here.push((name, (module.clone(), member)));
            }
            found.extend(here.iter().filter(|(name, _)| !seen.contains(name)).cloned());
            seen.extend(here.into_iter().map(|(name, _)| name).chain(others));
        }
        found
    }
}

/// What `__test__ = …` in a class body says.
fn says_test((module, class): &Definition) -> Option<bool> {
    module.file.members(*class).find_map(|member| {
        if module.file.item(member).kind != ItemKind::Statement
            || !module.file.item_text(member).trim_start().starts_with("__test__")
        {
            return None;
        }
        let facts = module.file.facts(member);
        facts.code.nodes.iter().find_map(|node| match node.kind {
            NodeKind::Bool(says) => Some(says),
            _ => None,
        })
    })
}

/// `test_x.__test__ = False` at module level.
fn is_switched_off(module: &Module, name: &str) -> bool {
    let text = module.file.text.as_str();
    text.contains("__test__") && text.contains(&format!("{name}.__test__ = False"))
}
