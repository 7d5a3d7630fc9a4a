//! Asks the engine about many files at once.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use analysis::baseline::Accepted;
use analysis::fix::{Applicability, Fix, FixKind};
use analysis::hint::{Confidence, Hint};
use analysis::rules::unused_suppression;
use analysis::text::TextRange;
use analysis::workspace::Problem;
use indicatif::ProgressBar;

use super::proven::Proven;
use super::since::Since;
use crate::answers::{Answers, of_each};
use crate::baseline::Baselines;
use crate::discover::is_python;

/// One hint and the ways to deal with it, best first.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) path: PathBuf,
    pub(crate) hint: Hint,
    pub(crate) fixes: Vec<Fix>,
}

impl Finding {
    /// The files that it speaks of.
    fn paths(&self) -> impl Iterator<Item = &Path> {
        let Finding { path, hint, fixes } = self;
        let related = hint.related.iter().map(|related| &related.path);
        let edited = fixes.iter().flat_map(|fix| fix.edits.files().keys());
        std::iter::once(path).chain(related).chain(edited).map(PathBuf::as_path)
    }

    /// The fix that `reach` allows to be applied by a flag.
    pub(crate) fn fix(&self, reach: Reach) -> Option<&Fix> {
        let of_kind = |kind| self.fixes.iter().filter(move |fix| fix.kind == kind && !fix.edits.is_empty());
        match reach {
            Reach::Safe => of_kind(FixKind::Cure).find(|fix| fix.applicability == Applicability::Safe),
            Reach::Preferred => of_kind(FixKind::Cure).next(),
            // A comment that silences nothing is to go, not to be silenced by another.
            Reach::Ignore if self.hint.rule == unused_suppression::META.name => None,
            Reach::Ignore => of_kind(FixKind::Suppression).next(),
        }
    }
}

/// Which fixes a flag applies. Mitigations never are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The first safe cure.
    Safe,
    /// The preferred cure, safe or not.
    Preferred,
    /// The comment that silences the hint.
    Ignore,
}

/// What is reported where no setting says otherwise: this can fail a build.
const LEAST: Confidence = Confidence::Likely;

/// What was found in a set of files, in the order of the files, then of the engine.
#[derive(Clone, Debug, Default)]
pub(crate) struct Findings {
    /// How many test files were looked at.
    pub(crate) files: usize,
    pub(crate) tests: usize,
    pub(crate) list: Vec<Finding>,
    pub(crate) problems: Vec<Problem>,
    /// How many hints are left out because they are accepted.
    pub(crate) accepted: usize,
    /// What is accepted in a file and was not found there.
    pub(crate) missed: BTreeMap<PathBuf, Accepted>,
    /// The files in which nothing stood in the way of finding all, sorted.
    pub(crate) seen: Vec<PathBuf>,
}

impl Findings {
    /// The files whose texts it takes to show them.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        let of_problems = self.problems.iter().map(|problem| problem.path.as_path());
        self.list.iter().flat_map(Finding::paths).chain(of_problems)
    }

    pub(crate) fn fixable(&self, reach: Reach) -> usize {
        self.list.iter().filter(|finding| finding.fix(reach).is_some()).count()
    }
}

/// What of the hints is left out.
#[derive(Clone, Copy)]
pub(crate) struct Lens<'a> {
    pub(crate) baselines: &'a Baselines,
    /// Only what lies on changed lines is shown.
    pub(crate) since: Option<&'a Since>,
    pub(crate) proven: Option<&'a Proven>,
}

/// The reports of `files`, which are sorted, as `lens` shows them, with the fixes of every hint.
pub(crate) fn find(
    answers: &dyn Answers,
    lens: Lens<'_>,
    files: &[PathBuf],
    progress: &ProgressBar,
) -> Findings {
    let of_files = of_each(answers, files, |path| {
        let found = whatever_happens(answers, lens, path);
        progress.inc(1);
        found
    });
    let mut all = Findings::default();
    for mut one in of_files {
        all.files += one.files;
        all.tests += one.tests;
        all.list.append(&mut one.list);
        all.problems.append(&mut one.problems);
        all.accepted += one.accepted;
        all.missed.extend(one.missed);
        all.seen.append(&mut one.seen);
    }
    all
}

/// A mistake of ours on one file costs the hints of that file.
fn whatever_happens(answers: &dyn Answers, lens: Lens<'_>, path: &Path) -> Findings {
    catch_unwind(AssertUnwindSafe(|| in_file(answers, lens, path))).unwrap_or_else(|_| {
        let message = "flakeless failed on this file, so its hints are missing; please report it.".to_owned();
        let problem = Problem { path: path.to_owned(), range: TextRange::default(), message };
        Findings { files: usize::from(is_python(path)), problems: vec![problem], ..Findings::default() }
    })
}

fn in_file(answers: &dyn Answers, lens: Lens<'_>, path: &Path) -> Findings {
    let report = answers.report(path);
    // All hints are matched, also those that are not shown: an editor, which shows more, must hide the same.
    let parted = lens.baselines.part(answers, path, report.hints);
    let least = answers.settings(path).min_confidence(LEAST);
    let is_shown = |hint: &Hint| {
        hint.confidence >= least && lens.since.is_none_or(|since| since.concerns(answers, path, hint))
    };
    let judged = |hint: &Hint| match lens.proven {
        Some(proven) => proven.confirmed(answers, path, hint.clone()),
        None => hint.clone(),
    };
    // Fixes are asked for by the hint as the engine gave it.
    let finding = |hint: Hint| {
        let shown = Some(judged(&hint)).filter(is_shown)?;
        Some(Finding { path: path.to_owned(), fixes: answers.fixes(path, &hint), hint: shown })
    };
    let missed = Some(parted.gone).filter(|gone| !gone.is_empty());
    Findings {
        files: usize::from(is_python(path)),
        tests: report.tests,
        list: parted.new.into_iter().filter_map(finding).collect(),
        accepted: parted.accepted.iter().filter(|hint| is_shown(&judged(hint))).count(),
        missed: missed.map(|missed| (path.to_owned(), missed)).into_iter().collect(),
        seen: report.problems.is_empty().then(|| path.to_owned()).into_iter().collect(),
        problems: report.problems,
    }
}
