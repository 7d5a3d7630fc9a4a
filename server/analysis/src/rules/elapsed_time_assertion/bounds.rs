//! Assertions that keep measured time within bounds.

use crate::facts::arguments::{argument, keyword};
use crate::facts::code::{Argument, CompareOp};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::asked::{Asked, Compared, asked, in_assertions};
use crate::project::claims::tolerance;
use crate::project::quantity::{Moment, Quantity, Span};

/// One bound on measured time.
#[derive(Clone)]
pub struct Bound {
    /// The comparison, or the call that compares.
    pub at: NodeId,
    /// The measured time as it is written.
    pub measured: NodeId,
    pub span: Span,
    pub limit: Limit,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Limit {
    /// At least so many seconds.
    AtLeast(f64),
    /// At most so many seconds, where that is known.
    AtMost(Option<f64>),
    /// Within so many seconds of a value, where that is known.
    Within(Option<f64>),
    /// Less than another measured time.
    Faster,
}

pub fn bounds(subject: &Subject<'_>) -> Vec<Bound> {
    let called = |at, func, args: &[Argument]| called(subject, at, func, args);
    in_assertions(subject, |compared| pair(subject, compared), called)
}

fn pair(subject: &Subject<'_>, Compared { at, asked, left, op, right }: Compared) -> Option<Bound> {
    let (less, more) = match (op, asked) {
        (CompareOp::Lt | CompareOp::LtE, Asked::Yes) | (CompareOp::Gt | CompareOp::GtE, Asked::Not) => {
            (left, right)
        }
        (CompareOp::Gt | CompareOp::GtE, Asked::Yes) | (CompareOp::Lt | CompareOp::LtE, Asked::Not) => {
            (right, left)
        }
        (CompareOp::Eq, Asked::Yes) | (CompareOp::NotEq, Asked::Not) => {
            return equal(subject, at, left, right).or_else(|| equal(subject, at, right, left));
        }
        _ => return None,
    };
    let or_equal = matches!(op, CompareOp::LtE | CompareOp::GtE) == (asked == Asked::Yes);
    ordered(subject, at, less, more, or_equal)
}

fn ordered(subject: &Subject<'_>, at: NodeId, less: NodeId, more: NodeId, or_equal: bool) -> Option<Bound> {
    let (small, large) = (subject.quantity(less), subject.quantity(more));
    let (measured, span, limit) = match (small, large) {
        (Some(Quantity::Span(span)), Some(Quantity::Number(number))) => {
            let grain = if or_equal { span.grain } else { 0.0 };
            let limit = span.seconds(number).map(|seconds| seconds + grain);
            (less, span, Limit::AtMost(limit))
        }
        (Some(Quantity::Span(span)), Some(Quantity::Span(_))) => (less, span, Limit::Faster),
        (Some(Quantity::Span(span)), None) => (less, span, Limit::AtMost(None)),
        (Some(Quantity::Number(number)), Some(Quantity::Span(span))) => {
            let limit = Limit::AtLeast(span.seconds(number)?);
            (more, span, limit)
        }
        // `assert time.monotonic() < start + 1`
        (Some(Quantity::Moment(now)), Some(Quantity::Moment(end))) if end.later > now.later => {
            let limit = Limit::AtMost(Some(end.later - now.later));
            (less, Span::between(Moment { later: 0.0, ..end }, now), limit)
        }
        _ => return None,
    };
    Some(Bound { at, measured, span, limit })
}

/// `round(took) == 2`, `took == pytest.approx(2, abs=0.1)`
fn equal(subject: &Subject<'_>, at: NodeId, measured: NodeId, value: NodeId) -> Option<Bound> {
    let span = subject.span(measured)?;
    let code = subject.code();
    let tolerance = match code.kind(value) {
        NodeKind::Call { args, .. } if subject.callee(value)? == "pytest.approx" => {
            let wanted = argument(args, 0, "expected").and_then(|wanted| subject.number(wanted));
            tolerance(subject, wanted, argument(args, 1, "rel"), argument(args, 2, "abs"), 1e-6)
        }
        _ => {
            subject.number(value)?;
            (span.grain > 0.0).then_some(span.grain / span.unit?)
        }
    };
    let is_exact = span.grain == 0.0 && !matches!(code.kind(value), NodeKind::Call { .. });
    let limit = Limit::Within(tolerance.and_then(|tolerance| Some(tolerance * span.unit?)));
    (!is_exact).then_some(Bound { at, measured, span, limit })
}

/// `assertLess(took, 1)` and its like.
fn called(subject: &Subject<'_>, at: NodeId, func: NodeId, args: &[Argument]) -> Option<Bound> {
    let code = subject.code();
    let name = code.kind(func).last_name()?;
    let first = || argument(args, 0, "first").or_else(|| argument(args, 0, "a"));
    let second = || argument(args, 1, "second").or_else(|| argument(args, 1, "b"));
    match name {
        "assertLess" => ordered(subject, at, first()?, second()?, false),
        "assertLessEqual" => ordered(subject, at, first()?, second()?, true),
        "assertGreater" => ordered(subject, at, second()?, first()?, false),
        "assertGreaterEqual" => ordered(subject, at, second()?, first()?, true),
        "assertEqual" | "assertEquals" => {
            equal(subject, at, first()?, second()?).or_else(|| equal(subject, at, second()?, first()?))
        }
        "assertAlmostEqual" | "assertAlmostEquals" | "assertApproximates" => {
            let (measured, span) = either(subject, first()?, second()?)?;
            let delta = keyword(args, "delta")
                .or_else(|| args.get(2).filter(|_| name == "assertApproximates").map(|given| given.value));
            let tolerance = match delta {
                Some(delta) => subject.number(delta),
                None => {
                    let places = argument(args, 2, "places").and_then(|places| subject.number(places));
                    Some(0.5 * 10f64.powf(-places.unwrap_or(7.0)))
                }
            };
            within(at, measured, span, tolerance)
        }
        "isclose" | "assert_allclose" => {
            let is_known = subject.resolve(func).is_some_and(|path| {
                matches!(path.as_str(), "math.isclose" | "numpy.isclose" | "numpy.testing.assert_allclose")
            });
            let is_asked = || name == "assert_allclose" || asked(subject, at) == Some(Asked::Yes);
            let (measured, span) = is_known.then(|| either(subject, first()?, second()?)).flatten()?;
            let wanted = subject.number(if measured == first()? { second()? } else { first()? });
            let relative = keyword(args, "rel_tol").or_else(|| argument(args, 2, "rtol"));
            let absolute = keyword(args, "abs_tol").or_else(|| argument(args, 3, "atol"));
            let tolerance = tolerance(subject, wanted, relative, absolute, 1e-7);
            is_asked().then(|| within(at, measured, span, tolerance)).flatten()
        }
        _ => None,
    }
}

/// The one of two values that is measured time, or the time between two moments that should be close.
fn either(subject: &Subject<'_>, first: NodeId, second: NodeId) -> Option<(NodeId, Span)> {
    match (subject.quantity(first), subject.quantity(second)) {
        (Some(Quantity::Span(span)), _) => Some((first, span)),
        (_, Some(Quantity::Span(span))) => Some((second, span)),
        (Some(Quantity::Moment(one)), Some(Quantity::Moment(other))) => {
            Some((first, Span::between(other, one)))
        }
        _ => None,
    }
}

fn within(at: NodeId, measured: NodeId, span: Span, tolerance: Option<f64>) -> Option<Bound> {
    let limit = Limit::Within(tolerance.and_then(|tolerance| Some(tolerance * span.unit?)));
    Some(Bound { at, measured, span, limit })
}
