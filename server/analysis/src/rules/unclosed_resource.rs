//! `unclosed-resource`: where warnings are errors, what a test or fixture leaves open fails another test.

mod cure;
mod filters;
mod given;
mod loops;

use crate::evidence::glance;
use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::{Glance, Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

pub struct UnclosedResource;

pub struct Found {
    /// The call that opens it.
    made: NodeId,
    left: Left,
}

/// How it is left open.
enum Left {
    /// A fixture hands it over, by this `return` or `yield`, and does not close it.
    Given { statement: NodeId },
    /// An event loop under this name.
    Loop { name: String },
}

impl Rule for UnclosedResource {
    const META: RuleMeta = RuleMeta {
        name: "unclosed-resource",
        summary: "Something left open in a project whose warnings are errors, so that another test fails for it",
        cause: Cause::Process,
        page: include_str!("unclosed-resource.md"),
        on_by_default: true,
        triggers: &[given::TRIGGERS],
    };
    const ROLES: Roles = Roles::RUN;
    type Found = Found;

    fn may_find(item: &Glance<'_>) -> bool {
        filters::fails_on_unclosed(item.project)
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        if !filters::fails_on_unclosed(subject.project) {
            return Vec::new();
        }
        match subject.role {
            Role::Fixture => given::found(subject).into_iter().chain(loops::found(subject)).collect(),
            _ => loops::found(subject),
        }
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let made = glance(subject.source(found.made));
        let (what, why, todo) = match &found.left {
            Left::Given { .. } => (
                format!("Nothing closes what the fixture opens by `{made}`."),
                "It dies when the next test begins, with a warning that `filterwarnings` turns into an error of that test: \
                 whichever is next in this order, or on this worker.",
                "Close it behind a `yield`.".to_owned(),
            ),
            Left::Loop { name } => (
                format!("Nothing closes the event loop `{name}`."),
                "It dies when Python collects garbage, with warnings that `filterwarnings` turns into a failure of the test \
                 that runs just then.",
                format!("Call `{name}.close()`, or use `asyncio.Runner` or `asyncio.run`."),
            ),
        };
        Said {
            confidence: Confidence::Likely,
            at: subject.code().range(found.made),
            what,
            why: why.to_owned(),
            todo,
            related: Vec::new(),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::closed(subject, found).into_iter().collect()
    }
}
