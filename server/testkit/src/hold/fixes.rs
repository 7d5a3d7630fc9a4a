//! Fixes of any file that parses: each fits, leaves the file sound and the rest of it alone, and cures come to an end.

use std::path::{Path, PathBuf};

use analysis::fix::{Edits, Fix, FixKind, TextEdit};
use analysis::hint::Hint;

use super::{ROOT, is_sound, project, sound_report, workspace};
use crate::apply::{self, apply};
use crate::files::MemoryFiles;

/// Each round may cure a hint; a file has no more of them than lines.
const MOST_ROUNDS: usize = 40;

/// A file that does not parse says nothing here.
pub fn fixes(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if !is_sound(text) {
        return;
    }
    let path = Path::new(ROOT).join("test_a.py");
    let mut files = project([("test_a.py", bytes)]);
    for round in 0.. {
        assert!(round < MOST_ROUNDS, "cures have no end; by now:\n{}", files.text(&path).unwrap_or_default());
        let found = found(&files, &path);
        for (hint, fix) in &found {
            fits(&files, hint, fix);
        }
        let cure = found.into_iter().find(|(_, fix)| fix.kind == FixKind::Cure && !fix.edits.is_empty());
        let Some((_, cure)) = cure else { return };
        files = applied(&files, &cure.edits);
    }
}

fn found(files: &MemoryFiles, path: &Path) -> Vec<(Hint, Fix)> {
    let workspace = workspace(files);
    let hints = sound_report(&workspace, path).hints;
    let fixes = |hint: Hint| {
        workspace.fixes(path, &hint).into_iter().map(move |fix| (hint.clone(), fix)).collect::<Vec<_>>()
    };
    hints.into_iter().flat_map(fixes).collect()
}

#[track_caller]
fn applied(files: &MemoryFiles, edits: &Edits) -> MemoryFiles {
    apply(files, edits).unwrap_or_else(|why| panic!("a fix does not fit: {why}"))
}

#[track_caller]
fn fits(files: &MemoryFiles, hint: &Hint, fix: &Fix) {
    let after = applied(files, &fix.edits);
    let paths: Vec<PathBuf> = after.paths().map(Path::to_owned).collect();
    for path in paths {
        let (was, is) = (files.text(&path).unwrap_or_default(), after.text(&path).unwrap_or_default());
        assert!(
            is_sound(is),
            "`{}` for {} makes of\n{was}\nwhat does not parse:\n{is}",
            fix.title,
            hint.rule
        );
        assert_eq!(
            untouched(was, apply::of(&fix.edits, &path)),
            left(is, apply::of(&fix.edits, &path)),
            "{}",
            fix.title
        );
    }
}

/// What lies between the edits.
fn untouched<'a>(text: &'a str, edits: &[TextEdit]) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    let mut done = 0;
    for edit in edits {
        pieces.push(&text[done..edit.range.start as usize]);
        done = edit.range.end as usize;
    }
    pieces.push(&text[done..]);
    pieces
}

/// The same pieces as they lie in the text after.
fn left<'a>(text: &'a str, edits: &[TextEdit]) -> Vec<&'a str> {
    let mut pieces = Vec::new();
    let (mut done, mut taken) = (0, 0);
    for edit in edits {
        let end = done + edit.range.start as usize - taken;
        pieces.push(&text[done..end]);
        done = end + edit.text.len();
        taken = edit.range.end as usize;
    }
    pieces.push(&text[done..]);
    pieces
}
