//! Every hint can be silenced, and in Python a comment at the end of its own line silences it, where such a comment can
//! stand.

use analysis::fix::{Edits, Fix, FixKind};
use analysis::text::TextRange;

use super::{Fault, Found, Run, describe, place, same};
use crate::apply;
use crate::files::is_python;

pub(super) fn check(run: &Run<'_>) -> Vec<Fault> {
    let one = |found| Some(run.fault(found, one(run, found)?));
    run.counted().filter_map(one).collect()
}

fn one(run: &Run<'_>, found: &Found) -> Option<String> {
    let text = run.before.files.text(&found.path)?;
    let line = place(text, found.hint.range.start).0;
    let fixes = run.before.engine.fixes(&found.path, &found.hint);
    let Some(suppression) = fixes.iter().find(|fix| fix.kind == FixKind::Suppression) else {
        return Some("no fix silences it".to_owned());
    };
    if !is_python(&found.path) || !comment_may_stand(suppression, found, text, line) {
        return None;
    }
    let end = end_of_line(text, line);
    let mut edits = Edits::new();
    edits.push(&found.path, TextRange::empty(end), format!("  # flakeless: ignore[{}]", found.hint.rule));
    let after = run.read(apply::apply(&run.before.files, &edits).ok()?);
    if after.found.iter().any(|other| same(found, other, &edits)) {
        return Some("a comment at the end of its line does not silence it".to_owned());
    }
    let known = |other: &Found| run.before.found.iter().any(|before| same(before, other, &edits));
    let fresh = after.found.iter().find(|other| !known(other))?;
    Some(format!("a comment at the end of its line brings a hint: {}", describe(&after.files, fresh)))
}

/// The engine's own suppression tells where a comment counts: lines inside a string cannot have one.
fn comment_may_stand(suppression: &Fix, found: &Found, text: &str, line: usize) -> bool {
    let edits = apply::of(&suppression.edits, &found.path);
    edits.iter().any(|edit| place(text, edit.range.start).0 == line)
}

fn end_of_line(text: &str, line: usize) -> u32 {
    let lines = text.split_inclusive('\n');
    let before: usize = lines.clone().take(line).map(str::len).sum();
    let body = lines.skip(line).map(|line| line.trim_end_matches(['\n', '\r']).len()).next();
    (before + body.unwrap_or(0)) as u32
}
