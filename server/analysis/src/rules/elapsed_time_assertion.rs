//! `elapsed-time-assertion`: an assertion that measured time stays below a bound, which the machine decides.

mod bounds;
mod cure;
mod quiet;
mod slack;

use crate::evidence::{duration, one_line};
use crate::fix::Fix;
use crate::project::assertions::asserts_for_tests;
use crate::project::{Place, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use bounds::{Bound, Limit};
use slack::Slack;

pub struct ElapsedTimeAssertion;

pub struct Found {
    bound: Bound,
    slack: Slack,
}

impl Rule for ElapsedTimeAssertion {
    const META: RuleMeta = RuleMeta {
        name: "elapsed-time-assertion",
        summary: "An assertion that something takes less than so much time, on whatever machine",
        cause: Cause::Time,
        page: include_str!("elapsed-time-assertion.md"),
        on_by_default: true,
        triggers: &[&[
            "time",
            "Time",
            "perf_counter",
            "monotonic",
            "now",
            "elapsed",
            "duration",
            "took",
            "seconds",
            "clock",
        ]],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::PLAIN);
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        if !asserts_for_tests(subject) {
            return Vec::new();
        }
        let all = bounds::bounds(subject);
        let mut tight: Vec<Found> = all
            .iter()
            .filter(|bound| !quiet::is_quiet(subject, bound))
            .filter_map(|bound| {
                Some(Found { bound: bound.clone(), slack: slack::slack(subject, bound, &all)? })
            })
            .collect();
        // One statement, one hint.
        tight.dedup_by_key(|found| subject.code().statement_of(found.bound.at));
        if tight.is_empty() || subject.is_clock_held() { Vec::new() } else { tight }
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let at = subject.code().range(found.bound.at);
        Said {
            confidence: found.slack.confidence,
            at,
            what: what(subject, found),
            why: "How long it takes is up to the machine: one that has other things to do, or collects garbage just then, \
                  takes longer, and the test fails."
                .to_owned(),
            todo: todo(&found.bound).to_owned(),
            related: read_at(subject, &found.bound),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::lower_bound_only(subject, &found.bound).into_iter().collect()
    }
}

fn what(subject: &Subject<'_>, found: &Found) -> String {
    let written = one_line(subject.source(found.bound.at));
    let seconds = found.slack.room.map(duration);
    match (found.bound.limit, seconds) {
        (Limit::Within(_), Some(room)) => {
            format!("`{written}` wants measured time to be right to within {room}.")
        }
        (Limit::Within(_), None) => format!("`{written}` wants measured time to be close to a value."),
        (Limit::Faster, _) => format!("`{written}` wants one measured time to be less than another."),
        (_, Some(room)) if found.slack.minimum > 0.0 => {
            format!("`{written}` leaves {room} beside the time that passes anyway.")
        }
        (_, Some(room)) => format!("`{written}` leaves {room} for all that is measured."),
        (_, None) => format!("`{written}` bounds measured time."),
    }
}

fn todo(bound: &Bound) -> &'static str {
    match bound.limit {
        Limit::Faster => {
            "Count what makes it faster (calls, queries, hits of a cache), or measure in a benchmark of its own."
        }
        _ => {
            "Assert on what the time stands for: an event, an order, a count of calls. A lower bound holds everywhere, and so does a fake clock."
        }
    }
}

fn read_at(subject: &Subject<'_>, bound: &Bound) -> Vec<(Place, String)> {
    let at = subject.place(subject.code().range(bound.at));
    let mut places = vec![bound.span.from.clone(), bound.span.until.clone()];
    places.dedup();
    places.retain(|place| {
        place.path != at.path || !(at.range.start..at.range.end).contains(&place.range.start)
    });
    places.into_iter().map(|place| (place, "the clock is read here".to_owned())).collect()
}
