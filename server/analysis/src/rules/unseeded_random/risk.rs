//! How likely an assertion on drawn values fails.

use super::measured::{Measured, counted, measured};
use super::{Form, Found};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::claims::{Claim, Relation};
use crate::project::constant::Origin;
use crate::project::draws::law::Law;
use crate::project::draws::{Draw, Shape, draw, length};

pub fn of(subject: &Subject<'_>, claim: &Claim) -> Option<Found> {
    match claim.relation {
        Relation::Differs => differs(subject, claim),
        Relation::Equal => {
            claim.both_ways().into_iter().find_map(|(side, other)| equals(subject, side, other))
        }
        Relation::Less | Relation::AtMost => bounded(subject, claim),
        Relation::Close(tolerance) => {
            claim.both_ways().into_iter().find_map(|(side, other)| close(subject, side, other, tolerance))
        }
        Relation::In | Relation::NotIn => contained(subject, claim),
    }
    .map(|(draw, chance, form)| Found { at: claim.at, draw, chance, form })
}

type Risk = (Draw, Option<f64>, Form);

fn drawn(subject: &Subject<'_>, node: NodeId) -> Option<Draw> {
    draw(subject.project, &subject.origin(node))
}

/// Two draws, or a draw and something fixed, that must not be the same.
fn differs(subject: &Subject<'_>, claim: &Claim) -> Option<Risk> {
    let (left, right) = (drawn(subject, claim.left), drawn(subject, claim.right));
    let (side, other) = match (left, right) {
        (Some(left), Some(right)) => {
            if !are_separate(subject, claim) {
                return None;
            }
            (left, Some(right))
        }
        (Some(left), None) => (can_be(subject, &left, claim.right).then_some(left)?, None),
        (None, Some(right)) => (can_be(subject, &right, claim.left).then_some(right)?, None),
        (None, None) => return None,
    };
    let outcomes = match &other {
        Some(other) if other.law != side.law || other.shape != side.shape => return None,
        _ => side.outcomes(),
    };
    // Names of a list are few, but how few is not known.
    let chance = outcomes.map(|outcomes| 1.0 / outcomes);
    let is_reckoned = chance.is_some() || other.is_some() && side.shape == Shape::One;
    is_reckoned.then_some((side, chance, Form::Value))
}

/// Whether the two sides are drawn one after the other, and not one value under two names.
fn are_separate(subject: &Subject<'_>, claim: &Claim) -> bool {
    let [left, right] = [claim.left, claim.right].map(|side| subject.origin(side).followed(subject.project));
    left.item != right.item || left.node != right.node || left.module.file.path != right.module.file.path
}

/// Whether a value that is written down is one that the draw can give.
fn can_be(subject: &Subject<'_>, draw: &Draw, node: NodeId) -> bool {
    let origin = subject.origin(node).followed(subject.project);
    match (draw.law, draw.shape) {
        (Law::Integers { first, last }, Shape::One) => subject
            .number(node)
            .is_some_and(|number| number.fract() == 0.0 && (first..=last).contains(&number)),
        (Law::Choice(_), Shape::One) => is_literal(origin.kind()) && is_offered(subject, draw, &origin),
        (Law::Order(Some(count)), Shape::One) => length(subject.project, &origin) == Some(count),
        (Law::Integers { .. } | Law::Choice(_), Shape::Many(Some(count))) => {
            matches!(origin.kind(), NodeKind::List(parts) if parts.len() as f64 == count)
        }
        _ => false,
    }
}

fn is_literal(kind: &NodeKind) -> bool {
    use NodeKind as K;
    matches!(kind, K::Str(_) | K::Bytes | K::Int(_) | K::Float(_) | K::Bool(_))
}

/// Whether the choice is among things one of which is written like the value.
fn is_offered(subject: &Subject<'_>, draw: &Draw, value: &Origin) -> bool {
    let NodeKind::Call { args, .. } = draw.call.kind() else { return false };
    let Some(offered) = args.first() else { return false };
    let offered = draw.call.at(offered.value).followed(subject.project);
    match offered.kind() {
        NodeKind::List(parts) | NodeKind::Tuple(parts) => {
            parts.iter().any(|part| offered.at(*part).followed(subject.project).kind() == value.kind())
        }
        NodeKind::Str(letters) => value.kind().as_str().is_some_and(|letter| letters.contains(letter)),
        _ => false,
    }
}

/// A draw that must be a certain value; so many different ones among several.
fn equals(subject: &Subject<'_>, side: NodeId, other: NodeId) -> Option<Risk> {
    if let Some((draw, count)) = distinct(subject, side) {
        let wanted = counted(subject, &subject.origin(other))?;
        let chance = different(&draw, count, wanted)?;
        return Some((draw, Some(chance), Form::Statistic));
    }
    let drawn_side = drawn(subject, side)?;
    if let Shape::Distinct(Some(count)) = drawn_side.shape {
        let NodeKind::Set(parts) = subject.origin(other).followed(subject.project).kind().clone() else {
            return None;
        };
        let chance = different(&drawn_side, count, parts.len() as f64)?;
        return Some((drawn_side, Some(chance), Form::Statistic));
    }
    if !can_be(subject, &drawn_side, other) {
        return None;
    }
    let outcomes = drawn_side.outcomes().filter(|outcomes| *outcomes > 1.0)?;
    Some((drawn_side, Some(1.0 - 1.0 / outcomes), Form::Value))
}

/// `len(set(draws))`: the draws, and how many they are.
fn distinct(subject: &Subject<'_>, node: NodeId) -> Option<(Draw, f64)> {
    let origin = subject.origin(node).followed(subject.project);
    let NodeKind::Call { args, .. } = origin.kind() else { return None };
    let path = origin.scope(subject.project).callee(origin.node)?;
    let draw = draw(subject.project, &origin.at(args.first()?.value))?;
    match draw.shape {
        Shape::Distinct(Some(count)) if path == "builtins.len" => Some((draw, count)),
        _ => None,
    }
}

/// How likely so many draws do not give `wanted` different values; `None` where it is neither all of the draws nor all of
/// the values.
fn different(draw: &Draw, count: f64, wanted: f64) -> Option<f64> {
    let outcomes = draw.law.outcomes()?;
    if wanted == count {
        return Some(1.0 - (-count * (count - 1.0) / (2.0 * outcomes)).exp());
    }
    (wanted == outcomes).then(|| (outcomes * (1.0 - 1.0 / outcomes).powf(count)).min(1.0))
}

fn bounded(subject: &Subject<'_>, claim: &Claim) -> Option<Risk> {
    let or_equal = claim.relation == Relation::AtMost;
    if let Some((draw, count)) = distinct(subject, claim.right) {
        return several(subject, claim.left, or_equal, draw, count);
    }
    let (side, bound, is_upper) = match (subject.number(claim.left), subject.number(claim.right)) {
        (None, Some(bound)) => (claim.left, bound, true),
        (Some(bound), None) => (claim.right, bound, false),
        _ => return None,
    };
    let measured = measured(subject, side)?;
    let chance = measured.outside(bound, or_equal, is_upper);
    measured.risk(chance)
}

/// `1 < len(set(draws))`: not all of them the same.
fn several(subject: &Subject<'_>, least: NodeId, or_equal: bool, draw: Draw, count: f64) -> Option<Risk> {
    let least = subject.number(least)?;
    let wanted = if or_equal { least } else { least + 1.0 };
    let outcomes = draw.law.outcomes()?;
    let chance = if wanted == 2.0 { outcomes.powf(1.0 - count) } else { different(&draw, count, wanted)? };
    Some((draw, Some(chance), Form::Statistic))
}

fn close(subject: &Subject<'_>, side: NodeId, other: NodeId, tolerance: Option<f64>) -> Option<Risk> {
    let wanted = subject.number(other)?;
    let measured = measured(subject, side)?;
    let chance = tolerance.and_then(|tolerance| {
        let above = measured.outside(wanted + tolerance, true, true)?;
        Some((above + measured.outside(wanted - tolerance, true, false)?).min(1.0))
    });
    measured.risk(chance)
}

/// `3 in draws`: drawn at least once, or never.
fn contained(subject: &Subject<'_>, claim: &Claim) -> Option<Risk> {
    let draw = drawn(subject, claim.right)?;
    let (Shape::Many(Some(count)) | Shape::Distinct(Some(count))) = draw.shape else { return None };
    can_be(subject, &Draw { shape: Shape::One, ..draw.clone() }, claim.left).then_some(())?;
    let outcomes = draw.law.outcomes()?;
    let never = (1.0 - 1.0 / outcomes).powf(count);
    let chance = if claim.relation == Relation::In { never } else { 1.0 - never };
    Some((draw, Some(chance), Form::Statistic))
}

impl Measured {
    fn risk(self, chance: Option<f64>) -> Option<Risk> {
        // Of one value without a known law nothing can be said; of a statistic that it varies.
        let form = if self.is_statistic { Form::Statistic } else { Form::Value };
        (chance.is_some() || self.is_statistic).then_some((self.draw, chance, form))
    }
}
