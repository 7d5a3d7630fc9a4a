//! Answers that are put together from one part for each checked file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;

use super::memo::Memo;

/// The parts of an answer by file, and all of them in order of path. When a file changes only its part is made anew.
#[derive(Debug)]
pub struct PerFile<T> {
    parts: DashMap<PathBuf, Arc<Vec<T>>, FxBuildHasher>,
    all: Memo<Vec<T>>,
}

impl<T> Default for PerFile<T> {
    fn default() -> PerFile<T> {
        PerFile { parts: DashMap::default(), all: Memo::default() }
    }
}

impl<T: Clone> PerFile<T> {
    /// The parts of `files`, which must be sorted, one behind the other.
    pub fn all(&self, files: &[PathBuf], part: impl Fn(&Path) -> Vec<T>) -> Arc<Vec<T>> {
        self.all.get_or(|| files.iter().flat_map(|path| self.part(path, &part).to_vec()).collect())
    }

    /// The part of one file, which [`PerFile::all`] will then find.
    pub fn part(&self, path: &Path, make: &impl Fn(&Path) -> Vec<T>) -> Arc<Vec<T>> {
        if let Some(known) = self.parts.get(path) {
            return known.clone();
        }
        let made = Arc::new(make(path));
        self.parts.insert(path.to_owned(), made.clone());
        made
    }

    /// The text of one file changed, and nothing that the other parts rest on.
    pub fn forget(&self, path: &Path) {
        self.parts.remove(path);
        self.all.clear();
    }

    pub fn clear(&self) {
        self.parts.clear();
        self.all.clear();
    }
}
