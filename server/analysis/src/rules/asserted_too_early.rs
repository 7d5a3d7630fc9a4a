//! `asserted-too-early`: an assertion on what started work does, with nothing between that waits for the work.

mod asked;
mod begun;
mod between;
mod called;
mod cure;
mod ended;
mod instant;
mod words;

use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::handoff::HandOff;
use crate::project::outcome::CALLED;
use crate::project::{Glance, Place, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

pub struct AssertedTooEarly;

pub struct Found {
    assertion: NodeId,
    begun: Begun,
    asks: Asks,
    confidence: Confidence,
}

/// Where the work starts.
enum Begun {
    /// In the test.
    Here(HandOff),
    /// In a function of the project, which the test calls at `call`.
    There { call: NodeId, function: String, off: HandOff, place: Place },
}

/// What the assertion needs.
enum Asks {
    /// Something that the work writes, as the test spells it.
    Effect(String),
    /// That the work has come to its end.
    End,
}

impl Asks {
    fn effect(written: &str) -> Asks {
        Asks::Effect(written.trim_end_matches(CALLED).to_owned())
    }
}

impl Begun {
    fn off(&self) -> &HandOff {
        match self {
            Begun::Here(off) | Begun::There { off, .. } => off,
        }
    }
}

impl Rule for AssertedTooEarly {
    const META: RuleMeta = RuleMeta {
        name: "asserted-too-early",
        summary: "An assertion on what started work does, with nothing between that waits for the work",
        cause: Cause::Asynchronous,
        page: include_str!("asserted-too-early.md"),
        on_by_default: true,
        triggers: &[&[
            "Thread",
            "Process",
            "Popen",
            "Timer",
            "xecutor",
            "Pool",
            "start",
            "submit",
            "spawn",
            "launch",
            "task",
            "Task",
            "ensure_future",
            "apply_async",
            "map_async",
            "call_soon",
            "call_later",
            "to_thread",
            "run_in",
            "background",
            "fork",
            "worker",
            "kill",
            "terminate",
            "send",
            "publish",
            "emit",
            "notify",
            "queue",
            "dispatch",
            "schedul",
            "trigger",
        ]],
    };
    const ROLES: Roles = Roles::TEST;
    const FOLLOWS: bool = true;
    type Found = Found;

    /// Its own text must assert, whatever the helpers do that it names.
    fn may_find(item: &Glance<'_>) -> bool {
        item.text().contains("assert")
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let mut found = begun::found(subject);
        found.extend(called::found(subject));
        found.sort_by_key(|found| (found.assertion, found.confidence == Confidence::Possible));
        found.dedup_by_key(|found| found.assertion);
        if found.is_empty() || begun::runs_at_once(subject) { Vec::new() } else { found }
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let [what, why, todo] = words::sentences(subject, found);
        Said {
            confidence: found.confidence,
            at: subject.code().range(found.assertion),
            what,
            why,
            todo,
            related: words::related(subject, found),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::fixes(subject, found)
    }
}
