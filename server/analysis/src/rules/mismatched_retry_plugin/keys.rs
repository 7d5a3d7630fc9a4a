//! Keys about retries in the configuration file that the declared plugin does not read, or that two of them act on.
//!
//! Seen in runs: pytest passes over keys that no plugin knows, with a warning; where pytest-retry and
//! pytest-rerunfailures are both installed, a failing test under `retries = 2` ran six times.

use super::{META, MismatchedRetryPlugin};
use crate::fix::{Applicability, Edits, Fix};
use crate::hint::Confidence;
use crate::project::Project;
use crate::project::pytest_config::{argument_place, option_place, rename_option_edit};
use crate::project::retrier::{self, Retrier};
use crate::rules::{ConfigurationRule, RuleMeta, Said};
use crate::text::TextRange;

pub enum Found {
    /// A key of another plugin than the one that is declared.
    Unread { key: &'static str, at: TextRange, declared: &'static Retrier },
    /// Retries for every test where two plugins would each give them.
    Doubled { at: TextRange },
}

impl ConfigurationRule for MismatchedRetryPlugin {
    const META: RuleMeta = META;
    type Found = Found;

    fn find(project: &Project) -> Vec<Found> {
        match retrier::declared(&project.plugins)[..] {
            [declared] => unread(project, declared),
            [first, second] if first.retries_all() && second.retries_all() => {
                doubled(project, &[first, second])
            }
            _ => Vec::new(),
        }
    }

    fn say(_: &Project, found: &Found) -> Said {
        let said = |at, what, why: &str, todo| Said {
            confidence: Confidence::Likely,
            at,
            what,
            why: why.to_owned(),
            todo,
            related: Vec::new(),
            mitigated_by: None,
        };
        match found {
            Found::Unread { key, at, declared } => said(
                *at,
                format!("The project declares {}, which does not read `{key}`.", declared.package),
                "pytest passes over a key that no plugin knows, so nothing is retried on its account.",
                match declared.counterpart_of_key(key) {
                    Some(counterpart) => format!("Write `{counterpart}`, or remove it."),
                    None => "Remove it.".to_owned(),
                },
            ),
            Found::Doubled { at } => said(
                *at,
                "pytest-retry and pytest-rerunfailures are both declared, and each runs a failed test again."
                    .to_owned(),
                "Their retries multiply, and neither knows what the other has set up anew.",
                "Keep one of the two.".to_owned(),
            ),
        }
    }

    fn fix(project: &Project, found: &Found) -> Vec<Fix> {
        let Found::Unread { key, declared, .. } = found else { return Vec::new() };
        renamed(project, key, declared).into_iter().collect()
    }
}

fn unread(project: &Project, declared: &'static Retrier) -> Vec<Found> {
    let Some((file, text)) = project.configuration() else {
        return Vec::new();
    };
    let strange = retrier::keys().filter(|key| !declared.keys.contains(key));
    let there = strange.filter_map(|key| Some((key, option_place(text, file.kind, key)?)));
    there.map(|(key, at)| Found::Unread { key, at, declared }).collect()
}

fn doubled(project: &Project, declared: &[&'static Retrier]) -> Vec<Found> {
    let Some((file, text)) = project.configuration() else {
        return Vec::new();
    };
    let place = |retrier: &&Retrier| {
        let (argument, key) = retrier.for_every_test;
        argument_place(text, file.kind, argument)
            .or_else(|| key.and_then(|key| option_place(text, file.kind, key)))
    };
    declared.iter().find_map(place).map(|at| Found::Doubled { at }).into_iter().collect()
}

/// The key under the declared plugin's name for the same, unless that is there too.
fn renamed(project: &Project, key: &str, declared: &Retrier) -> Option<Fix> {
    let (file, text) = project.configuration()?;
    let counterpart = declared.counterpart_of_key(key)?;
    let (range, with) = rename_option_edit(text, file.kind, key, counterpart)?;
    let mut edits = Edits::new();
    edits.push(&file.path, range, with);
    let title = format!("Write it as {} has it: `{counterpart}`", declared.package);
    // The suite retries from then on, which it did not before.
    Some(Fix::cure(title, Applicability::Suggested, edits))
}
