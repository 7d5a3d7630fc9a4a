//! Containers that are changed in place: what kind they are, and how to put a copy in their stead.

use crate::facts::module::ModuleBindingKind;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::fix::Edits;
use crate::project::Subject;
use crate::project::effects::{Touch, declared_value};
use crate::project::target::Target;
use crate::text::TextRange;

use super::depth::Depth;
use super::import::{Wanted, ensure_import};
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

/// What the source of the project says about a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Declared {
    As(ContainerKind),
    /// An object of another, perhaps the project's own kind.
    Otherwise,
    Unseen,
}

/// What the source of the project gives the target first.
pub fn container_kind(subject: &Subject<'_>, target: &Target) -> Option<ContainerKind> {
    match declared_kind(subject, target) {
        Declared::As(kind) => Some(kind),
        Declared::Otherwise | Declared::Unseen => None,
    }
}

pub fn declared_kind(subject: &Subject<'_>, target: &Target) -> Declared {
    let Some(path) = target.path() else { return Declared::Unseen };
    let Some((module, item, value)) = declared_value(subject, &Target::attribute(path)) else {
        return Declared::Unseen;
    };
    let source = Subject::new(subject.project, &module, item);
    let kind = match source.code().kind(value) {
        NodeKind::List(_) => Some(ContainerKind::List),
        NodeKind::Dict(_) => Some(ContainerKind::Dict),
        NodeKind::Set(_) => Some(ContainerKind::Set),
        NodeKind::Call { .. } => match source.callee(value).as_deref() {
            Some("builtins.list") => Some(ContainerKind::List),
            Some("builtins.dict") => Some(ContainerKind::Dict),
            Some("builtins.set") => Some(ContainerKind::Set),
            _ => None,
        },
        _ => None,
    };
    kind.map_or(Declared::Otherwise, Declared::As)
}

/// Whether what the project gives the target first is written out: displays of constants, down to the last.
fn is_literal(subject: &Subject<'_>, target: &Target) -> bool {
    let value = target.path().and_then(|path| declared_value(subject, &Target::attribute(path)));
    value.is_some_and(|(module, item, value)| {
        let source = Subject::new(subject.project, &module, item);
        let code = source.code();
        code.subtree(value).all(|node| {
            matches!(
                code.kind(node),
                NodeKind::Dict(_)
                    | NodeKind::List(_)
                    | NodeKind::Set(_)
                    | NodeKind::Tuple(_)
                    | NodeKind::Str(_)
                    | NodeKind::Int(_)
                    | NodeKind::Float(_)
                    | NodeKind::Bool(_)
                    | NodeKind::None
            )
        })
    })
}

pub fn is_mapping(subject: &Subject<'_>, target: &Target) -> bool {
    container_kind(subject, target) == Some(ContainerKind::Dict)
}

/// Puts a copy in the container's place before the touch, as deep as `depth` asks for. `None` where the touch would not
/// see the copy: it holds the container by a name of its own.
pub fn fresh_copy(subject: &Subject<'_>, target: &Target, touch: &Touch, depth: Depth) -> Option<Edits> {
    let kind = container_kind(subject, target)?;
    let held = container_in(subject, touch.node)?;
    let code = subject.code();
    let source = subject.source(held);
    let (copied, mut edits) = match depth {
        Depth::Deeper => deep_copy(subject, target, source)?,
        _ => (kind.copy(source), Edits::new()),
    };
    let call = match code.kind(held) {
        NodeKind::Attribute { value, attr, .. } => {
            let owner = match code.kind(*value).as_name() {
                Some("self") => "type(self)".to_owned(),
                _ => subject.source(*value).to_owned(),
            };
            format!("monkeypatch.setattr({owner}, \"{attr}\", {copied})")
        }
        NodeKind::Name(name) if is_own_global(subject, name, held) => {
            format!("monkeypatch.setitem(globals(), \"{name}\", {copied})")
        }
        _ => return None,
    };
    let place = before_loops(subject, touch.node);
    let indent = indentation(subject, place)?;
    let at = subject.absolute(TextRange::empty(code.range(place).start));
    edits.push(subject.path(), at, format!("{call}{}{indent}", subject.newline()));
    Some(edits)
}

/// The call that copies a container with all that is in it, and the import for that. `None` where its contents are not
/// written out: objects of other kinds may be what others hold, too.
pub fn deep_copy(subject: &Subject<'_>, target: &Target, expr: &str) -> Option<(String, Edits)> {
    if !is_literal(subject, target) {
        return None;
    }
    let (copy, imports) = ensure_import(&subject.module, Wanted::Plain("copy"))?;
    Some((format!("{copy}.deepcopy({expr})"), imports))
}

/// The statement of a node, or the outermost loop around it: one copy is enough for all rounds.
fn before_loops(subject: &Subject<'_>, node: NodeId) -> NodeId {
    let code = subject.code();
    let is_loop = |outer: &NodeId| matches!(code.kind(*outer), NodeKind::For { .. } | NodeKind::While { .. });
    code.ancestors(node).filter(is_loop).last().unwrap_or_else(|| statement_of(subject, node))
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
