//! What is a mock in a test, where it was put, and by which names code reaches it.

mod origin;
mod placed;

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::Subject;
use crate::facts::{NodeId, NodeKind};
use origin::origin;
use placed::places;

/// A mock as a test spells it, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mock {
    /// `client.send`
    pub name: String,
    /// The local name at its head: `client`; `self.client` for an attribute of the test's class.
    pub root: String,
    /// What stands behind the root, `return_value` left out.
    pub below: Vec<SmolStr>,
    /// The dotted path that it stands in for.
    pub replaces: Option<SmolStr>,
    /// The dotted path of the object whose attribute it took the place of, where it is the root itself.
    pub owner: Option<SmolStr>,
    /// That path was given as text: it is looked up when the patch begins.
    pub is_looked_up: bool,
    /// The names by which code calls it: the attribute or parameter that it was put in.
    pub called_as: BTreeSet<SmolStr>,
    /// The names under which what holds it is known to product code; empty where that is not known.
    pub held_as: BTreeSet<SmolStr>,
    /// The `with` statement at whose end it is taken away.
    pub installed_in: Option<NodeId>,
}

/// Whether an expression is a mock for sure, or at least called one.
pub fn is_mock(subject: &Subject<'_>, expr: NodeId) -> bool {
    let Some(name) = spelled(subject, expr) else { return false };
    name.to_lowercase().contains("mock") || origin(subject, expr).is_some()
}

/// Describes the mock that an expression stands for; `None` where it is no chain of names.
pub fn mock_at(subject: &Subject<'_>, expr: NodeId) -> Option<Mock> {
    let name = spelled(subject, expr)?;
    let is_of_result = name.contains("()") || name.contains("return_value");
    let mut parts = name.split('.').map(|part| part.trim_end_matches("()"));
    let first = parts.next()?;
    let root = match first {
        "self" | "cls" => format!("{first}.{}", parts.next()?),
        _ => first.to_owned(),
    };
    let below: Vec<SmolStr> =
        parts.filter(|part| !matches!(*part, "return_value" | "side_effect")).map(SmolStr::new).collect();
    let origin = origin(subject, expr).unwrap_or_default();
    let placed = places(subject, &root);
    let (path, owner) = match &origin.replaces {
        Some(path) => (Some(path.clone()), origin.owner.clone()),
        None => (placed.path, placed.owner),
    };
    let mut names = placed.names;
    names.extend(origin.called_as.clone());
    let (called_as, held_as) = match below.last() {
        None => (names, BTreeSet::new()),
        Some(last) => {
            let is_held = origin.is_of_root && !is_of_result;
            (BTreeSet::from([last.clone()]), if is_held { names } else { BTreeSet::new() })
        }
    };
    Some(Mock {
        replaces: path.map(|path| {
            SmolStr::from(below.iter().fold(path.to_string(), |path, part| format!("{path}.{part}")))
        }),
        owner: owner.filter(|_| below.is_empty()),
        is_looked_up: if origin.replaces.is_some() { origin.is_looked_up } else { placed.is_looked_up },
        installed_in: origin.installed_in.or(placed.installed_in),
        name,
        root,
        below,
        called_as,
        held_as,
    })
}

/// `client.send`, `client().send`: a chain of names, attributes and calls, without the calls' arguments.
pub fn spelled(subject: &Subject<'_>, expr: NodeId) -> Option<String> {
    let code = subject.code();
    let mut parts = Vec::new();
    let mut calls = "";
    let mut at = expr;
    loop {
        match code.kind(at) {
            NodeKind::Attribute { value, attr, .. } => {
                parts.push(format!("{attr}{calls}"));
                calls = "";
                at = *value;
            }
            NodeKind::Call { func, .. } => {
                calls = "()";
                at = *func;
            }
            NodeKind::Name(name) => {
                parts.push(format!("{name}{calls}"));
                break;
            }
            _ => return None,
        }
    }
    parts.reverse();
    Some(parts.join("."))
}
