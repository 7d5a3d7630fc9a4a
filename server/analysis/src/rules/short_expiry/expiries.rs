//! Where something is given a life of a moment.

use crate::facts::arguments::{keyword, positional};
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::handoff::handle_of;
use crate::text::{Standing, Word};

/// Longer lives have room for a pause.
const SHORT: f64 = 2.0;

/// Something that expires.
pub struct Expiry {
    pub call: NodeId,
    pub seconds: f64,
    /// What the test calls it, or what holds it.
    pub names: Vec<String>,
}

pub fn expiries(subject: &Subject<'_>) -> Vec<Expiry> {
    let code = subject.code();
    let all = subject.body().filter(|call| subject.runs_here(*call)).filter_map(|call| {
        let NodeKind::Call { func, args } = code.kind(call) else { return None };
        let seconds = life(subject, *func, args)?;
        let receiver = match code.kind(*func) {
            NodeKind::Attribute { value, .. } => code.dotted(*value),
            _ => None,
        };
        let names: Vec<String> = handle_of(subject, call).into_iter().chain(receiver).collect();
        (seconds > 0.0 && seconds <= SHORT && !names.is_empty()).then_some(Expiry { call, seconds, names })
    });
    all.collect()
}

/// Names of arguments that say how long something lives, with the seconds that one of them stands for.
const LIVES: &[(&str, f64)] = &[
    ("ttl", 1.0),
    ("ttl_seconds", 1.0),
    ("ttl_secs", 1.0),
    ("ttl_ms", 1e-3),
    ("cache_ttl", 1.0),
    ("default_ttl", 1.0),
    ("time_to_live", 1.0),
    ("ex", 1.0),
    ("px", 1e-3),
    ("expire", 1.0),
    ("expires", 1.0),
    ("expire_in", 1.0),
    ("expires_in", 1.0),
    ("expire_after", 1.0),
    ("expires_after", 1.0),
    ("expiry", 1.0),
    ("expiration", 1.0),
    ("expires_delta", 1.0),
    ("max_age", 1.0),
    ("maxage", 1.0),
    ("lifetime", 1.0),
    ("lease", 1.0),
    ("lease_time", 1.0),
    ("lease_duration", 1.0),
    ("valid_for", 1.0),
];

/// Methods whose argument behind the key is a life.
const BY_PLACE: &[(&str, f64)] = &[
    ("setex", 1.0),
    ("psetex", 1e-3),
    ("expire", 1.0),
    ("pexpire", 1e-3),
    ("hexpire", 1.0),
    ("hpexpire", 1e-3),
    ("TTLCache", 1.0),
];

/// Methods whose `timeout` is a life: those of caches (Django's, Flask's) and of locks.
const BY_TIMEOUT: &[&str] = &["set", "add", "touch", "get_or_set", "set_many", "lock"];

/// Whether a text holds one of the names that say so.
pub fn may_stand_in(text: &str) -> bool {
    let names = LIVES.iter().chain(BY_PLACE).map(|(name, _)| *name);
    names.chain(["timeout"]).any(|name| Word::new(name, Standing::Alone).is_in(text))
}

fn life(subject: &Subject<'_>, func: NodeId, args: &[Argument]) -> Option<f64> {
    let name = subject.code().kind(func).last_name()?;
    let of = |node: NodeId, unit: f64| subject.number(node).map(|number| number * unit);
    let by_name = LIVES.iter().find_map(|(name, unit)| of(keyword(args, name)?, *unit));
    let by_timeout = || {
        let is_life = BY_TIMEOUT.contains(&name);
        is_life.then(|| of(keyword(args, "timeout")?, 1.0)).flatten()
    };
    let by_place = || {
        let (_, unit) = BY_PLACE.iter().find(|(method, _)| *method == name)?;
        of(positional(args, 1)?, *unit)
    };
    by_name.or_else(by_timeout).or_else(by_place)
}
