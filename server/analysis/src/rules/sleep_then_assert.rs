//! `sleep-then-assert`: a test that sleeps so that something else gets done, and then asserts that it is.

mod asserted;
mod beside;
mod brought;
mod cure;
mod heard;
mod turns;

use crate::evidence::{first_few, glance};
use crate::facts::NodeId;
use crate::fix::Fix;
use crate::project::sleeps::{Sleep, sleeps};
use crate::project::{Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use beside::Beside;

pub struct SleepThenAssert;

pub struct Found {
    sleep: Sleep,
    /// The statement or call that needs the work to be done.
    assertion: NodeId,
    beside: Beside,
}

impl Rule for SleepThenAssert {
    const META: RuleMeta = RuleMeta {
        name: "sleep-then-assert",
        summary: "A test that sleeps so that something else gets done, and then asserts that it is",
        cause: Cause::Time,
        page: include_str!("sleep-then-assert.md"),
        on_by_default: true,
        triggers: &[&["sleep", "wait_for_timeout", "pause"], &["assert"]],
    };
    const ROLES: Roles = Roles::TEST;
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let sleeps = sleeps(subject);
        // Behind the next sleep an assertion is that one's.
        let ends: Vec<Option<NodeId>> =
            (1..=sleeps.len()).map(|next| sleeps.get(next).map(|sleep| sleep.call)).collect();
        let found: Vec<Found> =
            sleeps.into_iter().zip(ends).filter_map(|(sleep, end)| judged(subject, sleep, end)).collect();
        if found.is_empty() || subject.is_clock_held() { Vec::new() } else { found }
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let code = subject.code();
        let sleep = subject.source(found.sleep.call);
        let asserted = glance(subject.source(found.assertion));
        let mut related = first_few(found.beside.places(subject));
        related.push((subject.place(code.range(found.assertion)), "needs it to be done here".to_owned()));
        Said {
            confidence: found.beside.confidence(),
            at: code.range(found.sleep.call),
            what: format!("`{sleep}` gives {} so long, and `{asserted}` needs it to be done by then.", found.beside.who()),
            why: "On a busy machine it takes longer and the test fails; everywhere else the test waits for nothing."
                .to_owned(),
            todo: "Wait for the thing itself: its handle, an event, or what is asserted, with a bound.".to_owned(),
            related,
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::polled(subject, &found.sleep, found.assertion).into_iter().collect()
    }
}

fn judged(subject: &Subject<'_>, sleep: Sleep, end: Option<NodeId>) -> Option<Found> {
    let assertion = asserted::next_assertion(subject, &sleep, end)?;
    let beside = Beside::of(subject, &sleep, assertion)?;
    Some(Found { sleep, assertion, beside })
}
