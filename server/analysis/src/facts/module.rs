//! The names of a module as its own file binds them.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{BindingKind, ItemFacts};

/// One binding of a module's name.
#[derive(Clone, Debug, PartialEq)]
pub struct ModuleBinding {
    /// Index of the item that binds.
    pub item: u32,
    pub kind: ModuleBindingKind,
}

#[derive(Clone, Debug, PartialEq)]
pub enum ModuleBindingKind {
    /// An import, a value, … : nodes are of the item's code.
    Bound {
        node: super::NodeId,
        kind: BindingKind,
    },
    /// A function or class item, known by its head alone.
    Function,
    Class,
}

/// The names that a module binds at its top level, in source order each.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModuleScope {
    names: FxHashMap<SmolStr, Vec<ModuleBinding>>,
    /// `from module import *`: level and module, in source order.
    pub stars: Vec<(u32, SmolStr)>,
}

impl ModuleScope {
    pub fn add_function(&mut self, name: &str, item: u32) {
        self.add(name, ModuleBinding { item, kind: ModuleBindingKind::Function });
    }

    pub fn add_class(&mut self, name: &str, item: u32) {
        self.add(name, ModuleBinding { item, kind: ModuleBindingKind::Class });
    }

    pub fn add_statement(&mut self, facts: &Arc<ItemFacts>, item: u32) {
        let mut outer: Vec<_> = facts.bindings().outer().collect();
        outer.sort_by_key(|(_, binding)| binding.node);
        for (name, binding) in outer {
            let kind = ModuleBindingKind::Bound { node: binding.node, kind: binding.kind.clone() };
            self.add(name, ModuleBinding { item, kind });
        }
        self.stars.extend(facts.bindings().stars.iter().cloned());
    }

    pub fn get(&self, name: &str) -> &[ModuleBinding] {
        self.names.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    pub fn names(&self) -> impl Iterator<Item = (&SmolStr, &[ModuleBinding])> {
        self.names.iter().map(|(name, list)| (name, list.as_slice()))
    }

    fn add(&mut self, name: &str, binding: ModuleBinding) {
        // Most names are bound once.
        self.names.entry(SmolStr::new(name)).or_insert_with(|| Vec::with_capacity(1)).push(binding);
    }
}
