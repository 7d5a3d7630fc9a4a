//! A fixed moment in the time of the machine's zone, compared with what is written down: it holds where its author lives.

use super::fixed::is_fixed;
use crate::facts::arguments::{keyword, positional};
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};
use crate::project::equality::equalities;
use crate::project::{Place, Subject};

const MAX_DEPTH: u32 = 6;

/// An assertion on local time.
pub struct Local {
    /// The side that depends on the zone.
    pub at: NodeId,
    /// The call that asks the machine for its zone.
    pub by: Place,
}

pub fn local_times(subject: &Subject<'_>) -> Vec<Local> {
    let sides = equalities(subject).into_iter().flat_map(|equality| equality.both_ways());
    sides
        .filter_map(|(side, other)| {
            let by = local(subject, side, Given::Fixed, MAX_DEPTH)?;
            is_fixed(subject, other).then_some(Local { at: side, by })
        })
        .collect()
}

/// What the converted moment may be.
#[derive(Clone, Copy)]
enum Given {
    /// Written down.
    Fixed,
    /// A parameter of the function, to which the caller gives what is written down.
    Parameter,
}

/// Where the machine's zone comes in, if an expression is a moment, or the text of one, that was converted by it.
fn local(subject: &Subject<'_>, expr: NodeId, given: Given, depth: u32) -> Option<Place> {
    let depth = depth.checked_sub(1)?;
    let of = |node: NodeId| local(subject, node, given, depth);
    match subject.code().kind(expr) {
        NodeKind::Call { func, args } => of_call(subject, expr, *func, args, given, depth),
        NodeKind::Attribute { value, attr, .. } if is_zoned_field(attr) => of(*value),
        NodeKind::FString { values, .. } => values.iter().find_map(|value| of(*value)),
        NodeKind::Subscript { value, .. } => of(*value),
        NodeKind::Name(name) => {
            let local = subject.facts.bindings().visible(subject.code(), name, expr);
            let [one] = local.as_slice() else { return None };
            of(one.value(subject.code(), name)?)
        }
        _ => None,
    }
}

fn is_zoned_field(attr: &str) -> bool {
    matches!(attr, "hour" | "day" | "tm_hour" | "tm_mday")
}

fn of_call(
    subject: &Subject<'_>,
    call: NodeId,
    func: NodeId,
    args: &[Argument],
    given: Given,
    depth: u32,
) -> Option<Place> {
    let path = subject.resolve(func);
    let path = path.as_deref().unwrap_or_default();
    if converts(subject, path, func, args, given) {
        return Some(subject.place(subject.code().range(call)));
    }
    let of = |node: NodeId| local(subject, node, given, depth);
    match path {
        "builtins.str" | "builtins.int" | "time.asctime" => return of(positional(args, 0)?),
        "time.strftime" => return of(positional(args, 1)?),
        _ => {}
    }
    if let NodeKind::Attribute { value, attr, .. } = subject.code().kind(func)
        && matches!(attr.as_str(), "strftime" | "isoformat" | "date" | "time" | "ctime" | "timetuple")
        && let Some(place) = of(*value)
    {
        return Some(place);
    }
    in_function(subject, func, args, given, depth)
}

/// A function of the project that is given a fixed moment and gives back local time.
fn in_function(
    subject: &Subject<'_>,
    func: NodeId,
    args: &[Argument],
    given: Given,
    depth: u32,
) -> Option<Place> {
    if !matches!(given, Given::Fixed) || !args.iter().all(|argument| is_fixed(subject, argument.value)) {
        return None;
    }
    let called = subject.definition(func)?.subject(subject.project);
    let all: Option<Vec<Place>> =
        called.results().into_iter().map(|node| local(&called, node, Given::Parameter, depth)).collect();
    all?.into_iter().next()
}

/// Whether a call converts a moment by the machine's zone.
fn converts(subject: &Subject<'_>, path: &str, func: NodeId, args: &[Argument], given: Given) -> bool {
    let is_given = |node: Option<NodeId>| node.is_some_and(|node| may_be(subject, node, given));
    match path {
        "datetime.datetime.fromtimestamp" => {
            args.len() == 1 && keyword(args, "tz").is_none() && is_given(positional(args, 0))
        }
        "datetime.date.fromtimestamp" | "time.localtime" | "time.ctime" | "time.mktime" => {
            is_given(positional(args, 0))
        }
        _ => match subject.code().kind(func) {
            NodeKind::Attribute { value, attr, .. }
                if matches!(attr.as_str(), "timestamp" | "astimezone") =>
            {
                is_naive(subject, *value)
            }
            _ => false,
        },
    }
}

fn may_be(subject: &Subject<'_>, node: NodeId, given: Given) -> bool {
    match given {
        Given::Fixed => is_fixed(subject, node),
        Given::Parameter => subject.code().subtree(node).any(|part| {
            let name = subject.code().kind(part).as_name();
            name.is_some_and(|name| {
                subject.function().is_some_and(|function| {
                    function.params.iter().any(|param| param.name == name && name != "self")
                })
            })
        }),
    }
}

/// `datetime(2026, 3, 14)`, written down without a zone.
fn is_naive(subject: &Subject<'_>, node: NodeId) -> bool {
    let followed = subject.origin(node).followed(subject.project);
    let there = followed.subject(subject.project);
    let NodeKind::Call { args, .. } = there.code().kind(followed.node) else { return false };
    there.callee(followed.node).is_some_and(|path| path == "datetime.datetime")
        && args.len() < 8
        && keyword(args, "tzinfo").is_none()
        && is_fixed(&there, followed.node)
}

/// Whether anything around the item sets the machine's zone.
pub fn is_zone_set(subject: &Subject<'_>) -> bool {
    let says = |text: &str| ["tzset", "\"TZ\"", "'TZ'", "TZ="].iter().any(|word| text.contains(word));
    let project = subject.project;
    let conftests = project.conftests(subject.path());
    says(subject.module.file.text.as_str())
        || conftests
            .iter()
            .filter_map(|path| project.module(path))
            .any(|module| says(module.file.text.as_str()))
}
