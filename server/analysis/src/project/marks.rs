//! The marks that a test carries: its own, its classes' and its module's.

use std::sync::Arc;

use smol_str::SmolStr;

use super::collected::Site;
use super::constant::Origin;
use super::definition::Definition;
use super::resolve::Scope;
use super::{Module, Project};
use crate::facts::arguments::keyword;
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, ItemFacts, NodeId, NodeKind};

/// One `pytest.mark.<name>` and where it stands.
#[derive(Clone, Debug)]
pub struct Mark {
    pub name: SmolStr,
    pub module: Module,
    pub item: u32,
    pub facts: Arc<ItemFacts>,
    /// `pytest.mark.name` or the call of it, in the item's code.
    pub node: NodeId,
}

impl Mark {
    /// The arguments; empty for a bare mark.
    pub fn args(&self) -> &[Argument] {
        match self.facts.code.kind(self.node) {
            NodeKind::Call { args, .. } => args,
            _ => &[],
        }
    }

    /// The positional arguments that are string literals.
    pub fn strings(&self) -> impl Iterator<Item = &str> {
        self.args()
            .iter()
            .filter(|argument| argument.kind == ArgumentKind::Positional)
            .filter_map(|argument| self.facts.code.kind(argument.value).as_str())
    }

    pub fn keyword(&self, name: &str) -> Option<NodeId> {
        keyword(self.args(), name)
    }

    /// The argument names of a `parametrize` mark that are given as values, not handed to fixtures.
    pub fn direct_parameters(&self) -> Vec<SmolStr> {
        let code = &self.facts.code;
        let Some(first) = self.args().first() else { return Vec::new() };
        let names: Vec<SmolStr> = match code.kind(first.value) {
            NodeKind::Str(text) => {
                text.split(',').map(str::trim).filter(|n| !n.is_empty()).map(SmolStr::new).collect()
            }
            NodeKind::Tuple(parts) | NodeKind::List(parts) => {
                parts.iter().filter_map(|part| code.kind(*part).as_str()).map(SmolStr::new).collect()
            }
            _ => Vec::new(),
        };
        let indirect: Vec<&str> = match self.keyword("indirect").map(|id| code.kind(id)) {
            Some(NodeKind::Bool(true)) => return Vec::new(),
            Some(NodeKind::List(parts) | NodeKind::Tuple(parts)) => {
                parts.iter().filter_map(|part| code.kind(*part).as_str()).collect()
            }
            _ => Vec::new(),
        };
        names.into_iter().filter(|name| !indirect.contains(&name.as_str())).collect()
    }
}

impl Project {
    /// Every mark on an item: nearest first (its own, then class by class outwards with their bases, then the
    /// module's `pytestmark`). pytest applies them all; marks in a conftest or `__init__.py` apply to nothing.
    pub fn marks(&self, module: &Module, item: u32) -> Vec<Mark> {
        self.marks_at(&self.site(module, item), Definition::of_item(module, item).as_ref())
    }

    /// The same for a function, or for whatever else, where it is collected.
    pub fn marks_at(&self, site: &Site, function: Option<&Definition>) -> Vec<Mark> {
        let mut found: Vec<Mark> = function.into_iter().flat_map(|it| self.marks_on(it)).collect();
        for class in site.classes.iter().flat_map(|lineage| &lineage.classes) {
            found.extend(self.marks_on(class));
            if class.is_item() {
                found.extend(self.class_marks(&class.module, class.item));
            }
        }
        found.extend(self.module_marks(&site.module));
        found
    }

    fn marks_on(&self, definition: &Definition) -> Vec<Mark> {
        let Definition { module, item, .. } = definition;
        let decorators = definition.decorators().iter();
        decorators.filter_map(|decorator| self.mark(module, *item, decorator.expr)).collect()
    }

    /// The marks in a function's or class's own decorators.
    pub fn decorator_marks(&self, module: &Module, item: u32) -> Vec<Mark> {
        Definition::of_item(module, item).map(|definition| self.marks_on(&definition)).unwrap_or_default()
    }

    /// The marks in the class's own `pytestmark`.
    fn class_marks(&self, module: &Module, class: u32) -> Vec<Mark> {
        let mut found = Vec::new();
        for member in module.file.class_statements(class) {
            if !module.file.item_text(member).trim_start().starts_with("pytestmark") {
                continue;
            }
            let facts = module.file.facts(member);
            for binding in facts.bindings().all("pytestmark") {
                if let BindingKind::Value(value) = binding.kind {
                    found.extend(self.listed_marks(module, member, value));
                }
            }
        }
        found
    }

    /// The marks in the module's `pytestmark`.
    pub fn module_marks(&self, module: &Module) -> Vec<Mark> {
        let bindings = module.file.scope().get("pytestmark");
        bindings
            .iter()
            .filter_map(|binding| match &binding.kind {
                ModuleBindingKind::Bound { kind: BindingKind::Value(value), .. } => {
                    Some((binding.item, *value))
                }
                _ => None,
            })
            .flat_map(|(item, value)| self.listed_marks(module, item, value))
            .collect()
    }

    fn listed_marks(&self, module: &Module, item: u32, value: NodeId) -> Vec<Mark> {
        let nodes = match module.file.facts(item).code.kind(value) {
            NodeKind::List(parts) | NodeKind::Tuple(parts) => parts.to_vec(),
            _ => vec![value],
        };
        nodes.into_iter().filter_map(|node| self.mark(module, item, node)).collect()
    }

    /// The mark that an expression gives: itself, or what its name was bound to once, as in
    /// `slow = pytest.mark.slow(...)` and `@slow`, in the class, the module or another module of the project.
    fn mark(&self, module: &Module, item: u32, node: NodeId) -> Option<Mark> {
        self.written_mark(module, item, node).or_else(|| {
            let origin = Origin { module: module.clone(), item, node }.followed(self);
            let moved =
                origin.item != item || origin.node != node || origin.module.file.path != module.file.path;
            moved.then(|| self.written_mark(&origin.module, origin.item, origin.node)).flatten()
        })
    }

    fn written_mark(&self, module: &Module, item: u32, node: NodeId) -> Option<Mark> {
        let facts = module.file.facts(item);
        let target = facts.code.uncalled(node);
        let path = Scope { project: self, module, facts }.path(target)?;
        let name = path.strip_prefix("pytest.mark.")?.into();
        Some(Mark { name, module: module.clone(), item, facts: facts.clone(), node })
    }
}
