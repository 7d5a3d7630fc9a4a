//! `mutated-shared-fixture`: a test changes the list, dict or set that a fixture of wider scope hands to other tests too.

mod changes;
mod cures;
mod sharing;

use std::sync::Arc;

use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::fixtures::{Fixture, FixtureScope};
use crate::rules::{Cause, Rule, RuleMeta, Said};

pub struct MutatedSharedFixture;

pub struct Found {
    fixture: Arc<Fixture>,
    /// The first change that the test makes to the fixture's value.
    change: NodeId,
}

impl Rule for MutatedSharedFixture {
    const META: RuleMeta = RuleMeta {
        name: "mutated-shared-fixture",
        summary: "A test that changes the value which a fixture of wider scope hands to other tests too",
        cause: Cause::StateInside,
        page: include_str!("mutated-shared-fixture.md"),
        on_by_default: true,
        triggers: &[],
    };
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let changed = changes::of_parameters(subject);
        let shared = changed.into_iter().filter_map(|(name, change)| {
            let fixture = sharing::shared_container(subject, &name)?;
            (!sharing::is_looked_after(subject, &fixture)).then_some(Found { fixture, change })
        });
        shared.collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let Found { fixture, change } = found;
        let name = &fixture.name;
        let around = around(fixture);
        let declared = Subject::new(subject.project, &fixture.module, fixture.item);
        let place = declared.function().map(|function| declared.place(function.name_range));
        let made = format!("`{name}` is made once for {around}.");
        Said {
            confidence: Confidence::Likely,
            at: subject.code().range(*change),
            what: format!("This test changes `{name}`, which is one object for {around}."),
            why: "The tests that run after it get what it left behind.".to_owned(),
            todo: format!("Change a copy, or give `{name}` function scope."),
            related: place.map(|place| (place, made)).into_iter().collect(),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        let copied = cures::copied(subject, &found.fixture.name, found.change);
        let narrowed = cures::narrowed(subject.project, &found.fixture);
        copied.into_iter().chain(narrowed).collect()
    }
}

/// Which tests get one and the same value, as the end of a sentence.
fn around(fixture: &Fixture) -> &'static str {
    match fixture.scope {
        Some(FixtureScope::Class) => "all tests of a class",
        Some(FixtureScope::Module) => "all tests of a module",
        Some(FixtureScope::Package) => "all tests of a package",
        _ => "all tests of the run",
    }
}
