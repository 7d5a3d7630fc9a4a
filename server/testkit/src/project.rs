//! Whole projects on disk as cases.

use std::io;
use std::path::{Path, PathBuf};

use crate::case::{Case, CaseFile};
use crate::files::{MemoryFiles, is_python};
use crate::marker::{self, Comments, Marked};

/// Folders of a project that are about it and not of it.
const BESIDE: [&str; 2] = ["checklist", ".git"];
/// Endings of configuration files in which `# hint:` comments count.
const CONFIGURATION: [&str; 3] = ["toml", "ini", "cfg"];

/// Reads the project in `directory`. Its comments stay in its files.
pub(crate) fn read(directory: &Path) -> io::Result<Case> {
    let name = directory.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut tree = MemoryFiles::new(directory);
    let mut files = Vec::new();
    for origin in below(directory)? {
        let bytes = std::fs::read(&origin)?;
        let path = origin.strip_prefix(directory).unwrap_or(&origin).to_owned();
        if let Ok(source) = std::str::from_utf8(&bytes) {
            let marked =
                if has_comments(&path) { marker::read(source, Comments::Stay) } else { Marked::default() };
            files.push(CaseFile {
                path: path.clone(),
                origin,
                first_line: 1,
                source: source.to_owned(),
                marked,
            });
        }
        tree.put(&path, bytes);
    }
    Ok(Case { name, broken: broken(directory), files, tree, ..Case::default() })
}

/// A project with the file `broken.txt`, which says why, is not meant to parse everywhere.
fn broken(directory: &Path) -> bool {
    directory.join("broken.txt").is_file()
}

fn has_comments(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    is_python(path) || CONFIGURATION.iter().any(|known| extension == *known)
}

/// Every file, sorted. Links to files are followed, links to folders are not.
fn below(directory: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![directory.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                if !BESIDE.iter().any(|beside| entry.file_name() == *beside) {
                    folders.push(path);
                }
            } else if path.is_file() {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The folders directly below `directory`, sorted; none if it is not there.
pub(crate) fn folders(directory: &Path) -> Vec<PathBuf> {
    entries(directory).into_iter().filter(|path| path.is_dir()).collect()
}

/// The Markdown files directly below `directory`, sorted; none if it is not there.
pub(crate) fn markdown(directory: &Path) -> Vec<PathBuf> {
    let is_markdown = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "md");
    entries(directory).into_iter().filter(is_markdown).collect()
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(directory).into_iter().flatten();
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    paths
}
