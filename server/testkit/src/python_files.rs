//! The Python files in a folder.

use std::path::{Path, PathBuf};

/// All `.py` files at or below a path, in a steady order. Links are not followed, and what cannot be read is left out.
pub fn python_files(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    collect(path, &mut found);
    found
}

fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_symlink() {
        return;
    }
    if path.is_file() && path.extension().is_some_and(|extension| extension == "py") {
        found.push(path.to_owned());
    }
    let Ok(entries) = std::fs::read_dir(path) else { return };
    let mut entries: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        collect(&entry, found);
    }
}
