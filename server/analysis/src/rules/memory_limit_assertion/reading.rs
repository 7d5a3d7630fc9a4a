//! What an expression reads of the memory in use, in whatever unit.
//!
//! Names, helpers and fixtures are followed. What grew between two readings is no reading.

use crate::facts::arguments::{argument, positional};
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;

/// Values of values are followed this far.
const MAX_DEPTH: u32 = 10;

/// What asks, by its last name.
pub const READ_BY: &[&str] = &[
    "psutil",
    "Process",
    "resource",
    "tracemalloc",
    "memory_info",
    "memory_full_info",
    "memory_percent",
    "virtual_memory",
    "swap_memory",
    "getrusage",
    "get_traced_memory",
    "memory_usage",
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    Process,
    /// The most that the process held since it began.
    Peak,
    /// What `tracemalloc` saw.
    Traced,
    Machine,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub holder: Holder,
    /// Free memory, not memory in use.
    pub is_what_is_left: bool,
}

impl Reading {
    fn used(holder: Holder) -> Option<Reading> {
        Some(Reading { holder, is_what_is_left: false })
    }
}

pub fn reading(subject: &Subject<'_>, node: NodeId) -> Option<Reading> {
    within(subject, node, MAX_DEPTH)
}

fn within(subject: &Subject<'_>, node: NodeId, depth: u32) -> Option<Reading> {
    let depth = depth.checked_sub(1)?;
    let code = subject.code();
    let of = |node: NodeId| within(subject, node, depth);
    match code.kind(node) {
        NodeKind::Name(name) => of_name(subject, name, node, depth),
        NodeKind::Await(inner) => of(*inner),
        NodeKind::Walrus { value, .. } => of(*value),
        // Another unit.
        NodeKind::Binary { op, left, right } if matches!(op.as_str(), "/" | "//" | "*" | ">>") => {
            let found = of(*left).or_else(|| of(*right).filter(|_| op == "*"))?;
            let is_unit = [*left, *right].into_iter().any(|side| subject.number(side).is_some());
            is_unit.then_some(found)
        }
        NodeKind::Subscript { value, index } => {
            let (asked, in_subject) = call(subject, *value)?;
            is_first_or_peak(subject, *index).then(|| of_asked(&in_subject, asked)).flatten()
        }
        NodeKind::Attribute { value, attr, .. } => {
            let (asked, in_subject) = call(subject, *value)?;
            of_part(&in_subject, asked, attr)
        }
        NodeKind::Call { func, args } => {
            let transparent = subject.resolve(*func).is_some_and(|path| {
                matches!(
                    path.as_str(),
                    "builtins.max"
                        | "builtins.min"
                        | "builtins.round"
                        | "builtins.int"
                        | "builtins.float"
                        | "statistics.mean"
                        | "statistics.median"
                )
            });
            if transparent {
                return of(positional(args, 0)?);
            }
            direct(subject, node)
                .or_else(|| of_results(&subject.definition(*func)?.subject(subject.project), depth))
        }
        _ => None,
    }
}

fn of_name(subject: &Subject<'_>, name: &str, node: NodeId, depth: u32) -> Option<Reading> {
    let code = subject.code();
    let bindings = subject.facts.bindings().visible(code, name, node);
    let [binding] = bindings.as_slice() else { return None };
    if let Some(value) = binding.value(code, name) {
        return within(subject, value, depth);
    }
    match (&binding.kind, code.kind(binding.node)) {
        // `current, peak = tracemalloc.get_traced_memory()`
        (BindingKind::Opaque, NodeKind::Assign { value, .. }) => {
            let (asked, in_subject) = call(subject, *value)?;
            of_asked(&in_subject, asked).filter(|found| found.holder == Holder::Traced)
        }
        (BindingKind::Param(_), _) => of_results(&subject.fixture_subject(name)?, depth),
        _ => None,
    }
}

/// What a function gives, or a fixture, where all that it may give is the same kind of reading.
fn of_results(definition: &Subject<'_>, depth: u32) -> Option<Reading> {
    let results = definition.results();
    let mut found = results.iter().map(|result| within(definition, *result, depth));
    let first = found.next()??;
    found.all(|other| other == Some(first)).then_some(first)
}

/// The call that an expression stands for, and where that is.
fn call<'p>(subject: &Subject<'p>, node: NodeId) -> Option<(NodeId, Subject<'p>)> {
    let origin = subject.origin(node).followed(subject.project);
    matches!(origin.kind(), NodeKind::Call { .. }).then(|| (origin.node, origin.subject(subject.project)))
}

/// `psutil.Process().memory_percent()`
fn direct(subject: &Subject<'_>, call: NodeId) -> Option<Reading> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
    if is_own_method(subject, *func, &["memory_percent"]) {
        return Reading::used(Holder::Process);
    }
    // Of a function that it is given it runs that in this process; `-1` is the process itself.
    let is_profiler = subject.resolve(*func).is_some_and(|path| path == "memory_profiler.memory_usage");
    let is_own = || match argument(args, 0, "proc") {
        None => true,
        Some(given) => {
            matches!(subject.code().kind(given), NodeKind::Tuple(_) | NodeKind::Unary { .. })
                || is_own_id(subject, given)
        }
    };
    (is_profiler && is_own()).then(|| Reading::used(Holder::Process)).flatten()
}

/// What a call gives in a part that is picked by number.
fn of_asked(subject: &Subject<'_>, call: NodeId) -> Option<Reading> {
    let NodeKind::Call { func, .. } = subject.code().kind(call) else { return None };
    if subject.resolve(*func).is_some_and(|path| path == "tracemalloc.get_traced_memory") {
        return Reading::used(Holder::Traced);
    }
    if is_own_method(subject, *func, &["memory_info", "memory_full_info"]) {
        return Reading::used(Holder::Process);
    }
    direct(subject, call)
}

/// What a call gives in the part of that name.
fn of_part(subject: &Subject<'_>, call: NodeId, part: &str) -> Option<Reading> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return None };
    if is_own_method(subject, *func, &["memory_info", "memory_full_info", "memory_info_ex"]) {
        return match part {
            "rss" | "vms" | "uss" | "pss" | "data" | "wset" | "private" | "pagefile" => {
                Reading::used(Holder::Process)
            }
            "peak_wset" | "peak_pagefile" | "peak_rss" => Reading::used(Holder::Peak),
            _ => None,
        };
    }
    let path = subject.resolve(*func)?;
    match (path.as_str(), part) {
        ("resource.getrusage", "ru_maxrss") => {
            let who = subject.resolve(positional(args, 0)?)?;
            (who == "resource.RUSAGE_SELF").then(|| Reading::used(Holder::Peak)).flatten()
        }
        ("psutil.virtual_memory" | "psutil.swap_memory", "used" | "percent" | "active") => {
            Reading::used(Holder::Machine)
        }
        ("psutil.virtual_memory" | "psutil.swap_memory", "available" | "free") => {
            Some(Reading { holder: Holder::Machine, is_what_is_left: true })
        }
        _ => None,
    }
}

/// A method of `psutil.Process()`, of no other process.
fn is_own_method(subject: &Subject<'_>, func: NodeId, names: &[&str]) -> bool {
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(func) else { return false };
    names.contains(&attr.as_str()) && is_own_process(subject, *value, 3)
}

fn is_own_process(subject: &Subject<'_>, node: NodeId, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let origin = subject.origin(node).followed(subject.project);
    let made = origin.subject(subject.project);
    match origin.kind() {
        NodeKind::Call { args, .. } => {
            made.callee(origin.node).is_some_and(|path| path == "psutil.Process")
                && argument(args, 0, "pid").is_none_or(|given| is_own_id(&made, given))
        }
        // A fixture.
        NodeKind::Name(name) => made.fixture_subject(name).is_some_and(|fixture| {
            let results = fixture.results();
            !results.is_empty() && results.iter().all(|result| is_own_process(&fixture, *result, depth))
        }),
        _ => false,
    }
}

fn is_own_id(subject: &Subject<'_>, node: NodeId) -> bool {
    let origin = subject.origin(node).followed(subject.project);
    origin.subject(subject.project).callee(origin.node).is_some_and(|path| path == "os.getpid")
}

/// `[0]` of a list of readings, `[1]` of what `tracemalloc` gives, `[-1]`.
fn is_first_or_peak(subject: &Subject<'_>, index: NodeId) -> bool {
    subject.number(index).is_some_and(|index| (-1.0..=1.0).contains(&index))
}
