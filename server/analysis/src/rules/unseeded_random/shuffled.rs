//! `random.shuffle(items)`, and then `items` in another order than before.

use super::{Form, Found};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::claims::{Claim, Relation};
use crate::project::draws::law::Law;
use crate::project::draws::{Draw, Shape, generator_of, length};

pub fn of(subject: &Subject<'_>, claim: &Claim) -> Option<Found> {
    if claim.relation != Relation::Differs {
        return None;
    }
    let shuffled = |(side, other): (NodeId, NodeId)| {
        let draw = shuffle(subject, side)?;
        // Both in the same new order, or put back.
        let is_other = subject.source(side) != subject.source(other) && shuffle(subject, other).is_none();
        // A literal of another length is different whatever the order.
        let other_count = length(subject.project, &subject.origin(other));
        let may_be_same = other_count.is_none() || other_count == draw_count(&draw);
        (is_other && may_be_same).then_some(draw)
    };
    let draw = claim.both_ways().into_iter().find_map(shuffled)?;
    let chance = 1.0 / draw.law.outcomes()?;
    Some(Found { at: claim.at, draw, chance: Some(chance), form: Form::Value })
}

/// The last call above that shuffles what a name stands for.
fn shuffle(subject: &Subject<'_>, node: NodeId) -> Option<Draw> {
    let code = subject.code();
    let name = code.kind(node).as_name()?;
    let call = subject.body().take_while(|at| *at < node).filter(|at| {
        let NodeKind::Call { func, args } = code.kind(*at) else { return false };
        let is_shuffle = code.kind(*func).last_name() == Some("shuffle");
        is_shuffle && args.first().is_some_and(|first| code.kind(first.value).as_name() == Some(name))
    });
    let call = call.last()?;
    let NodeKind::Call { func, .. } = code.kind(call) else { return None };
    let origin = subject.origin(call);
    let generator = generator_of(subject.project, &origin, *func)?;
    let count = length(subject.project, &subject.origin(node));
    Some(Draw { generator, call: origin, law: Law::Order(count), shape: Shape::One })
}

fn draw_count(draw: &Draw) -> Option<f64> {
    match draw.law {
        Law::Order(count) => count,
        _ => None,
    }
}
