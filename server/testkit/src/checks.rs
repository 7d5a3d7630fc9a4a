//! What is checked on every case.
//!
//! The hints are those said, no more and no less; they lie in the text, and two readings agree. Each fix fits, its
//! result parses, and it does what its kind promises: after a cure the rule is silent there, after a mitigation the hint
//! is `possible` and says why, a suppression silences and is used. The page's diffs are what fixes make. A comment on
//! the hint's line silences it too. Cures taken again and again come to an end. `\r\n` changes nothing but itself. Text
//! typed piece by piece ends in what a fresh reading says.

mod converged;
mod crlf;
mod diffs;
mod expected;
mod fixes;
mod offered;
mod results;
mod sound;
mod suppressed;
#[cfg(test)]
mod tests;
mod typed;

use std::path::{Path, PathBuf};

use analysis::fix::Edits;
use analysis::hint::Hint;

use crate::apply;
use crate::case::Case;
use crate::engine::{Engine, Start};
use crate::files::{MemoryFiles, is_python};

pub(crate) use results::results;

/// What is wrong, and where in the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) path: PathBuf,
    /// 0-based, of the text as the engine saw it.
    pub(crate) line: usize,
    pub(crate) message: String,
}

/// A check by name.
pub(crate) struct Check {
    pub(crate) name: &'static str,
    pub(crate) run: fn(&Run<'_>) -> Vec<Fault>,
}

/// In the order of interest: when one fails, those after it say little.
pub(crate) const CHECKS: [Check; 8] = [
    Check { name: "hints", run: expected::check },
    Check { name: "sound", run: sound::check },
    Check { name: "diffs", run: diffs::check },
    Check { name: "fixes", run: fixes::check },
    Check { name: "suppressed", run: suppressed::check },
    Check { name: "converged", run: converged::check },
    Check { name: "crlf", run: crlf::check },
    Check { name: "typed", run: typed::check },
];

/// The one of an action's page.
pub(crate) const OFFERED: Check = Check { name: "offered", run: offered::check };

/// A hint and its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) hint: Hint,
}

/// A tree, and what the engine says of it.
pub(crate) struct Reading {
    pub(crate) files: MemoryFiles,
    pub(crate) engine: Box<dyn Engine>,
    pub(crate) found: Vec<Found>,
    pub(crate) problems: Vec<String>,
}

/// A case with its first reading.
pub(crate) struct Run<'a> {
    pub(crate) case: &'a Case,
    pub(crate) start: Start,
    pub(crate) before: Reading,
}

impl<'a> Run<'a> {
    pub(crate) fn new(case: &'a Case, start: Start) -> Run<'a> {
        Run { case, start, before: read(case, start, case.tree.clone()) }
    }

    /// The engine afresh on another tree.
    pub(crate) fn read(&self, files: MemoryFiles) -> Reading {
        read(self.case, self.start, files)
    }

    /// The hints that count, in the order of the case's files.
    pub(crate) fn counted(&self) -> impl Iterator<Item = &Found> {
        self.before.found.iter().filter(|found| self.case.counts(found.hint.rule))
    }

    /// A fault of the case as a whole.
    pub(crate) fn fault_of_case(&self, message: impl Into<String>) -> Fault {
        let first = self.case.files.first().map(|file| self.case.tree.root().join(&file.path));
        Fault { path: first.unwrap_or_default(), line: 0, message: message.into() }
    }

    /// A fault at a hint.
    pub(crate) fn fault(&self, found: &Found, message: impl Into<String>) -> Fault {
        let text = self.before.files.text(&found.path).unwrap_or_default();
        let line = place(text, found.hint.range.start).0;
        Fault { path: found.path.clone(), line, message: message.into() }
    }
}

fn read(case: &Case, start: Start, files: MemoryFiles) -> Reading {
    let engine = start(&files, case.rule.as_deref());
    let (found, problems) = ask(case, &files, engine.as_ref());
    Reading { files, engine, found, problems }
}

/// Everything that the engine says, in the order of the case's files, then of paths.
pub(crate) fn ask(case: &Case, files: &MemoryFiles, engine: &dyn Engine) -> (Vec<Found>, Vec<String>) {
    let of_case: Vec<PathBuf> = case.files.iter().map(|file| files.root().join(&file.path)).collect();
    let others = files.paths().filter(|path| !of_case.iter().any(|of_case| of_case == path));
    let (mut found, mut problems) = (Vec::new(), Vec::new());
    for path in of_case.iter().map(PathBuf::as_path).chain(others) {
        let seen = engine.seen(path);
        found.extend(seen.hints.into_iter().map(|hint| Found { path: path.to_owned(), hint }));
        problems
            .extend(seen.problems.into_iter().map(|problem| format!("{}: {problem}", files.relative(path))));
    }
    (found, problems)
}

/// Whether `after` is what became of `before` when the edits were made.
pub(crate) fn same(before: &Found, after: &Found, edits: &Edits) -> bool {
    let moved = apply::moved(before.hint.range, apply::of(edits, &before.path));
    let there = after.hint.range.intersects(moved) || after.hint.range == moved;
    before.path == after.path && before.hint.rule == after.hint.rule && there
}

/// 0-based line and column in characters.
pub(crate) fn place(text: &str, offset: u32) -> (usize, usize) {
    let before = text.get(..offset as usize).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count();
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    (line, before[start..].chars().count())
}

/// The Python files of a tree that are text.
pub(crate) fn python_files(files: &MemoryFiles) -> impl Iterator<Item = (&Path, &str)> {
    files.paths().filter(|path| is_python(path)).filter_map(|path| Some((path, files.text(path)?)))
}

/// One line about a hint, for messages and comparisons: positions as lines and columns.
pub(crate) fn describe(files: &MemoryFiles, found: &Found) -> String {
    let Found { path, hint } = found;
    let at = |path: &Path, range: analysis::text::TextRange| {
        let text = files.text(path).unwrap_or_default();
        let ((line, column), (end_line, end)) = (place(text, range.start), place(text, range.end));
        format!("{}:{}:{}-{}:{}", files.relative(path), line + 1, column + 1, end_line + 1, end + 1)
    };
    let related: String = hint
        .related
        .iter()
        .map(|related| format!("; {}: {}", at(&related.path, related.range), related.message))
        .collect();
    let mitigated =
        hint.mitigated_by.as_deref().map(|by| format!(" (mitigated by {by})")).unwrap_or_default();
    let test = hint.test.as_deref().unwrap_or("no test");
    format!(
        "{} [{}] {}{mitigated} \"{}\" ({test}){related}",
        at(path, hint.range),
        hint.rule,
        hint.confidence.word(),
        hint.message
    )
}
