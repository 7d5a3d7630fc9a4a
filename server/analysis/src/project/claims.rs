//! What a test's assertions want of two values: that they are equal, differ, are close, in order, or one in the other.

use super::Subject;
use super::asked::{Asked, Compared, asked, in_assertions};
use crate::facts::arguments::{argument, keyword};
use crate::facts::code::{Argument, ArgumentKind, CompareOp};
use crate::facts::{NodeId, NodeKind};

/// What must hold between `left` and `right` for the test to pass.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Claim {
    /// The comparison, or the call that compares.
    pub at: NodeId,
    pub left: NodeId,
    pub right: NodeId,
    pub relation: Relation,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Relation {
    Equal,
    Differs,
    /// The left is less.
    Less,
    AtMost,
    /// Within so much of each other, where that is known.
    Close(Option<f64>),
    /// The left is one of the right.
    In,
    NotIn,
}

impl Claim {
    /// Each side with the other, where it does not matter which is which.
    pub fn both_ways(&self) -> [(NodeId, NodeId); 2] {
        [(self.left, self.right), (self.right, self.left)]
    }
}

/// All of an item's assertions that compare two values, in source order; each link of `a < b < c` is one.
pub fn claims(subject: &Subject<'_>) -> Vec<Claim> {
    let called = |at, func, args: &[Argument]| called(subject, at, func, args);
    in_assertions(subject, |compared| pair(subject, compared), called)
}

fn pair(subject: &Subject<'_>, Compared { at, asked, left, op, right }: Compared) -> Option<Claim> {
    use CompareOp as Op;
    let is_wanted = asked == Asked::Yes;
    let (left, right, relation) = match (op, is_wanted) {
        (Op::Lt, true) | (Op::GtE, false) => (left, right, Relation::Less),
        (Op::Gt, true) | (Op::LtE, false) => (right, left, Relation::Less),
        (Op::LtE, true) | (Op::Gt, false) => (left, right, Relation::AtMost),
        (Op::GtE, true) | (Op::Lt, false) => (right, left, Relation::AtMost),
        (Op::Eq | Op::Is, true) | (Op::NotEq | Op::IsNot, false) => {
            return Some(equal(subject, at, left, right));
        }
        (Op::NotEq | Op::IsNot, true) | (Op::Eq | Op::Is, false) => (left, right, Relation::Differs),
        (Op::In, true) | (Op::NotIn, false) => (left, right, Relation::In),
        (Op::NotIn, true) | (Op::In, false) => (left, right, Relation::NotIn),
    };
    Some(Claim { at, left, right, relation })
}

/// `a == b`, where `b` may be `pytest.approx(…)`.
fn equal(subject: &Subject<'_>, at: NodeId, left: NodeId, right: NodeId) -> Claim {
    let approx = |node: NodeId| match subject.code().kind(node) {
        NodeKind::Call { args, .. } if subject.callee(node).is_some_and(|path| path == "pytest.approx") => {
            let expected = argument(args, 0, "expected")?;
            let wanted = subject.number(expected);
            let (rel, abs) = (argument(args, 1, "rel"), argument(args, 2, "abs"));
            Some((expected, tolerance(subject, wanted, rel, abs, 1e-6)))
        }
        _ => None,
    };
    match (approx(left), approx(right)) {
        (_, Some((right, tolerance))) => Claim { at, left, right, relation: Relation::Close(tolerance) },
        (Some((left, tolerance)), _) => Claim { at, left, right, relation: Relation::Close(tolerance) },
        (None, None) => Claim { at, left, right, relation: Relation::Equal },
    }
}

/// The larger of an absolute tolerance and one relative to the wanted value, in the value's own unit.
pub fn tolerance(
    subject: &Subject<'_>,
    wanted: Option<f64>,
    relative: Option<NodeId>,
    absolute: Option<NodeId>,
    default: f64,
) -> Option<f64> {
    let number = |node: Option<NodeId>| node.map(|node| subject.number(node));
    let absolute_only = absolute.is_some() && relative.is_none();
    let by_share = || Some(wanted?.abs() * number(relative).unwrap_or(Some(default))?);
    match number(absolute) {
        Some(absolute) if absolute_only => absolute,
        Some(absolute) => Some(absolute?.max(by_share()?)),
        None => by_share(),
    }
}

/// `assertEqual(a, b)`, `assert_allclose(a, b, atol=0.1)` and their like.
fn called(subject: &Subject<'_>, at: NodeId, func: NodeId, args: &[Argument]) -> Option<Claim> {
    let name = subject.code().kind(func).last_name()?;
    let plain = |index: usize| {
        args.get(index).filter(|argument| argument.kind == ArgumentKind::Positional).map(|given| given.value)
    };
    let (left, right) = (plain(0)?, plain(1)?);
    let claim = |left, right, relation| Some(Claim { at, left, right, relation });
    match name {
        "assertLess" => claim(left, right, Relation::Less),
        "assertGreater" => claim(right, left, Relation::Less),
        "assertLessEqual" => claim(left, right, Relation::AtMost),
        "assertGreaterEqual" => claim(right, left, Relation::AtMost),
        "assertEqual"
        | "assertEquals"
        | "assertIs"
        | "assertListEqual"
        | "assertSequenceEqual"
        | "assertTupleEqual"
        | "assertSetEqual"
        | "assertCountEqual"
        | "assertMultiLineEqual"
        | "assert_equal"
        | "assert_array_equal" => claim(left, right, Relation::Equal),
        "assertNotEqual" | "assertNotEquals" | "assertIsNot" => claim(left, right, Relation::Differs),
        "assertIn" => claim(left, right, Relation::In),
        "assertNotIn" => claim(left, right, Relation::NotIn),
        "assertAlmostEqual" | "assertAlmostEquals" => {
            let delta = keyword(args, "delta").map(|delta| subject.number(delta));
            let by_places = || {
                let places = argument(args, 2, "places").and_then(|places| subject.number(places));
                Some(0.5 * 10f64.powf(-places.unwrap_or(7.0)))
            };
            claim(left, right, Relation::Close(delta.unwrap_or_else(by_places)))
        }
        _ => numeric(subject, at, func, args, left, right),
    }
}

/// NumPy's and `math`'s comparisons.
fn numeric(
    subject: &Subject<'_>,
    at: NodeId,
    func: NodeId,
    args: &[Argument],
    left: NodeId,
    right: NodeId,
) -> Option<Claim> {
    let path = subject.resolve(func)?;
    let wanted = || subject.number(right);
    let within = |relative: &str, absolute: &str, default: f64| {
        let given = |index: usize, name: &str| argument(args, index, name);
        Relation::Close(tolerance(subject, wanted(), given(2, relative), given(3, absolute), default))
    };
    let is_asserted = path.starts_with("numpy.testing.");
    let relation = match path.as_str() {
        "numpy.testing.assert_allclose" => within("rtol", "atol", 1e-7),
        "numpy.testing.assert_almost_equal" | "numpy.testing.assert_array_almost_equal" => {
            let decimal = argument(args, 2, "decimal").map(|decimal| subject.number(decimal));
            let digits = decimal.unwrap_or(Some(if path.contains("array") { 6.0 } else { 7.0 }));
            Relation::Close(digits.map(|digits| 1.5 * 10f64.powf(-digits)))
        }
        "numpy.isclose" | "numpy.allclose" => within("rtol", "atol", 1e-5),
        "math.isclose" => Relation::Close(tolerance(
            subject,
            wanted(),
            keyword(args, "rel_tol"),
            keyword(args, "abs_tol"),
            1e-9,
        )),
        "numpy.array_equal" | "torch.equal" => Relation::Equal,
        _ => return None,
    };
    let relation = match (is_asserted, relation) {
        (true, relation) => relation,
        (false, relation) => match (asked(subject, at)?, relation) {
            (Asked::Yes, relation) => relation,
            (Asked::Not, Relation::Equal) => Relation::Differs,
            (Asked::Not, _) => return None,
        },
    };
    Some(Claim { at, left, right, relation })
}
