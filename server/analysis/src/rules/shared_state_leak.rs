//! `shared-state-leak`: a test, fixture or set-up changes state inside the process and nothing puts it back.

mod cause;
mod fix;
mod harmless;
mod judge;
mod mocks;
mod own_entry;
mod say;

use std::sync::Arc;

use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::accesses::Access;
use crate::project::callers::Caller;
use crate::project::effects::Touch;
use crate::project::fixtures::Fixture;
use crate::project::guards::Guarded;
use crate::project::target::Target;
use crate::project::{Place, Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

pub struct SharedStateLeak;

/// One target that the subject leaves changed.
pub struct Found {
    target: Target,
    /// Others that the same statement leaves changed.
    also: Vec<Target>,
    /// Every change of it that nothing undoes, in source order; the first is what the hint points at.
    touches: Vec<Touch>,
    confidence: Confidence,
    evidence: Evidence,
}

/// What a leak rests on.
#[derive(Default)]
struct Evidence {
    /// Other functions that use the target, those that read it first.
    users: Vec<Access>,
    /// An assertion of the same test that saw the value before the change.
    asserted_before: Option<NodeId>,
    /// A later statement that puts it back when nothing fails in between.
    put_back_later: Option<NodeId>,
    guarded: Option<Guarded>,
    /// An async fixture that would have put it back, if anything awaited it.
    dead_guard: Option<Arc<Fixture>>,
    /// Where a helper makes the change: the functions that are left with it.
    callers: Arc<Vec<Caller>>,
    /// The target is a mock whose calls the test counts.
    counts_calls: bool,
    /// The function of the product that makes the change.
    through: Option<String>,
    /// Where the product raises when the same thing is put there again.
    refuses_twice: Option<Place>,
}

impl Rule for SharedStateLeak {
    const META: RuleMeta = RuleMeta {
        name: "shared-state-leak",
        summary: "A test, fixture or set-up changes state that later tests in the process share, and nothing puts it back",
        cause: Cause::StateInside,
        page: include_str!("shared-state-leak.md"),
        on_by_default: true,
        triggers: &[],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::PLAIN);
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        match subject.role {
            Role::Plain => cause::of_helper(subject),
            _ => judge::leaks(subject),
        }
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        say::said(subject, found)
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        fix::fixes(subject, found)
    }
}
