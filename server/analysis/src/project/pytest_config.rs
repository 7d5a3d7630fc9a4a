//! Which configuration pytest obeys in a directory, and what it says.
//!
//! One file counts, never merged: the nearest directory upwards that has one, there the first of a fixed order.
//! The order and what makes a file count differ by pytest's version. Facts: runs of pytest 8.4.2, 9.0.2, 9.1.1 and
//! 9.2.0, and their `_pytest/config/findpaths.py`.

mod addopts;
mod edit_addopts;
mod edit_option;
mod list_option;
mod locate;
mod names;
mod option_table;
mod options;

use std::path::{Path, PathBuf};

pub use edit_addopts::{argument_place, remove_argument_edit, set_argument_edit};
pub use edit_option::{option_place, remove_option_edit, rename_option_edit, set_option_edit};
pub use list_option::register_marker_edit;
pub use locate::{ConfigKind, PassedOver, Why};
pub use names::matches_pattern;
pub use options::{
    AsyncioMode, AsyncioOptions, MarkerLine, PytestOptions, RetryOptions, Strictness, XdistOptions,
};

use super::version_range::VersionRange;
use crate::config_text::{ConfigFiles, Problem};

/// The file that pytest names as its `configfile`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFile {
    pub path: PathBuf,
    pub kind: ConfigKind,
}

/// What holds for tests in one directory when pytest is asked for just that directory.
#[derive(Clone, Debug, PartialEq)]
pub struct Effective {
    pub file: Option<ConfigFile>,
    pub rootdir: PathBuf,
    pub options: PytestOptions,
    /// What pytest would refuse, in the files it would read.
    pub problems: Vec<Problem>,
    /// The pytest versions that may run obey different files; the rest is what the newest of them would do.
    pub undecided: bool,
    /// Configuration files on the way up that do not count, nearest first.
    pub passed_over: Vec<PassedOver>,
    /// Options that have no effect, since another file of the same directory counts.
    pub lost: Vec<Problem>,
}

/// The configuration for `dir` (absolute), looked for upwards to `root_limit` and no further.
///
/// `root_limit` also stands for the directory pytest is started in, which is the rootdir when nothing else decides it.
pub fn effective(dir: &Path, root_limit: &Path, files: &dyn ConfigFiles, pytest: &VersionRange) -> Effective {
    let found = locate::locate(dir, root_limit, files, pytest);
    let mut faults = Vec::new();
    let options = PytestOptions::read(found.table, pytest, &mut faults);
    let mut problems = found.problems;
    if let Some(file) = &found.file {
        problems.extend(faults.into_iter().map(|fault| fault.at(&file.path)));
    }
    let (passed_over, lost) = locate::passed_over(dir, root_limit, files, pytest, found.file.as_ref());
    problems.sort();
    problems.dedup();
    let lost = if found.undecided { Vec::new() } else { lost };
    Effective {
        passed_over,
        lost,
        file: found.file,
        rootdir: found.rootdir,
        options,
        problems,
        undecided: found.undecided,
    }
}

#[cfg(test)]
mod tests;
