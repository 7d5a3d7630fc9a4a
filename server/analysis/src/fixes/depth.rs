//! How deep a touch reaches into its target: a copy of one level brings back only what lies on that level.

use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::effects::reference::reference;
use crate::project::effects::{Act, Touch};

/// What a touch changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// Which object the target's name is bound to.
    Binding,
    /// What the object there holds.
    Entries,
    /// Something inside what it holds.
    Deeper,
}

/// The deepest of some touches.
pub fn deepest(subject: &Subject<'_>, touches: &[Touch]) -> Depth {
    touches.iter().map(|touch| depth(subject, touch)).max().unwrap_or(Depth::Binding)
}

/// How deep one touch reaches. Of a helper's, only what it does is known, not how it is written: taking something away is
/// nearly always done to a container.
pub fn depth(subject: &Subject<'_>, touch: &Touch) -> Depth {
    if touch.origin.is_some() {
        return match touch.act {
            Act::Replace | Act::Reset => Depth::Binding,
            Act::Update if touch.counts => Depth::Binding,
            _ => Depth::Entries,
        };
    }
    let code = subject.code();
    match code.kind(touch.node) {
        NodeKind::Assign { targets, .. } | NodeKind::Delete(targets) => deepest_write(subject, targets),
        NodeKind::AugAssign { target, .. } | NodeKind::AnnAssign { target, .. } => of_write(subject, *target),
        NodeKind::Call { func, .. } => of_call(subject, touch.node, *func),
        _ if touch.act == Act::Replace => Depth::Binding,
        _ => Depth::Entries,
    }
}

fn deepest_write(subject: &Subject<'_>, targets: &[NodeId]) -> Depth {
    targets.iter().map(|target| of_write(subject, *target)).max().unwrap_or(Depth::Binding)
}

/// The depth of binding an expression anew, or of taking it away.
fn of_write(subject: &Subject<'_>, written: NodeId) -> Depth {
    let is_inside = |node| reference(subject, node).is_some_and(|reached| reached.inside.is_some());
    match subject.code().kind(written) {
        NodeKind::Tuple(parts) | NodeKind::List(parts) => deepest_write(subject, parts),
        NodeKind::Starred(inner) => of_write(subject, *inner),
        NodeKind::Attribute { .. } if is_inside(written) => Depth::Deeper,
        NodeKind::Subscript { value, .. } if is_inside(*value) => Depth::Deeper,
        // A key of `globals()` or `vars(module)` is a name.
        NodeKind::Subscript { index, .. } => {
            let is_slice = matches!(subject.code().kind(*index), NodeKind::Slice { .. });
            let is_name =
                !is_slice && reference(subject, written).is_some_and(|reached| reached.inside.is_none());
            if is_name { Depth::Binding } else { Depth::Entries }
        }
        _ => Depth::Binding,
    }
}

fn of_call(subject: &Subject<'_>, call: NodeId, func: NodeId) -> Depth {
    if matches!(subject.callee(call).as_deref(), Some("builtins.setattr" | "builtins.delattr")) {
        return Depth::Binding;
    }
    match subject.code().kind(func) {
        NodeKind::Attribute { value, .. }
            if reference(subject, *value).is_some_and(|reached| reached.inside.is_some()) =>
        {
            Depth::Deeper
        }
        _ => Depth::Entries,
    }
}
