//! `reads-other-tests-state`: a test needs a value that only another test leaves for it.

mod inherited;
mod say;

use std::sync::Arc;

use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::handed_over::{HandedOver, Party};
use crate::project::target::Target;
use crate::project::{Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

pub struct ReadsOtherTestsState;

/// What a test has from one other test.
pub struct Found {
    /// In the order in which the test reads them.
    targets: Vec<Target>,
    handed_over: Arc<HandedOver>,
    confidence: Confidence,
}

impl Found {
    fn reader(&self) -> &Party {
        &self.handed_over.readers[0]
    }

    fn writer(&self) -> &Party {
        &self.handed_over.writers[0]
    }
}

impl Rule for ReadsOtherTestsState {
    const META: RuleMeta = RuleMeta {
        name: "reads-other-tests-state",
        summary: "A test that needs what another test left in a variable, and fails without it",
        cause: Cause::StateInside,
        page: include_str!("reads-other-tests-state.md"),
        on_by_default: true,
        triggers: &[],
    };
    const ROLES: Roles = Roles::TEST;
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for (target, handed_over) in inherited::by(subject) {
            let same = found.iter_mut().find(|other| {
                other.writer().item == handed_over.writers[0].item
                    && other.writer().place.path == handed_over.writers[0].place.path
            });
            match same {
                Some(other) => other.targets.push(target),
                None => {
                    let confidence = confidence(subject, &handed_over);
                    found.push(Found { targets: vec![target], handed_over, confidence });
                }
            }
        }
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        say::said(subject, found)
    }

    fn fix(_subject: &Subject<'_>, _found: &Found) -> Vec<Fix> {
        Vec::new()
    }
}

fn confidence(subject: &Subject<'_>, handed_over: &HandedOver) -> Confidence {
    let (reader, writer) = (&handed_over.readers[0], &handed_over.writers[0]);
    let has_unseen_base =
        subject.class().is_some_and(|class| subject.project.has_unseen_base(&subject.module, class));
    let is_near = writer.place.path == reader.place.path;
    let is_numbered = [reader, writer].iter().all(|party| is_step(&party.name));
    if reader.is_sure && is_near && !is_numbered && !has_unseen_base {
        Confidence::Likely
    } else {
        Confidence::Possible
    }
}

/// `test_01_create`, `test2`, `test_step_b`: the name says that it is one of a row.
fn is_step(name: &str) -> bool {
    let name = name.rsplit('.').next().unwrap_or(name);
    let rest = name.trim_start_matches("test").trim_start_matches('_');
    rest.starts_with(|first: char| first.is_ascii_digit()) || rest.contains("step")
}
