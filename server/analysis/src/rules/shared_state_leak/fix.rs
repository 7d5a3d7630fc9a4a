//! Cures for a leak.

use crate::fix::{Applicability, Fix};
use crate::fixes::monkeypatch::with_monkeypatch;
use crate::project::Subject;

use super::Found;

/// Best first.
pub fn fixes(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
    let mut fixes = Vec::new();
    if let Some(edits) =
        with_monkeypatch(subject, &found.target, &found.touches, found.evidence.put_back_later)
    {
        let title = format!("Change {} with `monkeypatch`, which undoes it", found.target);
        fixes.push(Fix::cure(title, Applicability::Suggested, edits));
    }
    fixes
}
