//! Assertions that want a stamp of the test to be what something else made of another reading of the clock.

use super::grain::Grain;
use super::handed::is_handed_on;
use super::stamps::{Read, Stamp, stamp};
use crate::facts::code::CompareOp;
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::clock::gives_now;
use crate::project::equality::{equalities, is_wanted};
use crate::project::{Place, Role, Subject};
use crate::rules::unfrozen_now::fixed::is_fixed;

pub struct Compared {
    /// What is expected, made of the test's reading.
    pub at: NodeId,
    pub stamp: Stamp,
    pub against: Against,
}

/// What read the clock for the other side.
pub enum Against {
    /// The test again.
    Reading(Read, Grain),
    /// A function of the project that reads it there.
    Function(Place),
    /// Code that is not in sight, and that was not given the test's reading.
    Unseen,
}

impl Compared {
    /// How close both readings must be.
    pub fn grain(&self) -> Grain {
        match self.against {
            Against::Reading(_, grain) => self.stamp.grain.min(grain),
            _ => self.stamp.grain,
        }
    }

    pub fn confidence(&self) -> Confidence {
        match (self.grain(), &self.against) {
            (Grain::Year | Grain::Month, _) => Confidence::Possible,
            // What never holds is no test that anybody keeps: something holds the clock that is not in sight.
            (Grain::Instant, Against::Unseen) => Confidence::Possible,
            _ => Confidence::Likely,
        }
    }
}

pub fn compared(subject: &Subject<'_>) -> Vec<Compared> {
    let code = subject.code();
    let equal = equalities(subject).into_iter().flat_map(|equality| equality.both_ways());
    let mut found: Vec<Compared> =
        equal.chain(contained(subject)).filter_map(|(side, other)| judged(subject, side, other)).collect();
    found.extend(mock_arguments(subject).into_iter().filter_map(|side| asked_of_mock(subject, side)));
    // Of two readings the later one is marked.
    found.sort_by_key(|compared| match compared.against {
        Against::Reading(..) => (code.statement_of(compared.at), 0, u32::MAX - compared.at.0),
        Against::Function(_) => (code.statement_of(compared.at), 1, compared.at.0),
        Against::Unseen => (code.statement_of(compared.at), 2, compared.at.0),
    });
    found.dedup_by_key(|compared| code.statement_of(compared.at));
    finest_of_each_reading(found)
}

/// `year`, `month` and `day` of one reading, asserted one by one, are one cause: the finest is told.
fn finest_of_each_reading(found: Vec<Compared>) -> Vec<Compared> {
    let mut kept: Vec<Compared> = Vec::new();
    for compared in found {
        match kept.iter_mut().find(|other| other.stamp.read == compared.stamp.read) {
            None => kept.push(compared),
            Some(other) if other.grain() < compared.grain() => *other = compared,
            Some(_) => {}
        }
    }
    kept
}

fn judged(subject: &Subject<'_>, side: NodeId, other: NodeId) -> Option<Compared> {
    let stamp = stamp(subject, side)?;
    let against = match self::stamp(subject, other) {
        Some(beside) if beside.read == stamp.read => return None,
        Some(beside) => Against::Reading(beside.read, beside.grain),
        None if is_fixed(subject, other) || is_about_other(subject, other) => return None,
        None if is_callers(subject, other) => return None,
        None if is_handed_on(subject, &stamp) => return None,
        None => reader(subject, other).map_or(Against::Unseen, Against::Function),
    };
    Some(Compared { at: side, stamp, against })
}

fn asked_of_mock(subject: &Subject<'_>, side: NodeId) -> Option<Compared> {
    let stamp = stamp(subject, side)?;
    (!is_handed_on(subject, &stamp)).then_some(Compared { at: side, stamp, against: Against::Unseen })
}

/// `assert text in other`, `assert other.startswith(text)`: texts that are part of others.
fn contained(subject: &Subject<'_>) -> Vec<(NodeId, NodeId)> {
    let code = subject.code();
    let pairs = subject.body().filter_map(|node| match code.kind(node) {
        NodeKind::Compare { left, rest } => match &**rest {
            [(CompareOp::In, right)] if is_wanted(subject, node) => Some((*left, *right)),
            _ => None,
        },
        NodeKind::Call { func, args } => match (code.kind(*func), &**args) {
            (NodeKind::Attribute { attr, .. }, [part, whole, ..]) if attr == "assertIn" => {
                Some((part.value, whole.value))
            }
            (NodeKind::Attribute { attr, value, .. }, [part])
                if matches!(attr.as_str(), "startswith" | "endswith") && is_wanted(subject, node) =>
            {
                Some((part.value, *value))
            }
            _ => None,
        },
        _ => None,
    });
    pairs.filter(|(part, _)| is_text(subject, *part)).collect()
}

fn is_text(subject: &Subject<'_>, node: NodeId) -> bool {
    let is_container = matches!(
        subject.code().kind(node),
        NodeKind::List(_) | NodeKind::Tuple(_) | NodeKind::Dict(_) | NodeKind::Set(_)
    );
    !is_container && stamp(subject, node).is_some_and(|stamp| stamp.is_part)
}

const OF_MOCKS: &[&str] = &[
    "assert_called_with",
    "assert_called_once_with",
    "assert_any_call",
    "assert_has_calls",
    "assert_awaited_with",
    "assert_awaited_once_with",
    "assert_any_await",
];

fn mock_arguments(subject: &Subject<'_>) -> Vec<NodeId> {
    let code = subject.code();
    let calls = subject.body().filter_map(|node| match code.kind(node) {
        NodeKind::Call { func, args } => {
            let name = code.kind(*func).last_name()?;
            OF_MOCKS.contains(&name).then(|| args.iter().map(|argument| argument.value))
        }
        _ => None,
    });
    calls.flatten().collect()
}

/// Whether the other side says itself that it is no moment: a length, a truth.
fn is_about_other(subject: &Subject<'_>, other: NodeId) -> bool {
    match subject.code().kind(other) {
        NodeKind::Call { func, .. } => subject.resolve(*func).is_some_and(|path| {
            matches!(path.as_str(), "builtins.len" | "builtins.type" | "unittest.mock.ANY" | "pytest.approx")
        }),
        // `{"id": 3, "made": ANY}`: what is left open is the moment.
        NodeKind::Dict(_) | NodeKind::List(_) | NodeKind::Tuple(_) => {
            subject.code().subtree(other).any(|part| is_any(subject, part))
        }
        _ => is_any(subject, other),
    }
}

fn is_any(subject: &Subject<'_>, node: NodeId) -> bool {
    matches!(subject.code().kind(node), NodeKind::Name(_) | NodeKind::Attribute { .. })
        && subject.resolve(node).is_some_and(|path| path == "unittest.mock.ANY")
}

/// Whether the other side is what the caller of a function gives it, which may be the same moment.
fn is_callers(subject: &Subject<'_>, other: NodeId) -> bool {
    let code = subject.code();
    let is_given = |node: NodeId| {
        let Some(name) = code.kind(node).as_name() else { return false };
        let is_param =
            subject.function().is_some_and(|own| own.params.iter().any(|param| param.name == name));
        is_param && !matches!(name, "self" | "cls")
    };
    subject.role == Role::Plain && code.subtree(other).any(is_given)
}

/// Where a function of the project reads the clock that makes the other side.
fn reader(subject: &Subject<'_>, other: NodeId) -> Option<Place> {
    let followed = subject.origin(base(subject, other)).followed(subject.project);
    let there = followed.subject(subject.project);
    let code = there.code();
    code.subtree(followed.node).find_map(|node| {
        let NodeKind::Call { func, .. } = code.kind(node) else { return None };
        let called = there.definition(*func)?.subject(subject.project);
        let read = called.body().find(|node| called.callee(*node).is_some_and(|path| gives_now(&path)))?;
        Some(called.place(called.code().range(read)))
    })
}

/// `invoice` of `invoice.created.date()`.
fn base(subject: &Subject<'_>, node: NodeId) -> NodeId {
    let code = subject.code();
    let mut at = node;
    loop {
        at = match code.kind(at) {
            NodeKind::Attribute { value, .. } | NodeKind::Subscript { value, .. } => *value,
            NodeKind::Call { func, .. } => match code.kind(*func) {
                NodeKind::Attribute { value, .. }
                    if matches!(code.kind(*value), NodeKind::Attribute { .. }) =>
                {
                    *value
                }
                _ => return at,
            },
            _ => return at,
        };
    }
}
