//! `unfrozen-now`: an expected value made from a reading of the clock of its own, or from the zone of the machine.

mod compared;
mod cure;
mod fixed;
mod grain;
mod handed;
mod stamps;
mod turn;
mod zone;

use crate::evidence::glance;
use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::assertions::asserts_for_tests;
use crate::project::surroundings::is_expected_to_fail;
use crate::project::{Place, Roles, Subject};
use crate::rules::calendar_bomb::is_impossible_at_times;
use crate::rules::{Cause, Rule, RuleMeta, Said};

use compared::{Against, Compared};
use grain::Grain;
use stamps::Read;
use zone::Local;

pub struct UnfrozenNow;

pub enum Found {
    Reading(Compared),
    Zone(Local),
}

impl Found {
    fn at(&self) -> NodeId {
        match self {
            Found::Reading(compared) => compared.at,
            Found::Zone(local) => local.at,
        }
    }

    /// What is compared, and where the clock is read for it.
    fn places(&self) -> impl Iterator<Item = NodeId> + use<> {
        let read = match self {
            Found::Reading(Compared { stamp, .. }) => match stamp.read {
                Read::Here(call) => Some(call),
                Read::Before(_) => None,
            },
            Found::Zone(_) => None,
        };
        std::iter::once(self.at()).chain(read)
    }
}

impl Rule for UnfrozenNow {
    const META: RuleMeta = RuleMeta {
        name: "unfrozen-now",
        summary: "An expected value made from the moment of its own reading, or from the time zone of the machine",
        cause: Cause::Time,
        page: include_str!("unfrozen-now.md"),
        on_by_default: true,
        triggers: &[&[
            "now", "Now", "today", "time", "Time", "date", "Date", "stamp", "clock", "year", "expire",
        ]],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::PLAIN);
    const FOLLOWS: bool = true;
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        if !asserts_for_tests(subject) {
            return Vec::new();
        }
        let mut found: Vec<Found> = compared::compared(subject).into_iter().map(Found::Reading).collect();
        let local = zone::local_times(subject);
        if !local.is_empty() && !zone::is_zone_set(subject) {
            found.extend(local.into_iter().map(Found::Zone));
        }
        found.retain(|found| !is_expected_to_fail(subject, found.at()));
        // A date that is not there every month fails far more often than at midnight: one hint for it is enough.
        found.retain(|found| !found.places().any(|place| is_impossible_at_times(subject, place)));
        if found.is_empty() || subject.is_clock_held() || turn::is_waited_out(subject) {
            return Vec::new();
        }
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        match found {
            Found::Reading(compared) => say_reading(subject, compared),
            Found::Zone(local) => say_zone(subject, local),
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        match found {
            Found::Reading(compared) => cure::read_once(subject, compared)
                .or_else(|| cure::frozen(subject, compared))
                .into_iter()
                .collect(),
            Found::Zone(_) => Vec::new(),
        }
    }
}

fn say_reading(subject: &Subject<'_>, compared: &Compared) -> Said {
    let expected = glance(subject.source(compared.at));
    let other = match compared.against {
        Against::Reading(..) => "a second reading",
        Against::Function(_) => "what the code under test read from it",
        Against::Unseen => "what the code under test was not given, and so read for itself",
    };
    let why = match compared.grain() {
        Grain::Instant => {
            "Two readings are equal only where the clock is coarse, or something else holds it still."
                .to_owned()
        }
        grain => format!("Run {}, the two readings differ and the test fails.", grain.turn()),
    };
    Said {
        confidence: compared.confidence(),
        at: subject.code().range(compared.at),
        what: format!("`{expected}` is made from one reading of the clock, and compared with {other}."),
        why,
        todo: "Read the clock once and hand it to the code under test, or hold it still (freezegun, time-machine)."
            .to_owned(),
        related: readings(subject, compared),
        mitigated_by: None,
    }
}

fn readings(subject: &Subject<'_>, compared: &Compared) -> Vec<(Place, String)> {
    let code = subject.code();
    let place = |read: &Read| match read {
        Read::Here(call) if code.is_within(*call, compared.at) => None,
        Read::Here(call) => Some(subject.place(code.range(*call))),
        Read::Before(place) => Some(place.clone()),
    };
    let own = place(&compared.stamp.read).map(|place| (place, "the clock is read here".to_owned()));
    let other = match &compared.against {
        Against::Reading(read, _) => place(read),
        Against::Function(place) => Some(place.clone()),
        Against::Unseen => None,
    };
    own.into_iter().chain(other.map(|place| (place, "and here once more".to_owned()))).collect()
}

fn say_zone(subject: &Subject<'_>, local: &Local) -> Said {
    let written = glance(subject.source(local.at));
    let at = subject.place(subject.code().range(local.at));
    let is_inside = local.by.path == at.path && at.range.contains(local.by.range.start);
    let related =
        (!is_inside).then(|| (local.by.clone(), "the machine's time zone comes in here".to_owned()));
    Said {
        confidence: Confidence::Likely,
        at: subject.code().range(local.at),
        what: format!("`{written}` is a time in the zone of the machine, and compared with a fixed value."),
        why:
            "It holds where the author's clock is set, and fails in other zones, some of them only in summer."
                .to_owned(),
        todo: "Make the time an aware one (`tz=timezone.utc`), or set `TZ` for the test.".to_owned(),
        related: related.into_iter().collect(),
        mitigated_by: None,
    }
}
