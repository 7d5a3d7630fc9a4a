//! What names, attributes and the results of functions measure.

use super::{Quantity, common, of_origin, quantity};
use crate::facts::bindings::Binding;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::callee::Definition;
use crate::project::{Role, Subject};

/// Nothing known; nothing yet (an empty list, `None`); or what it measures.
type Value = Option<Vec<Quantity>>;

pub fn of_name(subject: &Subject<'_>, name: &str, at: NodeId, depth: u32) -> Option<Quantity> {
    let local = subject.facts.bindings().visible(subject.code(), name, at);
    if local.is_empty() {
        return of_constant(subject, at, depth);
    }
    // The last counts: that is the nearest above, where the name is bound again for each phase of a test.
    let (above, below): (Vec<&Binding>, Vec<&Binding>) = local.into_iter().partition(|it| it.node < at);
    let mut all = Vec::new();
    for binding in below.into_iter().chain(above) {
        all.extend(of_binding(subject, name, binding, depth)?);
    }
    all.extend(appended(subject, name, depth)?);
    common(all)
}

fn of_constant(subject: &Subject<'_>, at: NodeId, depth: u32) -> Option<Quantity> {
    let here = subject.origin(at);
    let origin = here.followed(subject.project);
    let is_itself = origin.node == at && subject.is_item(&origin.module, origin.item);
    if is_itself { None } else { of_origin(subject, &origin, depth) }
}

fn of_binding(subject: &Subject<'_>, name: &str, binding: &Binding, depth: u32) -> Value {
    let code = subject.code();
    if let Some(value) = binding.value(code, name) {
        return of_value(subject, value, depth);
    }
    match (&binding.kind, code.kind(binding.node)) {
        (BindingKind::Opaque, NodeKind::Assign { targets, value }) => {
            let at = targets.iter().find_map(|target| match code.kind(*target) {
                NodeKind::Tuple(parts) => {
                    parts.iter().position(|part| code.kind(*part).as_name() == Some(name))
                }
                _ => None,
            })?;
            unpacked(subject, *value, at, depth).map(|found| vec![found])
        }
        (BindingKind::Opaque, NodeKind::AugAssign { op, value, .. }) if op.starts_with('+') => {
            match quantity(subject, *value, depth)? {
                span @ Quantity::Span(_) => Some(vec![span]),
                _ => None,
            }
        }
        (BindingKind::Element(iter), _) => quantity(subject, *iter, depth).map(|found| vec![found]),
        (BindingKind::Param(_), _) => {
            let fixture = subject.fixture_subject(name)?;
            of_results(&fixture, None, depth).map(|found| vec![found])
        }
        _ => None,
    }
}

fn of_value(subject: &Subject<'_>, value: NodeId, depth: u32) -> Value {
    let is_empty = match subject.code().kind(value) {
        NodeKind::None => true,
        NodeKind::List(parts) | NodeKind::Tuple(parts) => parts.is_empty(),
        NodeKind::Call { args, .. } => {
            args.is_empty()
                && subject
                    .callee(value)
                    .is_some_and(|path| matches!(path.as_str(), "builtins.list" | "collections.deque"))
        }
        _ => false,
    };
    if is_empty { Some(Vec::new()) } else { quantity(subject, value, depth).map(|found| vec![found]) }
}

/// What is appended to the list `name` anywhere in the item.
fn appended(subject: &Subject<'_>, name: &str, depth: u32) -> Value {
    let code = subject.code();
    let mut all = Vec::new();
    for node in (0..code.nodes.len() as u32).map(NodeId) {
        let NodeKind::Call { func, args } = code.kind(node) else { continue };
        let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { continue };
        if attr == "append" && code.kind(*value).as_name() == Some(name) {
            all.push(quantity(subject, args.first()?.value, depth)?);
        }
    }
    Some(all)
}

/// `result, seconds = timed(work)`: what the function returns in that place.
fn unpacked(subject: &Subject<'_>, value: NodeId, at: usize, depth: u32) -> Option<Quantity> {
    let code = subject.code();
    let call = match code.kind(value) {
        NodeKind::Await(inner) => *inner,
        _ => value,
    };
    let NodeKind::Call { func, .. } = code.kind(call) else { return None };
    of_results(&subject.definition(*func)?.subject(subject.project), Some(at), depth)
}

/// What all that a function or fixture gives back measures, or the part of it in that place of a tuple.
pub fn of_results(called: &Subject<'_>, part: Option<usize>, depth: u32) -> Option<Quantity> {
    let mut all = Vec::new();
    for result in called.results() {
        let result = match (part, called.code().kind(result)) {
            (None, _) => result,
            (Some(at), NodeKind::Tuple(parts)) => *parts.get(at)?,
            (Some(_), _) => return None,
        };
        all.extend(of_value(called, result, depth)?);
    }
    common(all)
}

/// An attribute: set in the same function, by a method of its class, or a constant of a module.
pub fn of_attribute(subject: &Subject<'_>, expr: NodeId, depth: u32) -> Option<Quantity> {
    if let Some(found) = assigned(subject, subject.source(expr), depth) {
        return Some(found);
    }
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(expr) else { return None };
    let class = match subject.code().kind(*value).as_name() {
        Some("self" | "cls") => {
            subject.class().map(|item| Definition { module: subject.module.clone(), item })
        }
        _ => subject.class_of(*value),
    };
    match class {
        Some(class) => of_class_attribute(subject, &class, attr, depth),
        None => of_constant(subject, expr, depth),
    }
}

fn of_class_attribute(subject: &Subject<'_>, class: &Definition, attr: &str, depth: u32) -> Option<Quantity> {
    let file = &class.module.file;
    let mut all = Vec::new();
    for member in file.members(class.item) {
        let method = Subject::new(subject.project, &class.module, member);
        if method.role == Role::Statement {
            let written =
                method.facts.bindings().all(attr).first().and_then(|b| b.value(method.code(), attr));
            let constant = written.and_then(|value| of_value(&method, value, depth));
            all.extend(constant.unwrap_or_default());
        } else if file.name(member) == attr {
            all.push(of_results(&method, None, depth)?);
        } else {
            all.extend(assigned(&method, &format!("self.{attr}"), depth));
        }
    }
    common(all)
}

/// What is assigned to `target`, an attribute or an element as it is written, anywhere in the item.
pub fn assigned(subject: &Subject<'_>, target: &str, depth: u32) -> Option<Quantity> {
    let code = subject.code();
    let mut all = Vec::new();
    for node in (0..code.nodes.len() as u32).map(NodeId) {
        let NodeKind::Assign { targets, value } = code.kind(node) else { continue };
        if targets.iter().any(|written| subject.source(*written) == target) {
            all.extend(of_value(subject, *value, depth)?);
        }
    }
    common(all)
}
