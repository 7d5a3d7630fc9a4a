//! Real files, for tests that read whole projects.

use std::fs;
use std::path::Path;

use analysis::workspace::{FileSource, ReadError};

pub struct Disk;

impl FileSource for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        fs::read(path).map_err(|_| ReadError::Missing)
    }

    fn names_in(&self, folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut names: Vec<String> =
            entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }
}
