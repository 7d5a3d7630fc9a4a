//! Folders that come and go in the editor.

use std::path::{Path, PathBuf};

use tower_lsp::lsp_types::WorkspaceFoldersChangeEvent;

use super::Session;
use super::looks::Purpose;
use crate::discover;
use crate::lsp::convert::path_of;
use crate::lsp::looker::Look;
use analysis::settings::DiagnosticMode;

impl Session {
    pub(super) fn folders_changed(&mut self, event: &WorkspaceFoldersChangeEvent) {
        for folder in event.removed.iter().filter_map(|folder| path_of(&folder.uri)) {
            self.folders.remove(&folder);
        }
        for folder in event.added.iter().filter_map(|folder| path_of(&folder.uri)) {
            self.folders.add(folder);
        }
        self.drop_unused_roots();
        self.list_folders();
        self.everything_judged_anew();
        if self.abilities.tells_settings {
            self.ask_for_settings();
        }
    }

    /// Has the folders listed that are not yet, where closed files are looked at.
    pub(super) fn list_folders(&mut self) {
        let unlisted =
            |folder: &&PathBuf| self.roots.root_of(folder).is_none() && !self.looks.list_folder(folder);
        let folders: Vec<PathBuf> = self.folders.paths().iter().filter(unlisted).cloned().collect();
        for folder in folders {
            if !self.closed_files.are_wanted() && self.mode_of_folder(&folder) == DiagnosticMode::OpenFiles {
                continue;
            }
            self.look(Look::Below(folder.clone()), Purpose::Folder(folder));
        }
    }

    /// What the editor says of a folder before any of its files was read; else the folder's own settings file.
    fn mode_of_folder(&self, folder: &Path) -> DiagnosticMode {
        discover::settings_in(folder, &self.overrides).diagnostic_mode
    }

    /// Forgets the roots that hold neither an open document nor anything of a folder.
    fn drop_unused_roots(&mut self) {
        let is_used = |root: &Path| {
            self.documents.paths().any(|path| path.starts_with(root))
                || self
                    .folders
                    .paths()
                    .iter()
                    .any(|folder| folder.starts_with(root) || root.starts_with(folder))
        };
        let unused: Vec<PathBuf> =
            self.roots.paths().filter(|root| !is_used(root)).map(Path::to_owned).collect();
        unused.iter().for_each(|root| self.drop_root(root));
    }

    pub(super) fn drop_root(&mut self, root: &Path) {
        self.roots.remove(root);
        self.workspace.remove_files(root);
        self.schedule.remove_listing(root);
        self.unwatch(root);
    }
}
