//! Cures for a leak, best first.

use crate::fix::{Applicability, Fix};
use crate::fixes::cleanup_fixture::{Reach, restoring_fixture};
use crate::fixes::monkeypatch::with_monkeypatch;
use crate::fixes::register_cleanup::registered_cleanup;
use crate::fixes::yield_restore::restored_after_yield;
use crate::project::Subject;

use super::Found;
use super::say::named;

pub fn fixes(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
    // One statement that changes several targets would need all of them put back.
    if !found.also.is_empty() {
        return by_monkeypatch(subject, found).into_iter().collect();
    }
    let found_fixes = [
        by_monkeypatch(subject, found),
        by_registered_cleanup(subject, found),
        by_yield(subject, found),
        by_fixture(subject, found),
    ];
    found_fixes.into_iter().flatten().collect()
}

fn by_monkeypatch(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let edits = with_monkeypatch(subject, &found.target, &found.touches, found.evidence.put_back_later)?;
    let title = format!("Change {} with `monkeypatch`, which undoes it", named(subject, &found.target));
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

fn by_registered_cleanup(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let edits = registered_cleanup(subject, &found.target, &found.touches)?;
    let title = format!("Register a clean-up that puts {} back", named(subject, &found.target));
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

fn by_yield(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let edits = restored_after_yield(subject, &found.target, &found.touches)?;
    let title = format!("Put {} back after the fixture's `yield`", named(subject, &found.target));
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

fn by_fixture(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let (name, reach, edits) = restoring_fixture(subject, &found.target, &found.touches)?;
    let place = match reach {
        Reach::Class => "of this class",
        Reach::Module => "of this file",
    };
    let title = format!(
        "Add the fixture `{name}`, which restores {} around every test {place}",
        named(subject, &found.target)
    );
    Some(Fix::cure(title, Applicability::Suggested, edits))
}
