//! `tight-timeout`: a wait for something real that gives up so soon that a busy machine fails the test.

mod fails;
mod fed;
mod tight;
mod timed;

use crate::evidence::{duration, glance};
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::hint::Confidence;
use crate::project::surroundings::Surroundings;
use crate::project::{Place, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use timed::{Timed, What};

pub struct TightTimeout;

pub struct Found {
    timed: Timed,
    confidence: Confidence,
    sleep: Option<NodeId>,
}

impl Rule for TightTimeout {
    const META: RuleMeta = RuleMeta {
        name: "tight-timeout",
        summary: "A wait for a process, thread, socket or task that gives up so soon that a busy machine fails the test",
        cause: Cause::Time,
        page: include_str!("tight-timeout.md"),
        on_by_default: true,
        triggers: &[&["timeout", "wait", "join", "result(", "fail_after", "acquire"]],
    };
    const ROLES: Roles = Roles::RUN;
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let mut found: Vec<Found> = timed::timed(subject)
            .into_iter()
            .filter_map(|timed| {
                let confidence = tight::confidence(subject, &timed)?;
                let sleep = tight::races_sleep(subject, &timed);
                let may_expire = fails::fails(subject, &timed) && !fed::is_fed(subject, &timed);
                may_expire.then_some(Found { timed, confidence, sleep })
            })
            .collect();
        found.dedup_by_key(|found| subject.code().statement_of(found.timed.call));
        if found.is_empty() || subject.is_clock_held() || is_stubbed(subject, &found) {
            return Vec::new();
        }
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let Found { timed, confidence, .. } = found;
        let code = subject.code();
        let written = glance(subject.source(timed.call));
        let why = match timed.what {
            What::Process => {
                "Starting a process takes a tenth of a second at best, and seconds on a machine that is busy: then the test fails."
            }
            What::Loop => {
                "One pause of the machine or of the garbage collector is as long, and the test fails though all is well."
            }
            _ => {
                "On a machine that is busy the other side gets its turn later, and the test fails though all is well."
            }
        };
        Said {
            confidence: *confidence,
            at: code.range(timed.call),
            what: format!("`{written}` gives {} {} and no longer.", who(timed.what), duration(timed.seconds)),
            why: why.to_owned(),
            todo: "Give it many times what it needs: a limit costs time only where the test fails anyway."
                .to_owned(),
            related: related(subject, found),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        longer(subject, &found.timed).into_iter().collect()
    }
}

/// Whether what waits is itself replaced.
fn is_stubbed(subject: &Subject<'_>, found: &[Found]) -> bool {
    let names =
        ["run", "Popen", "call", "check_call", "check_output", "subprocess", "sleep", "socket", "wait_for"];
    let surroundings = Surroundings::of(subject);
    let is_outside = |found: &Found| {
        use What as W;
        matches!(found.timed.what, W::Process | W::ProcessEnd | W::Connection | W::Loop)
    };
    found.iter().any(is_outside) && names.iter().any(|name| surroundings.mocks(name))
}

fn who(what: What) -> &'static str {
    match what {
        What::Process | What::ProcessEnd => "a process",
        What::Thread => "another thread",
        What::Loop => "the event loop",
        What::Connection => "the other end",
        What::Test => "the whole test",
        What::Unknown => "what it waits for",
    }
}

fn related(subject: &Subject<'_>, found: &Found) -> Vec<(Place, String)> {
    let sleep = found.sleep.filter(|sleep| !subject.code().is_within(*sleep, found.timed.call));
    let place = sleep.map(|sleep| subject.place(subject.code().range(sleep)));
    place.map(|place| (place, "so long it takes at the least".to_owned())).into_iter().collect()
}

/// So much time is hardly ever needed, and passes only where the test fails anyway.
const AMPLE: f64 = 30.0;

/// A limit of half a minute, where it is written as a number in the call.
fn longer(subject: &Subject<'_>, timed: &Timed) -> Option<Fix> {
    let code = subject.code();
    if !matches!(code.kind(timed.limit), NodeKind::Int(_) | NodeKind::Float(_)) {
        return None;
    }
    let ample = (AMPLE / timed.unit).round() as u64;
    let mut edits = Edits::new();
    edits.push(subject.path(), subject.absolute(code.range(timed.limit)), ample.to_string());
    Some(Fix::cure(format!("Wait for {AMPLE} seconds at most"), Applicability::Suggested, edits))
}
