//! What is said of a finding.

use super::evidence::{Evidence, Source};
use crate::project::handoff::{HandOff, Runner};
use crate::project::mock_assertions::MockAssertion;
use crate::project::reload::Renewal;
use crate::project::{Place, Subject};

/// What, why, what to do.
pub fn sentences(found: &Evidence) -> [String; 3] {
    let asks = format!("{}.{}", found.mock.name, found.assertion.asks);
    match &found.traced.source {
        Source::Here(off) => {
            let to = off.runner.words();
            let what = format!("`{asks}` does not wait for the work that was handed to {to} above.");
            [what, why(&found.assertion, off.runner).to_owned(), todo_here(off).to_owned()]
        }
        Source::There { function, runner, .. } => {
            let what =
                format!("`{asks}` does not wait for the work that `{function}` hands to {}.", runner.words());
            let todo = match runner {
                Runner::Background => "Run the background tasks before the assertion.",
                _ => "Wait for that work, or, with a limit, until the mock was called.",
            };
            [what, why(&found.assertion, *runner).to_owned(), todo.to_owned()]
        }
        Source::Renewed { reload, used, .. } => {
            let (deed, old) = match reload.renewal {
                Renewal::Purge => {
                    ("takes it out of `sys.modules`", "runs in the old module, without the mock")
                }
                Renewal::Reload => ("reloads it", "is the old class, without the mock"),
            };
            let replaced = found.mock.replaces.as_deref().unwrap_or(&found.mock.name);
            [
                format!(
                    "`{asks}` asks about a mock in a module that is made anew: `{}` {deed}.",
                    reload.function
                ),
                format!(
                    "Once that has run, `patch` replaces `{replaced}` in the new one, while `{used}`, imported before, {old}."
                ),
                format!("Import `{used}` inside the test."),
            ]
        }
    }
}

pub fn related(subject: &Subject<'_>, found: &Evidence) -> Vec<(Place, String)> {
    match &found.traced.source {
        Source::Here(off) => {
            vec![(subject.place(subject.code().range(off.call)), "The work is handed off here.".to_owned())]
        }
        Source::There { function, place, .. } => {
            vec![(place.clone(), format!("`{function}` hands the work off here."))]
        }
        Source::Renewed { reload, used, used_at } => vec![
            (reload.place.clone(), format!("`{}` is made anew here.", reload.module)),
            (
                subject.place(subject.code().range(*used_at)),
                format!("`{used}` is what the test module imported."),
            ),
        ],
    }
}

fn why(assertion: &MockAssertion, runner: Runner) -> &'static str {
    match (assertion.is_negative, runner) {
        (true, _) => "It passes while the work has not run, whatever the work does later.",
        (false, Runner::Background) => {
            "Nothing runs them in the test, unless what stands in between does: the mock was called by then, or not."
        }
        (false, Runner::Thread | Runner::Executor) => {
            "Whether the mock was called by then depends on how the threads are scheduled."
        }
        (false, _) => "Whether the mock was called by then depends on what else the event loop has to do.",
    }
}

fn todo_here(off: &HandOff) -> &'static str {
    match off.runner {
        Runner::Group => "Assert after the group's block, which waits for its tasks.",
        Runner::Callback => "Wait, with a limit, until the mock was called.",
        Runner::Background => "Run the background tasks before the assertion.",
        _ => "Keep the handle and await it before the assertion.",
    }
}
