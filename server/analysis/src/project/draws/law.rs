//! Distributions, and how likely a value of one is on the wrong side of a bound.

/// How one value is distributed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Law {
    /// Each whole number from the first to the last.
    Integers {
        first: f64,
        last: f64,
    },
    Uniform {
        from: f64,
        to: f64,
    },
    Normal {
        mean: f64,
        sd: f64,
    },
    /// One of so many things, each as likely.
    Choice(Option<f64>),
    /// Text, bytes or an object that has so many equally likely values.
    Token(f64),
    /// An order of so many things.
    Order(Option<f64>),
    /// True so often.
    Chance(f64),
    /// A number of which nothing else is known.
    Unknown,
}

impl Law {
    /// How many values there are, each as likely; infinite for continuous ones, `None` where it is not known.
    pub fn outcomes(self) -> Option<f64> {
        match self {
            Law::Integers { first, last } => Some(last - first + 1.0),
            Law::Uniform { .. } | Law::Normal { .. } => Some(f64::INFINITY),
            Law::Choice(count) => count,
            Law::Token(count) => Some(count),
            Law::Order(count) => count.map(factorial),
            Law::Chance(_) | Law::Unknown => None,
        }
    }

    pub fn mean(self) -> Option<f64> {
        match self {
            Law::Integers { first, last } => Some((first + last) / 2.0),
            Law::Uniform { from, to } => Some((from + to) / 2.0),
            Law::Normal { mean, .. } => Some(mean),
            Law::Chance(share) => Some(share),
            _ => None,
        }
    }

    pub fn sd(self) -> Option<f64> {
        match self {
            Law::Integers { first, last } => Some((((last - first + 1.0).powi(2) - 1.0) / 12.0).sqrt()),
            Law::Uniform { from, to } => Some((to - from) / 12f64.sqrt()),
            Law::Normal { sd, .. } => Some(sd),
            Law::Chance(share) => Some((share * (1.0 - share)).sqrt()),
            _ => None,
        }
    }

    /// How much the square of the distance from the mean varies: the fourth moment in units of the variance's square.
    pub fn kurtosis(self) -> Option<f64> {
        match self {
            Law::Integers { .. } | Law::Uniform { .. } => Some(1.8),
            Law::Normal { .. } => Some(3.0),
            _ => None,
        }
    }

    /// How likely one value is less than a bound, or equals it where that counts.
    pub fn below(self, bound: f64, or_equal: bool) -> Option<f64> {
        match self {
            Law::Integers { first, last } => {
                let until = if or_equal { bound.floor() } else { bound.ceil() - 1.0 };
                Some(((until - first + 1.0) / (last - first + 1.0)).clamp(0.0, 1.0))
            }
            Law::Uniform { from, to } if to > from => Some(((bound - from) / (to - from)).clamp(0.0, 1.0)),
            Law::Normal { mean, sd } if sd > 0.0 => Some(normal_below((bound - mean) / sd)),
            _ => None,
        }
    }

    /// The same law times a factor, plus a term.
    pub fn linear(self, factor: f64, term: f64) -> Option<Law> {
        match self {
            Law::Uniform { from, to } => {
                let (one, other) = (from * factor + term, to * factor + term);
                Some(Law::Uniform { from: one.min(other), to: one.max(other) })
            }
            Law::Normal { mean, sd } => {
                Some(Law::Normal { mean: mean * factor + term, sd: sd * factor.abs() })
            }
            Law::Integers { first, last } if factor == 1.0 => {
                Some(Law::Integers { first: first + term, last: last + term })
            }
            _ => None,
        }
    }
}

/// How likely a standard normal value is less than `z`. Off by no more than a millionth of the smaller side.
pub fn normal_below(z: f64) -> f64 {
    0.5 * erfc(-z / std::f64::consts::SQRT_2)
}

/// The complementary error function by Chebyshev fitting; its relative error is under 1.2e-7 everywhere.
fn erfc(x: f64) -> f64 {
    const FIT: [f64; 10] = [
        -1.265_512_23,
        1.000_023_68,
        0.374_091_96,
        0.096_784_18,
        -0.186_288_06,
        0.278_868_07,
        -1.135_203_98,
        1.488_515_87,
        -0.822_152_23,
        0.170_872_77,
    ];
    let t = 1.0 / (1.0 + 0.5 * x.abs());
    let fitted = FIT.iter().rev().fold(0.0, |sum, term| sum * t + term);
    let tail = t * (fitted - x * x).exp();
    if x >= 0.0 { tail } else { 2.0 - tail }
}

fn factorial(count: f64) -> f64 {
    if count > 20.0 { f64::INFINITY } else { (1..=count as u64).map(|factor| factor as f64).product() }
}

#[cfg(test)]
mod tests {
    use super::{Law, normal_below};

    #[test]
    fn tails_of_the_normal_distribution() {
        for (z, wanted) in [(0.0, 0.5), (-1.959_964, 0.025), (1.0, 0.841_344_7), (-5.0, 2.866_516e-7)] {
            let found = normal_below(z);
            assert!((found - wanted).abs() < wanted * 1e-5, "{z} {found}");
        }
    }

    #[test]
    fn bounds_of_whole_numbers() {
        let die = Law::Integers { first: 1.0, last: 6.0 };
        let sixths = |bound, or_equal| die.below(bound, or_equal).map(|share| (share * 6.0).round());
        assert_eq!(sixths(3.0, false), Some(2.0));
        assert_eq!(sixths(3.0, true), Some(3.0));
        assert_eq!(sixths(2.5, false), Some(2.0));
        assert_eq!(sixths(0.0, true), Some(0.0));
        assert_eq!(sixths(9.0, false), Some(6.0));
    }
}
