//! The folders that a person has open in the editor.
//!
//! They decide which closed files are looked at and whose settings are asked for; what is known of a file never
//! depends on them.

use std::path::{Path, PathBuf};

#[derive(Debug)]
pub(crate) struct Folders(Vec<PathBuf>);

impl Folders {
    pub(crate) fn new(folders: Vec<PathBuf>) -> Folders {
        Folders(folders)
    }

    pub(crate) fn add(&mut self, folder: PathBuf) {
        if !self.0.contains(&folder) {
            self.0.push(folder);
        }
    }

    pub(crate) fn remove(&mut self, folder: &Path) {
        self.0.retain(|known| known != folder);
    }

    pub(crate) fn hold(&self, path: &Path) -> bool {
        self.0.iter().any(|folder| path.starts_with(folder))
    }

    /// In the editor's order.
    pub(crate) fn paths(&self) -> &[PathBuf] {
        &self.0
    }

    /// What settings are asked for: each folder's, and first those that hold elsewhere, which are the only folder's
    /// where there is just one.
    pub(crate) fn scopes(&self) -> Vec<Option<PathBuf>> {
        match self.0.as_slice() {
            [] => vec![None],
            [only] => vec![Some(only.clone())],
            several => std::iter::once(None).chain(several.iter().cloned().map(Some)).collect(),
        }
    }
}
