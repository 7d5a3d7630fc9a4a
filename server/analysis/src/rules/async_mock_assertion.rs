//! `async-mock-assertion`: an async test asks a mock about calls that handed-off work has yet to make.

mod cures;
mod evidence;
mod reach;

use crate::fix::Fix;
use crate::project::handoff::Runner;
use crate::project::waits::Wait;
use crate::project::{Role, Subject, mock_assertions};
use crate::rules::{Cause, Rule, RuleMeta, Said};
use evidence::{Evidence, Source};

pub struct AsyncMockAssertion;

impl Rule for AsyncMockAssertion {
    const META: RuleMeta = RuleMeta {
        name: "async-mock-assertion",
        summary: "An async test asks a mock about calls that handed-off work has yet to make",
        cause: Cause::Asynchronous,
        page: include_str!("async-mock-assertion.md"),
        on_by_default: true,
        triggers: mock_assertions::WORDS,
    };
    type Found = Evidence;

    fn find(subject: &Subject<'_>) -> Vec<Evidence> {
        let is_async_test =
            subject.role == Role::Test && subject.function().is_some_and(|function| function.is_async);
        if is_async_test { evidence::evidence(subject) } else { Vec::new() }
    }

    fn say(subject: &Subject<'_>, found: &Evidence) -> Said {
        let code = subject.code();
        let asks = format!("{}.{}", found.mock.name, found.assertion.asks);
        let (runner, what, place, words) = match &found.source {
            Source::Here(off) => (
                off.runner,
                format!(
                    "`{asks}` does not wait for the work that was handed to {} above.",
                    off.runner.words()
                ),
                subject.place(code.range(off.call)),
                "The work is handed off here.".to_owned(),
            ),
            Source::There { function, runner, place, .. } => (
                *runner,
                format!("`{asks}` does not wait for the work that `{function}` hands to {}.", runner.words()),
                place.clone(),
                format!("`{function}` hands the work off here."),
            ),
        };
        Said {
            confidence: found.confidence,
            at: code.range(found.assertion.node),
            what,
            why: why(found, runner).to_owned(),
            todo: todo(found).to_owned(),
            related: vec![(place, words)],
            mitigated_by: mitigation(subject, found),
        }
    }

    fn fix(subject: &Subject<'_>, found: &Evidence) -> Vec<Fix> {
        cures::fixes(subject, found)
    }
}

fn why(found: &Evidence, runner: Runner) -> &'static str {
    match (found.assertion.is_negative, runner.is_thread()) {
        (true, _) => "It passes while the work has not run, whatever the work does later.",
        (false, true) => "Whether the mock was called by then depends on how the threads are scheduled.",
        (false, false) => {
            "Whether the mock was called by then depends on what else the event loop has to do."
        }
    }
}

fn todo(found: &Evidence) -> &'static str {
    match &found.source {
        Source::Here(off) if off.runner == Runner::Group => {
            "Assert after the group's block, which waits for its tasks."
        }
        Source::Here(off) if off.runner == Runner::Callback => {
            "Wait, with a limit, until the mock was called."
        }
        Source::Here(_) => "Keep the handle and await it before the assertion.",
        Source::There { .. } => "Wait for that work, or, with a limit, until the mock was called.",
    }
}

fn mitigation(subject: &Subject<'_>, found: &Evidence) -> Option<String> {
    let slept = match found.wait {
        Wait::Tick(call) | Wait::Slept(call) => Some(format!("`{}`", subject.source(call))),
        _ => None,
    };
    slept.or_else(|| {
        let mark = subject.project.no_parallel_mark(&subject.module, subject.item)?;
        Some(format!("`{mark}`"))
    })
}
