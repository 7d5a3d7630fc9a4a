//! What a call that draws was given: the law of its values, and how many.

use super::Shape;
use super::collections::length;
use super::law::Law;
use crate::facts::arguments::{argument, keyword, positional};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::constant::Origin;
use crate::project::{Project, Subject};

/// Faker's methods that pick one of a list.
const PICKED: &[&str] = &[
    "name",
    "first_name",
    "last_name",
    "user_name",
    "word",
    "city",
    "country",
    "company",
    "job",
    "email",
    "color_name",
    "street_name",
    "country_code",
    "currency_code",
    "month_name",
    "day_of_week",
];

/// A call's arguments.
pub(super) struct Given<'a> {
    pub(super) project: &'a Project,
    pub(super) origin: &'a Origin,
    pub(super) args: &'a [Argument],
}

impl Given<'_> {
    fn value(&self, index: usize, name: &str) -> Option<NodeId> {
        argument(self.args, index, name)
    }

    /// A number that is not given is the default; one that is not known makes the law unknown.
    fn number(&self, index: usize, name: &str, default: f64) -> Option<f64> {
        match self.value(index, name) {
            Some(given) => self.origin.subject(self.project).number(given),
            None => Some(default),
        }
    }

    fn length(&self, index: usize, name: &str) -> Option<f64> {
        length(self.project, &self.origin.at(self.value(index, name)?))
    }

    /// `size=10`, `size=(3, 4)`: how many are drawn.
    fn shape(&self, index: usize, name: &str) -> Shape {
        let Some(size) = self.value(index, name) else { return Shape::One };
        let subject = self.origin.subject(self.project);
        if *self.origin.kind_of(size) == NodeKind::None {
            return Shape::One;
        }
        Shape::Many(count(&subject, size))
    }

    /// `rand(3, 4)`: how many are drawn, each dimension an argument.
    fn dimensions(&self) -> Shape {
        if self.args.is_empty() {
            return Shape::One;
        }
        let subject = self.origin.subject(self.project);
        let plain = self.args.iter().filter(|argument| argument.kind == ArgumentKind::Positional);
        Shape::Many(plain.map(|argument| count(&subject, argument.value)).product())
    }

    fn integers(&self, low: Option<f64>, high: Option<f64>) -> Law {
        match (low, high) {
            (Some(first), Some(last)) if last >= first => Law::Integers { first, last },
            _ => Law::Unknown,
        }
    }

    /// `randrange(stop)`, `randint(low, high)` of NumPy: the end is left out.
    fn half_open(&self) -> Law {
        let is_single = positional(self.args, 1).is_none() && keyword(self.args, "high").is_none();
        let numbers = if is_single {
            (Some(0.0), self.number(0, "low", f64::NAN))
        } else {
            (self.number(0, "low", f64::NAN), self.number(1, "high", f64::NAN))
        };
        self.integers(numbers.0, numbers.1.map(|high| high - 1.0))
    }

    fn uniform(&self, names: (&str, &str), defaults: (f64, f64)) -> Law {
        match (self.number(0, names.0, defaults.0), self.number(1, names.1, defaults.1)) {
            (Some(from), Some(to)) if from < to => Law::Uniform { from, to },
            _ => Law::Unknown,
        }
    }

    fn normal(&self, names: (&str, &str)) -> Law {
        match (self.number(0, names.0, 0.0), self.number(1, names.1, 1.0)) {
            (Some(mean), Some(sd)) if sd > 0.0 => Law::Normal { mean, sd },
            _ => Law::Unknown,
        }
    }

    pub(super) fn random(&self, name: &str) -> Option<(Law, Shape)> {
        let law = match name {
            "random" => Law::Uniform { from: 0.0, to: 1.0 },
            "uniform" => self.uniform(("a", "b"), (f64::NAN, f64::NAN)),
            "randint" => self.integers(self.number(0, "a", f64::NAN), self.number(1, "b", f64::NAN)),
            "randrange" if self.args.len() < 3 => self.half_open(),
            "getrandbits" => Law::Token(self.number(0, "k", f64::NAN)?.exp2()),
            "gauss" | "normalvariate" => self.normal(("mu", "sigma")),
            "choice" => Law::Choice(self.length(0, "seq")),
            "expovariate" | "betavariate" | "gammavariate" | "triangular" | "lognormvariate" => Law::Unknown,
            "choices" => {
                let is_even = keyword(self.args, "weights").is_none() && positional(self.args, 1).is_none();
                let law = Law::Choice(self.length(0, "population").filter(|_| is_even));
                return Some((law, Shape::Many(self.number(usize::MAX, "k", 1.0))));
            }
            "sample" => {
                let all = self.length(0, "population");
                let taken = self.value(1, "k")?;
                let subject = self.origin.subject(self.project);
                let is_all = subject.number(taken).is_some_and(|taken| Some(taken) == all)
                    || self.is_length_of(taken, self.value(0, "population")?);
                return is_all.then_some((Law::Order(all), Shape::One));
            }
            _ => return None,
        };
        Some((law, Shape::One))
    }

    /// `len(items)` of the very items.
    fn is_length_of(&self, taken: NodeId, items: NodeId) -> bool {
        let NodeKind::Call { func, args } = self.origin.kind_of(taken) else { return false };
        let [measured] = &**args else { return false };
        let is_len = self.origin.scope(self.project).path(*func).is_some_and(|path| path == "builtins.len");
        is_len && self.origin.kind_of(measured.value) == self.origin.kind_of(items)
    }

    pub(super) fn numpy(&self, name: &str) -> Option<(Law, Shape)> {
        Some(match name {
            "random" | "random_sample" | "ranf" | "sample" => {
                (Law::Uniform { from: 0.0, to: 1.0 }, self.shape(0, "size"))
            }
            "rand" => (Law::Uniform { from: 0.0, to: 1.0 }, self.dimensions()),
            "randn" => (Law::Normal { mean: 0.0, sd: 1.0 }, self.dimensions()),
            "standard_normal" => (Law::Normal { mean: 0.0, sd: 1.0 }, self.shape(0, "size")),
            "uniform" => (self.uniform(("low", "high"), (0.0, 1.0)), self.shape(2, "size")),
            "normal" => (self.normal(("loc", "scale")), self.shape(2, "size")),
            "randint" | "integers" if keyword(self.args, "endpoint").is_none() => {
                (self.half_open(), self.shape(2, "size"))
            }
            "choice" => {
                let is_even = ["p", "replace"].iter().all(|name| keyword(self.args, name).is_none())
                    && self.args.len() <= 2;
                let count = self.length(0, "a").or_else(|| self.number(0, "a", f64::NAN));
                (Law::Choice(count.filter(|_| is_even)), self.shape(1, "size"))
            }
            "permutation" => {
                let count = self.length(0, "x").or_else(|| self.number(0, "x", f64::NAN));
                (Law::Order(count), Shape::One)
            }
            "exponential" | "gamma" | "beta" | "lognormal" | "laplace" | "chisquare" => {
                (Law::Unknown, self.shape(2, "size"))
            }
            "poisson" | "standard_exponential" | "standard_t" | "geometric" => {
                (Law::Unknown, self.shape(1, "size"))
            }
            "binomial" => (Law::Unknown, self.shape(2, "size")),
            _ => return None,
        })
    }

    pub(super) fn other(&self, path: &str) -> Option<(Law, Shape)> {
        Some(match path {
            "torch.rand" => (Law::Uniform { from: 0.0, to: 1.0 }, self.dimensions()),
            "torch.randn" => (Law::Normal { mean: 0.0, sd: 1.0 }, self.dimensions()),
            "torch.randperm" => (Law::Order(self.number(0, "n", f64::NAN)), Shape::One),
            "secrets.randbelow" => {
                (self.integers(Some(0.0), self.number(0, "n", f64::NAN).map(|n| n - 1.0)), Shape::One)
            }
            "secrets.choice" => (Law::Choice(self.length(0, "seq")), Shape::One),
            "secrets.randbits" => (Law::Token(self.number(0, "k", f64::NAN)?.exp2()), Shape::One),
            "secrets.token_hex" | "secrets.token_bytes" | "secrets.token_urlsafe" => {
                (Law::Token(256f64.powf(self.number(0, "nbytes", 32.0)?)), Shape::One)
            }
            "faker.random_int" => {
                let (low, high) = (self.number(0, "min", 0.0), self.number(1, "max", 9999.0));
                (self.integers(low, high), Shape::One)
            }
            "faker.random_digit" => (Law::Integers { first: 0.0, last: 9.0 }, Shape::One),
            "faker.boolean" if self.args.is_empty() => (Law::Choice(Some(2.0)), Shape::One),
            "faker.random_element" => (Law::Choice(self.length(0, "elements")), Shape::One),
            _ if path.strip_prefix("faker.").is_some_and(|name| PICKED.contains(&name)) => {
                (Law::Choice(None), Shape::One)
            }
            _ => return None,
        })
    }
}

/// `10`, `(3, 4)`: how many values an array of that size has.
fn count(subject: &Subject<'_>, size: NodeId) -> Option<f64> {
    match subject.code().kind(size) {
        NodeKind::Tuple(parts) | NodeKind::List(parts) => {
            parts.iter().map(|part| subject.number(*part)).product()
        }
        _ => match subject.origin(size).followed(subject.project) {
            origin
                if matches!(origin.kind(), NodeKind::Tuple(_))
                    && subject.is_item(&origin.module, origin.item) =>
            {
                count(subject, origin.node)
            }
            _ => subject.number(size),
        },
    }
}
