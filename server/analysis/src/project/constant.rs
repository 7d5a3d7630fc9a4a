//! Follows a name to the expression that it stands for: module constants, also of other modules of the project.

use super::resolve::Scope;
use super::{Module, Project, Subject};
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};

/// Constants of constants are followed this far.
const MAX_HOPS: u32 = 8;

/// An expression and the item that it stands in, which need not be the one where the search began.
#[derive(Clone, Debug)]
pub struct Origin {
    pub module: Module,
    pub item: u32,
    pub node: NodeId,
}

impl Origin {
    /// The item that it stands in.
    pub fn subject<'p>(&self, project: &'p Project) -> Subject<'p> {
        Subject::new(project, &self.module, self.item)
    }

    pub fn kind(&self) -> &NodeKind {
        self.module.file.facts(self.item).code.kind(self.node)
    }

    /// The kind of another node of the same item.
    pub fn kind_of(&self, node: NodeId) -> &NodeKind {
        self.module.file.facts(self.item).code.kind(node)
    }

    /// The same item, another node.
    pub fn at(&self, node: NodeId) -> Origin {
        Origin { node, ..self.clone() }
    }

    pub fn scope<'a>(&'a self, project: &'a Project) -> Scope<'a> {
        Scope { project, module: &self.module, facts: self.module.file.facts(self.item) }
    }

    /// What the expression stands for: itself, or where it is a name that is bound once, what is bound to it.
    pub fn followed(self, project: &Project) -> Origin {
        let mut origin = self;
        for _ in 0..MAX_HOPS {
            match origin.step(project) {
                Some(next) => origin = next,
                None => break,
            }
        }
        origin
    }

    fn step(&self, project: &Project) -> Option<Origin> {
        let scope = self.scope(project);
        if let NodeKind::Name(name) = self.kind() {
            let local = scope.facts.bindings().visible(scope.code(), name, self.node);
            match local.as_slice() {
                [] => {}
                [one] => {
                    let BindingKind::Value(value) = one.kind else { return None };
                    return Some(self.at(value));
                }
                _ => return None,
            }
            if let Some(origin) = class_attribute(self, name).or_else(|| bound_value(&self.module, name)) {
                return Some(origin);
            }
        }
        if !matches!(self.kind(), NodeKind::Name(_) | NodeKind::Attribute { .. }) {
            return None;
        }
        let path = scope.path(self.node)?;
        let (file, rest) = project.layout.split_path(&path)?;
        bound_value(&project.module(file)?, rest)
    }
}

/// The value of a name that its module binds once.
fn bound_value(module: &Module, name: &str) -> Option<Origin> {
    let [binding] = module.file.scope().get(name) else { return None };
    match &binding.kind {
        ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } => {
            Some(Origin { module: module.clone(), item: binding.item, node: *value })
        }
        _ => None,
    }
}

/// The value of an attribute of the class around the item, as decorators in the class body see it.
fn class_attribute(from: &Origin, name: &str) -> Option<Origin> {
    let file = &from.module.file;
    let class = file.item(from.item).owner?;
    let mut values = file.class_statements(class).filter_map(|member| {
        if !file.item_text(member).trim_start().starts_with(name) {
            return None;
        }
        match file.facts(member).bindings().all(name) {
            [one] => match one.kind {
                BindingKind::Value(value) => {
                    Some(Origin { module: from.module.clone(), item: member, node: value })
                }
                _ => None,
            },
            _ => None,
        }
    });
    let first = values.next()?;
    values.next().is_none().then_some(first)
}
