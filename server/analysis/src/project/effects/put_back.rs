//! Later statements that bring an old value back: they guard the passing run only.

use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

use super::reference::reference;
use super::{Act, Phase, Touch};

/// Notes for each touch the last one that brings its target back.
pub fn note(subject: &Subject<'_>, touches: &mut [Touch]) {
    for index in 0..touches.len() {
        let first = &touches[index];
        if first.phase != Phase::Run || !first.act.is_effect() {
            continue;
        }
        let found = later(subject, first, touches);
        if found.is_some() {
            touches[index].put_back = found;
        }
    }
}

fn later(subject: &Subject<'_>, first: &Touch, touches: &[Touch]) -> Option<NodeId> {
    let mut back = touches.iter().rev();
    let last = back.find(|touch| touch.phase == Phase::Run && touch.target.covers(&first.target))?;
    (last.node > first.node && brings_back(subject, first, last)).then_some(last.node)
}

fn brings_back(subject: &Subject<'_>, first: &Touch, last: &Touch) -> bool {
    if last.act == Act::Reset || (first.act != Act::Remove && last.act == Act::Remove) {
        return true;
    }
    if matches!(last.act, Act::Update | Act::Lent) {
        return false;
    }
    let Some(value) = last.value else { return true };
    match subject.code().kind(value) {
        NodeKind::Name(_) | NodeKind::Attribute { .. } | NodeKind::Subscript { .. } => {
            let path = first.target.path();
            reference(subject, value).is_none_or(|reached| Some(reached.path.as_str()) == path)
        }
        NodeKind::Bool(_) | NodeKind::None => true,
        _ => false,
    }
}
