//! Follows an expression to the reading of the clock that it was made from.
//!
//! Only steps that keep the moment are followed: fields, texts, additions, containers, names, functions and fixtures of
//! the project. What anything else makes of a moment is not known.

mod calls;

use smol_str::SmolStr;

use super::grain::Grain;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::{Place, Subject};

const MAX_DEPTH: u32 = 12;

/// What was made of one reading of the clock.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub read: Read,
    pub grain: Grain,
    /// It is part of a text, a list or the like.
    pub is_part: bool,
    /// The names of the test or its module that lead from it to the reading.
    pub names: Vec<SmolStr>,
}

/// Where the clock is read.
#[derive(Clone, Debug, PartialEq)]
pub enum Read {
    /// By this call in the item.
    Here(NodeId),
    /// When the module is imported, or in a fixture.
    Before(Place),
}

impl Stamp {
    fn at_most(self, grain: Grain) -> Stamp {
        Stamp { grain: self.grain.min(grain), ..self }
    }

    fn part(self) -> Stamp {
        Stamp { is_part: true, ..self }
    }

    fn by_name(mut self, name: &SmolStr) -> Stamp {
        self.names.push(name.clone());
        self
    }
}

pub fn stamp(subject: &Subject<'_>, expr: NodeId) -> Option<Stamp> {
    made_of(subject, expr, MAX_DEPTH)
}

fn made_of(subject: &Subject<'_>, expr: NodeId, depth: u32) -> Option<Stamp> {
    let depth = depth.checked_sub(1)?;
    let of = |node: NodeId| made_of(subject, node, depth);
    match subject.code().kind(expr) {
        NodeKind::Await(inner) | NodeKind::Walrus { value: inner, .. } => of(*inner),
        NodeKind::Call { .. } => calls::of_call(subject, expr, depth),
        NodeKind::Attribute { value, attr, .. } => {
            let grain = Grain::of_field(attr)?;
            of(*value).map(|stamp| stamp.at_most(grain))
        }
        NodeKind::Binary { op, left, right } => match op.as_str() {
            "+" | "-" if is_duration(subject, *right) => of(*left),
            "+" if is_duration(subject, *left) => of(*right),
            "+" => of(*left).or_else(|| of(*right)).map(Stamp::part),
            "*" if subject.number(*right).is_some() => of(*left),
            "%" if matches!(subject.code().kind(*left), NodeKind::Str(_)) => of(*right).map(Stamp::part),
            _ => None,
        },
        NodeKind::FString { values, .. } => {
            let stamp = values.iter().find_map(|value| of(*value))?;
            Some(formatted(subject, expr, stamp).part())
        }
        NodeKind::List(parts) | NodeKind::Tuple(parts) | NodeKind::Set(parts) => {
            parts.iter().find_map(|part| of(*part)).map(Stamp::part)
        }
        NodeKind::Dict(pairs) => pairs.iter().find_map(|(_, value)| of(*value)).map(Stamp::part),
        NodeKind::Subscript { value, index } => of(*value).map(|stamp| cut(subject, stamp, *index)),
        NodeKind::Name(name) => of_name(subject, name, expr, depth),
        _ => None,
    }
}

/// `f"{now:%H:%M}"`: the format stands in the text only.
fn formatted(subject: &Subject<'_>, text: NodeId, stamp: Stamp) -> Stamp {
    let written = subject.source(text);
    let format = written.split_once(":%").map(|(_, behind)| behind.split('}').next().unwrap_or(behind));
    match format.and_then(|format| Grain::of_format(&format!("%{format}"))) {
        Some(grain) => stamp.at_most(grain),
        None => stamp,
    }
}

/// `now.isoformat()[:10]`, `str(now).split(" ")[0]`: the text of the date.
fn cut(subject: &Subject<'_>, stamp: Stamp, index: NodeId) -> Stamp {
    let code = subject.code();
    let upper = match code.kind(index) {
        NodeKind::Int(Some(0)) => Some(10),
        NodeKind::Slice { upper: Some(upper), .. } => match code.kind(*upper) {
            NodeKind::Int(Some(upper)) => Some(*upper),
            _ => None,
        },
        _ => None,
    };
    match upper {
        Some(0..=4) => stamp.at_most(Grain::Year),
        Some(5..=7) => stamp.at_most(Grain::Month),
        Some(8..=12) => stamp.at_most(Grain::Day),
        Some(13..=15) => stamp.at_most(Grain::Hour),
        Some(16..=18) => stamp.at_most(Grain::Minute),
        Some(19) => stamp.at_most(Grain::Second),
        _ => stamp,
    }
}

const DURATIONS: &[&str] = &[
    "datetime.timedelta",
    "dateutil.relativedelta.relativedelta",
    "pandas.Timedelta",
    "pandas.DateOffset",
    "pendulum.duration",
];

fn is_duration(subject: &Subject<'_>, node: NodeId) -> bool {
    if subject.number(node).is_some() {
        return true;
    }
    let origin = subject.origin(node);
    let followed = origin.followed(subject.project);
    let callee = followed.subject(subject.project).callee(followed.node);
    callee.is_some_and(|path| DURATIONS.contains(&path.as_str()))
}

fn of_name(subject: &Subject<'_>, name: &SmolStr, at: NodeId, depth: u32) -> Option<Stamp> {
    let local = subject.facts.bindings().visible(subject.code(), name, at);
    match local.as_slice() {
        [] => of_constant(subject, at, depth).map(|stamp| stamp.by_name(name)),
        [one] => match &one.kind {
            BindingKind::Value(value) => made_of(subject, *value, depth).map(|stamp| stamp.by_name(name)),
            BindingKind::Param(_) => {
                let fixture = subject.fixture_subject(name)?;
                results(&fixture, depth).map(|stamp| read_before(&fixture, stamp).by_name(name))
            }
            _ => None,
        },
        _ => None,
    }
}

/// A constant of the module, or of another one of the project.
fn of_constant(subject: &Subject<'_>, at: NodeId, depth: u32) -> Option<Stamp> {
    let followed = subject.origin(at).followed(subject.project);
    if subject.is_item(&followed.module, followed.item) {
        return None;
    }
    let there = followed.subject(subject.project);
    let stamp = made_of(&there, followed.node, depth)?;
    Some(read_before(&there, stamp))
}

fn read_before(there: &Subject<'_>, stamp: Stamp) -> Stamp {
    let read = match stamp.read {
        Read::Here(call) => Read::Before(there.place(there.code().range(call))),
        before @ Read::Before(_) => before,
    };
    Stamp { read, names: Vec::new(), ..stamp }
}

/// What all results of a function or fixture are made of.
fn results(called: &Subject<'_>, depth: u32) -> Option<Stamp> {
    let all: Option<Vec<Stamp>> =
        called.results().into_iter().map(|node| made_of(called, node, depth)).collect();
    all?.into_iter().next()
}
