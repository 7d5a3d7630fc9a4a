//! What a person can set.

use std::path::Path;

/// Settings from one source.
#[derive(Clone, Debug, Default)]
pub struct Layer {}

/// The settings in force for a project.
#[derive(Clone, Debug)]
pub struct Settings {
    /// In bytes; larger files are passed over.
    pub max_file_size: u64,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings { max_file_size: 2_000_000 }
    }
}

impl Settings {
    pub fn enabled(&self, _rule: &str, _path: &Path) -> bool {
        true
    }
}
