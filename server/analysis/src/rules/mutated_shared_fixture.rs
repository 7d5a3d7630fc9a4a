//! `mutated-shared-fixture`: a test changes an object that other tests get too, from a fixture of wider scope or as a
//! parameter.

mod changes;
mod cures;
mod readers;
mod sharing;
mod written;

use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::fixtures::{Fixture, FixtureScope};
use crate::project::{Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};
use sharing::{Value, Why};
use smol_str::SmolStr;

pub struct MutatedSharedFixture;

pub struct Found {
    /// The parameter.
    name: SmolStr,
    why: Why,
    /// The first change that the test makes to its value.
    change: NodeId,
    /// Its value can be copied with all that it holds, as a list, a dict or an array can. An object of the project's own may
    /// hold what cannot: a module, a lock, a file.
    can_be_copied: bool,
    confidence: Confidence,
}

impl Rule for MutatedSharedFixture {
    const META: RuleMeta = RuleMeta {
        name: "mutated-shared-fixture",
        summary: "A test that changes a value which other tests get too, from a fixture of wider scope or as a parameter",
        cause: Cause::StateInside,
        page: include_str!("mutated-shared-fixture.md"),
        on_by_default: true,
        triggers: &[],
    };
    const ROLES: Roles = Roles::TEST;
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let changed = changes::of_parameters(subject);
        let shared = changed.into_iter().filter_map(|(name, changes)| {
            let shared = sharing::of_parameter(subject, &name)?;
            let change = changes::lasting(subject, &name, &changes, &shared.value)?;
            let is_harmless = match &shared.why {
                Why::Made(fixture) => {
                    let is_unread = |attribute| !readers::look_at(subject, fixture, &name, attribute);
                    sharing::is_looked_after(subject, fixture)
                        || change.set_attribute().is_some_and(is_unread)
                }
                Why::Own(_, names) => changes::is_set_by_each(subject, &name, change.node, names),
                Why::Written(_) => false,
            };
            // Other tests may set an attribute before they look at it.
            let confidence = if change.sets_attribute() { Confidence::Possible } else { Confidence::Likely };
            let can_be_copied = !matches!(shared.value, Value::Instance(_));
            let (why, change) = (shared.why, change.node);
            (!is_harmless).then_some(Found { name, why, change, can_be_copied, confidence })
        });
        shared.collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let Found { name, why, change, can_be_copied, confidence } = found;
        let said = |what: String, todo: String, related| Said {
            confidence: *confidence,
            at: subject.code().range(*change),
            what,
            why: "The tests that run after it get what it left behind.".to_owned(),
            todo,
            related,
            mitigated_by: None,
        };
        match why {
            Why::Made(fixture) => {
                let around = around(fixture);
                let place = fixture.place(subject.project);
                said(
                    format!("This test changes `{name}`, which is one object for {around}."),
                    match can_be_copied {
                        true => format!("Change a copy, or give `{name}` function scope."),
                        false => format!("Give `{name}` function scope, or change a copy."),
                    },
                    place
                        .map(|place| (place, format!("`{name}` is made once for {around}.")))
                        .into_iter()
                        .collect(),
                )
            }
            Why::Written(place) | Why::Own(place, _) => said(
                format!(
                    "This test changes `{name}`, which is one object for all tests that get this parameter."
                ),
                "Change a copy.".to_owned(),
                vec![(place.clone(), "It is made once, when the module is imported.".to_owned())],
            ),
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        let copied = found.can_be_copied.then(|| cures::copied(subject, &found.name, found.change)).flatten();
        let narrowed = match &found.why {
            Why::Made(fixture) => cures::narrowed(subject.project, fixture),
            Why::Written(_) | Why::Own(..) => None,
        };
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
