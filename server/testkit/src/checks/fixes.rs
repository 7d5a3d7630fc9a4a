//! Each fix fits the tree, its result parses, and it does what its kind promises.

use std::collections::BTreeSet;

use analysis::fix::{Fix, FixKind};
use analysis::hint::Confidence;

use super::{Fault, Found, Reading, Run, describe, same};
use crate::apply;

pub(super) fn check(run: &Run<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for found in run.counted() {
        let fixes = run.before.engine.fixes(&found.path, &found.hint);
        if !fixes.is_sorted_by_key(|fix| fix.kind) {
            faults.push(run.fault(found, "its fixes are not cures, then mitigations, then suppressions"));
        }
        let titles: BTreeSet<&str> = fixes.iter().map(|fix| fix.title.as_str()).collect();
        if titles.len() < fixes.len() || titles.contains("") {
            faults.push(run.fault(found, format!("the titles of its fixes are not told apart: {titles:?}")));
        }
        for fix in &fixes {
            faults.extend(one(run, found, fix).into_iter().map(|message| {
                run.fault(found, format!("{} \"{}\": {message}", fix.kind.word(), fix.title))
            }));
        }
    }
    faults
}

fn one(run: &Run<'_>, found: &Found, fix: &Fix) -> Vec<String> {
    if fix.edits.is_empty() {
        return vec!["it has no edits".to_owned()];
    }
    let files = match apply::apply(&run.before.files, &fix.edits) {
        Ok(files) if files == run.before.files => return vec!["it changes nothing".to_owned()],
        Ok(files) => files,
        Err(why) => return vec![why],
    };
    let after = run.read(files);
    let mut wrong: Vec<String> = after
        .problems
        .iter()
        .filter(|problem| !run.before.problems.contains(problem))
        .map(|problem| format!("it makes a problem: {problem}"))
        .collect();
    wrong.extend(promise(found, fix, &after));
    wrong.extend(new_hints(run, found, fix, &after));
    if !wrong.is_empty() {
        let changed = fix.edits.files().keys().filter_map(|path| Some((path, after.files.text(path)?)));
        wrong.extend(changed.map(|(path, text)| {
            let before = run.before.files.text(path).unwrap_or_default();
            crate::diff::make(&after.files.relative(path), before, text)
        }));
    }
    wrong
}

fn promise(found: &Found, fix: &Fix, after: &Reading) -> Option<String> {
    let there = after.found.iter().find(|other| same(found, other, &fix.edits));
    match (fix.kind, there) {
        (FixKind::Cure | FixKind::Suppression, None) => None,
        (FixKind::Cure | FixKind::Suppression, Some(there)) => {
            Some(format!("the hint is still there: {}", describe(&after.files, there)))
        }
        (FixKind::Mitigation, None) if skips(fix) => None,
        (FixKind::Mitigation, None) => {
            Some("the hint is gone: a mitigation leaves it, as `possible`".to_owned())
        }
        (FixKind::Mitigation, Some(there)) => {
            let hint = &there.hint;
            let said = hint.confidence == Confidence::Possible && hint.mitigated_by.is_some();
            (!said).then(|| {
                format!(
                    "the hint should be `possible` and say what mitigates it: {}",
                    describe(&after.files, there)
                )
            })
        }
    }
}

/// A test that is skipped gets no hints.
fn skips(fix: &Fix) -> bool {
    let edits = fix.edits.files().values().flatten();
    edits
        .into_iter()
        .any(|edit| ["skipif(", "skipIf(", "pytest.skip("].iter().any(|skip| edit.text.contains(skip)))
}

/// Hints that were not there before. A cure may uncover another rule's hint, so only its own rule's count; nothing else
/// may add any.
fn new_hints(run: &Run<'_>, found: &Found, fix: &Fix, after: &Reading) -> Vec<String> {
    let counts = |other: &&Found| fix.kind == FixKind::Suppression || other.hint.rule == found.hint.rule;
    let known = |other: &Found| run.before.found.iter().any(|before| same(before, other, &fix.edits));
    let fresh = after.found.iter().filter(counts).filter(|other| !known(other));
    fresh.map(|other| format!("it brings a hint: {}", describe(&after.files, other))).collect()
}
