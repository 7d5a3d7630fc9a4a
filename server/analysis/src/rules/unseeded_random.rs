//! `unseeded-random`: an assertion that holds for some draws of a random generator, and not for others.

mod cure;
mod measured;
mod risk;
mod shuffled;
mod thresholds;

use super::{Cause, Rule, RuleMeta, Said};
use crate::evidence::glance;
use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::claims::claims;
use crate::project::draws::{Draw, Generator};
use crate::project::surroundings::is_expected_to_fail;
use crate::project::{Place, Subject};

pub struct UnseededRandom;

/// An assertion whose outcome a draw decides.
pub struct Found {
    /// The comparison.
    at: NodeId,
    draw: Draw,
    /// How likely it fails; `None` where that cannot be reckoned.
    chance: Option<f64>,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// One value, or several as a whole.
    Value,
    /// What several values have in common: their mean, their spread, how many there are of a kind.
    Statistic,
    /// What is computed from drawn data.
    Derived,
}

/// A test that fails once in ten thousand runs fails every few weeks in a busy CI.
const LIKELY: f64 = 1e-4;
const POSSIBLE: f64 = 1e-6;
/// One that nearly always fails would have been seen: something decides the draw that is not seen here.
const CERTAIN: f64 = 0.95;

impl Rule for UnseededRandom {
    const META: RuleMeta = RuleMeta {
        name: "unseeded-random",
        summary: "An assertion that holds for some random draws and not for others, with nothing that seeds them",
        cause: Cause::Order,
        page: include_str!("unseeded-random.md"),
        on_by_default: true,
        triggers: &[&[
            "rand", "rng", "Rng", "RNG", "uuid", "secrets", "token", "fake", "Fake", "shuffle", "sampl",
            "choice", "nois", "dice", "draw", "jitter", "normal(", "gauss",
        ]],
    };
    const FOLLOWS: bool = true;
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let mut found: Vec<Found> = claims(subject)
            .iter()
            .filter_map(|claim| {
                risk::of(subject, claim)
                    .or_else(|| shuffled::of(subject, claim))
                    .or_else(|| thresholds::of(subject, claim))
            })
            .filter(|found| found.confidence().is_some() && !is_expected_to_fail(subject, found.at))
            .collect();
        found.dedup_by_key(|found| subject.code().statement_of(found.at));
        found.retain(|found| !found.draw.is_held(subject));
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        Said {
            confidence: found.confidence().unwrap_or(Confidence::Possible),
            at: subject.code().range(found.at),
            what: found.what(subject),
            why: found.why(subject),
            todo: found.todo().to_owned(),
            related: found.related(subject),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::seed(subject, found).into_iter().collect()
    }
}

impl Found {
    /// How sure a hint is; `None` where the assertion practically always ends the same way.
    fn confidence(&self) -> Option<Confidence> {
        match self.chance {
            Some(chance) if (LIKELY..=CERTAIN).contains(&chance) => Some(Confidence::Likely),
            Some(chance) if (POSSIBLE..LIKELY).contains(&chance) => Some(Confidence::Possible),
            Some(_) => None,
            None => Some(Confidence::Possible),
        }
    }

    fn what(&self, subject: &Subject<'_>) -> String {
        let written = glance(subject.source(self.at));
        match (self.form, self.chance) {
            (_, Some(chance)) => {
                format!(
                    "`{written}` is decided by a random draw: the assertion fails in about one run of {}.",
                    runs(chance)
                )
            }
            (Form::Derived, None) => {
                format!(
                    "`{written}` bounds what is computed from random data, which is other data in each run."
                )
            }
            (_, None) => {
                format!("`{written}` is decided by a random draw, and the assertion fails for some.")
            }
        }
    }

    fn why(&self, subject: &Subject<'_>) -> String {
        let seeded_by_plugin = matches!(self.draw.generator, Generator::Random | Generator::Numpy)
            && subject.project.plugins.has("pytest-randomly")
            && !subject.project.config.options.blocks_plugin("randomly");
        match self.draw.generator {
            Generator::System => "The operating system draws it: no seed repeats it.".to_owned(),
            _ if seeded_by_plugin => {
                "pytest-randomly seeds the generator with another number in each run; `--randomly-seed=N` with the number that a run prints repeats that run."
                    .to_owned()
            }
            _ => "Nothing seen here seeds the generator, so each run draws other values.".to_owned(),
        }
    }

    fn todo(&self) -> &'static str {
        match (self.draw.generator, self.form) {
            (Generator::System, _) => {
                "Assert what holds for every draw, or hand the code a generator that the test seeds."
            }
            (_, Form::Value) => "Seed the generator in the test, or assert what holds for every draw.",
            (_, Form::Statistic | Form::Derived) => {
                "Seed the generator in the test, or draw so many and leave so much room that no run can fail."
            }
        }
    }

    /// Where it is drawn, when that is not in the marked expression.
    fn related(&self, subject: &Subject<'_>) -> Vec<(Place, String)> {
        let call = &self.draw.call;
        if subject.is_item(&call.module, call.item) && subject.code().is_within(call.node, self.at) {
            return Vec::new();
        }
        let file = &call.module.file;
        let range = file.absolute(call.item, file.facts(call.item).code.range(call.node));
        vec![(Place { path: file.path.clone(), range }, "It is drawn here.".to_owned())]
    }
}

/// One in so many, as a person says it: two digits at most.
fn runs(chance: f64) -> String {
    let runs = 1.0 / chance;
    if runs < 10.0 {
        let tenths = (runs * 10.0).round() / 10.0;
        return format!("{tenths}");
    }
    let step = 10f64.powf(runs.log10().floor() - 1.0);
    let digits = format!("{}", ((runs / step).round() * step).round());
    grouped(&digits)
}

/// `12000` as `12,000`.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
