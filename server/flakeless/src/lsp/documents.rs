//! The documents that the client has open, and which of its messages about them make sense.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use tower_lsp::lsp_types::Url;

/// One open document. Its text belongs to the workspace.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) uri: Url,
    pub(crate) version: i32,
}

/// The open documents by path, sorted.
#[derive(Debug, Default)]
pub(crate) struct Documents(BTreeMap<PathBuf, Document>);

/// Why a change cannot be applied.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Misfit {
    NeverOpened,
    /// The document is already at this version.
    OlderThan(i32),
}

impl Documents {
    /// Opening a document again gives it a new version; clients do so after a crash.
    pub(crate) fn open(&mut self, path: PathBuf, uri: Url, version: i32) {
        self.0.insert(path, Document { uri, version });
    }

    /// Takes note of a change's version.
    ///
    /// # Errors
    /// When the change must not be applied. An equal version is let pass: some clients do not count.
    pub(crate) fn change(&mut self, path: &Path, version: i32) -> Result<(), Misfit> {
        let document = self.0.get_mut(path).ok_or(Misfit::NeverOpened)?;
        if version < document.version {
            return Err(Misfit::OlderThan(document.version));
        }
        document.version = version;
        Ok(())
    }

    /// Tells whether it was open.
    pub(crate) fn close(&mut self, path: &Path) -> bool {
        self.0.remove(path).is_some()
    }

    pub(crate) fn get(&self, path: &Path) -> Option<&Document> {
        self.0.get(path)
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_do_not_go_back() {
        let mut documents = Documents::default();
        let path = Path::new("/a.py");
        assert_eq!(documents.change(path, 1), Err(Misfit::NeverOpened));
        documents.open(path.to_owned(), Url::parse("file:///a.py").unwrap(), 3);
        assert_eq!(documents.change(path, 2), Err(Misfit::OlderThan(3)));
        assert_eq!(documents.change(path, 3), Ok(()));
        assert_eq!(documents.change(path, 9), Ok(()));
        assert_eq!(documents.get(path).map(|document| document.version), Some(9));
        documents.open(path.to_owned(), Url::parse("file:///a.py").unwrap(), 1);
        assert_eq!(documents.change(path, 2), Ok(()));
        assert!(documents.close(path));
        assert_eq!(documents.change(path, 10), Err(Misfit::NeverOpened));
    }
}
