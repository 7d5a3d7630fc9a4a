//! How one function uses a target.

use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::accesses::is_use;
use crate::project::effects::{Touch, act_of_method};
use crate::project::target::Target;

/// The uses of one target in one function.
#[derive(Debug, Default)]
pub struct Uses {
    /// What it looks at before it writes, in source order.
    pub reads: Vec<NodeId>,
    /// It changes the target, or something inside it.
    pub changes: bool,
    /// The target is changed in a callback, or a container is passed on to who knows whom.
    pub is_opaque: bool,
}

impl Uses {
    /// `touches` are the function's touches of the target.
    pub fn of(subject: &Subject<'_>, target: &Target, word: &str, touches: &[&Touch]) -> Uses {
        let code = subject.code();
        let is_early =
            |node: NodeId| touches.iter().all(|touch| node < touch.node || code.is_within(node, touch.node));
        let mut uses = Uses::default();
        for node in subject.body().filter(|node| is_use(subject, *node, target, word)) {
            let runs_here = subject.runs_here(node);
            if is_changed(subject, node) {
                uses.changes = true;
                uses.is_opaque |= !runs_here;
            } else if is_passed_on(subject, node) {
                uses.is_opaque |= !runs_here || is_mutable(subject, target, node);
                uses.reads.extend(Some(node).filter(|_| runs_here && is_early(node)));
            } else if runs_here && is_early(node) {
                uses.reads.push(node);
            }
        }
        uses
    }
}

/// Whether the expression, or something inside it, is bound anew, deleted, or changed by a method.
fn is_changed(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let mut at = node;
    loop {
        let parent = code.node(at).parent;
        match code.kind(parent) {
            NodeKind::Attribute { value, attr, .. } if *value == at => {
                let outer = code.node(parent).parent;
                let is_called = matches!(code.kind(outer), NodeKind::Call { func, .. } if *func == parent);
                if is_called && act_of_method(attr).is_some() {
                    return true;
                }
            }
            NodeKind::Subscript { value, .. } if *value == at => {}
            NodeKind::Tuple(_) | NodeKind::List(_) | NodeKind::Starred(_) => {}
            NodeKind::Assign { targets, .. } => return targets.contains(&at),
            NodeKind::AnnAssign { target, .. }
            | NodeKind::AugAssign { target, .. }
            | NodeKind::For { target, .. }
            | NodeKind::Walrus { target, .. } => return *target == at,
            NodeKind::Delete(targets) => return targets.contains(&at),
            NodeKind::With { items, .. } => return items.iter().any(|item| item.target == Some(at)),
            _ => return false,
        }
        at = parent;
    }
}

/// Whether the object itself goes elsewhere: into a call, another name, a container, out of the function.
fn is_passed_on(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let mut at = node;
    let parent = loop {
        let parent = code.node(at).parent;
        match code.kind(parent) {
            NodeKind::Tuple(_) | NodeKind::List(_) | NodeKind::Set(_) | NodeKind::Dict(_) => at = parent,
            _ => break parent,
        }
    };
    match code.kind(parent) {
        NodeKind::Call { func, .. } if *func != at => {
            let only_looks = match code.kind(*func) {
                NodeKind::Attribute { attr, .. } => attr.starts_with("assert"),
                _ => subject.resolve(*func).is_some_and(|path| path.starts_with("builtins.")),
            };
            !only_looks
        }
        NodeKind::Assign { .. }
        | NodeKind::AnnAssign { .. }
        | NodeKind::Walrus { .. }
        | NodeKind::Return(_)
        | NodeKind::Yield { .. }
        | NodeKind::Conditional { .. }
        | NodeKind::Logic { .. } => true,
        _ => false,
    }
}

/// Whether what is passed on is a container that others could fill: not the entry under a key.
fn is_mutable(subject: &Subject<'_>, target: &Target, node: NodeId) -> bool {
    let holds_entries = matches!(target, Target::Attribute { key: Some(_), .. });
    holds_entries
        || target.path().is_some_and(|path| crate::project::effects::is_container_path(subject, path))
            && matches!(subject.code().kind(node), NodeKind::Name(_) | NodeKind::Attribute { .. })
}
