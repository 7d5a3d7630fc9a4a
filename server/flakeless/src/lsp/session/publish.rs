//! From the workspace's reports to the client's diagnostics.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use analysis::workspace::Problem;
use tower_lsp::lsp_types::Diagnostic;

use super::Session;
use crate::lsp::publish::Set;

impl Session {
    /// Publishes what there is to say about an open document.
    pub(super) fn publish_document(&mut self, path: &Path) {
        let Some(document) = self.documents.get(path) else { return };
        let set = if is_python(path) {
            self.hints(path)
        } else {
            let problems = self.workspace.problems();
            self.problems(problems.iter().filter(|problem| problem.path == path))
        };
        self.publisher.show(path, &document.uri, Some(document.version), set);
    }

    /// Publishes what is wrong with files that open documents rest on: configuration, open or not, and conftests.
    pub(super) fn publish_configuration(&mut self) {
        let problems = self.problems_around();
        let mut by_file: BTreeMap<&Path, Vec<&Problem>> = BTreeMap::new();
        for problem in &problems {
            by_file.entry(&problem.path).or_default().push(problem);
        }
        let closed = self.publisher.closed(&self.documents);
        let healed: Vec<PathBuf> = closed.filter(|path| !by_file.contains_key(path.as_path())).collect();
        for path in healed {
            self.publisher.clear(&path);
        }
        for (path, problems) in by_file {
            let Some(uri) = self.view().uri(path) else { continue };
            let version = self.documents.get(path).map(|document| document.version);
            let set = self.problems(problems);
            self.publisher.show(path, &uri, version, set);
        }
    }

    /// An open Python document's own problems are published with its hints.
    fn problems_around(&self) -> Vec<Problem> {
        let is_closed = |path: &PathBuf| self.documents.get(path).is_none();
        let folders =
            self.documents.paths().filter(|path| is_python(path)).flat_map(|path| path.ancestors().skip(1));
        let conftests = folders.map(|folder| folder.join("conftest.py"));
        let conftests: BTreeSet<PathBuf> =
            conftests.filter(|path| self.roots.lists(path)).filter(is_closed).collect();
        let mut problems = self.workspace.problems();
        problems.retain(|problem| !is_python(&problem.path) || is_closed(&problem.path));
        problems.extend(conftests.iter().flat_map(|path| self.workspace.report(path).problems));
        problems
    }

    fn hints(&self, path: &Path) -> Set {
        let view = self.view();
        let report = view.report(path);
        let hints = report.hints.iter().filter_map(|hint| view.diagnostic(path, hint));
        let problems = report.problems.iter().map(|problem| view.problem(problem));
        let diagnostics = problems.chain(hints).collect();
        let related = report.hints.iter().flat_map(|hint| &hint.related);
        let evidence = related.map(|related| &related.path).filter(|other| *other != path).cloned().collect();
        Set { diagnostics, evidence }
    }

    fn problems<'a>(&self, problems: impl IntoIterator<Item = &'a Problem>) -> Set {
        let view = self.view();
        let diagnostics: Vec<Diagnostic> =
            problems.into_iter().map(|problem| view.problem(problem)).collect();
        Set { diagnostics, evidence: BTreeSet::new() }
    }
}

fn is_python(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py")
}
