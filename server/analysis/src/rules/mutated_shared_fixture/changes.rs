//! The changes that a test makes to what it gets as parameters, and does not take back.

use smol_str::SmolStr;

use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::effects::{Act, act_of_method};
use crate::project::{Role, Subject};

/// Each changed parameter with the first statement or call that changes it.
pub fn of_parameters(subject: &Subject<'_>) -> Vec<(SmolStr, NodeId)> {
    if subject.role != Role::Test || subject.is_test_case() {
        return Vec::new();
    }
    let Some(function) = subject.function() else { return Vec::new() };
    let names = function.params.iter().skip(usize::from(subject.class().is_some())).map(|param| &param.name);
    names.filter_map(|name| Some((name.clone(), lasting(subject, name)?))).collect()
}

/// The first change, where none of them may put back what another took or the other way round.
fn lasting(subject: &Subject<'_>, name: &str) -> Option<NodeId> {
    let is_parameter_only = matches!(
        subject.facts.bindings().all(name),
        [only] if matches!(only.kind, BindingKind::Param(_))
    );
    if !is_parameter_only {
        return None;
    }
    let changes: Vec<(NodeId, Act)> =
        subject.body().filter_map(|node| Some((node, change(subject, node, name)?))).collect();
    let (first, _) = *changes.first()?;
    let removes = changes.iter().filter(|(_, act)| *act == Act::Remove).count();
    let is_one_way = removes == 0 || removes == changes.len();
    let plain = changes.iter().all(|(node, _)| subject.runs_here(*node) && is_plain(subject, *node, name));
    (is_one_way && plain && !clears(subject, first)).then_some(first)
}

/// What a node does to the value of the name, or to something inside it.
fn change(subject: &Subject<'_>, node: NodeId, name: &str) -> Option<Act> {
    let code = subject.code();
    let is_inside = |target: &NodeId| {
        matches!(code.kind(*target), NodeKind::Subscript { .. }) && root(subject, *target) == Some(name)
    };
    match code.kind(node) {
        NodeKind::Assign { targets, .. } if targets.iter().any(is_inside) => Some(Act::Put),
        NodeKind::AugAssign { target, .. } if is_inside(target) => Some(Act::Put),
        NodeKind::Delete(targets) if targets.iter().any(is_inside) => Some(Act::Remove),
        NodeKind::Call { func, .. } => match code.kind(*func) {
            NodeKind::Attribute { value, attr, .. } if root(subject, *value) == Some(name) => {
                act_of_method(attr)
            }
            _ => None,
        },
        _ => None,
    }
}

/// The name below subscripts: `prices` in `prices["a"][0]`.
fn root<'s>(subject: &'s Subject<'_>, node: NodeId) -> Option<&'s str> {
    let code = subject.code();
    let mut at = node;
    while let NodeKind::Subscript { value, .. } = code.kind(at) {
        at = *value;
    }
    code.kind(at).as_name()
}

/// Not under a condition on the value itself, as a cache has, and not expected to fail.
fn is_plain(subject: &Subject<'_>, node: NodeId, name: &str) -> bool {
    let code = subject.code();
    let speaks_of_it = |test: NodeId| code.subtree(test).any(|node| code.kind(node).as_name() == Some(name));
    code.ancestors(node).all(|outer| match code.kind(outer) {
        NodeKind::If { test, .. } | NodeKind::While { test, .. } => !speaks_of_it(*test),
        NodeKind::Try { .. } => false,
        NodeKind::With { items, .. } => !items.iter().any(|item| {
            let path = subject.callee(item.context);
            path.is_some_and(|path| path == "pytest.raises" || path.starts_with("contextlib.suppress"))
        }),
        _ => true,
    })
}

/// A test that starts with a clean value minds what others leave in it.
fn clears(subject: &Subject<'_>, change: NodeId) -> bool {
    let NodeKind::Call { func, .. } = subject.code().kind(change) else { return false };
    matches!(subject.code().kind(*func), NodeKind::Attribute { attr, .. } if matches!(attr.as_str(), "clear" | "setdefault"))
}
