//! What the session does when files on disk change.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use tower_lsp::lsp_types::{MessageType, Url};

use super::Session;
use crate::discover::{self, Force, PassedOver, Root, is_wanted};
use crate::lsp::convert::path_of;

impl Session {
    /// Lists the root around a document, unless it is listed. What an editor calls its folders does not matter: the
    /// command line finds the same root for the same file.
    pub(super) fn list_around(&mut self, path: &Path) {
        if self.roots.root_of(path).is_some() {
            return;
        }
        match discover::around(path, Force::Check) {
            Ok(found) => self.take_discovery(found),
            // The folder is not there yet: the document stands alone.
            Err(_) => {
                let root = path.parent().unwrap_or(path).to_owned();
                self.take_root(Root { path: root, files: vec![path.to_owned()] });
            }
        }
    }

    /// Lists a root again after files came or went.
    pub(super) fn list_again(&mut self, root: &Path) {
        match discover::discover(&[root.to_owned()], Force::Check) {
            Ok(found) => self.take_discovery(found),
            Err(_) => self.take_root(Root { path: root.to_owned(), files: Vec::new() }),
        }
    }

    /// Looks whether conftests or configuration above a document have changed on disk.
    pub(super) fn look_above(&mut self, document: &Url) {
        let Some(path) = path_of(document) else { return };
        let Some(root) = self.roots.root_of(&path) else { return };
        let changed = self.stamps.changed_above(&path, root);
        self.changed_on_disk(changed);
    }

    /// Files were made, changed or deleted. Those that are open count as the editor has them.
    pub(super) fn changed_on_disk(&mut self, paths: Vec<PathBuf>) {
        for path in paths {
            let Some(root) = self.roots.root_of(&path) else { continue };
            if path.file_name().is_some_and(|name| name == ".gitignore") {
                self.schedule.add_listing(root);
                continue;
            }
            if !is_wanted(&path) || self.documents.get(&path).is_some() {
                continue;
            }
            // Whether a new file counts depends on what is ignored: the whole root is looked at again.
            match (self.roots.lists(&path), path.is_file()) {
                (true, true) => {
                    let impact = self.workspace.disk_changed(&path);
                    self.felt(&path, impact);
                }
                (false, false) => {}
                _ => self.schedule.add_listing(root),
            }
        }
    }

    fn take_discovery(&mut self, found: discover::Discovery) {
        for passed in found.passed_over {
            self.tell_passed_over(&passed);
        }
        for root in found.roots {
            self.take_root(root);
        }
    }

    /// Says once what was passed over. Links are common and seldom missed: they are only logged.
    fn tell_passed_over(&mut self, passed: &PassedOver) {
        let text = format!("flakeless passed over {}: {}", passed.path.display(), passed.why);
        if !self.told.insert(text.clone()) {
            return;
        }
        if passed.path.is_symlink() {
            self.wires.outbox.log(MessageType::WARNING, &text);
        } else {
            self.wires.outbox.show(MessageType::WARNING, &text);
        }
    }

    fn take_root(&mut self, root: Root) {
        let open = self.documents.paths().filter(|path| path.starts_with(&root.path)).map(Path::to_owned);
        let files: BTreeSet<PathBuf> = root.files.into_iter().chain(open).collect();
        self.workspace.set_files(&root.path, files.iter().cloned().collect());
        for path in self.roots.set(&root.path, files) {
            if self.documents.get(&path).is_none() {
                self.workspace.disk_changed(&path);
            }
        }
        self.everything_changed();
    }
}
