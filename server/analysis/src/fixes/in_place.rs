//! Containers that are changed in place: what kind they are, and how to put a copy in their stead.

use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::effects::{Touch, declared_value};
use crate::project::target::Target;

use super::statement::{indentation, statement_of};

/// The built-in kind of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContainerKind {
    List,
    Dict,
    Set,
}

impl ContainerKind {
    /// The call that copies one level.
    pub fn copy(self, expr: &str) -> String {
        match self {
            ContainerKind::List => format!("list({expr})"),
            ContainerKind::Dict => format!("dict({expr})"),
            ContainerKind::Set => format!("set({expr})"),
        }
    }
}

/// What the source of the project gives the target first.
pub fn container_kind(subject: &Subject<'_>, target: &Target) -> Option<ContainerKind> {
    let whole = Target::attribute(target.path()?);
    let (module, item, value) = declared_value(subject, &whole)?;
    let source = Subject::new(subject.project, &module, item);
    match source.code().kind(value) {
        NodeKind::List(_) => Some(ContainerKind::List),
        NodeKind::Dict(_) => Some(ContainerKind::Dict),
        NodeKind::Set(_) => Some(ContainerKind::Set),
        NodeKind::Call { .. } => match source.callee(value)?.as_str() {
            "builtins.list" => Some(ContainerKind::List),
            "builtins.dict" => Some(ContainerKind::Dict),
            "builtins.set" => Some(ContainerKind::Set),
            _ => None,
        },
        _ => None,
    }
}

pub fn is_mapping(subject: &Subject<'_>, target: &Target) -> bool {
    container_kind(subject, target) == Some(ContainerKind::Dict)
}

/// A line that puts a copy in the container's place before the touch, and where it goes. `None` where the touch would
/// not see the copy: it holds the container by a name of its own.
pub fn fresh_copy(subject: &Subject<'_>, target: &Target, touch: &Touch) -> Option<(u32, String)> {
    let kind = container_kind(subject, target)?;
    let held = container_in(subject, touch.node)?;
    let code = subject.code();
    let source = subject.source(held);
    let call = match code.kind(held) {
        NodeKind::Attribute { value, attr, .. } => {
            let owner = match code.kind(*value).as_name() {
                Some("self") => "type(self)".to_owned(),
                _ => subject.source(*value).to_owned(),
            };
            format!("monkeypatch.setattr({owner}, \"{attr}\", {})", kind.copy(source))
        }
        NodeKind::Name(name) if is_own_global(subject, name, held) => {
            format!("monkeypatch.setitem(globals(), \"{name}\", {})", kind.copy(source))
        }
        _ => return None,
    };
    let indent = indentation(subject, touch.node)?;
    let at = code.range(statement_of(subject, touch.node)).start;
    Some((at, format!("{call}{}{indent}", subject.newline())))
}

/// The expression of the container that a statement or call changes.
fn container_in(subject: &Subject<'_>, node: NodeId) -> Option<NodeId> {
    let code = subject.code();
    let mut at = match code.kind(node) {
        NodeKind::Call { func, .. } => match code.kind(*func) {
            NodeKind::Attribute { value, .. } => *value,
            _ => return None,
        },
        NodeKind::Assign { targets, .. } => *targets.first()?,
        NodeKind::AugAssign { target, .. } => *target,
        NodeKind::Delete(targets) => *targets.first()?,
        _ => return None,
    };
    while let NodeKind::Subscript { value, .. } = code.kind(at) {
        at = *value;
    }
    Some(at)
}

fn is_own_global(subject: &Subject<'_>, name: &str, at: NodeId) -> bool {
    let is_value = |binding: &crate::facts::module::ModuleBinding| {
        matches!(binding.kind, ModuleBindingKind::Bound { kind: BindingKind::Value(_), .. })
    };
    subject.facts.bindings().visible(subject.code(), name, at).is_empty()
        && subject.module.file.scope().get(name).iter().all(is_value)
}
