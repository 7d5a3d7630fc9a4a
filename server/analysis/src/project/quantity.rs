//! What an expression measures: a plain number, a moment that a clock gave, or the time between two moments.
//!
//! Names, attributes, lists, helpers and fixtures are followed. A list counts as what it holds. What is not known is `None`.

mod bindings;
mod clocks;

use super::constant::Origin;
use super::{Place, Subject};
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};

/// Values of values are followed this far.
const MAX_DEPTH: u32 = 12;

#[derive(Clone, Debug, PartialEq)]
pub enum Quantity {
    /// A number, or the seconds of a `timedelta`.
    Number(f64),
    Moment(Moment),
    Span(Span),
}

/// What a clock gave, or a moment so much later.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// The seconds that one of it stands for.
    pub unit: f64,
    /// So many seconds after the clock was read.
    pub later: f64,
    pub is_cpu: bool,
    pub read_at: Place,
}

/// Measured time.
#[derive(Clone, Debug, PartialEq)]
pub struct Span {
    /// The seconds that one of it stands for, where that is known.
    pub unit: Option<f64>,
    /// Seconds that were taken off it.
    pub less: f64,
    /// Seconds to which it is rounded; 0 where it is not.
    pub grain: f64,
    /// The processor's time, of this process or thread alone.
    pub is_cpu: bool,
    /// The least or middle one of several, which a single pause does not change.
    pub is_typical: bool,
    pub from: Place,
    pub until: Place,
}

impl Span {
    /// A number beside it in seconds.
    pub fn seconds(&self, number: f64) -> Option<f64> {
        Some(number * self.unit? + self.less)
    }

    /// The time between two readings.
    pub fn between(from: Moment, until: Moment) -> Span {
        Span {
            unit: Some(until.unit),
            less: from.later,
            grain: 0.0,
            is_cpu: from.is_cpu || until.is_cpu,
            is_typical: false,
            from: from.read_at,
            until: until.read_at,
        }
    }

    fn scaled(self, by: f64) -> Span {
        Span { unit: self.unit.map(|unit| unit * by), ..self }
    }

    fn rounded_to(self, units: f64) -> Span {
        Span { grain: self.unit.map_or(0.0, |unit| unit * units), ..self }
    }
}

impl Subject<'_> {
    pub fn quantity(&self, expr: NodeId) -> Option<Quantity> {
        quantity(self, expr, MAX_DEPTH)
    }

    /// The number that an expression stands for; of a `timedelta` its seconds.
    pub fn number(&self, expr: NodeId) -> Option<f64> {
        match self.quantity(expr)? {
            Quantity::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The measured time that an expression stands for.
    pub fn span(&self, expr: NodeId) -> Option<Span> {
        match self.quantity(expr)? {
            Quantity::Span(span) => Some(span),
            _ => None,
        }
    }
}

fn quantity(subject: &Subject<'_>, expr: NodeId, depth: u32) -> Option<Quantity> {
    let depth = depth.checked_sub(1)?;
    let code = subject.code();
    let of = |node: NodeId| quantity(subject, node, depth);
    match code.kind(expr) {
        literal @ (NodeKind::Int(_) | NodeKind::Float(_)) => literal.as_number().map(Quantity::Number),
        NodeKind::Await(inner) => of(*inner),
        NodeKind::Walrus { value, .. } => of(*value),
        NodeKind::Unary { op, operand } if op == "-" => match of(*operand)? {
            Quantity::Number(number) => Some(Quantity::Number(-number)),
            _ => None,
        },
        NodeKind::Binary { op, left, right } => reckoned(op, of(*left), of(*right)),
        NodeKind::List(parts) | NodeKind::Tuple(parts) => {
            common(parts.iter().map(|part| of(*part)).collect::<Option<Vec<_>>>()?)
        }
        NodeKind::Comprehension { element, value: None, .. } => of(*element),
        NodeKind::Name(name) => bindings::of_name(subject, name, expr, depth),
        NodeKind::Attribute { value, attr, .. } => match attr.as_str() {
            "seconds" => Some(Quantity::Span(as_span(of(*value))?.rounded_to(1.0))),
            "microseconds" => Some(Quantity::Span(as_span(of(*value))?.scaled(1e-6))),
            _ => bindings::of_attribute(subject, expr, depth),
        },
        NodeKind::Subscript { value, .. } => {
            bindings::assigned(subject, subject.source(expr), depth).or_else(|| of(*value))
        }
        NodeKind::Call { func, args } => of_call(subject, expr, *func, args, depth),
        _ => None,
    }
}

fn as_span(quantity: Option<Quantity>) -> Option<Span> {
    match quantity? {
        Quantity::Span(span) => Some(span),
        _ => None,
    }
}

fn reckoned(op: &str, left: Option<Quantity>, right: Option<Quantity>) -> Option<Quantity> {
    use Quantity as Q;
    match (op, left, right) {
        ("+", Some(Q::Number(a)), Some(Q::Number(b))) => Some(Q::Number(a + b)),
        ("-", Some(Q::Number(a)), Some(Q::Number(b))) => Some(Q::Number(a - b)),
        ("*", Some(Q::Number(a)), Some(Q::Number(b))) => Some(Q::Number(a * b)),
        ("**", Some(Q::Number(a)), Some(Q::Number(b))) => Some(Q::Number(a.powf(b))),
        ("/", Some(Q::Number(a)), Some(Q::Number(b))) if b != 0.0 => Some(Q::Number(a / b)),
        // What is left until a deadline is no measured time.
        ("-", Some(Q::Moment(until)), Some(Q::Moment(from))) if until.later == 0.0 => {
            Some(Q::Span(Span::between(from, until)))
        }
        ("+", Some(Q::Moment(moment)), Some(Q::Number(number)))
        | ("+", Some(Q::Number(number)), Some(Q::Moment(moment))) => Some(Q::Moment(later(moment, number))),
        ("-", Some(Q::Moment(moment)), Some(Q::Number(number))) => Some(Q::Moment(later(moment, -number))),
        ("+", Some(Q::Span(span)), Some(Q::Span(_))) => Some(Q::Span(span)),
        ("-", Some(Q::Span(span)), Some(Q::Number(number))) => {
            let less = span.unit.map(|unit| span.less + number * unit)?;
            Some(Q::Span(Span { less, ..span }))
        }
        ("*", Some(Q::Span(span)), Some(Q::Number(by))) | ("*", Some(Q::Number(by)), Some(Q::Span(span)))
            if by > 0.0 =>
        {
            Some(Q::Span(span.scaled(1.0 / by)))
        }
        ("/" | "//", Some(Q::Span(span)), Some(Q::Number(by))) if by > 0.0 => Some(Q::Span(span.scaled(by))),
        ("/", Some(Q::Span(span)), None) => Some(Q::Span(Span { unit: None, ..span })),
        _ => None,
    }
}

fn later(moment: Moment, number: f64) -> Moment {
    Moment { later: moment.later + number * moment.unit, ..moment }
}

/// What several values of one name have in common; of moments and spans the last. Numbers beside them are where they begin.
fn common(all: Vec<Quantity>) -> Option<Quantity> {
    let is_number = |quantity: &Quantity| matches!(quantity, Quantity::Number(_));
    if all.iter().all(is_number) {
        let first = all.first()?.clone();
        return all.iter().all(|other| *other == first).then_some(first);
    }
    let mut timed = all.into_iter().filter(|quantity| !is_number(quantity)).rev();
    let last = timed.next()?;
    let is_same = |other: Quantity| std::mem::discriminant(&other) == std::mem::discriminant(&last);
    timed.all(is_same).then_some(last)
}

/// Functions whose value measures what their first argument measures.
const TRANSPARENT: &[&str] = &[
    "abs",
    "float",
    "max",
    "min",
    "sum",
    "sorted",
    "list",
    "tuple",
    "mean",
    "fmean",
    "median",
    "average",
    "percentile",
    "quantile",
    "array",
    "asarray",
    "amax",
    "amin",
    "fabs",
    "reversed",
];

fn of_call(
    subject: &Subject<'_>,
    call: NodeId,
    func: NodeId,
    args: &[Argument],
    depth: u32,
) -> Option<Quantity> {
    if let Some(measured) = clocks::of_call(subject, call, func, args) {
        return Some(measured);
    }
    let first = args.first().map(|first| first.value);
    let of = |node: NodeId| quantity(subject, node, depth);
    if let Some(path) = subject.resolve(func) {
        let (module, name) = path.rsplit_once('.').unwrap_or_default();
        let is_numeric = matches!(module, "builtins" | "math" | "statistics" | "numpy");
        if is_numeric || (module.starts_with("numpy.") && TRANSPARENT.contains(&name)) {
            return match name {
                "round" => Some(round(subject, of(first?)?, args.get(1).map(|digits| digits.value))),
                "int" | "floor" | "ceil" | "trunc" => Some(round(subject, of(first?)?, None)),
                "max" | "min" if args.len() > 1 => {
                    common(args.iter().map(|arg| of(arg.value)).collect::<Option<Vec<_>>>()?)
                }
                "min" | "amin" | "median" | "percentile" | "quantile" => Some(typical(of(first?)?)),
                _ if TRANSPARENT.contains(&name) => of(first?),
                _ => None,
            };
        }
    }
    if let NodeKind::Attribute { value, attr, .. } = subject.code().kind(func)
        && matches!(attr.as_str(), "total_seconds" | "total" | "mean" | "max" | "min" | "timestamp" | "copy")
        && let Some(quantity) = of(*value)
    {
        return Some(quantity);
    }
    bindings::of_results(&subject.definition(func)?.subject(subject.project), None, depth)
}

fn typical(quantity: Quantity) -> Quantity {
    match quantity {
        Quantity::Span(span) => Quantity::Span(Span { is_typical: true, ..span }),
        other => other,
    }
}

fn round(subject: &Subject<'_>, quantity: Quantity, digits: Option<NodeId>) -> Quantity {
    let Quantity::Span(span) = quantity else { return quantity };
    let digits = digits.and_then(|digits| subject.number(digits)).unwrap_or(0.0);
    Quantity::Span(span.rounded_to(10f64.powf(-digits)))
}

/// The same expression where it stands in another item, with that item's surroundings.
fn of_origin(subject: &Subject<'_>, origin: &Origin, depth: u32) -> Option<Quantity> {
    quantity(&origin.subject(subject.project), origin.node, depth)
}
