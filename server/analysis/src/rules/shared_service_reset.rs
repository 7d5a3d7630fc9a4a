//! `shared-service-reset`: a test or fixture empties or restarts a service that other workers use at the same time.

mod containers;
mod stores;

use crate::facts::NodeId;
use crate::fix::Fix;
use crate::fixes::no_parallel;
use crate::hint::Confidence;
use crate::project::surroundings::{Surroundings, is_expected_to_fail, is_switched_off, neighbours};
use crate::project::workers::are_kept_apart;
use crate::project::{FixtureScope, Glance, Place, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

pub struct SharedServiceReset;

/// Clients, their methods and runners of programs that tests put something in the place of.
const REPLACED: &[&str] = &[
    "Client",
    "MongoClient",
    "Popen",
    "Redis",
    "StrictRedis",
    "call",
    "check_call",
    "check_output",
    "flush_all",
    "flushall",
    "flushdb",
    "from_url",
    "run",
    "system",
];

/// One call that resets a service.
pub struct Found {
    node: NodeId,
    /// What it does, as the predicate of a sentence.
    deed: String,
    kind: Kind,
    /// Where it says which service it is, if that is elsewhere.
    written_at: Option<Place>,
    confidence: Confidence,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A server that keeps data.
    Store,
    /// A container under a fixed name.
    Container,
}

impl Rule for SharedServiceReset {
    const META: RuleMeta = RuleMeta {
        name: "shared-service-reset",
        summary: "A test or fixture that empties or restarts a service which other workers use at the same time",
        cause: Cause::StateOutside,
        page: include_str!("shared-service-reset.md"),
        on_by_default: true,
        triggers: &[&["docker", "drop_database", "flush_all", "flushall", "flushdb"]],
    };
    const ROLES: Roles = Roles::RUN;
    type Found = Found;

    fn may_find(item: &Glance<'_>) -> bool {
        item.project.has_workers()
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        if !subject.project.has_workers() {
            return Vec::new();
        }
        let mut found = stores::emptied(subject);
        found.extend(containers::started(subject));
        found.retain(|found| {
            !is_expected_to_fail(subject, found.node) && !is_switched_off(subject, found.node)
        });
        if found.is_empty() || are_kept_apart(subject) || is_made_up(subject) {
            return Vec::new();
        }
        found.sort_by_key(|found| found.node);
        // What else a function does to services goes with the first: one cause.
        found.truncate(1);
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let related =
            found.written_at.clone().map(|place| (place, "This says which service it is.".to_owned()));
        let todo = match found.kind {
            Kind::Store => "Give each worker a database or prefix of its own, made from `worker_id`.",
            Kind::Container => {
                "Put `worker_id` into the name, or start it once for all workers behind a file lock."
            }
        };
        Said {
            confidence: found.confidence,
            at: subject.code().range(found.node),
            what: format!("This {}, which every pytest-xdist worker reaches.", found.deed),
            why: why(subject, found.kind).to_owned(),
            todo: todo.to_owned(),
            related: related.into_iter().collect(),
            mitigated_by: subject.kept_apart_by(),
        }
    }

    fn fix(subject: &Subject<'_>, _: &Found) -> Vec<Fix> {
        no_parallel::mark(subject).into_iter().collect()
    }
}

fn why(subject: &Subject<'_>, kind: Kind) -> &'static str {
    let is_wide = subject.as_fixture().is_some_and(|fixture| fixture.scope > Some(FixtureScope::Class));
    match (kind, is_wide) {
        (Kind::Store, _) => "Tests that run on other workers meanwhile lose what they have just stored.",
        (Kind::Container, true) => {
            "Even a session fixture runs once in each worker, so the second one finds the name taken, or takes the \
             service from under the first."
        }
        (Kind::Container, false) => {
            "Two workers that do it at once find the name taken, or take the service from under each other."
        }
    }
}

/// Whether the code around puts something in the place of the service or of its client.
fn is_made_up(subject: &Subject<'_>) -> bool {
    let surroundings = Surroundings::of(subject);
    if REPLACED.iter().any(|name| surroundings.mocks(name)) {
        return true;
    }
    let says_so = |text: &str| ["fakeredis", "mongomock", "MagicMock"].iter().any(|word| text.contains(word));
    says_so(subject.text())
        || neighbours(subject).iter().any(|(module, item)| says_so(module.file.item_text(*item)))
}
