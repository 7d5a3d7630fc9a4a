//! The documents that the client has open, and which of its messages about them make sense.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use tower_lsp::lsp_types::Url;

/// One open document. Its text belongs to the workspace.
#[derive(Debug)]
pub(crate) struct Document {
    pub(crate) uri: Url,
    pub(crate) version: i32,
    /// How many edits took text away. Editors move their marks with what is typed and drop those whose text goes, and an
    /// undo does not bring them back: they must be told again, though nothing is new.
    pub(crate) cuts: u32,
}

/// The open documents.
#[derive(Debug, Default)]
pub(crate) struct Documents {
    by_path: BTreeMap<PathBuf, Document>,
    /// Those that are not looked at: new documents in another language.
    passed_over: FxHashSet<Url>,
}

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
        self.by_path.insert(path, Document { uri, version, cuts: 0 });
    }

    /// Takes note of a document that is not looked at.
    pub(crate) fn pass_over(&mut self, uri: Url) {
        self.passed_over.insert(uri);
    }

    pub(crate) fn is_passed_over(&self, uri: &Url) -> bool {
        self.passed_over.contains(uri)
    }

    /// Takes note of the version that a change makes.
    ///
    /// # Errors
    /// When the change must not be applied. An equal version is let pass: some clients do not count.
    pub(crate) fn change(&mut self, path: &Path, version: i32) -> Result<(), Misfit> {
        let document = self.by_path.get_mut(path).ok_or(Misfit::NeverOpened)?;
        if version < document.version {
            return Err(Misfit::OlderThan(document.version));
        }
        document.version = version;
        Ok(())
    }

    /// Takes note of an edit that took text away.
    pub(crate) fn cut(&mut self, path: &Path) {
        if let Some(document) = self.by_path.get_mut(path) {
            document.cuts += 1;
        }
    }

    /// Tells whether it was open: not when its path is open under another URI, as when a new document was saved.
    pub(crate) fn close(&mut self, path: &Path, uri: &Url) -> bool {
        self.passed_over.remove(uri);
        if self.by_path.get(path).is_none_or(|document| document.uri != *uri) {
            return false;
        }
        self.by_path.remove(path).is_some()
    }

    pub(crate) fn get(&self, path: &Path) -> Option<&Document> {
        self.by_path.get(path)
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.by_path.keys().map(PathBuf::as_path)
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
        assert!(!documents.close(path, &Url::parse("untitled:/a.py").unwrap()));
        assert!(documents.close(path, &Url::parse("file:///a.py").unwrap()));
        assert_eq!(documents.change(path, 10), Err(Misfit::NeverOpened));
    }
}
