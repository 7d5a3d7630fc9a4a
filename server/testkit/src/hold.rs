//! What must hold for any bytes: each function panics where it does not. `server/fuzz` looks for bytes for which it does not;
//! tests go over those that it found.

mod configuration;
mod edits;
mod file;
mod fixes;
mod inputs;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::facts::code::Health;
use analysis::syntax::{code_of, split};
use analysis::text::TextRange;
use analysis::workspace::{Date, Report, Workspace};

use crate::engine::TODAY;
use crate::files::MemoryFiles;

pub use configuration::configuration;
pub use edits::edits;
pub use file::file;
pub use fixes::fixes;
pub use inputs::each_input;

const ROOT: &str = "/p";

/// A project of these files, each with its text or bytes.
fn project<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> MemoryFiles {
    let mut tree = MemoryFiles::new(ROOT);
    files.into_iter().for_each(|(name, bytes)| tree.put(Path::new(name), bytes));
    tree
}

fn workspace(files: &MemoryFiles) -> Workspace {
    let (year, month, day) = TODAY;
    let mut workspace = Workspace::new(Arc::new(files.clone()), Date { year, month, day });
    workspace.set_files(files.root(), files.paths().map(PathBuf::from).collect());
    workspace
}

/// Whether all of a file parses, so that the engine speaks about all of it.
fn is_sound(text: &str) -> bool {
    let items = split::split(text);
    items.doubt.is_none() && items.items.iter().all(|item| code_of(item.text(text)).health == Health::Sound)
}

/// The report of a file: all places in it lie in their texts, and no rule failed.
#[track_caller]
fn sound_report(workspace: &Workspace, path: &Path) -> Report {
    let report = workspace.report(path);
    for problem in &report.problems {
        assert!(!problem.message.contains("failed on this file"), "{}", problem.message);
        assert_inside(workspace, &problem.path, problem.range);
    }
    for hint in &report.hints {
        assert_inside(workspace, path, hint.range);
        hint.related.iter().for_each(|related| assert_inside(workspace, &related.path, related.range));
    }
    report
}

#[track_caller]
fn assert_inside(workspace: &Workspace, path: &Path, range: TextRange) {
    let Some(text) = workspace.text(path) else { return };
    let is_inside = text.as_str().get(range.start as usize..range.end as usize).is_some();
    assert!(is_inside, "{range:?} of {} passes the end or cuts a character", path.display());
}
