//! Functions and classes by name, wherever they are bound: as items, under `if` and `try`, imported, inherited.

use std::collections::BTreeSet;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::resolve::Scope;
use super::{Module, Project};
use crate::facts::code::{Argument, ArgumentKind, Class, Decorator, Function};
use crate::facts::module::{ModuleBinding, ModuleBindingKind};
use crate::facts::{BindingKind, Code, NodeId, NodeKind};
use crate::syntax::split::ItemKind;

/// Imports of imports and bases of bases are followed this far.
const MAX_HOPS: u32 = 12;

/// A function or class of the project. Its node is the item's root, or stands in a statement.
#[derive(Clone, Debug)]
pub struct Definition {
    pub module: Module,
    pub item: u32,
    pub node: NodeId,
}

/// What a class's own body binds a name to.
#[derive(Clone, Debug)]
pub enum Member {
    Defined(Definition),
    Value(NodeId, u32),
    Other,
}

impl Definition {
    /// The function or class that an item is.
    pub fn of_item(module: &Module, item: u32) -> Option<Definition> {
        let node = *module.file.facts(item).code.roots.first()?;
        Some(Definition { module: module.clone(), item, node })
    }

    pub fn code(&self) -> &Code {
        &self.module.file.facts(self.item).code
    }

    pub fn function(&self) -> Option<&Function> {
        match self.code().kind(self.node) {
            NodeKind::Function(function) => Some(function),
            _ => None,
        }
    }

    pub fn class(&self) -> Option<&Class> {
        match self.code().kind(self.node) {
            NodeKind::Class(class) => Some(class),
            _ => None,
        }
    }

    pub fn decorators(&self) -> &[Decorator] {
        match self.code().kind(self.node) {
            NodeKind::Function(function) => &function.decorators,
            NodeKind::Class(class) => &class.decorators,
            _ => &[],
        }
    }

    pub fn is_same(&self, other: &Definition) -> bool {
        // Paths are compared part by part: last.
        self.item == other.item && self.node == other.node && self.module.file.path == other.module.file.path
    }

    /// Whether the members of the class are items of their own.
    pub fn is_item(&self) -> bool {
        self.code().roots.first() == Some(&self.node) && !matches!(self.kind(), ItemKind::Statement)
    }

    /// Whether the function stands in a class's body.
    pub fn is_method(&self) -> bool {
        let around = self
            .code()
            .ancestors(self.node)
            .find(|outer| matches!(self.code().kind(*outer), NodeKind::Function(_) | NodeKind::Class(_)));
        match around {
            Some(outer) => matches!(self.code().kind(outer), NodeKind::Class(_)),
            None => self.module.file.item(self.item).owner.is_some(),
        }
    }

    /// Whether the function stands in this class's own body.
    pub fn is_owner_of(&self, function: &Definition) -> bool {
        let same_file = self.module.file.path == function.module.file.path;
        same_file
            && if self.is_item() {
                self.module.file.item(function.item).owner == Some(self.item)
            } else {
                self.item == function.item && self.code().is_within(function.node, self.node)
            }
    }

    /// Whether the class's own body binds the name.
    pub fn binds(&self, name: &str) -> bool {
        if !self.is_item() {
            return self.members().iter().any(|(bound, _)| bound == name);
        }
        let file = &self.module.file;
        let is_bound_in = |member: u32| {
            file.item_text(member).contains(name)
                && file.facts(member).bindings().outer().any(|(bound, _)| bound == name)
        };
        file.members_named(self.item, name).next().is_some()
            || file.class_statements(self.item).any(is_bound_in)
    }

    fn kind(&self) -> &ItemKind {
        &self.module.file.item(self.item).kind
    }

    /// The names that the class's own body binds, in source order.
    pub fn members(&self) -> Vec<(SmolStr, Member)> {
        let file = &self.module.file;
        if !self.is_item() {
            let bindings = file.facts(self.item).bindings();
            return bindings
                .inside(self.node)
                .map(|(name, binding)| {
                    (name.clone(), member(&self.module, self.item, binding.node, &binding.kind))
                })
                .collect();
        }
        file.members(self.item)
            .flat_map(|item| match file.item(item).kind {
                ItemKind::Function(_) | ItemKind::Class(_) => {
                    let defined =
                        Definition::of_item(&self.module, item).map_or(Member::Other, Member::Defined);
                    vec![(SmolStr::new(file.name(item)), defined)]
                }
                ItemKind::Import | ItemKind::Statement => {
                    let mut outer: Vec<_> = file.facts(item).bindings().outer().collect();
                    outer.sort_by_key(|(_, binding)| binding.node);
                    outer
                        .into_iter()
                        .map(|(name, binding)| {
                            (name.clone(), member(&self.module, item, binding.node, &binding.kind))
                        })
                        .collect()
                }
            })
            .collect()
    }
}

fn member(module: &Module, item: u32, node: NodeId, kind: &BindingKind) -> Member {
    match kind {
        BindingKind::Function | BindingKind::Class => {
            Member::Defined(Definition { module: module.clone(), item, node })
        }
        BindingKind::Value(value) => Member::Value(*value, item),
        _ => Member::Other,
    }
}

impl Project {
    /// The names that a module has at its top level, star imports included.
    pub fn module_names(&self, module: &Module) -> BTreeSet<SmolStr> {
        self.names_at(module, MAX_HOPS)
    }

    fn names_at(&self, module: &Module, hops: u32) -> BTreeSet<SmolStr> {
        let scope = module.file.scope();
        let mut names: BTreeSet<SmolStr> = scope.names().map(|(name, _)| name.clone()).collect();
        for (level, from) in &scope.stars {
            if hops > 0
                && let Some(source) = self.star_source(module, *level, from)
            {
                let public = self.names_at(&source, hops - 1);
                names.extend(public.into_iter().filter(|name| is_public(&source, name)));
            }
        }
        names
    }

    pub(super) fn star_source(&self, module: &Module, level: u32, from: &str) -> Option<Module> {
        let source = self.module_named(&module.absolute_import(level, from)?)?;
        (source.file.path != module.file.path).then_some(source)
    }

    /// The function or class of the project that a module's name stands for.
    pub fn definition(&self, module: &Module, name: &str) -> Option<Definition> {
        self.definition_hop(module, name, MAX_HOPS)
    }

    fn definition_hop(&self, module: &Module, name: &str, hops: u32) -> Option<Definition> {
        if hops == 0 {
            return None;
        }
        let bindings = module.file.scope().get(name);
        for binding in bindings.iter().rev() {
            if let Some(found) = self.bound(module, binding, hops) {
                return Some(found);
            }
            if is_unconditional(module, binding) {
                return None;
            }
        }
        module.file.scope().stars.iter().rev().find_map(|(level, from)| {
            let source = self.star_source(module, *level, from)?;
            is_public(&source, name).then(|| self.definition_hop(&source, name, hops - 1)).flatten()
        })
    }

    fn bound(&self, module: &Module, binding: &ModuleBinding, hops: u32) -> Option<Definition> {
        let (node, kind) = match &binding.kind {
            ModuleBindingKind::Function | ModuleBindingKind::Class => {
                return Definition::of_item(module, binding.item);
            }
            ModuleBindingKind::Bound { node, kind } => (*node, kind),
        };
        match kind {
            BindingKind::Function | BindingKind::Class => {
                Some(Definition { module: module.clone(), item: binding.item, node })
            }
            BindingKind::Value(value) => {
                let facts = module.file.facts(binding.item);
                let is_chain =
                    matches!(facts.code.kind(*value), NodeKind::Name(_) | NodeKind::Attribute { .. });
                let path = is_chain.then(|| Scope { project: self, module, facts }.path(*value)).flatten()?;
                self.definition_at(&path, hops - 1)
            }
            _ => self.definition_at(&module.imported_path(kind)?, hops - 1),
        }
    }

    /// The function or class with a dotted path.
    pub(super) fn definition_at(&self, path: &str, hops: u32) -> Option<Definition> {
        let (file, rest) = self.layout.split_path(path)?;
        let module = self.module(file)?;
        let (first, inner) = rest.split_once('.').unwrap_or((rest, ""));
        let mut found = self.definition_hop(&module, first, hops)?;
        for name in inner.split('.').filter(|name| !name.is_empty()) {
            let members = found.members();
            let (_, member) = members.into_iter().rev().find(|(bound, _)| bound == name)?;
            let Member::Defined(definition) = member else { return None };
            found = definition;
        }
        Some(found)
    }

    /// A class and its bases in the order in which Python looks for attributes, as far as they are in the project,
    /// and the paths of the bases that are not.
    pub fn lineage(&self, class: &Definition) -> Lineage {
        let mut lineage = Lineage::default();
        let mut pending = vec![(class.clone(), MAX_HOPS)];
        let mut reached: Vec<Definition> = Vec::new();
        while let Some((class, hops)) = pending.pop() {
            let bases = self.base_paths(&class);
            reached.retain(|known| !known.is_same(&class));
            reached.push(class);
            for path in bases.into_iter().rev() {
                match self.definition_at(&path, MAX_HOPS).filter(|base| base.class().is_some()) {
                    Some(base) if hops > 0 => pending.push((base, hops - 1)),
                    Some(_) => {}
                    None => lineage.unseen.push(path),
                }
            }
        }
        lineage.classes = reached;
        lineage
    }

    /// Whether the class is a thread of its own.
    pub fn is_thread(&self, class: &Definition) -> bool {
        self.lineage(class).unseen.iter().any(|base| base == "threading.Thread")
    }

    fn base_paths(&self, class: &Definition) -> Vec<SmolStr> {
        let Some(head) = class.class() else { return Vec::new() };
        let facts = class.module.file.facts(class.item);
        let scope = Scope { project: self, module: &class.module, facts };
        let bases = head.bases.iter().filter(|base| base.kind == ArgumentKind::Positional);
        bases.filter_map(|base| scope.path(base.value)).collect()
    }

    /// The dotted paths of a definition's decorators, called or not.
    pub fn decorator_paths(&self, definition: &Definition) -> Vec<SmolStr> {
        let facts = definition.module.file.facts(definition.item);
        let scope = Scope { project: self, module: &definition.module, facts };
        let named = definition.decorators().iter().map(|decorator| facts.code.uncalled(decorator.expr));
        named.filter_map(|target| scope.path(target)).collect()
    }
}

/// A class with what it inherits from.
#[derive(Clone, Debug, Default)]
pub struct Lineage {
    /// The class first.
    pub classes: Vec<Definition>,
    pub unseen: Vec<SmolStr>,
}

impl Lineage {
    /// Every attribute with its nearest binding; within one class the last.
    pub fn members(&self) -> Vec<(SmolStr, Definition, Member)> {
        let mut seen = FxHashSet::default();
        let mut found = Vec::new();
        for class in &self.classes {
            let here: Vec<_> =
                class.members().into_iter().rev().filter(|(name, _)| seen.insert(name.clone())).collect();
            found.extend(here.into_iter().rev().map(|(name, member)| (name, class.clone(), member)));
        }
        found
    }
}

/// Whether a star import of the module brings the name.
pub(super) fn is_public(module: &Module, name: &str) -> bool {
    match listed_names(module) {
        Some(listed) => listed.iter().any(|one| one == name),
        None => !name.starts_with('_'),
    }
}

/// A literal `__all__`.
fn listed_names(module: &Module) -> Option<Vec<SmolStr>> {
    let [binding] = module.file.scope().get("__all__") else { return None };
    let ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } = binding.kind else { return None };
    let code = &module.file.facts(binding.item).code;
    let (NodeKind::List(parts) | NodeKind::Tuple(parts)) = code.kind(value) else { return None };
    parts.iter().map(|part| code.kind(*part).as_str().map(SmolStr::new)).collect()
}

/// Whether a binding happens whenever the module is imported: it is an item's own statement.
fn is_unconditional(module: &Module, binding: &ModuleBinding) -> bool {
    let code = &module.file.facts(binding.item).code;
    match &binding.kind {
        ModuleBindingKind::Bound { node, .. } => code.roots.contains(node),
        ModuleBindingKind::Function | ModuleBindingKind::Class => true,
    }
}

/// Whether the keyword argument `metaclass` or a base makes the class an abstract one.
pub(super) fn names_metaclass(bases: &[Argument]) -> bool {
    bases.iter().any(|base| matches!(&base.kind, ArgumentKind::Keyword(name) if name == "metaclass"))
}
