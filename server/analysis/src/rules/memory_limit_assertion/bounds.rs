//! Assertions that keep a reading of memory below, or free memory above, a number.

use super::reading::{Holder, Reading, reading};
use crate::facts::NodeId;
use crate::project::Subject;
use crate::project::claims::{Claim, Relation, claims};

pub struct Bound {
    /// The comparison, or the call that compares.
    pub at: NodeId,
    pub holder: Holder,
}

pub fn bounds(subject: &Subject<'_>) -> Vec<Bound> {
    claims(subject).iter().filter_map(|claim| bound(subject, claim)).collect()
}

fn bound(subject: &Subject<'_>, claim: &Claim) -> Option<Bound> {
    if !matches!(claim.relation, Relation::Less | Relation::AtMost) {
        return None;
    }
    let limits = |side: NodeId, other: NodeId, wanted: fn(&Reading) -> bool| {
        let found = reading(subject, side).filter(wanted)?;
        subject.number(other)?;
        Some(Bound { at: claim.at, holder: found.holder })
    };
    // That something is in use at all is a test of the reading itself.
    let is_some = subject.number(claim.left).is_some_and(|number| number > 0.0);
    limits(claim.left, claim.right, |reading| !reading.is_what_is_left).or_else(|| {
        is_some.then(|| limits(claim.right, claim.left, |reading| reading.is_what_is_left)).flatten()
    })
}
