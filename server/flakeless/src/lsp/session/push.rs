//! From the workspace's reports to diagnostics that are pushed: those of open documents to a client that does not
//! pull, and to every client what is wrong with closed files that open documents rest on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Instant;

use super::Session;
use crate::discover::is_python;
use crate::lsp::publish::Why;

impl Session {
    /// Publishes what there is to say about an open document.
    pub(super) fn publish_document(&mut self, path: &Path) {
        let Some(document) = self.documents.get(path) else { return };
        let begun = Instant::now();
        let set = self.view().set(path);
        self.trace_hints(path, Some(document.version), &set, begun);
        self.publisher.show(path, &document.uri, Some(document.version), Why::Open, set);
    }

    /// Publishes what there is to say about the closed configuration files around open documents, and what is wrong with
    /// the conftests there. Those that are looked at because the person wants all closed files to be are left to that.
    pub(super) fn publish_configuration(&mut self) {
        self.watch_baselines();
        let around = self.around_documents();
        for path in self.publisher.shown_for(Why::Around) {
            if !around.contains(&path) {
                self.publisher.clear(&path);
            }
        }
        for path in around {
            let Some(uri) = self.view().uri(&path) else { continue };
            let set =
                if is_python(&path) { self.view().set_of_problems(&path) } else { self.view().set(&path) };
            self.publisher.show(&path, &uri, None, Why::Around, set);
        }
    }

    fn around_documents(&self) -> BTreeSet<PathBuf> {
        let python = self.documents.paths().filter(|path| is_python(path));
        let folders: BTreeSet<&Path> = python.flat_map(|path| path.ancestors().skip(1)).collect();
        let conftests = folders.iter().map(|folder| folder.join("conftest.py"));
        let conftests = conftests.filter(|path| self.roots.lists(path));
        let is_above = |path: &PathBuf| path.parent().is_some_and(|folder| folders.contains(folder));
        let in_force = self.workspace.configuration_files().into_iter().filter(is_above);
        let configuration = self.workspace.problems().into_iter().map(|problem| problem.path).chain(in_force);
        let is_closed =
            |path: &PathBuf| self.documents.get(path).is_none() && !self.is_looked_at_closed(path);
        conftests.chain(configuration).filter(is_closed).collect()
    }
}
