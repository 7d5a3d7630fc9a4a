//! `stale-class-after-reload`: a check against a class that a reload has replaced since the test module imported it.

mod local_import;

use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::reload::{Reload, Renewal, may_renew_in};
use crate::project::stale_uses::{Evidence, StaleUse, may_compare};
use crate::project::{Glance, Place, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};
use crate::text::TextRange;

/// A reload that reaches more places than this is marked itself, once.
const MAX_VICTIMS: usize = 5;

pub struct StaleClassAfterReload;

pub enum Found {
    /// In the item that compares with the class.
    Victim { used: StaleUse, reload: Reload },
    /// In the item that reloads, for all the places that it reaches.
    Cause { at: TextRange, reload: Reload, victims: Vec<StaleUse> },
}

impl Rule for StaleClassAfterReload {
    const META: RuleMeta = RuleMeta {
        name: "stale-class-after-reload",
        summary: "A check against a class that a reload has replaced since the test module imported it",
        cause: Cause::Reloading,
        page: include_str!("stale-class-after-reload.md"),
        on_by_default: true,
        triggers: &[],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::HOOK).or(Roles::PLAIN);
    type Found = Found;

    fn may_find(item: &Glance<'_>) -> bool {
        if !may_compare(item.module, item.item) && !may_renew_in(item.module) {
            return false;
        }
        let reloads = item.project.reloads();
        if reloads.is_empty() {
            return false;
        }
        let of_file = item.project.stale_uses_in(&item.module.file.path);
        of_file.iter().any(|used| used.item == item.item)
            || reloads.iter().any(|reload| item.holds(&reload.place)) && !item.project.stale_uses().is_empty()
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let reloads = subject.project.reloads();
        if reloads.is_empty() {
            return Vec::new();
        }
        let uses = subject.project.stale_uses();
        let counts = |used: &&StaleUse| used.evidence != Evidence::Spared;
        let reached = |reload: usize| uses.iter().filter(counts).filter(|used| used.reload == reload).count();
        let mut found: Vec<Found> = uses
            .iter()
            .filter(|used| used.item == subject.item && used.place.path == subject.path())
            .filter(|used| reached(used.reload) <= MAX_VICTIMS)
            .map(|used| Found::Victim { used: used.clone(), reload: reloads[used.reload].clone() })
            .collect();
        for (index, reload) in reloads.iter().enumerate() {
            if subject.holds(&reload.place) && reached(index) > MAX_VICTIMS {
                let victims =
                    uses.iter().filter(counts).filter(|used| used.reload == index).cloned().collect();
                let at = subject.relative(reload.place.range);
                found.push(Found::Cause { at, reload: reload.clone(), victims });
            }
        }
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        match found {
            Found::Victim { used, reload } => victim(subject, used, reload),
            Found::Cause { at, reload, victims } => cause(*at, reload, victims),
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        match found {
            Found::Victim { used, reload } => local_import::fixes(subject, used, reload),
            Found::Cause { .. } => Vec::new(),
        }
    }
}

fn victim(subject: &Subject<'_>, used: &StaleUse, reload: &Reload) -> Said {
    let StaleUse { name, module, check, .. } = used;
    let deed = deed(reload);
    let (confidence, why) = match used.evidence {
        Evidence::Renewed if reload.is_near(subject.path()) => (
            Confidence::Likely,
            format!(
                "{deed}, which makes a new class `{name}`: objects made after that are not of the old one."
            ),
        ),
        Evidence::Renewed => (
            Confidence::Possible,
            format!(
                "{deed}, which makes a new class `{name}`: once that has run in the same process, objects are not of the old one."
            ),
        ),
        Evidence::Unseen => (
            Confidence::Possible,
            format!(
                "{deed}; if `{name}` is defined there, objects made after that are not of this old class."
            ),
        ),
        Evidence::Spared => (
            Confidence::Possible,
            format!(
                "{deed}, which leaves submodules alone: this breaks only if the module that defines `{name}` is reloaded or purged too."
            ),
        ),
    };
    Said {
        confidence,
        at: subject.code().range(used.node),
        what: format!(
            "`{check}` compares with the `{name}` that this module imported from `{module}` when it was collected."
        ),
        why,
        todo: format!("Import `{name}` inside the test."),
        related: vec![(reload.place.clone(), related_words(reload))],
        mitigated_by: None,
    }
}

fn cause(at: TextRange, reload: &Reload, victims: &[StaleUse]) -> Said {
    let confidence = match victims.iter().map(|used| used.evidence).min() {
        Some(Evidence::Renewed) => Confidence::Likely,
        _ => Confidence::Possible,
    };
    let more = victims.len() - MAX_VICTIMS;
    let mut related: Vec<(Place, String)> = victims
        .iter()
        .take(MAX_VICTIMS)
        .map(|used| {
            (used.place.clone(), format!("`{}` compares with the old `{}` here.", used.check, used.name))
        })
        .collect();
    if let Some((_, words)) = related.last_mut() {
        words.push_str(&format!(" And {more} more: `flakeless project`."));
    }
    Said {
        confidence,
        at,
        what: format!("This makes the classes of `{}` anew, and {} places go on comparing with the old ones.", reload.module, victims.len()),
        why: "They imported a class at module level, before this runs; objects made afterwards are not of that class."
            .to_owned(),
        todo: "Restore what the test needs without reloading, or import the classes inside the tests.".to_owned(),
        related,
        mitigated_by: None,
    }
}

fn deed(reload: &Reload) -> String {
    let file = reload.place.path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    match reload.renewal {
        Renewal::Reload => format!("`{}` in {file} reloads `{}`", reload.function, reload.module),
        Renewal::Purge => {
            format!("`{}` in {file} takes `{}` out of `sys.modules`", reload.function, reload.module)
        }
    }
}

fn related_words(reload: &Reload) -> String {
    match reload.renewal {
        Renewal::Reload => format!("`{}` is reloaded here.", reload.module),
        Renewal::Purge => format!("`{}` is taken out of `sys.modules` here.", reload.module),
    }
}
