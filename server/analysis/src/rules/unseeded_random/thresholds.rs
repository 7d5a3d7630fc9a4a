//! A score, a share or a probability that is computed from drawn data and must be above or below a number.

use super::{Form, Found};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::claims::{Claim, Relation};
use crate::project::constant::Origin;
use crate::project::draws::{Draw, Shape, draw};

/// Values made of values are looked at this far.
const MAX_DEPTH: u32 = 5;

/// Bounds of a share that leave room on both sides. What is closer to 0 is the room for rounding errors.
const LEAST: f64 = 0.005;

pub fn of(subject: &Subject<'_>, claim: &Claim) -> Option<Found> {
    if !matches!(claim.relation, Relation::Less | Relation::AtMost) {
        return None;
    }
    let (side, bound) = match (subject.number(claim.left), subject.number(claim.right)) {
        (None, Some(bound)) => (claim.left, bound),
        (Some(bound), None) => (claim.right, bound),
        _ => return None,
    };
    if !(LEAST..1.0).contains(&bound.abs()) {
        return None;
    }
    let draw = computed(subject, &subject.origin(side), MAX_DEPTH)?;
    Some(Found { at: claim.at, draw, chance: None, form: Form::Derived })
}

/// The draw of several values that a call was given to compute this.
fn computed(subject: &Subject<'_>, origin: &Origin, depth: u32) -> Option<Draw> {
    let depth = depth.checked_sub(1)?;
    let origin = unpacked(subject, origin);
    let inside = |node: NodeId| computed(subject, &origin.at(node), depth);
    match origin.kind() {
        NodeKind::Call { func, args } => {
            if is_property(subject, &origin, *func) {
                return None;
            }
            let given = args.iter().map(|argument| argument.value);
            given
                .clone()
                .find_map(|value| data(subject, &origin.at(value), depth))
                .or_else(|| given.clone().find_map(inside))
        }
        NodeKind::Subscript { value, .. } | NodeKind::Attribute { value, .. } => inside(*value),
        NodeKind::Await(value) => inside(*value),
        _ => None,
    }
}

/// `a, b = call(…)`: the call. Else what the expression stands for.
fn unpacked(subject: &Subject<'_>, origin: &Origin) -> Origin {
    let followed = origin.clone().followed(subject.project);
    let NodeKind::Name(name) = followed.kind() else { return followed };
    let facts = followed.module.file.facts(followed.item);
    let bindings = facts.bindings().visible(&facts.code, name, followed.node);
    match bindings.as_slice() {
        [one] => match facts.code.kind(one.node) {
            NodeKind::Assign { value, .. } => followed.at(*value),
            _ => followed,
        },
        _ => followed,
    }
}

/// Data of several draws, also reckoned with: `2 * x + 1`.
fn data(subject: &Subject<'_>, origin: &Origin, depth: u32) -> Option<Draw> {
    let depth = depth.checked_sub(1)?;
    if let Some(draw) = draw(subject.project, origin).filter(|draw| matches!(draw.shape, Shape::Many(_))) {
        return Some(draw);
    }
    let followed = unpacked(subject, origin);
    match followed.kind() {
        NodeKind::Binary { left, right, .. } => {
            [*left, *right].into_iter().find_map(|part| data(subject, &followed.at(part), depth))
        }
        NodeKind::Subscript { value, .. } => data(subject, &followed.at(*value), depth),
        _ => None,
    }
}

/// What does not depend on the values, or is known to be small whatever they are.
fn is_property(subject: &Subject<'_>, origin: &Origin, func: NodeId) -> bool {
    const PROPERTIES: &[&str] = &[
        "len", "abs", "max", "min", "amax", "amin", "norm", "shape", "size", "ndim", "all", "any",
        "allclose", "isclose", "linalg",
    ];
    let by_name = origin.kind_of(func).last_name().is_some_and(|name| PROPERTIES.contains(&name));
    by_name || origin.scope(subject.project).path(func).is_some_and(|path| path.starts_with("builtins."))
}
