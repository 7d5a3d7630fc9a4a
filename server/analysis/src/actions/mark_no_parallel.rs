//! Gives a test the project's marker for tests that must not run beside others.

use super::Offer;
use crate::fixes::no_parallel;
use crate::project::Subject;

pub fn offer(subject: &Subject<'_>) -> Option<Offer> {
    match no_parallel::mark(subject) {
        Ok(fix) => Some(Offer::Possible(fix)),
        Err(refused) => {
            let title = format!("Mark with `@pytest.mark.{}`", subject.project.no_parallel().name);
            Offer::refused(title, refused.reason())
        }
    }
}
