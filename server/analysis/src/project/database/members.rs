//! Attributes of classes that hold a database or its address.

use super::{MemberValue, Sharing};
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::{Module, Project, Role, Subject};

/// `config.Testing.DATABASE_URL`: what the class's body gives to the attribute.
pub(super) fn of_class<'p>(project: &'p Project, path: &str) -> Option<MemberValue<'p>> {
    let (class, attr) = path.rsplit_once('.')?;
    let (module, class) = project.class_at(class)?;
    in_body(project, &module, class, attr)
}

/// `self.engine`, `settings.DATABASE_URL`: an attribute of an instance of a class of the project.
pub(super) fn of_instance<'p>(subject: &Subject<'p>, owner: NodeId, attr: &str) -> Option<MemberValue<'p>> {
    let project = subject.project;
    let class = subject.class_of(owner)?;
    let is_self = matches!(subject.code().kind(owner).as_name(), Some("self" | "cls"));
    if let Some(found) = in_body(project, &class.module, class.item, attr) {
        // Settings read from outside have their defaults in the class's body.
        return Some(if is_self { found } else { MemberValue { sharing: Sharing::Configured, ..found } });
    }
    is_self.then(|| set_up(project, &class.module, class.item, attr)).flatten()
}

fn in_body<'p>(project: &'p Project, module: &Module, class: u32, attr: &str) -> Option<MemberValue<'p>> {
    for (module, class) in project.method_resolution(module, class) {
        let file = &module.file;
        for item in file.class_statements(class).filter(|member| file.item_text(*member).contains(attr)) {
            let facts = file.facts(item);
            let bound = facts.bindings().all(attr).iter().find_map(|binding| match binding.kind {
                BindingKind::Value(value) if binding.scope.is_none() => Some(value),
                _ => None,
            });
            if let Some(value) = bound {
                return Some(MemberValue {
                    project,
                    module: module.clone(),
                    item,
                    value,
                    sharing: Sharing::Fixed,
                });
            }
        }
    }
    None
}

/// The one value that set-ups and fixtures of the class give to `self.attr`.
fn set_up<'p>(project: &'p Project, module: &Module, class: u32, attr: &str) -> Option<MemberValue<'p>> {
    let mut found = Vec::new();
    for (module, class) in project.method_resolution(module, class) {
        for item in module.file.members(class) {
            let sets_up = matches!(project.role(&module, item), Role::Xunit(_) | Role::Fixture);
            if !sets_up || !module.file.item_text(item).contains(attr) {
                continue;
            }
            let code = &module.file.facts(item).code;
            let is_it = |target: &NodeId| match code.kind(*target) {
                NodeKind::Attribute { value, attr: set, .. } => {
                    set == attr && matches!(code.kind(*value).as_name(), Some("self" | "cls"))
                }
                _ => false,
            };
            let nodes = (0..code.nodes.len() as u32).map(NodeId);
            found.extend(nodes.filter_map(|node| match code.kind(node) {
                NodeKind::Assign { targets, value } if targets.iter().any(is_it) => {
                    let module = module.clone();
                    Some(MemberValue { project, module, item, value: *value, sharing: Sharing::Fixed })
                }
                _ => None,
            }));
        }
    }
    if found.len() == 1 { found.pop() } else { None }
}
