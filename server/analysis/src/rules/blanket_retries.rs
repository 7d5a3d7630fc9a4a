//! `blanket-retries`: the configuration retries every test more than twice.

use crate::evidence::glance;
use crate::fix::{Applicability, Edits, Fix};
use crate::hint::Confidence;
use crate::project::Project;
use crate::project::pytest_config::{
    argument_place, option_place, remove_argument_edit, remove_option_edit, set_argument_edit,
    set_option_edit,
};
use crate::project::retrier::{self, Retrier};
use crate::rules::{Cause, ConfigurationRule, RuleMeta, Said};
use crate::text::TextRange;

/// As many retries still pass for a net under a slow machine; more are a way to pass.
const AT_MOST: u32 = 2;

pub struct BlanketRetries;

pub struct Found {
    retrier: &'static Retrier,
    retries: u32,
    wording: Wording,
    at: TextRange,
    confidence: Confidence,
}

/// How the file says it.
#[derive(Clone, Copy)]
enum Wording {
    /// A word in `addopts`.
    Argument(&'static str),
    Key(&'static str),
}

impl ConfigurationRule for BlanketRetries {
    const META: RuleMeta = RuleMeta {
        name: "blanket-retries",
        summary: "A configuration that retries every test more than twice",
        cause: Cause::Markers,
        page: include_str!("blanket-retries.md"),
        on_by_default: false,
        triggers: &[],
    };
    type Found = Found;

    fn find(project: &Project) -> Vec<Found> {
        let retry = &project.config.options.retry;
        let forced = retry.forced_runs.map(|runs| runs.saturating_sub(1));
        let rerun = retry.reruns.filter(|_| !retry.reruns_some);
        let counts = [("pytest-rerunfailures", rerun), ("pytest-retry", retry.retries), ("flaky", forced)];
        let many = counts.into_iter().filter_map(|(package, count)| {
            let retries = count.filter(|count| *count > AT_MOST)?;
            Found::at(project, retrier::named(package)?, retries)
        });
        many.collect()
    }

    fn say(project: &Project, found: &Found) -> Said {
        let written = found.at.slice(project.configuration().map_or("", |(_, text)| text));
        let Found { retries, retrier, .. } = found;
        Said {
            confidence: found.confidence,
            at: found.at,
            what: format!(
                "`{}` makes {} run every test that fails again, up to {retries} times.",
                glance(written),
                retrier.package
            ),
            why: format!(
                "A test that fails every second time then passes in {} runs of 100, so nobody sees that it, or the \
                 product, is flaky.",
                passing(*retries)
            ),
            todo: format!("Mark the few tests that need it (`{}`), or retry at most twice.", retrier.form),
            related: Vec::new(),
            mitigated_by: None,
        }
    }

    fn fix(project: &Project, found: &Found) -> Vec<Fix> {
        let Some((file, text)) = project.configuration() else {
            return Vec::new();
        };
        let most = found.retrier.runs_for(AT_MOST).to_string();
        let (removed, lowered) = match found.wording {
            Wording::Argument(name) => {
                (remove_argument_edit(text, file.kind, name), set_argument_edit(text, file.kind, name, &most))
            }
            Wording::Key(name) => {
                (remove_option_edit(text, file.kind, name), set_option_edit(text, file.kind, name, &most))
            }
        };
        let fix = |title: String, edit: Option<(TextRange, String)>| {
            let (range, with) = edit?;
            let mut edits = Edits::new();
            edits.push(&file.path, range, with);
            Some(Fix::cure(title, Applicability::Suggested, edits))
        };
        let removed = fix("Do not retry: a test that fails is reported".to_owned(), removed);
        let lowered = fix("Retry at most twice".to_owned(), lowered);
        removed.into_iter().chain(lowered).collect()
    }
}

impl Found {
    /// `None` for what the declared plugins would not read.
    fn at(project: &Project, retrier: &'static Retrier, retries: u32) -> Option<Found> {
        let (file, text) = project.configuration()?;
        let (argument, key) = retrier.for_every_test;
        // An unknown argument stops pytest, so the plugin is there; an unknown key is passed over.
        if let Some(at) = argument_place(text, file.kind, argument) {
            let wording = Wording::Argument(argument);
            return Some(Found { retrier, retries, wording, at, confidence: Confidence::Likely });
        }
        let key = key?;
        let at = option_place(text, file.kind, key)?;
        let confidence = match &retrier::declared(&project.plugins)[..] {
            [] => Confidence::Possible,
            declared if declared.iter().any(|other| other.package == retrier.package) => Confidence::Likely,
            _ => return None,
        };
        Some(Found { retrier, retries, wording: Wording::Key(key), at, confidence })
    }
}

/// In how many of 100 runs a test passes that fails every second time, if it may be run again so often.
fn passing(retries: u32) -> String {
    match retries {
        ..=5 => format!("{:.0}", 100.0 * (1.0 - 0.5_f64.powi(retries as i32 + 1))),
        _ => "more than 99".to_owned(),
    }
}
