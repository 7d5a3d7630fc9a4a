//! The engine's answers, with a record of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use analysis::fix::Fix;
use analysis::hint::Hint;
use analysis::settings::Settings;
use analysis::text::Text;
use analysis::workspace::{Problem, Report, Workspace};

use crate::answers::Answers;

/// Answers as the engine does and remembers what was said.
pub(crate) struct Heard<'a> {
    workspace: &'a Workspace,
    said: Mutex<BTreeMap<PathBuf, Said>>,
}

/// What was said about a file.
#[derive(Clone, Debug, Default)]
pub(super) struct Said {
    pub(super) report: Option<Report>,
    pub(super) fixes: Vec<(Hint, Vec<Fix>)>,
}

impl Heard<'_> {
    pub(crate) fn new(workspace: &Workspace) -> Heard<'_> {
        Heard { workspace, said: Mutex::default() }
    }

    pub(super) fn rests_on_today(&self) -> bool {
        self.workspace.rests_on_today()
    }

    pub(super) fn said(&self) -> BTreeMap<PathBuf, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, path: &Path, note: impl FnOnce(&mut Said)) {
        note(self.said.lock().unwrap_or_else(PoisonError::into_inner).entry(path.to_owned()).or_default());
    }
}

impl Answers for Heard<'_> {
    fn read_ahead(&self, path: &Path) {
        self.workspace.read_ahead(path);
    }

    fn report(&self, path: &Path) -> Report {
        let report = self.workspace.report(path);
        self.note(path, |said| said.report = Some(report.clone()));
        report
    }

    fn fixes(&self, path: &Path, hint: &Hint) -> Vec<Fix> {
        let fixes = self.workspace.fixes(path, hint);
        self.note(path, |said| said.fixes.push((hint.clone(), fixes.clone())));
        fixes
    }

    fn text(&self, path: &Path) -> Option<Arc<Text>> {
        self.workspace.text(path)
    }

    fn settings(&self, path: &Path) -> Arc<Settings> {
        self.workspace.settings(path)
    }

    fn problems(&self) -> Vec<Problem> {
        self.workspace.problems()
    }

    fn homes(&self) -> Vec<PathBuf> {
        self.workspace.homes()
    }

    fn test_files(&self) -> Vec<PathBuf> {
        self.workspace.test_files()
    }

    fn configuration_files(&self) -> Vec<PathBuf> {
        self.workspace.configuration_files()
    }

    fn looks_like_tests(&self, path: &Path) -> bool {
        self.workspace.looks_like_tests(path)
    }
}
