//! Asks the engine about many files at once.

use std::path::{Path, PathBuf};

use analysis::fix::{Applicability, Fix, FixKind};
use analysis::hint::{Confidence, Hint};
use analysis::workspace::{Problem, Workspace};
use indicatif::ProgressBar;
use rayon::prelude::*;

use crate::discover::is_python;

/// One hint and the ways to deal with it, best first.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) path: PathBuf,
    pub(crate) hint: Hint,
    pub(crate) fixes: Vec<Fix>,
}

impl Finding {
    /// The fix that `reach` allows to be applied by a flag.
    pub(crate) fn fix(&self, reach: Reach) -> Option<&Fix> {
        let mut cures = self.fixes.iter().filter(|fix| fix.kind == FixKind::Cure && !fix.edits.is_empty());
        match reach {
            Reach::Safe => cures.find(|fix| fix.applicability == Applicability::Safe),
            Reach::Preferred => cures.next(),
        }
    }
}

/// Which fixes a flag applies. Mitigations and suppressions never are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// The first safe cure.
    Safe,
    /// The preferred cure, safe or not.
    Preferred,
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
}

impl Findings {
    pub(crate) fn fixable(&self, reach: Reach) -> usize {
        self.list.iter().filter(|finding| finding.fix(reach).is_some()).count()
    }
}

/// The reports of `files`, which are sorted, with the fixes of every hint.
pub(crate) fn find(workspace: &Workspace, files: &[PathBuf], progress: &ProgressBar) -> Findings {
    let of_files: Vec<Findings> =
        files.par_iter().map(|path| in_file(workspace, path)).inspect(|_| progress.inc(1)).collect();
    let mut all = Findings::default();
    for mut one in of_files {
        all.files += one.files;
        all.tests += one.tests;
        all.list.append(&mut one.list);
        all.problems.append(&mut one.problems);
    }
    all
}

fn in_file(workspace: &Workspace, path: &Path) -> Findings {
    let mut report = workspace.report(path);
    let least = workspace.settings(path).min_confidence(LEAST);
    report.hints.retain(|hint| hint.confidence >= least);
    let with_fixes =
        |hint: Hint| Finding { path: path.to_owned(), fixes: workspace.fixes(path, &hint), hint };
    Findings {
        files: usize::from(is_python(path)),
        tests: report.tests,
        list: report.hints.into_iter().map(with_fixes).collect(),
        problems: report.problems,
    }
}
