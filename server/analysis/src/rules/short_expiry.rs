//! `short-expiry`: a life of a moment that a test sleeps across, with no room on the side that it asserts.

mod checks;
mod expiries;
mod timeline;

use crate::evidence::{duration, glance};
use crate::facts::NodeKind;
use crate::fix::{Applicability, Edits, Fix};
use crate::project::{Glance, Place, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use checks::Wanted;
use timeline::{Race, races};

pub struct ShortExpiry;

/// LangGraph's stores count a life in minutes.
const IN_MINUTES: &str = "langgraph";

impl Rule for ShortExpiry {
    const META: RuleMeta = RuleMeta {
        name: "short-expiry",
        summary: "A cache entry, lease or token that lives for a moment, asserted too close to its end",
        cause: Cause::Time,
        page: include_str!("short-expiry.md"),
        on_by_default: true,
        triggers: &[&["sleep"], &["assert", "raises"]],
    };
    const ROLES: Roles = Roles::TEST;
    type Found = Race;

    fn may_find(item: &Glance<'_>) -> bool {
        expiries::may_stand_in(item.text())
    }

    fn find(subject: &Subject<'_>) -> Vec<Race> {
        if subject.module.file.text.as_str().contains(IN_MINUTES) {
            return Vec::new();
        }
        let found = races(subject);
        if found.is_empty() || subject.is_clock_held() { Vec::new() } else { found }
    }

    fn say(subject: &Subject<'_>, race: &Race) -> Said {
        let code = subject.code();
        let written = glance(subject.source(race.expiry));
        let asserted = glance(subject.source(race.check).lines().next().unwrap_or_default());
        let (what, why, todo) = match race.wanted {
            Wanted::There => (
                format!(
                    "`{written}` lives for {}, and `{asserted}` needs it to be there still.",
                    duration(race.seconds)
                ),
                format!(
                    "A pause of {} between the two is enough to make it expire first, and a busy machine pauses so long.",
                    duration(race.slack)
                ),
                "Let it live for a minute while it is to be there, and test its end with a clock that is handed in or held.",
            ),
            Wanted::Gone => (
                format!("`{asserted}` needs it to be gone {}.", past_the_end(race.slack)),
                "Where another clock, a whole number of seconds or a worker in the background ends it, that is before or after so exact a sleep.".to_owned(),
                "Sleep well past the end, or test it with a clock that is handed in or held.",
            ),
        };
        Said {
            confidence: race.confidence,
            at: code.range(race.expiry),
            what,
            why,
            todo: todo.to_owned(),
            related: related(subject, race),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, race: &Race) -> Vec<Fix> {
        longer_sleep(subject, race).into_iter().collect()
    }
}

fn past_the_end(slack: f64) -> String {
    if slack < 1e-4 {
        "at the very end of its life".to_owned()
    } else {
        format!("{} past its end", duration(slack))
    }
}

fn related(subject: &Subject<'_>, race: &Race) -> Vec<(Place, String)> {
    let place = |node| subject.place(subject.code().range(node));
    let sleep = race.sleep.map(|sleep| (place(sleep), "it is slept here".to_owned()));
    let words = match race.wanted {
        Wanted::There => "it must be there here",
        Wanted::Gone => "it must be gone here",
    };
    let check = match subject.code().kind(race.check) {
        // The head of the block is enough.
        NodeKind::With { items, .. } => items.first().map(|item| item.context),
        _ => Some(race.check),
    };
    sleep.into_iter().chain(check.map(|check| (place(check), words.to_owned()))).collect()
}

/// Twice the sleep, where what follows it must be gone.
fn longer_sleep(subject: &Subject<'_>, race: &Race) -> Option<Fix> {
    let code = subject.code();
    let NodeKind::Call { args, .. } = code.kind(race.sleep?) else { return None };
    let written = args.first()?.value;
    let length = code.kind(written).as_number()?;
    if race.wanted != Wanted::Gone || length < 0.05 {
        return None;
    }
    let mut edits = Edits::new();
    let twice = (length * 2.0 * 1e6).round() / 1e6;
    edits.push(subject.path(), subject.absolute(code.range(written)), twice.to_string());
    Some(Fix::cure("Sleep for twice as long, well past the end", Applicability::Suggested, edits))
}
