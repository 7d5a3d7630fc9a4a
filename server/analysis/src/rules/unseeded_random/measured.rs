//! What an assertion measures of drawn values: one of them, or their mean, spread, or number.

use crate::facts::arguments::{keyword, positional};
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::constant::Origin;
use crate::project::draws::law::Law;
use crate::project::draws::{Draw, Shape, draw};

/// Expressions inside expressions are looked at this far.
const MAX_DEPTH: u32 = 8;

pub struct Measured {
    pub draw: Draw,
    /// How the measured value is distributed, where that can be reckoned.
    pub law: Option<Law>,
    /// Its distance from zero.
    pub is_absolute: bool,
    /// Made of several draws.
    pub is_statistic: bool,
}

impl Measured {
    /// How likely the value is on the wrong side of a bound.
    pub fn outside(&self, bound: f64, or_equal: bool, is_upper: bool) -> Option<f64> {
        let law = self.law?;
        if !self.is_absolute {
            return if is_upper {
                law.below(bound, or_equal).map(|inside| 1.0 - inside)
            } else {
                law.below(bound, !or_equal)
            };
        }
        if bound < 0.0 {
            return Some(if is_upper { 1.0 } else { 0.0 });
        }
        let between = law.below(bound, is_upper == or_equal)? - law.below(-bound, is_upper != or_equal)?;
        Some(if is_upper { 1.0 - between } else { between })
    }

    fn linear(self, factor: f64, term: f64) -> Option<Measured> {
        if self.is_absolute {
            return None;
        }
        let law = match self.law {
            Some(law) => Some(law.linear(factor, term)?),
            None => None,
        };
        Some(Measured { law, ..self })
    }
}

pub fn measured(subject: &Subject<'_>, node: NodeId) -> Option<Measured> {
    of(subject, &subject.origin(node), MAX_DEPTH)
}

fn of(subject: &Subject<'_>, origin: &Origin, depth: u32) -> Option<Measured> {
    let depth = depth.checked_sub(1)?;
    let origin = origin.clone().followed(subject.project);
    let inside = |node: NodeId| of(subject, &origin.at(node), depth);
    let number = |node: NodeId| origin.subject(subject.project).number(node);
    match origin.kind() {
        NodeKind::Binary { op, left, right } => {
            let (left_number, right_number) = (number(*left), number(*right));
            match (op.as_str(), left_number, right_number) {
                ("+", None, Some(term)) => inside(*left)?.linear(1.0, term),
                ("-", None, Some(term)) => inside(*left)?.linear(1.0, -term),
                ("*", None, Some(factor)) => inside(*left)?.linear(factor, 0.0),
                ("/", None, Some(factor)) if factor != 0.0 => inside(*left)?.linear(1.0 / factor, 0.0),
                ("+", Some(term), None) => inside(*right)?.linear(1.0, term),
                ("-", Some(term), None) => inside(*right)?.linear(-1.0, term),
                ("*", Some(factor), None) => inside(*right)?.linear(factor, 0.0),
                // `sum(draws) / len(draws)`
                ("/", None, None) => {
                    let (total, all) = (inside(*left)?, counted(subject, &origin.at(*right))?);
                    total.is_statistic.then(|| total.linear(1.0 / all, 0.0))?
                }
                _ => None,
            }
        }
        NodeKind::Call { func, args } => statistic(subject, &origin, *func, args)
            .or_else(|| kept(subject, &origin, *func, args, depth))
            .or_else(|| one(subject, &origin)),
        NodeKind::Subscript { value, .. } => {
            tally(subject, &origin.at(*value)).or_else(|| one(subject, &origin))
        }
        _ => one(subject, &origin),
    }
}

/// `Counter(draws)["a"]`: how many of a kind.
fn tally(subject: &Subject<'_>, counter: &Origin) -> Option<Measured> {
    let made = counter.clone().followed(subject.project);
    let NodeKind::Call { args, .. } = made.kind() else { return None };
    let is_counter =
        made.scope(subject.project).callee(made.node).is_some_and(|path| path == "collections.Counter");
    let values = positional(args, 0).filter(|_| is_counter)?;
    let draw = draw(subject.project, &made.at(values))?;
    let Shape::Many(count) = draw.shape else { return None };
    let law = law_of(Kind::Count, draw.law, count);
    Some(Measured { draw, law, is_absolute: false, is_statistic: true })
}

/// One drawn value.
fn one(subject: &Subject<'_>, origin: &Origin) -> Option<Measured> {
    let draw = draw(subject.project, origin).filter(|draw| draw.shape == Shape::One)?;
    let law = draw.law;
    Some(Measured { draw, law: Some(law), is_absolute: false, is_statistic: false })
}

/// `abs(x)`, `float(x)`.
fn kept(
    subject: &Subject<'_>,
    origin: &Origin,
    func: NodeId,
    args: &[Argument],
    depth: u32,
) -> Option<Measured> {
    if let NodeKind::Attribute { value, attr, .. } = origin.kind_of(func)
        && attr == "item"
        && args.is_empty()
    {
        return of(subject, &origin.at(*value), depth);
    }
    let path = origin.scope(subject.project).path(func)?;
    let inner = || of(subject, &origin.at(positional(args, 0)?), depth);
    match path.as_str() {
        "builtins.abs" | "numpy.abs" | "math.fabs" | "numpy.absolute" => {
            Some(Measured { is_absolute: true, ..inner()? })
        }
        "builtins.float" => inner(),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Kind {
    Mean,
    Sum,
    Median,
    Deviation,
    Variance,
    Count,
}

/// `numpy.mean(draws)`, `draws.std()`, `draws.count("a")`.
fn statistic(subject: &Subject<'_>, origin: &Origin, func: NodeId, args: &[Argument]) -> Option<Measured> {
    if keyword(args, "axis").is_some() || keyword(args, "dim").is_some() {
        return None;
    }
    let path = origin.scope(subject.project).path(func);
    let by_path = path.as_deref().and_then(|path| {
        let (module, name) = path.rsplit_once('.')?;
        let is_known = matches!(module, "numpy" | "statistics" | "builtins" | "torch" | "math");
        is_known.then(|| kind(name))?
    });
    let (kind, values) = match (by_path, origin.kind_of(func)) {
        (Some(kind), _) if args.len() == 1 => (kind, positional(args, 0)?),
        (None, NodeKind::Attribute { value, attr, .. }) if attr == "count" && args.len() == 1 => {
            (Kind::Count, *value)
        }
        (None, NodeKind::Attribute { value, attr, .. }) if args.is_empty() => (kind(attr)?, *value),
        _ => return None,
    };
    let draw = draw(subject.project, &origin.at(values))?;
    let Shape::Many(count) = draw.shape else { return None };
    let law = law_of(kind, draw.law, count);
    Some(Measured { draw, law, is_absolute: false, is_statistic: true })
}

fn kind(name: &str) -> Option<Kind> {
    Some(match name {
        "mean" | "fmean" | "average" => Kind::Mean,
        "sum" | "fsum" => Kind::Sum,
        "median" => Kind::Median,
        "std" | "stdev" | "pstdev" => Kind::Deviation,
        "var" | "variance" | "pvariance" => Kind::Variance,
        _ => return None,
    })
}

/// The distribution of a statistic of so many independent values, by the central limit theorem.
fn law_of(kind: Kind, law: Law, count: Option<f64>) -> Option<Law> {
    let count = count.filter(|count| *count >= 1.0)?;
    if let Kind::Count = kind {
        let share = 1.0 / law.outcomes().filter(|outcomes| outcomes.is_finite())?;
        return Some(Law::Normal { mean: count * share, sd: (count * share * (1.0 - share)).sqrt() });
    }
    let (mean, sd) = (law.mean()?, law.sd()?);
    let (mean, sd) = match kind {
        Kind::Mean => (mean, sd / count.sqrt()),
        Kind::Sum => (mean * count, sd * count.sqrt()),
        Kind::Median if matches!(law, Law::Normal { .. }) => {
            (mean, sd * (std::f64::consts::FRAC_PI_2 / count).sqrt())
        }
        Kind::Median => (mean, sd * (3.0 / count).sqrt()),
        Kind::Deviation => (sd, sd * ((law.kurtosis()? - 1.0) / (4.0 * count)).sqrt()),
        Kind::Variance => (sd * sd, sd * sd * ((law.kurtosis()? - 1.0) / count).sqrt()),
        Kind::Count => return None,
    };
    Some(Law::Normal { mean, sd })
}

/// A number, or `len(draws)`.
pub fn counted(subject: &Subject<'_>, origin: &Origin) -> Option<f64> {
    let origin = origin.clone().followed(subject.project);
    if let Some(number) = origin.subject(subject.project).number(origin.node) {
        return Some(number);
    }
    let NodeKind::Call { args, .. } = origin.kind() else { return None };
    let path = origin.scope(subject.project).callee(origin.node)?;
    let drawn = draw(subject.project, &origin.at(positional(args, 0)?))?;
    match drawn.shape {
        Shape::Many(count) if path == "builtins.len" => count,
        _ => None,
    }
}
