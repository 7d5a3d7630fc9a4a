//! The disk as the engine's source of files, with a record of all that the engine was told.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use analysis::workspace::{FileSource, ReadError};
use rustc_hash::FxBuildHasher;

use super::seen::{Hash, Seen, names_in};
use crate::disk::Disk;

/// Answers from the disk and remembers what it said: the engine's own answers rest on nothing else that can change.
#[derive(Debug, Default)]
pub(crate) struct Witness {
    disk: Disk,
    record: Mutex<Record>,
}

/// What was said to the engine.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) files: HashMap<PathBuf, Seen, FxBuildHasher>,
    pub(super) folders: BTreeMap<PathBuf, Hash>,
    /// It was asked about the same twice and changed in between: what it said belongs to no one state of the disk.
    pub(super) is_torn: bool,
}

impl Witness {
    pub(crate) fn of(disk: Disk) -> Witness {
        Witness { disk, record: Mutex::default() }
    }

    pub(super) fn record(&self) -> Record {
        self.record.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Record {
    pub(super) fn add_file(&mut self, path: &Path, seen: Seen) {
        match self.files.get(path) {
            Some(before) => self.is_torn |= !before.is_same(&seen),
            None => {
                self.files.insert(path.to_owned(), seen);
            }
        }
    }

    pub(super) fn add_folder(&mut self, path: &Path, names: Hash) {
        let before = self.folders.insert(path.to_owned(), names);
        self.is_torn |= before.is_some_and(|before| before != names);
    }
}

impl FileSource for Witness {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        let (seen, bytes) = Seen::read(&self.disk, path);
        self.record.lock().unwrap_or_else(PoisonError::into_inner).add_file(path, seen);
        bytes
    }

    fn names_in(&self, folder: &Path) -> Vec<String> {
        let (hash, names) = names_in(folder);
        self.record.lock().unwrap_or_else(PoisonError::into_inner).add_folder(folder, hash);
        names
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn two_answers_about_one_file_that_differ_belong_to_no_state_of_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let (path, witness) = (folder.path().join("a.py"), Witness::default());
        assert_eq!(witness.read(&path), Err(ReadError::Missing));
        assert_eq!(witness.read(&path), Err(ReadError::Missing));
        assert!(!witness.record().is_torn);
        fs::write(&path, "a").unwrap();
        assert_eq!(witness.read(&path), Ok(b"a".to_vec()));
        assert!(witness.record().is_torn);
    }

    #[test]
    fn a_folder_that_changes_belongs_to_no_state_of_the_disk_either() {
        let (folder, witness) = (tempfile::tempdir().unwrap(), Witness::default());
        assert!(witness.names_in(folder.path()).is_empty());
        assert!(!witness.record().is_torn);
        fs::write(folder.path().join("a"), "").unwrap();
        assert_eq!(witness.names_in(folder.path()), ["a"]);
        assert!(witness.record().is_torn);
    }
}
