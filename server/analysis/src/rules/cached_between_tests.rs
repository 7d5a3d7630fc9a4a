//! `cached-between-tests`: a function keeps the result that it had under one test's patches, and another test gets it.

mod conditions;
mod cures;
mod others;

use crate::evidence::first_few;
use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::cached::{cached_callee, is_emptied_around, looks_at};
use crate::project::callee::Definition;
use crate::project::{Place, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use conditions::Condition;
use others::Other;

pub struct CachedBetweenTests;

pub struct Found {
    call: NodeId,
    cached: Definition,
    condition: Condition,
    /// Where the function looks at what is changed.
    looked_at: Place,
    /// Never empty.
    others: Vec<Other>,
}

impl Rule for CachedBetweenTests {
    const META: RuleMeta = RuleMeta {
        name: "cached-between-tests",
        summary: "A function that keeps its result is called under different patches and its cache is never cleared",
        cause: Cause::StateInside,
        page: include_str!("cached-between-tests.md"),
        on_by_default: true,
        triggers: &[],
    };
    const ROLES: Roles = Roles::TEST;
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for call in subject.body().filter(|node| subject.runs_here(*node)) {
            let Some(cached) = cached_callee(subject, call) else { continue };
            if !found.iter().any(|known| known.cached == cached) {
                found.extend(leftover(subject, call, cached));
            }
        }
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let Found { call, cached, condition, looked_at, others } = found;
        let code = subject.code();
        let name = cached.name();
        let target = condition.target.named_in(&subject.module);
        let mut related = vec![
            (looked_at.clone(), format!("looks at {target} here, once")),
            (condition.place.clone(), "changed for this test here".to_owned()),
        ];
        let calls =
            others.iter().map(|other| (other.place.clone(), format!("`{}` calls it here", other.name)));
        related.extend(first_few(calls));
        Said {
            confidence: Confidence::Likely,
            at: code.range(*call),
            what: format!(
                "`{name}` keeps its first result, and this test calls it while {target} is changed."
            ),
            why: format!(
                "`{}` calls it too, without that change: what both get was made for the one that ran first.",
                others[0].name
            ),
            todo: format!("Call `{name}.cache_clear()` before and after each test, in a fixture."),
            related,
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cures::cleared(subject, found.call, &found.cached).into_iter().collect()
    }
}

/// What a call leaves in the cache for tests that change nothing, or something else.
fn leftover(subject: &Subject<'_>, call: NodeId, cached: Definition) -> Option<Found> {
    let conditions = conditions::in_force(subject, call);
    let seen = conditions.into_iter().find_map(|condition| {
        let looked_at = looks_at(subject.project, &cached, &condition.target)?;
        Some((condition, looked_at))
    });
    let (condition, looked_at) = seen?;
    if is_emptied_around(subject, &cached) {
        return None;
    }
    let others = others::unlike(subject, call, &cached, &condition);
    (!others.is_empty()).then_some(Found { call, cached, condition, looked_at, others })
}
