//! A small file tree in memory: what a case feeds to the engine.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files by absolute path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemoryFiles {
    root: PathBuf,
    contents: BTreeMap<PathBuf, Vec<u8>>,
}

impl MemoryFiles {
    pub fn new(root: impl Into<PathBuf>) -> MemoryFiles {
        MemoryFiles { root: root.into(), contents: BTreeMap::new() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Puts a file; `path` is relative to the root, or absolute.
    pub fn put(&mut self, path: &Path, contents: impl Into<Vec<u8>>) {
        self.contents.insert(self.root.join(path), contents.into());
    }

    pub fn bytes(&self, path: &Path) -> Option<&[u8]> {
        self.contents.get(path).map(Vec::as_slice)
    }

    /// The text of a file; `None` if there is none or it is not UTF-8.
    pub fn text(&self, path: &Path) -> Option<&str> {
        std::str::from_utf8(self.bytes(path)?).ok()
    }

    /// Absolute paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.contents.keys().map(PathBuf::as_path)
    }

    /// The path as a case writes it: below the root, with `/`.
    pub fn relative(&self, path: &Path) -> String {
        path.strip_prefix(&self.root).unwrap_or(path).to_string_lossy().replace('\\', "/")
    }

    /// The same tree with every line of every text ended by `\r\n`.
    pub fn with_crlf(&self) -> MemoryFiles {
        let mut files = self.clone();
        for contents in files.contents.values_mut() {
            if let Ok(text) = std::str::from_utf8(contents) {
                *contents = to_crlf(text).into_bytes();
            }
        }
        files
    }
}

/// `text` with every `\n` made `\r\n`.
pub(crate) fn to_crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

pub(crate) fn is_python(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py" || extension == "pyi")
}
