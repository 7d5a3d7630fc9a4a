//! `calendar-bomb`: a date made from today's that does not exist on some days, or an assertion that holds until a date.

mod fields;
mod until;

use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::Subject;
use crate::rules::{Cause, Rule, RuleMeta, Said};

use fields::Impossible;
use until::Deadline;

pub struct CalendarBomb;

pub enum Found {
    /// No such day, hour or minute at times.
    Impossible(Impossible),
    /// It holds today, and not for ever.
    Deadline(Deadline),
}

impl Found {
    fn at(&self) -> NodeId {
        match self {
            Found::Impossible(impossible) => impossible.at,
            Found::Deadline(deadline) => deadline.at,
        }
    }
}

impl Rule for CalendarBomb {
    const META: RuleMeta = RuleMeta {
        name: "calendar-bomb",
        summary: "A date made from today's that does not exist on some days, or a check that holds until a date",
        cause: Cause::Time,
        page: include_str!("calendar-bomb.md"),
        on_by_default: true,
        triggers: &[&["replace", "date", "Date", "timezone"]],
    };
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let impossible = fields::impossible(subject).into_iter().map(Found::Impossible);
        let found: Vec<Found> =
            impossible.chain(until::deadlines(subject).into_iter().map(Found::Deadline)).collect();
        if found.is_empty() || subject.is_clock_held() { Vec::new() } else { found }
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let (confidence, what, why, todo) = match found {
            Found::Impossible(impossible) => impossible.words(subject),
            Found::Deadline(deadline) => deadline.words(subject),
        };
        let at = subject.code().range(found.at());
        Said { confidence, at, what, why, todo, related: Vec::new(), mitigated_by: None }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        match found {
            Found::Impossible(impossible) => impossible.fix(subject).into_iter().collect(),
            Found::Deadline(_) => Vec::new(),
        }
    }
}

/// Whether an expression holds a date of the present that does not exist on some days: it is said here already.
pub fn is_impossible_at_times(subject: &Subject<'_>, expr: NodeId) -> bool {
    fields::impossible(subject).iter().any(|impossible| impossible.covers(subject, expr))
}

/// What a hint says: how sure, what, why, what to do.
type Words = (Confidence, String, String, String);
