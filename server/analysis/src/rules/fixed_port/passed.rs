//! A fixed port that is passed to a function or class of the project, which listens there.

use super::address::{self, Form};
use super::given::Given;
use super::listeners;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::callee::Definition;

/// The argument at which what is called listens, and its form.
pub fn address(subject: &Subject<'_>, given: &Given) -> Option<(NodeId, Form)> {
    // Cheap first: most calls run nothing of the project, and most of the others pass no port.
    let called = subject.definition(given.func)?;
    if !given.values().any(|value| may_be_address(subject, value)) {
        return None;
    }
    let called = called.subject(subject.project);
    let (name, form) = parameter(&called)?;
    let function = called.function()?;
    let index = function.params.iter().position(|param| param.name == name)?;
    let has_self = called.class().is_some()
        && function.params.first().is_some_and(|first| matches!(first.name.as_str(), "self" | "cls"));
    given.argument(index - usize::from(has_self && index > 0), &name).map(|address| (address, form))
}

fn may_be_address(subject: &Subject<'_>, value: NodeId) -> bool {
    [Form::Port, Form::Pair].iter().any(|form| match (form, subject.code().kind(value)) {
        (Form::Port, NodeKind::Int(Some(number))) => (1..=65535).contains(number),
        (_, NodeKind::Name(_) | NodeKind::Attribute { .. } | NodeKind::Tuple(_)) => {
            address::port(subject, value, *form).is_some()
        }
        _ => false,
    })
}

/// The parameter that holds the address at which a function listens; of a constructor, at which a method of its class
/// does.
fn parameter(called: &Subject<'_>) -> Option<(String, Form)> {
    let is_constructor = called.module.file.name(called.item) == "__init__";
    let (true, Some(class)) = (is_constructor, called.class()) else {
        return listened(called).into_iter().find_map(|(node, form)| own_parameter(called, node, form));
    };
    let class = Definition { module: called.module.clone(), item: class };
    let members = called.module.file.members(class.item);
    let methods = members.map(|item| Subject::new(called.project, &called.module, item));
    methods.filter(|method| method.function().is_some()).find_map(|method| {
        listened(&method).into_iter().find_map(|(node, form)| match method.item == called.item {
            true => own_parameter(called, node, form).or_else(|| kept(called, &method, node, form)),
            false => kept(called, &method, node, form),
        })
    })
}

/// Every address at which a function listens by itself.
fn listened(subject: &Subject<'_>) -> Vec<(NodeId, Form)> {
    let calls = subject.body().filter(|node| matches!(subject.code().kind(*node), NodeKind::Call { .. }));
    calls.filter_map(|call| listeners::address(subject, &Given::of(subject, call)?)).collect()
}

/// The address itself as a parameter, or a port that is one in the pair.
fn own_parameter(subject: &Subject<'_>, node: NodeId, form: Form) -> Option<(String, Form)> {
    let named = |node: NodeId| {
        let name = subject.code().kind(node).as_name()?;
        let bound = subject.facts.bindings().visible(subject.code(), name, node);
        let [binding] = bound.as_slice() else { return None };
        matches!(binding.kind, BindingKind::Param(_)).then(|| name.to_owned())
    };
    if let Some(name) = named(node) {
        return Some((name, form));
    }
    Some((named(port_here(subject, node, form)?)?, Form::Port))
}

/// The constructor's parameter that it keeps in the attribute at which the method listens.
fn kept(making: &Subject<'_>, method: &Subject<'_>, node: NodeId, form: Form) -> Option<(String, Form)> {
    let attribute = |node: NodeId| match method.code().kind(node) {
        NodeKind::Attribute { value, attr, .. } if method.code().kind(*value).as_name() == Some("self") => {
            Some(attr.as_str())
        }
        _ => None,
    };
    let (attr, form) = match attribute(node) {
        Some(attr) => (attr, form),
        None => {
            let port = port_here(method, node, form)?;
            (attribute(port)?, Form::Port)
        }
    };
    let code = making.code();
    making.body().find_map(|statement| {
        let NodeKind::Assign { targets, value } = code.kind(statement) else { return None };
        let is_it = |target: &NodeId| matches!(code.kind(*target), NodeKind::Attribute { attr: set, .. } if set == attr);
        targets.iter().any(is_it).then(|| own_parameter(making, *value, form)).flatten()
    })
}

/// The port of a pair that is written in the same function.
fn port_here(subject: &Subject<'_>, node: NodeId, form: Form) -> Option<NodeId> {
    let (written, port) = (form == Form::Pair).then(|| address::pair(subject, node)).flatten()?;
    written.is_item(&subject.module, subject.item).then_some(port)
}
