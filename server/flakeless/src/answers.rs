//! What reporting on a project asks about it. The engine answers, or the cache, as the engine would.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::fix::Fix;
use analysis::hint::Hint;
use analysis::settings::Settings;
use analysis::text::Text;
use analysis::workspace::{Problem, Report, Workspace};

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
