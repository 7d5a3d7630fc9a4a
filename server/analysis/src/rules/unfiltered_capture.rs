//! `unfiltered-capture`: a test that counts all log records or warnings of the process, while others may add to them.

mod captured;
mod claimed;
mod cure;
mod others;

use super::{Cause, Rule, RuleMeta, Said};
use crate::evidence::glance;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::surroundings::is_expected_to_fail;
use crate::project::{Place, Roles, Subject};

use captured::Captured;
use claimed::Claimed;
use others::Other;

pub struct UnfilteredCapture;

/// The first assertion of a test that one more record or warning makes fail.
pub struct Found {
    claimed: Claimed,
    other: Other,
}

impl Rule for UnfilteredCapture {
    const META: RuleMeta = RuleMeta {
        name: "unfiltered-capture",
        summary: "An assertion on all captured log records or warnings, while something beside the test may add one",
        cause: Cause::Process,
        page: include_str!("unfiltered-capture.md"),
        on_by_default: true,
        triggers: &[
            &["caplog", "recwarn", "catch_warnings"],
            // `catch_warnings(record=True)`, with `simplefilter("always")`.
            &["caplog", "recwarn", "record"],
            &["caplog", "recwarn", "always", "default"],
        ],
    };
    const ROLES: Roles = Roles::TEST;
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let claimed = claimed::claimed(subject).into_iter().find(|claimed| {
            !is_expected_to_fail(subject, claimed.at) && !claimed.captured.is_narrowed(subject)
        });
        let Some(claimed) = claimed else { return Vec::new() };
        let other = Other::of(subject, &claimed);
        other.map(|other| Found { claimed, other }).into_iter().collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let Found { claimed, other } = found;
        let written = glance(subject.source(claimed.at));
        let (what, noise, todo) = match claimed.captured {
            Captured::Log { .. } => (
                "all log records of the process",
                "one record from elsewhere",
                "Pick the records of the logger that is tested, by their `name`, or ask whether the wanted one is among them.",
            ),
            Captured::Warnings => (
                "all warnings of the process",
                "one `ResourceWarning` for what another test left open",
                "Pick the warnings of the category that is tested, or use `pytest.warns(..., match=...)`.",
            ),
        };
        Said {
            confidence: other.confidence(),
            at: subject.code().range(claimed.at),
            what: format!("`{written}` counts on {what}, whoever caused them."),
            why: format!("{} With {noise} it fails.", other.words()),
            todo: todo.to_owned(),
            related: other
                .place(subject)
                .into_iter()
                .map(|place| (place, other.note()))
                .collect::<Vec<(Place, String)>>(),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::by_logger(subject, &found.claimed).into_iter().collect()
    }
}

impl Other {
    fn confidence(&self) -> Confidence {
        match self {
            Other::Running { is_thread: true, .. } => Confidence::Likely,
            Other::Running { .. } | Other::Loop { .. } => Confidence::Possible,
        }
    }
}
