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

    /// Publishes what is wrong with configuration files, open or not.
    pub(super) fn publish_configuration(&mut self) {
        let problems = self.workspace.problems();
        let mut by_file: BTreeMap<&Path, Vec<&Problem>> = BTreeMap::new();
        for problem in &problems {
            by_file.entry(&problem.path).or_default().push(problem);
        }
        let healed: Vec<PathBuf> = self
            .publisher
            .closed(&self.documents)
            .filter(|path| !by_file.contains_key(path.as_path()))
            .collect();
        for path in healed {
            self.publisher.clear(&path);
        }
        // An open Python document's problems come with its hints.
        for (path, problems) in by_file.into_iter().filter(|(path, _)| !is_python(path)) {
            let Some(uri) = self.view().uri(path) else { continue };
            let version = self.documents.get(path).map(|document| document.version);
            let set = self.problems(problems);
            self.publisher.show(path, &uri, version, set);
        }
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
