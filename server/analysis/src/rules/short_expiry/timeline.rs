//! How long a test has slept between giving something a short life and asking for it.

use super::checks::{Check, Wanted, checks};
use super::expiries::{Expiry, expiries};
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::sleeps::sleeps;

/// An assertion that a pause of the machine, or none, decides.
pub struct Race {
    pub expiry: NodeId,
    pub seconds: f64,
    pub check: NodeId,
    pub wanted: Wanted,
    /// Between what the test sleeps and what the thing lives.
    pub slack: f64,
    /// The last sleep in front of the assertion.
    pub sleep: Option<NodeId>,
    pub confidence: Confidence,
}

pub fn races(subject: &Subject<'_>) -> Vec<Race> {
    let expiries = expiries(subject);
    if expiries.is_empty() {
        return Vec::new();
    }
    let pauses = pauses(subject);
    let checks = checks(subject);
    expiries.iter().filter_map(|expiry| first_race(subject, expiry, &expiries, &pauses, &checks)).collect()
}

struct Pause {
    call: NodeId,
    seconds: f64,
}

/// The sleeps that run once; none where the length of one is not known.
fn pauses(subject: &Subject<'_>) -> Vec<Pause> {
    let code = subject.code();
    let all: Option<Vec<Pause>> = sleeps(subject)
        .into_iter()
        .map(|sleep| {
            let NodeKind::Call { args, .. } = code.kind(sleep.call) else { return None };
            let seconds = subject.number(args.first()?.value)?;
            sleep.is_plain.then_some(Pause { call: sleep.call, seconds })
        })
        .collect();
    all.unwrap_or_default()
}

fn first_race(
    subject: &Subject<'_>,
    expiry: &Expiry,
    all: &[Expiry],
    pauses: &[Pause],
    checks: &[Check],
) -> Option<Race> {
    let code = subject.code();
    if is_repeated(subject, expiry.call) {
        return None;
    }
    // What is given another life later is a new story.
    let later = |other: &&Expiry| {
        other.call > expiry.call && other.names.iter().any(|name| expiry.names.contains(name))
    };
    let until = all.iter().find(later).map_or(u32::MAX, |other| other.call.0);
    let crossing: f64 = pauses
        .iter()
        .filter(|pause| pause.call > expiry.call && pause.call.0 < until)
        .map(|pause| pause.seconds)
        .sum();
    if crossing < expiry.seconds {
        return None;
    }
    let names = derived_names(subject, expiry);
    let keys = texts(subject, expiry.call);
    let begins = code.node(code.statement_of(expiry.call)).subtree_end;
    let races =
        checks.iter().filter(|check| check.at.0 >= begins && check.at.0 < until).filter_map(|check| {
            if is_repeated(subject, check.at) || !mentions(subject, check.at, &names, &keys) {
                return None;
            }
            let from = last_write(subject, expiry, check.at);
            let before: Vec<&Pause> =
                pauses.iter().filter(|pause| pause.call > from && pause.call < check.at).collect();
            let slept: f64 = before.iter().map(|pause| pause.seconds).sum();
            let (slack, confidence) = judged(check.wanted, slept, expiry.seconds)?;
            let sleep = before.last().map(|pause| pause.call);
            Some(Race {
                expiry: expiry.call,
                seconds: expiry.seconds,
                check: check.at,
                wanted: check.wanted,
                slack,
                sleep,
                confidence,
            })
        });
    races.min_by(|one, other| one.slack.total_cmp(&other.slack))
}

/// How little room is too little. A sleep is never shorter than it says: what counts its life by the same clock is gone
/// behind it, so that is never sure.
fn judged(wanted: Wanted, slept: f64, life: f64) -> Option<(f64, Confidence)> {
    match wanted {
        Wanted::There => {
            let slack = life - slept;
            let confidence = if slack <= 0.25 { Confidence::Likely } else { Confidence::Possible };
            (slack > 1e-9 && slack <= 1.0).then_some((slack, confidence))
        }
        Wanted::Gone => {
            let slack = slept - life;
            (slack > -1e-9 && slack < 0.011 && slack <= life / 4.0)
                .then_some((slack.max(0.0), Confidence::Possible))
        }
    }
}

fn is_repeated(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(node).any(|outer| {
        matches!(
            code.kind(outer),
            NodeKind::For { .. } | NodeKind::While { .. } | NodeKind::If { .. } | NodeKind::Try { .. }
        )
    })
}

/// The names of the thing, and those that get their value from it.
fn derived_names(subject: &Subject<'_>, expiry: &Expiry) -> Vec<String> {
    let code = subject.code();
    let keys = texts(subject, expiry.call);
    let mut names = expiry.names.clone();
    for node in subject.body().filter(|node| *node > expiry.call) {
        let NodeKind::Assign { targets, value } = code.kind(node) else { continue };
        if mentions(subject, *value, &names, &keys) {
            names.extend(targets.iter().filter_map(|target| code.kind(*target).as_name()).map(str::to_owned));
        }
    }
    names
}

/// Whether an expression asks one of these names, and for no other key than the expiry's.
fn mentions(subject: &Subject<'_>, node: NodeId, names: &[String], keys: &[&str]) -> bool {
    let code = subject.code();
    code.subtree(node).any(|part| {
        let is_it = matches!(code.kind(part), NodeKind::Name(_) | NodeKind::Attribute { .. })
            && code.dotted(part).is_some_and(|dotted| names.contains(&dotted));
        is_it && !asks_for_other(subject, part, keys)
    })
}

/// `cache.get("ink")`, where the expiry is that of `"pen"`.
fn asks_for_other(subject: &Subject<'_>, part: NodeId, keys: &[&str]) -> bool {
    let code = subject.code();
    let call = code.ancestors(part).find(|outer| match code.kind(*outer) {
        NodeKind::Call { func, .. } => code.is_within(part, *func),
        _ => false,
    });
    let asked = call.map(|call| texts(subject, call)).unwrap_or_default();
    !keys.is_empty() && asked.iter().any(|text| !keys.contains(text))
}

/// The texts among the arguments of a call.
fn texts<'s>(subject: &'s Subject<'_>, call: NodeId) -> Vec<&'s str> {
    let code = subject.code();
    let NodeKind::Call { args, .. } = code.kind(call) else { return Vec::new() };
    args.iter().filter_map(|argument| code.kind(argument.value).as_str()).collect()
}

/// Methods that begin a life anew.
const WRITES: &[&str] =
    &["set", "put", "add", "store", "touch", "refresh", "renew", "extend", "update", "reacquire"];

/// The last time before a check that something was put into what holds it.
fn last_write(subject: &Subject<'_>, expiry: &Expiry, check: NodeId) -> NodeId {
    let code = subject.code();
    let is_its = |node: NodeId| code.dotted(node).is_some_and(|dotted| expiry.names.contains(&dotted));
    let mut writes = subject.body().filter(|node| *node > expiry.call && *node < check).filter(|node| {
        match code.kind(*node) {
            NodeKind::Call { func, .. } => match code.kind(*func) {
                NodeKind::Attribute { value, attr, .. } => WRITES.contains(&attr.as_str()) && is_its(*value),
                _ => false,
            },
            NodeKind::Assign { targets, .. } => targets.iter().any(|target| match code.kind(*target) {
                NodeKind::Subscript { value, .. } => is_its(*value),
                _ => false,
            }),
            _ => false,
        }
    });
    writes.next_back().unwrap_or(expiry.call)
}
