//! What a client that pulls diagnostics was answered last, by document.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;

use super::diagnostics::Set;

#[derive(Debug, Default)]
pub(crate) struct Pulled(FxHashMap<PathBuf, Answered>);

#[derive(Debug)]
struct Answered {
    result_id: String,
    /// Other files that the hints rest on.
    evidence: BTreeSet<PathBuf>,
    /// What the client was last told to ask for again.
    announced: Option<String>,
}

impl Pulled {
    /// Takes note of an answer. Returns its id.
    pub(crate) fn answer(&mut self, path: &Path, set: &Set) -> String {
        let result_id = result_id(set);
        let answered =
            Answered { result_id: result_id.clone(), evidence: set.evidence.clone(), announced: None };
        self.0.insert(path.to_owned(), answered);
        result_id
    }

    pub(crate) fn has_answered(&self, path: &Path) -> bool {
        self.0.contains_key(path)
    }

    /// Whether the client shows something else than `set` and was not told so yet; from now on it was.
    pub(crate) fn is_news(&mut self, path: &Path, set: &Set) -> bool {
        let Some(answered) = self.0.get_mut(path) else { return false };
        let now = result_id(set);
        if now == answered.result_id || answered.announced.as_ref() == Some(&now) {
            return false;
        }
        answered.announced = Some(now);
        true
    }

    /// The documents whose hints show something of `path`.
    pub(crate) fn resting_on<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Path> {
        self.0
            .iter()
            .filter(move |(_, answered)| answered.evidence.contains(path))
            .map(|(path, _)| path.as_path())
    }

    pub(crate) fn forget(&mut self, path: &Path) {
        self.0.remove(path);
    }
}

/// Equal for equal sets, also from one server to the next.
pub(crate) fn result_id(set: &Set) -> String {
    let mut hasher = DefaultHasher::new();
    serde_json::to_vec(&set.diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
