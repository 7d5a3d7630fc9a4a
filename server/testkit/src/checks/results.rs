//! Every Python text that a case gives rise to, for a second opinion on whether it parses.

use super::{Run, converged, describe, offered, python_files};
use crate::apply;
use crate::files::MemoryFiles;

/// A text, and words that say how it came about.
pub(crate) struct Made {
    pub(crate) how: String,
    pub(crate) path: String,
    pub(crate) text: String,
}

/// The case's own texts, then what each fix makes, then what is there when all cures are taken.
pub(crate) fn results(run: &Run<'_>) -> Vec<Made> {
    let before = &run.before.files;
    let mut all = Vec::new();
    add(&mut all, "as written", before, None);
    for found in run.counted() {
        for fix in run.before.engine.fixes(&found.path, &found.hint) {
            let Ok(after) = apply::apply(before, &fix.edits) else { continue };
            let how = format!("after \"{}\" for {}", fix.title, describe(before, found));
            add(&mut all, &how, &after, Some(before));
        }
    }
    if let Some(after) = offered::result(run) {
        add(&mut all, "after the action", &after, Some(before));
    }
    if let Ok(Some(last)) = converged::after_all_cures(run) {
        add(&mut all, "after all cures", &last.files, Some(before));
    }
    for made in &mut all {
        made.how = format!("{}: {}", run.case.name, made.how);
    }
    all
}

/// The texts of `files`; where `before` is given, those that differ from it.
fn add(all: &mut Vec<Made>, how: &str, files: &MemoryFiles, before: Option<&MemoryFiles>) {
    let changed = |(path, text): &(&std::path::Path, &str)| {
        before.is_none_or(|before| before.text(path) != Some(*text))
    };
    all.extend(python_files(files).filter(changed).map(|(path, text)| Made {
        how: how.to_owned(),
        path: files.relative(path),
        text: text.to_owned(),
    }));
}
