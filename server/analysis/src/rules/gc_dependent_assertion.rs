//! `gc-dependent-assertion`: an assertion on what the process holds, which is up to the garbage collector and to other tests.

mod counted;
mod cure;
mod judge;
mod references;

use super::{Cause, Rule, RuleMeta, Said};
use crate::evidence::glance;
use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::claims::claims;
use crate::project::surroundings::{Surroundings, is_expected_to_fail};
use crate::project::{Roles, Subject};

use counted::Counted;

pub struct GcDependentAssertion;

pub struct Found {
    /// The comparison.
    at: NodeId,
    counted: Counted,
    confidence: Confidence,
    /// Whether the garbage of earlier tests can be taken away before.
    is_cured_by_collecting: bool,
}

impl Rule for GcDependentAssertion {
    const META: RuleMeta = RuleMeta {
        name: "gc-dependent-assertion",
        summary: "An assertion on all objects, threads, files or subclasses of the process, which other tests leave behind",
        cause: Cause::Process,
        page: include_str!("gc-dependent-assertion.md"),
        on_by_default: true,
        triggers: &[&[
            "gc",
            "get_objects",
            "collect",
            "garbage",
            "weakref",
            "active_count",
            "enumerate",
            "__subclasses__",
            "fds",
            "open_files",
            "/fd",
        ]],
    };
    const ROLES: Roles = Roles::TEST.or(Roles::FIXTURE);
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let claims = claims(subject);
        let mut found: Vec<Found> = claims
            .iter()
            .filter_map(|claim| {
                judge::of_claim(subject, claim).or_else(|| references::of_claim(subject, claim))
            })
            .chain(judge::empties(subject))
            .filter(|found| !is_expected_to_fail(subject, found.at))
            .collect();
        found.sort_by_key(|found| found.at);
        found.dedup_by_key(|found| subject.code().statement_of(found.at));
        if found.is_empty() {
            return found;
        }
        let surroundings = Surroundings::of(subject);
        let is_replaced =
            ["active_count", "enumerate", "get_objects", "num_fds", "open_files", "collect", "listdir"]
                .iter()
                .any(|name| surroundings.mocks(name));
        found.retain(|found| !judge::asks_replaced(subject, found));
        if is_replaced { Vec::new() } else { found }
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        Said {
            confidence: found.confidence,
            at: subject.code().range(found.at),
            what: format!("`{}` {}.", glance(subject.source(found.at)), found.counted.what()),
            why: found.counted.why().to_owned(),
            todo: found.counted.todo().to_owned(),
            related: Vec::new(),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::collect_first(subject, found).into_iter().collect()
    }
}
