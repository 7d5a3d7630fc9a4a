//! Assertions that one more record or warning makes fail.

use super::captured::Captured;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::asked::{Asked, asked};
use crate::project::claims::{Claim, Relation, claims};

pub struct Claimed {
    /// The comparison or the assertion.
    pub at: NodeId,
    pub captured: Captured,
    /// The expression that stands for all that was captured.
    pub all: NodeId,
}

/// All of a test's, in source order.
pub fn claimed(subject: &Subject<'_>) -> Vec<Claimed> {
    let compared = claims(subject).into_iter().filter_map(|claim| of_claim(subject, &claim));
    let mut found: Vec<Claimed> = compared.chain(empties(subject)).collect();
    found.sort_by_key(|claimed| claimed.at);
    found
}

fn of_claim(subject: &Subject<'_>, claim: &Claim) -> Option<Claimed> {
    let sides: &[NodeId] = match claim.relation {
        Relation::Equal | Relation::Close(_) => &[claim.left, claim.right],
        // `len(records) < 3`, `record.levelno > 20`
        Relation::Less | Relation::AtMost => {
            let is_upper = |node: NodeId| length(subject, node).is_some();
            if is_upper(claim.left) { &[claim.left] } else { return one_of(subject, claim) }
        }
        // `"text" in records[0].message`
        Relation::In => return one_of(subject, claim),
        Relation::Differs | Relation::NotIn => return None,
    };
    let whole = |node: NodeId| length(subject, node).or_else(|| entire(subject, node));
    let found = sides.iter().find_map(|side| whole(*side));
    found.map(|(captured, all)| Claimed { at: claim.at, captured, all }).or_else(|| one_of(subject, claim))
}

/// `len(caplog.records)`
fn length(subject: &Subject<'_>, node: NodeId) -> Option<(Captured, NodeId)> {
    let NodeKind::Call { args, .. } = subject.code().kind(node) else { return None };
    let is_len = subject.callee(node).is_some_and(|path| path == "builtins.len");
    let (captured, all) = is_len.then(|| Captured::of(subject, args.first()?.value))??;
    let is_text = matches!(&captured, Captured::Log { view } if view == "text");
    (!is_text).then_some((captured, all))
}

/// `caplog.messages == […]`, `caplog.text == "…"`
fn entire(subject: &Subject<'_>, node: NodeId) -> Option<(Captured, NodeId)> {
    let code = subject.code();
    match code.kind(node) {
        NodeKind::Comprehension { clauses, .. } => {
            let [crate::facts::code::Clause::For { iter, .. }] = &**clauses else { return None };
            Captured::of(subject, *iter)
        }
        NodeKind::Call { args, .. } => {
            let is_list = subject.callee(node).is_some_and(|path| path == "builtins.list");
            is_list.then(|| Captured::of(subject, args.first()?.value))?
        }
        _ => Captured::of(subject, node),
    }
}

/// `caplog.records[0].message == "…"`
fn one_of(subject: &Subject<'_>, claim: &Claim) -> Option<Claimed> {
    let (captured, all) = [claim.left, claim.right].into_iter().find_map(|side| by_place(subject, side))?;
    Some(Claimed { at: claim.at, captured, all })
}

fn by_place(subject: &Subject<'_>, node: NodeId) -> Option<(Captured, NodeId)> {
    let origin = subject.origin(node).followed(subject.project);
    if !subject.is_item(&origin.module, origin.item) {
        return None;
    }
    let code = subject.code();
    match code.kind(origin.node) {
        NodeKind::Attribute { value, .. } => by_place(subject, *value),
        NodeKind::Subscript { value, index } => {
            let is_number = subject.number(*index).is_some();
            let here = is_number.then(|| Captured::of(subject, *value)).flatten();
            here.or_else(|| by_place(subject, *value))
        }
        NodeKind::Call { func, args } => match code.kind(*func) {
            NodeKind::Attribute { value, .. } => by_place(subject, *value),
            _ => by_place(subject, args.first()?.value),
        },
        _ => None,
    }
}

/// `assert not caplog.records`, `assertFalse(recwarn.list)`
fn empties(subject: &Subject<'_>) -> Vec<Claimed> {
    let code = subject.code();
    let operand = |node: NodeId| match code.kind(node) {
        NodeKind::Attribute { .. } | NodeKind::Name(_) => Some(node),
        _ => None,
    };
    let is_tested = |node: NodeId| match code.kind(code.node(node).parent) {
        NodeKind::Unary { op, .. } => op == "not",
        NodeKind::Call { .. } => true,
        _ => false,
    };
    let tested = subject.body().filter_map(operand).filter(|node| is_tested(*node));
    tested
        .filter(|node| asked(subject, *node) == Some(Asked::Not))
        .filter_map(|at| Captured::of(subject, at).map(|(captured, all)| Claimed { at, captured, all }))
        .collect()
}
