//! All that is printed of some answers, for bytes that should not be theirs.

use std::path::{Path, PathBuf};

use clap::ValueEnum as _;
use indicatif::ProgressBar;

use super::findings::{self, Lens};
use super::output::{self, Besides, Format, Sight, View};
use super::problems::Warnings;
use crate::answers::Answers;
use crate::baseline::Baselines;
use crate::discover::Root;
use crate::place::Base;

pub(crate) fn print_all(answers: &dyn Answers, roots: &[Root], files: &[PathBuf]) {
    let baselines = Baselines::default();
    let lens = Lens { baselines: &baselines, since: None, proven: None };
    let found = findings::find(answers, lens, files, &ProgressBar::hidden());
    let base = Base::new(roots.first().map_or(Path::new("/"), |root| &root.path).to_owned());
    let mut warnings = Warnings::default();
    for problem in &found.problems {
        assert!(!problem.message.starts_with("flakeless failed on this file"), "{}", problem.message);
        warnings.problem(&base, answers, problem);
    }
    for format in Format::value_variants() {
        let view = View { format: *format, statistics: false };
        let sight = Sight { answers, base: &base, roots };
        let mut out = Vec::new();
        let printed = output::print(&mut out, &mut Vec::new(), sight, &found, &Besides::default(), view);
        assert!(printed.is_ok());
    }
}
