//! `hash-or-address-literal`: an assertion on a hash or an address that is another one in every process.

mod salted;

use super::{Cause, Rule, RuleMeta, Said};
use crate::evidence::glance;
use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::claims::{Claim, Relation, claims};
use crate::project::surroundings::is_expected_to_fail;

use salted::{Value, Written};

pub struct HashOrAddressLiteral;

pub struct Found {
    /// The comparison.
    at: NodeId,
    value: Value,
}

impl Rule for HashOrAddressLiteral {
    const META: RuleMeta = RuleMeta {
        name: "hash-or-address-literal",
        summary: "An assertion that writes down a hash or an address, which is another one in every process",
        cause: Cause::Order,
        page: include_str!("hash-or-address-literal.md"),
        on_by_default: true,
        triggers: &[&["hash", "id(", "0x"]],
    };
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let mut found: Vec<Found> = claims(subject)
            .iter()
            .filter(|claim| {
                matches!(claim.relation, Relation::Equal | Relation::In | Relation::Less | Relation::AtMost)
            })
            .filter_map(|claim| Some(Found { at: claim.at, value: compared(subject, claim)? }))
            .filter(|found| !is_expected_to_fail(subject, found.at))
            .collect();
        found.dedup_by_key(|found| subject.code().statement_of(found.at));
        if found.is_empty() || salted::is_decided(subject) { Vec::new() } else { found }
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let written = glance(subject.source(found.at));
        let why = match found.value {
            Value::Hash => {
                "Python salts the hashes of strings and bytes in every process; a fixed `PYTHONHASHSEED` only hides it."
            }
            Value::Id => "It says where the object lies in memory, which is another place in every process.",
            Value::Repr => {
                "The `0x…` in it says where the object lies in memory, which is another place in every process."
            }
        };
        Said {
            confidence: Confidence::Likely,
            at: subject.code().range(found.at),
            what: format!("`{written}` rests on {}.", found.value.words()),
            why: why.to_owned(),
            todo: found.value.todo().to_owned(),
            related: Vec::new(),
            mitigated_by: None,
        }
    }

    fn fix(_subject: &Subject<'_>, _found: &Found) -> Vec<Fix> {
        Vec::new()
    }
}

/// What of the two sides is another value in every process, where the other is written down.
fn compared(subject: &Subject<'_>, claim: &Claim) -> Option<Value> {
    if matches!(claim.relation, Relation::Less | Relation::AtMost) {
        return ordered(subject, claim);
    }
    claim.both_ways().into_iter().find_map(|(side, other)| {
        let value = salted::value(subject, &subject.origin(side))?;
        let written = salted::written(subject, &subject.origin(other))?;
        match (value, written, claim.relation) {
            (Value::Hash | Value::Id, Written::Number, Relation::Equal) => Some(value),
            (Value::Hash | Value::Id, Written::Digits, Relation::Equal | Relation::In) => Some(value),
            (Value::Repr, Written::Address, Relation::Equal | Relation::In) => Some(value),
            _ => None,
        }
    })
}

/// `hash("a") > 0`, `hash("a") % 8 < 4`, `hash("a") < hash("b")`
fn ordered(subject: &Subject<'_>, claim: &Claim) -> Option<Value> {
    let value =
        |node: NodeId| salted::value(subject, &subject.origin(node)).filter(|value| *value != Value::Repr);
    match (value(claim.left), value(claim.right)) {
        (Some(left), Some(_)) => {
            let [one, other] =
                [claim.left, claim.right].map(|node| subject.origin(node).followed(subject.project));
            (one.kind() != other.kind()).then_some(left)
        }
        (Some(Value::Hash), None) => {
            salted::may_pass(subject, claim.left, claim.right).then_some(Value::Hash)
        }
        (None, Some(Value::Hash)) => {
            salted::may_pass(subject, claim.right, claim.left).then_some(Value::Hash)
        }
        _ => None,
    }
}
