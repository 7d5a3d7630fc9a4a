//! An action on a test makes what its page says, or says why it cannot. What it makes parses, is the same with
//! `\r\n`, and is not offered a second time.

use std::path::{Path, PathBuf};

use analysis::fix::Fix;

use super::{Fault, Reading, Run, diffs};
use crate::apply;
use crate::files::{MemoryFiles, is_python, to_crlf};

pub(super) fn check(run: &Run<'_>) -> Vec<Fault> {
    match one(run) {
        Ok(()) => Vec::new(),
        Err(message) => vec![run.fault_of_case(message)],
    }
}

/// The tree after the action, where it is offered.
pub(super) fn result(run: &Run<'_>) -> Option<MemoryFiles> {
    let fix = offer(run, &run.before)?.1.ok()?;
    apply::apply(&run.before.files, &fix.edits).ok()
}

fn one(run: &Run<'_>) -> Result<(), String> {
    let (path, offer) = offer(run, &run.before).ok_or("the action means nothing here")?;
    let (fix, refused) = (offer, run.case.refused.as_ref());
    match (fix, refused) {
        (Ok(fix), None) => made(run, &path, &fix),
        (Err(reason), Some(words)) if reason.contains(words.as_str()) => Ok(()),
        (Err(reason), _) => Err(format!("not offered: {reason}")),
        (Ok(fix), Some(_)) => Err(format!("offered: {}", fix.title)),
    }
}

fn made(run: &Run<'_>, path: &Path, fix: &Fix) -> Result<(), String> {
    let after = apply::apply(&run.before.files, &fix.edits)?;
    for wanted in &run.case.diffs {
        diffs::makes(run, path, wanted, fix, &after)
            .map_err(|why| format!("the diff on line {}: {why}", wanted.line))?;
    }
    let again = run.read(after.clone());
    if let Some(problem) = again.problems.first() {
        return Err(format!("afterwards {problem}"));
    }
    if let Some((_, Ok(fix))) = offer(run, &again) {
        return Err(format!("offered once more: {}", fix.title));
    }
    let crlf = run.read(run.before.files.with_crlf());
    let twin = offer(run, &crlf).ok_or("not offered with \\r\\n")?.1?;
    let twin = apply::apply(&crlf.files, &twin.edits)?;
    let differs = after.paths().find(|path| after.text(path).map(to_crlf).as_deref() != twin.text(path));
    match differs {
        Some(path) => Err(format!("something else with \\r\\n in {}", after.relative(path))),
        None => Ok(()),
    }
}

/// What the action says of the first test of the last Python file.
fn offer(run: &Run<'_>, reading: &Reading) -> Option<(PathBuf, Result<Fix, String>)> {
    let action = run.case.action.as_ref()?;
    let file = run.case.files.iter().rfind(|file| is_python(&file.path))?;
    let path = reading.files.root().join(&file.path);
    let offset = reading.files.text(&path)?.find("def test")? + "def ".len();
    let offer = reading.engine.offer(&path, offset as u32, action)?;
    Some((path, offer))
}
