//! Has a test retried, in the form of the retry plugin that the project has.

use super::Offer;
use crate::fix::Fix;
use crate::fixes::decorator::above_other_decorators;
use crate::fixes::import::{Wanted, ensure_import};
use crate::project::{Subject, retrier};

/// The guide's number.
const RETRIES: u32 = 3;
const TITLE: &str = "Mark as flaky";

pub fn offer(subject: &Subject<'_>) -> Option<Offer> {
    let (project, module) = (subject.project, &subject.module);
    let marks = project.marks(module, subject.item);
    if marks.iter().any(|mark| mark.name == "flaky") {
        return Offer::refused(TITLE, "The test carries a `flaky` mark already");
    }
    let declared = retrier::declared(&project.plugins);
    let retrier = match declared[..] {
        [] => {
            let reason = "The project declares no retry plugin (pytest-rerunfailures, pytest-retry or flaky): \
                          without one the mark does nothing";
            return Offer::refused(TITLE, reason);
        }
        [retrier] => retrier,
        [..] => {
            let names: Vec<&str> = declared.iter().map(|retrier| retrier.package).collect();
            let reason = format!("Both {} are declared, and their retries multiply", names.join(" and "));
            return Offer::refused(TITLE, reason);
        }
    };
    if subject.is_test_case() && !retrier.retries_test_cases {
        let reason = format!("{} cannot retry the tests of a `unittest.TestCase`", retrier.package);
        return Offer::refused(TITLE, reason);
    }
    let Some((pytest, mut edits)) = ensure_import(module, Wanted::Plain("pytest")) else {
        return Offer::refused(TITLE, "The name `pytest` means something else in this module");
    };
    above_other_decorators(subject, &format!("{pytest}.{}", retrier.mark(RETRIES)), &mut edits)?;
    let title = format!(
        "Mark as flaky: up to {RETRIES} retries by {} (hides the flake; what a failed run changed stays)",
        retrier.package
    );
    Some(Offer::Possible(Fix::mitigation(title, edits)))
}
