//! `async-mock-assertion`: an async test asks a mock about calls that handed-off work has yet to make.

mod carriers;
mod cures;
mod evidence;
mod in_project;
mod in_test;
mod reach;
mod reloaded;
mod words;

use crate::fix::Fix;
use crate::project::waits::Wait;
use crate::project::{Glance, Roles, Subject, mock_assertions};
use crate::rules::{Cause, Rule, RuleMeta, Said};
use evidence::Evidence;

pub struct AsyncMockAssertion;

impl Rule for AsyncMockAssertion {
    const META: RuleMeta = RuleMeta {
        name: "async-mock-assertion",
        summary: "An async test asks a mock about calls that handed-off work has yet to make",
        cause: Cause::Asynchronous,
        page: include_str!("async-mock-assertion.md"),
        on_by_default: true,
        triggers: &[mock_assertions::WORDS],
    };
    const ROLES: Roles = Roles::TEST;
    type Found = Evidence;

    fn may_find(item: &Glance<'_>) -> bool {
        item.is_async()
    }

    fn find(subject: &Subject<'_>) -> Vec<Evidence> {
        let is_async = subject.function().is_some_and(|function| function.is_async);
        if is_async { evidence::evidence(subject) } else { Vec::new() }
    }

    fn say(subject: &Subject<'_>, found: &Evidence) -> Said {
        let [what, why, todo] = words::sentences(found);
        Said {
            confidence: found.traced.confidence,
            at: subject.code().range(found.assertion.node),
            what,
            why,
            todo,
            related: words::related(subject, found),
            mitigated_by: mitigation(subject, found),
        }
    }

    fn fix(subject: &Subject<'_>, found: &Evidence) -> Vec<Fix> {
        cures::fixes(subject, found)
    }
}

fn mitigation(subject: &Subject<'_>, found: &Evidence) -> Option<String> {
    let slept = match found.traced.wait {
        Wait::Tick(call) | Wait::Slept(call) => Some(format!("`{}`", subject.source(call))),
        _ => None,
    };
    slept.or_else(|| {
        let mark = subject.no_parallel_mark()?;
        Some(format!("`{mark}`"))
    })
}
