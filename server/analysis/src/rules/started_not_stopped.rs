//! `started-not-stopped`: a patcher or its like that is started and never stopped.

mod cure;
mod handle;
mod stops;

use crate::facts::NodeKind;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::fixtures::FixtureScope;
use crate::project::role::Phase;
use crate::project::{Glance, Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use handle::Handle;

pub struct StartedNotStopped;

pub struct Found {
    handle: Handle,
    sureness: Confidence,
}

impl Rule for StartedNotStopped {
    const META: RuleMeta = RuleMeta {
        name: "started-not-stopped",
        summary: "A patcher, a `MonkeyPatch` or a fake server that is started and never stopped",
        cause: Cause::StateInside,
        page: include_str!("started-not-stopped.md"),
        on_by_default: true,
        triggers: &[&[".start()", "MonkeyPatch()", "httpretty.enable", "tzset"]],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::STATEMENT);
    type Found = Found;

    fn may_find(item: &Glance<'_>) -> bool {
        match item.role {
            Role::Xunit(xunit) => xunit.phase == Phase::SetUp,
            Role::Statement => item.project.is_test_module(&item.module.file.path),
            _ => true,
        }
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let Some(sureness) = sureness(subject) else { return Vec::new() };
        let started = handle::started(subject);
        let left_on = started.into_iter().filter(|handle| !stops::may_stop(subject, handle));
        left_on.map(|handle| Found { handle, sureness }).collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let Found { handle, sureness } = found;
        let code = subject.code();
        Said {
            confidence: *sureness,
            at: code.range(handle.started_at),
            what: handle.what(),
            why: handle.why(subject).to_owned(),
            todo: handle.advice(subject),
            related: Vec::new(),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::stopped(subject, &found.handle).into_iter().collect()
    }
}

/// How sure a start in this function is to reach other tests that do without it. `None` where it is meant to last, or is
/// not run for a test.
fn sureness(subject: &Subject<'_>) -> Option<Confidence> {
    let sureness = match subject.role {
        Role::Test => Confidence::Likely,
        Role::Xunit(xunit) if xunit.phase == Phase::SetUp => Confidence::Likely,
        Role::Fixture => {
            let fixture = subject.as_fixture()?;
            match fixture.scope? {
                FixtureScope::Session => return None,
                // Every test around may be meant to have it.
                _ if fixture.autouse => Confidence::Possible,
                _ => Confidence::Likely,
            }
        }
        Role::Statement if runs_at_import(subject) => Confidence::Likely,
        _ => return None,
    };
    let sees_bases = subject.class().is_none_or(|class| stops::sees_bases(subject, class));
    Some(if sees_bases { sureness } else { Confidence::Possible })
}

/// Whether the item is a statement of a test module, which conftests and plugins are not: there it is meant to last. Also
/// not under a condition, which may be `__name__ == "__main__"`.
fn runs_at_import(subject: &Subject<'_>) -> bool {
    let is_plain = matches!(
        subject.code().roots.first().map(|root| subject.code().kind(*root)),
        Some(NodeKind::Expr(_) | NodeKind::Assign { .. })
    );
    is_plain && subject.project.is_test_module(subject.path())
}
