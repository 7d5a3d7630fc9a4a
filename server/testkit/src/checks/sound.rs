//! Hints lie in their files and say something; a second reading gives the same.

use std::path::Path;

use analysis::text::TextRange;

use super::{Fault, Run};

pub(super) fn check(run: &Run<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    for found in &run.before.found {
        let hint = &found.hint;
        let mut places = vec![(found.path.as_path(), hint.range)];
        places.extend(hint.related.iter().map(|related| (related.path.as_path(), related.range)));
        for (path, range) in places {
            if !lies_in_text(run, path, range) {
                let message = format!("{range:?} is empty or no part of `{}`", path.display());
                faults.push(run.fault(found, message));
            }
        }
        if hint.message.trim().is_empty() || hint.related.iter().any(|related| related.message.is_empty()) {
            faults.push(run.fault(found, "a message is empty"));
        }
    }
    let again = run.read(run.before.files.clone());
    if again.found != run.before.found || again.problems != run.before.problems {
        faults.push(run.fault_of_case(format!(
            "a second reading differs: {} hints, then {}",
            run.before.found.len(),
            again.found.len()
        )));
    }
    faults
}

fn lies_in_text(run: &Run<'_>, path: &Path, range: TextRange) -> bool {
    let text = run.before.files.text(path);
    let part = text.and_then(|text| text.get(range.start as usize..range.end as usize));
    // A hint about a file that is passed over stands at its start and may be empty.
    part.is_some_and(|part| !part.is_empty()) || range == TextRange::empty(0)
}
