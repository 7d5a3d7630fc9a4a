//! What reporting on a project asks about it. The engine answers, or the cache, as the engine would.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::fix::Fix;
use analysis::hint::Hint;
use analysis::settings::Settings;
use analysis::text::Text;
use analysis::workspace::{Problem, Report, Workspace};
use rayon::prelude::*;

/// The questions of [`Workspace`] that reporting needs, each with the same meaning.
pub(crate) trait Answers: Sync {
    /// To be asked of every file before a report of one is.
    fn read_ahead(&self, path: &Path);

    fn report(&self, path: &Path) -> Report;

    /// Fixes for the report's hint, best first, the suppression last.
    fn fixes(&self, path: &Path, hint: &Hint) -> Vec<Fix>;

    /// The text that ranges in `path` are counted in.
    fn text(&self, path: &Path) -> Option<Arc<Text>>;

    fn settings(&self, path: &Path) -> Arc<Settings>;

    /// Problems with configuration files, sorted.
    fn problems(&self) -> Vec<Problem>;

    /// Where projects begin, sorted.
    fn homes(&self) -> Vec<PathBuf>;

    /// The Python files that pytest collects, and conftests, sorted.
    fn test_files(&self) -> Vec<PathBuf>;

    /// The configuration files that pytest obeys, sorted.
    fn configuration_files(&self) -> Vec<PathBuf>;

    /// Whether pytest would collect the file, were it named.
    fn looks_like_tests(&self, path: &Path) -> bool;
}

/// What `work` makes of each of `files`, in their order, on all threads.
pub(crate) fn of_each<T: Send>(
    answers: &dyn Answers,
    files: &[PathBuf],
    work: impl Fn(&Path) -> T + Sync + Send,
) -> Vec<T> {
    // One by one: a share of many files, once a thread has begun with it, is that thread's, and the others wait for it.
    let each = || files.par_iter().with_max_len(1);
    // What is asked of all files at once is asked by one thread, for which the others wait.
    each().for_each(|path| answers.read_ahead(path));
    each().map(|path| work(path)).collect()
}

impl Answers for Workspace {
    fn read_ahead(&self, path: &Path) {
        Workspace::read_ahead(self, path);
    }

    fn report(&self, path: &Path) -> Report {
        Workspace::report(self, path)
    }

    fn fixes(&self, path: &Path, hint: &Hint) -> Vec<Fix> {
        Workspace::fixes(self, path, hint)
    }

    fn text(&self, path: &Path) -> Option<Arc<Text>> {
        Workspace::text(self, path)
    }

    fn settings(&self, path: &Path) -> Arc<Settings> {
        Workspace::settings(self, path)
    }

    fn problems(&self) -> Vec<Problem> {
        Workspace::problems(self)
    }

    fn homes(&self) -> Vec<PathBuf> {
        self.projects().into_iter().map(|project| project.home.clone()).collect()
    }

    fn test_files(&self) -> Vec<PathBuf> {
        Workspace::test_files(self)
    }

    fn configuration_files(&self) -> Vec<PathBuf> {
        Workspace::configuration_files(self)
    }

    fn looks_like_tests(&self, path: &Path) -> bool {
        self.project(path).is_some_and(|project| project.looks_like_tests(path))
    }
}
