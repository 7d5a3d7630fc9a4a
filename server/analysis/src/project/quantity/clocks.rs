//! The calls that read a clock or measure time themselves.

use super::{Moment, Quantity, Span};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

/// Each with the seconds that one of its value stands for. Differences of `datetime`s count as seconds.
const CLOCKS: &[(&str, f64)] = &[
    ("time.time", 1.0),
    ("time.time_ns", 1e-9),
    ("time.monotonic", 1.0),
    ("time.monotonic_ns", 1e-9),
    ("time.perf_counter", 1.0),
    ("time.perf_counter_ns", 1e-9),
    ("time.process_time", 1.0),
    ("time.process_time_ns", 1e-9),
    ("time.thread_time", 1.0),
    ("time.thread_time_ns", 1e-9),
    ("timeit.default_timer", 1.0),
    ("datetime.datetime.now", 1.0),
    ("datetime.datetime.utcnow", 1.0),
    ("django.utils.timezone.now", 1.0),
    ("pendulum.now", 1.0),
    ("arrow.now", 1.0),
    ("arrow.utcnow", 1.0),
    ("pandas.Timestamp.now", 1.0),
];

const LOOPS: &[&str] = &[
    "asyncio.get_event_loop",
    "asyncio.get_running_loop",
    "asyncio.new_event_loop",
    "asyncio.events.get_running_loop",
];

pub fn of_call(subject: &Subject<'_>, call: NodeId, func: NodeId, args: &[Argument]) -> Option<Quantity> {
    let here = || subject.place(subject.code().range(call));
    let path = subject.resolve(func);
    let path = path.as_deref().unwrap_or_default();
    let clock = CLOCKS.iter().find(|(name, _)| *name == path).map(|(_, unit)| *unit);
    let counts_seconds = || is_current_time(path) || is_loop_time(subject, func);
    if let Some(unit) = clock.or_else(|| counts_seconds().then_some(1.0)) {
        let is_cpu = path.contains("process_time") || path.contains("thread_time");
        return Some(Quantity::Moment(Moment { unit, later: 0.0, is_cpu, read_at: here() }));
    }
    match path {
        "datetime.timedelta" => timedelta(subject, args),
        "timeit.timeit" | "timeit.repeat" => Some(measured(subject, call)),
        _ if is_timer(subject, func) => Some(measured(subject, call)),
        _ => None,
    }
}

/// The clock of a run of `trio` or `anyio`, which they know by several paths themselves.
fn is_current_time(path: &str) -> bool {
    path.ends_with(".current_time") && matches!(path.split('.').next(), Some("trio" | "anyio"))
}

fn measured(subject: &Subject<'_>, call: NodeId) -> Quantity {
    let here = subject.place(subject.code().range(call));
    let (from, until) = (here.clone(), here);
    Quantity::Span(Span {
        unit: Some(1.0),
        less: 0.0,
        grain: 0.0,
        is_cpu: false,
        is_typical: false,
        from,
        until,
    })
}

/// `timeit.Timer(…).timeit()`
fn is_timer(subject: &Subject<'_>, func: NodeId) -> bool {
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(func) else { return false };
    matches!(attr.as_str(), "timeit" | "repeat") && is_made_by(subject, *value, &["timeit.Timer"])
}

/// `asyncio.get_running_loop().time()`, also by way of a name or a fixture.
fn is_loop_time(subject: &Subject<'_>, func: NodeId) -> bool {
    let NodeKind::Attribute { value, attr, .. } = subject.code().kind(func) else { return false };
    if attr != "time" {
        return false;
    }
    if is_made_by(subject, *value, LOOPS) {
        return true;
    }
    let Some(name) = subject.code().kind(*value).as_name() else { return false };
    match subject.fixture_subject(name) {
        Some(fixture) => fixture.results().into_iter().any(|made| is_made_by(&fixture, made, LOOPS)),
        None => is_loop_parameter(subject, name),
    }
}

/// A loop that a plugin's fixture gives: `event_loop`, or what is annotated as one.
fn is_loop_parameter(subject: &Subject<'_>, name: &str) -> bool {
    let Some(function) = subject.function() else { return false };
    let annotation =
        function.params.iter().find(|param| param.name == name).and_then(|param| param.annotation);
    let is_loop = |path: &str| path.starts_with("asyncio.") && path.ends_with("AbstractEventLoop");
    match annotation {
        Some(annotation) => subject.resolve(annotation).is_some_and(|path| is_loop(&path)),
        None => name == "event_loop" && subject.requests(name),
    }
}

fn is_made_by(subject: &Subject<'_>, expr: NodeId, makers: &[&str]) -> bool {
    let origin = subject.origin(expr);
    let origin = origin.followed(subject.project);
    let stands_in = origin.subject(subject.project);
    stands_in.callee(origin.node).is_some_and(|path| makers.contains(&path.as_str()))
}

const UNITS: &[(&str, f64)] = &[
    ("days", 86400.0),
    ("seconds", 1.0),
    ("microseconds", 1e-6),
    ("milliseconds", 1e-3),
    ("minutes", 60.0),
    ("hours", 3600.0),
    ("weeks", 604_800.0),
];

fn timedelta(subject: &Subject<'_>, args: &[Argument]) -> Option<Quantity> {
    let mut seconds = 0.0;
    for (index, argument) in args.iter().enumerate() {
        let (_, unit) = match &argument.kind {
            ArgumentKind::Positional => UNITS.get(index)?,
            ArgumentKind::Keyword(name) => UNITS.iter().find(|(unit, _)| unit == name)?,
            _ => return None,
        };
        seconds += subject.number(argument.value)? * unit;
    }
    Some(Quantity::Number(seconds))
}
