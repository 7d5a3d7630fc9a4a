//! Hand-offs in the test itself.

use super::evidence::{Source, Traced, is_on_the_way, other_route};
use super::reach::{self, Reach, Sought};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::mock_assertions::MockAssertion;
use crate::project::waits::{Wait, is_waited_on_the_other_side, wait_for};

/// The last hand-off before the assertion whose work reaches the mock, if nothing waits for it.
pub fn trace(subject: &Subject<'_>, sought: &Sought<'_>, assertion: &MockAssertion) -> Option<Traced> {
    let offs = subject.hand_offs();
    let before = offs
        .into_iter()
        .filter(|off| off.begins < assertion.node && is_on_the_way(subject, off.call, assertion))
        .filter(|off| sought.mock.installed_in.is_none_or(|with| off.begins > with));
    let (off, reach) = before
        .rev()
        .map(|off| (reach::of_work(subject, &off.work, sought), off))
        .find(|(reach, _)| *reach != Reach::No)
        .map(|(reach, off)| (off, reach))?;
    let wait = wait_for(subject, &off, Some(assertion.node));
    if wait == Wait::Waited || is_waited_on_the_other_side(subject, &off, wait) {
        return None;
    }
    let other = other_route(subject, sought, assertion, &[off.call, off.begins]);
    let confidence = match (reach, other, wait) {
        (_, Reach::Calls, _) | (Reach::Carried | Reach::Hidden, Reach::Carried, _) => return None,
        (_, _, Wait::Other(_)) | (Reach::Calls, Reach::Carried, _) | (Reach::Hidden, _, _) => {
            Confidence::Possible
        }
        _ => Confidence::Likely,
    };
    Some(Traced { source: Source::Here(off), confidence, wait })
}
