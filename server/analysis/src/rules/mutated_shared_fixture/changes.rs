//! The changes that a test makes to what it gets as parameters, and does not take back.

use smol_str::SmolStr;

use super::sharing::Value;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::effects::{Act, act_of_method};

/// One change of what a parameter holds.
#[derive(Clone, Debug)]
pub struct Change {
    pub node: NodeId,
    act: Act,
    is_call: bool,
    /// The attribute that it goes through or sets: `items` in `cart.items.append(1)` and `cart.items = []`.
    attribute: Option<SmolStr>,
}

/// Each parameter that the test changes, with the changes in source order.
pub fn of_parameters(subject: &Subject<'_>) -> Vec<(SmolStr, Vec<Change>)> {
    if subject.is_test_case() {
        return Vec::new();
    }
    let Some(function) = subject.function() else { return Vec::new() };
    let names = function.params.iter().skip(usize::from(subject.class().is_some())).map(|param| &param.name);
    names.filter_map(|name| Some((name.clone(), all(subject, name)?))).collect()
}

/// `None` where there is none, or the name is bound to something else on the way.
fn all(subject: &Subject<'_>, name: &str) -> Option<Vec<Change>> {
    let is_parameter_only = matches!(
        subject.facts.bindings().all(name),
        [only] if matches!(only.kind, BindingKind::Param(_))
    );
    let changes: Vec<Change> = subject.body().filter_map(|node| change(subject, node, name)).collect();
    (is_parameter_only && !changes.is_empty()).then_some(changes)
}

/// The first change of such a value, where none of them may put back what another took or the other way round.
pub fn lasting(subject: &Subject<'_>, name: &str, changes: &[Change], value: &Value) -> Option<Change> {
    let of_value: Vec<&Change> = changes.iter().filter(|change| change.is_of(value)).collect();
    let first = of_value.first()?;
    let removes = of_value.iter().filter(|change| change.act == Act::Remove).count();
    let is_one_way = removes == 0 || removes == of_value.len();
    let is_set_again = of_value.iter().enumerate().any(|(index, change)| {
        change.act == Act::Replace
            && of_value[..index].iter().any(|earlier| earlier.attribute == change.attribute)
    });
    let plain =
        of_value.iter().all(|change| subject.runs_here(change.node) && is_plain(subject, change.node, name));
    (is_one_way && !is_set_again && plain && !clears(subject, first.node)).then(|| Change::clone(first))
}

impl Change {
    /// Whether it gives an attribute another value.
    pub fn sets_attribute(&self) -> bool {
        self.act == Act::Replace
    }

    /// The attribute that gets another value.
    pub fn set_attribute(&self) -> Option<&str> {
        self.attribute.as_deref().filter(|_| self.sets_attribute())
    }

    fn is_of(&self, value: &Value) -> bool {
        match (value, &self.attribute) {
            (Value::Container, None) => true,
            (Value::Array, None) => self.act == Act::Put && !self.is_call,
            (Value::Instance(instance), Some(attribute)) if self.act == Act::Replace => {
                instance.has_plain_attribute(attribute)
            }
            (Value::Instance(instance), Some(attribute)) => instance.holds_container(attribute),
            _ => false,
        }
    }
}

/// Whether every run of the test that gets the object stores the entry before it looks at it: nothing uses the name earlier,
/// and whether the entry is stored depends on what comes with the object alone.
pub fn is_set_by_each(subject: &Subject<'_>, name: &str, change: NodeId, filled_with: &[SmolStr]) -> bool {
    let code = subject.code();
    let is_stored = matches!(code.kind(change), NodeKind::Assign { .. });
    let first_use = subject.body().find(|node| code.kind(*node).as_name() == Some(name));
    let is_first = first_use.is_some_and(|node| code.is_within(node, change));
    let is_parameter = |word: &str| {
        subject.function().is_some_and(|function| function.params.iter().any(|param| param.name == word))
    };
    let comes_along = |test: NodeId| {
        code.subtree(test)
            .filter_map(|node| code.kind(node).as_name())
            .all(|word| !is_parameter(word) || filled_with.iter().any(|name| name == word))
    };
    let depends_on_it = code.ancestors(change).all(|outer| match code.kind(outer) {
        NodeKind::If { test, .. } => comes_along(*test),
        _ => true,
    });
    is_stored && is_first && depends_on_it
}

/// What a node does to the value of the name, or to something inside it.
fn change(subject: &Subject<'_>, node: NodeId, name: &str) -> Option<Change> {
    let code = subject.code();
    let made = |act: Act, target: NodeId| {
        let (root, attribute) = root(subject, target)?;
        let is_call = matches!(code.kind(node), NodeKind::Call { .. });
        (root == name).then(|| Change { node, act, is_call, attribute: attribute.map(SmolStr::new) })
    };
    let stored = |target: NodeId, act: Act| match code.kind(target) {
        NodeKind::Subscript { .. } => made(act, target),
        NodeKind::Attribute { value, .. } if code.kind(*value).as_name() == Some(name) => {
            made(Act::Replace, target)
        }
        _ => None,
    };
    match code.kind(node) {
        NodeKind::Assign { targets, .. } => targets.iter().find_map(|target| stored(*target, Act::Put)),
        NodeKind::AugAssign { target, .. } => stored(*target, Act::Put),
        NodeKind::Delete(targets) => targets
            .iter()
            .filter(|target| matches!(code.kind(**target), NodeKind::Subscript { .. }))
            .find_map(|target| made(Act::Remove, *target)),
        NodeKind::Call { func, .. } => match code.kind(*func) {
            NodeKind::Attribute { value, attr, .. } => made(act_of_method(attr)?, *value),
            _ => None,
        },
        _ => None,
    }
}

/// The name below subscripts and at most one attribute: `prices` in `prices["a"][0]`, `cart` and `items` in
/// `cart.items[0]`.
fn root<'s>(subject: &'s Subject<'_>, node: NodeId) -> Option<(&'s str, Option<&'s str>)> {
    let code = subject.code();
    let (mut at, mut attribute) = (node, None);
    loop {
        match code.kind(at) {
            NodeKind::Subscript { value, .. } => at = *value,
            NodeKind::Attribute { value, attr, .. } if attribute.is_none() => {
                (at, attribute) = (*value, Some(attr.as_str()));
            }
            NodeKind::Name(name) => return Some((name, attribute)),
            _ => return None,
        }
    }
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
