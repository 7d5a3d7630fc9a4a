//! Preferred cures taken again and again come to an end, and what is left parses.

use analysis::fix::{Edits, FixKind, TextEdit};

use super::{Fault, Reading, Run};
use crate::apply;

const ROUNDS: usize = 10;

pub(super) fn check(run: &Run<'_>) -> Vec<Fault> {
    match after_all_cures(run) {
        Ok(Some(reading)) => problems(run, &reading),
        Ok(None) => Vec::new(),
        Err(why) => vec![run.fault_of_case(why)],
    }
}

/// The tree when no cure is left; `None` if there was none to begin with, an error if there is no end to them.
pub(super) fn after_all_cures(run: &Run<'_>) -> Result<Option<Reading>, String> {
    let mut reading = None;
    for _ in 0..ROUNDS {
        let now = reading.as_ref().unwrap_or(&run.before);
        let edits = round(run, now);
        if edits.is_empty() {
            return Ok(reading);
        }
        let files = apply::apply(&now.files, &edits).map_err(|why| format!("cures taken together: {why}"))?;
        reading = Some(run.read(files));
    }
    Err(format!("cures are still offered after {ROUNDS} rounds"))
}

fn problems(run: &Run<'_>, reading: &Reading) -> Vec<Fault> {
    let new = reading.problems.iter().filter(|problem| !run.before.problems.contains(problem));
    new.map(|problem| run.fault_of_case(format!("after all cures: {problem}"))).collect()
}

/// The first cure of every hint, those left out that touch one taken before.
fn round(run: &Run<'_>, reading: &Reading) -> Edits {
    let mut taken = Edits::new();
    for found in reading.found.iter().filter(|found| run.case.counts(found.hint.rule)) {
        let fixes = reading.engine.fixes(&found.path, &found.hint);
        let Some(cure) = fixes.into_iter().find(|fix| fix.kind == FixKind::Cure) else { continue };
        let clashes = cure.edits.files().iter().any(|(path, edits)| {
            edits.iter().any(|edit| apply::of(&taken, path).iter().any(|other| clash(edit, other)))
        });
        if !clashes {
            taken.merge(cure.edits);
        }
    }
    taken
}

/// Whether two edits touch and are not the same.
fn clash(one: &TextEdit, other: &TextEdit) -> bool {
    one != other && one.range.start <= other.range.end && other.range.start <= one.range.end
}
