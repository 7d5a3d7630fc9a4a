//! Cures for a leak, best first.

use crate::facts::NodeKind;
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::cleanup_fixture::{Reach, restoring_fixture};
use crate::fixes::monkeypatch::with_monkeypatch;
use crate::fixes::no_parallel;
use crate::fixes::register_cleanup::registered_cleanup;
use crate::fixes::set_up_fixture::set_up_with_yield;
use crate::fixes::statement::indentation;
use crate::fixes::yield_restore::restored_after_yield;
use crate::project::Subject;
use crate::text::TextRange;

use super::Found;

pub fn fixes(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
    let mut fixes = cures(subject, found);
    fixes.extend(no_parallel::mark(subject).ok());
    fixes
}

fn cures(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
    if found.evidence.counts_calls {
        return by_reset(subject, found).into_iter().collect();
    }
    // One statement that changes several targets would need all of them put back.
    if !found.also.is_empty() {
        return by_monkeypatch(subject, found).into_iter().collect();
    }
    let found_fixes = [
        by_monkeypatch(subject, found),
        by_registered_cleanup(subject, found),
        by_yield(subject, found),
        by_set_up(subject, found),
        by_fixture(subject, found),
    ];
    found_fixes.into_iter().flatten().collect()
}

fn by_monkeypatch(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let edits = with_monkeypatch(subject, &found.target, &found.touches, found.evidence.put_back_later)?;
    let title =
        format!("Change {} with `monkeypatch`, which undoes it", found.target.named_in(&subject.module));
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

fn by_registered_cleanup(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let edits = registered_cleanup(subject, &found.target, &found.touches)?;
    let title = format!("Register a clean-up that puts {} back", found.target.named_in(&subject.module));
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

fn by_yield(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let edits = restored_after_yield(subject, &found.target, &found.touches)?;
    let title = format!("Put {} back after the fixture's `yield`", found.target.named_in(&subject.module));
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
        found.target.named_in(&subject.module)
    );
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

fn by_set_up(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let edits = set_up_with_yield(subject, &found.target, &found.touches)?;
    let title =
        format!("Make the set-up a fixture that puts {} back", found.target.named_in(&subject.module));
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

/// `mock.reset_mock()` as the first thing that the test does.
fn by_reset(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let name = found.target.path()?.rsplit('.').next()?;
    let code = subject.code();
    let body = &subject.function()?.body;
    let is_docstring = |node| match code.kind(node) {
        NodeKind::Expr(value) => code.kind(*value).as_str().is_some(),
        _ => false,
    };
    let first = *body.iter().find(|node| !is_docstring(**node))?;
    let indent = indentation(subject, first)?;
    let text = format!("{name}.reset_mock(){}{indent}", subject.newline());
    let mut edits = Edits::new();
    let at = subject.absolute(code.range(first)).start;
    edits.push(subject.path(), TextRange::empty(at), text);
    Some(Fix::cure(format!("Reset `{name}` first"), Applicability::Suggested, edits))
}
