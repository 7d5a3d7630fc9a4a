//! The names through which a function can reach a mock: its own, and those of what it was put into.

use std::collections::BTreeSet;

use super::reach::Sought;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::handoff::hand_off;
use crate::project::mocks::Mock;

/// The names before `until`, sorted.
pub fn carriers(subject: &Subject<'_>, mock: &Mock, until: NodeId) -> Vec<String> {
    let code = subject.code();
    let mut names = BTreeSet::from([mock.name.clone(), mock.root.clone()]);
    names.extend(fixtures_holding(subject, mock));
    for node in subject.body().take_while(|node| *node < until) {
        match code.kind(node) {
            NodeKind::Assign { targets, value } => assigned(subject, targets, *value, &mut names),
            NodeKind::AnnAssign { target, value: Some(value), .. } => {
                assigned(subject, &[*target], *value, &mut names);
            }
            NodeKind::With { items, .. } => {
                for item in items {
                    if let Some(target) = item.target {
                        assigned(subject, &[target], item.context, &mut names);
                    }
                }
            }
            NodeKind::Expr(value) => names.extend(receiver(subject, *value, &names)),
            _ => {}
        }
    }
    names.into_iter().collect()
}

/// Whether a function is a method of something that holds the mock.
pub fn holds(subject: &Subject<'_>, func: NodeId, sought: &Sought<'_>) -> bool {
    head(subject, func).is_some_and(|head| sought.carriers.contains(&head))
}

/// What a method is called on: `service` in `service.worker.run`, `self.service` in `self.service.run`.
pub fn head(subject: &Subject<'_>, func: NodeId) -> Option<String> {
    let name = subject.code().dotted(func)?;
    let parts: Vec<&str> = name.split('.').collect();
    match parts.as_slice() {
        ["self" | "cls", attr, _, ..] => Some(format!("self.{attr}")),
        ["self" | "cls", _] => None,
        [first, _, ..] => Some((*first).to_owned()),
        _ => None,
    }
}

fn assigned(subject: &Subject<'_>, targets: &[NodeId], value: NodeId, names: &mut BTreeSet<String>) {
    if !makes_holder(subject, value, names) {
        return;
    }
    let code = subject.code();
    for target in targets {
        if let NodeKind::Attribute { value, .. } = code.kind(*target) {
            names.extend(code.dotted(*value).filter(|name| name != "self"));
        }
        names.extend(code.dotted(*target));
    }
}

/// `bus.subscribe(mock)`: from then on the bus holds it.
fn receiver(subject: &Subject<'_>, expr: NodeId, names: &BTreeSet<String>) -> Option<String> {
    let code = subject.code();
    let call = if let NodeKind::Await(inner) = code.kind(expr) { *inner } else { expr };
    let NodeKind::Call { func, args } = code.kind(call) else { return None };
    let NodeKind::Attribute { value, .. } = code.kind(*func) else { return None };
    let is_module = subject.resolve(*value).is_some();
    let is_given = args.iter().any(|argument| makes_holder(subject, argument.value, names));
    if is_module || !is_given || hand_off(subject, call).is_some() {
        return None;
    }
    head(subject, *func).filter(|head| !matches!(head.as_str(), "loop" | "mocker" | "monkeypatch"))
}

/// Whether an expression that makes something new is given one of the names. The value of an `await` is a result.
fn makes_holder(subject: &Subject<'_>, expr: NodeId, names: &BTreeSet<String>) -> bool {
    let code = subject.code();
    !matches!(code.kind(expr), NodeKind::Await(_))
        && code.subtree(expr).any(|node| code.dotted(node).is_some_and(|name| names.contains(&name)))
}

/// The fixtures of the test that request the mock's fixture, directly or not.
fn fixtures_holding(subject: &Subject<'_>, mock: &Mock) -> Vec<String> {
    if !subject.function().is_some_and(|function| function.params.iter().any(|param| param.name == mock.root))
    {
        return Vec::new();
    }
    let closure = subject.closure();
    let mut holding = BTreeSet::from([mock.root.clone()]);
    loop {
        let more: Vec<String> = closure
            .iter()
            .filter_map(|closed| closed.fixture.as_ref())
            .filter(|fixture| !holding.contains(fixture.name.as_str()))
            .filter(|fixture| fixture.requests.iter().any(|name| holding.contains(name.as_str())))
            .map(|fixture| fixture.name.to_string())
            .collect();
        if more.is_empty() {
            return holding.into_iter().collect();
        }
        holding.extend(more);
    }
}
