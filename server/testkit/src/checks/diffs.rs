//! The diffs on a page are what its fixes make.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use analysis::fix::{Fix, FixKind};

use super::{Fault, Found, Run};
use crate::case::WantedDiff;
use crate::files::MemoryFiles;
use crate::{apply, diff};

pub(super) fn check(run: &Run<'_>) -> Vec<Fault> {
    let one = |wanted| {
        let message = one(run, wanted).err()?;
        Some(run.fault_of_case(format!("the diff on line {}: {message}", wanted.line)))
    };
    run.case.diffs.iter().filter_map(one).collect()
}

fn one(run: &Run<'_>, wanted: &WantedDiff) -> Result<(), String> {
    let mut of_rule =
        run.before.found.iter().filter(|found| Some(found.hint.rule) == run.case.rule.as_deref());
    let found = of_rule.nth(wanted.hint - 1).ok_or_else(|| format!("there is no hint {}", wanted.hint))?;
    let fix = choose(run, found, wanted)?;
    let after = apply::apply(&run.before.files, &fix.edits)?;
    makes(run, &found.path, wanted, &fix, &after)
}

/// Whether `after`, what the fix makes, is what the page says; `own` is the file that it means by default.
pub(super) fn makes(
    run: &Run<'_>,
    own: &Path,
    wanted: &WantedDiff,
    fix: &Fix,
    after: &MemoryFiles,
) -> Result<(), String> {
    match said(run, own, wanted) {
        Ok(said) if same(&said, after) => Ok(()),
        Ok(_) => Err(format!("\"{}\" makes something else:\n{}", fix.title, real(run, after))),
        Err(why) => Err(format!("{why}\n\"{}\" makes:\n{}", fix.title, real(run, after))),
    }
}

fn choose(run: &Run<'_>, found: &Found, wanted: &WantedDiff) -> Result<Fix, String> {
    let fixes = run.before.engine.fixes(&found.path, &found.hint);
    let titles: Vec<String> = fixes.iter().map(|fix| fix.title.clone()).collect();
    let chosen = match &wanted.title {
        Some(title) => fixes.into_iter().find(|fix| fix.title.contains(title)),
        None => fixes.into_iter().find(|fix| fix.kind == FixKind::Cure),
    };
    chosen.ok_or_else(|| format!("no fix is the one meant; there are {titles:?}"))
}

/// The tree as the page wants it.
fn said(run: &Run<'_>, own: &Path, wanted: &WantedDiff) -> Result<MemoryFiles, String> {
    let before = &run.before.files;
    let mut after = before.clone();
    for file in diff::read(&wanted.body)? {
        let path = file.path.as_ref().map_or(own.to_owned(), |path| before.root().join(path));
        let text = file.apply(before.text(&path).unwrap_or_default())?;
        after.put(&path, text);
    }
    Ok(after)
}

fn paths(one: &MemoryFiles, other: &MemoryFiles) -> BTreeSet<PathBuf> {
    one.paths().chain(other.paths()).map(PathBuf::from).collect()
}

/// Equal but for the line break at the end, which a diff block cannot show.
fn same(one: &MemoryFiles, other: &MemoryFiles) -> bool {
    let text = |files: &MemoryFiles, path: &PathBuf| {
        files.text(path).map(|text| text.trim_end_matches('\n').to_owned())
    };
    paths(one, other).iter().all(|path| text(one, path) == text(other, path))
}

/// The real change, ready for the page.
fn real(run: &Run<'_>, after: &MemoryFiles) -> String {
    let before = &run.before.files;
    let changed = paths(before, after).into_iter().filter(|path| before.text(path) != after.text(path));
    changed
        .map(|path| {
            let text = |files: &MemoryFiles| files.text(&path).unwrap_or_default().to_owned();
            diff::make(&before.relative(&path), &text(before), &text(after))
        })
        .collect()
}
