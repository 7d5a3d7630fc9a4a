//! Diagnostics on their way to the client: with the version that they were made from, and not twice.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde::Serialize;
use tower_lsp::lsp_types::{Diagnostic, Url};

use super::documents::Documents;
use super::transport::Wires;

/// Remembers what the client shows for each file.
pub(crate) struct Publisher {
    wires: Wires,
    shown: FxHashMap<PathBuf, Shown>,
}

struct Shown {
    uri: Url,
    diagnostics: Vec<Diagnostic>,
    /// Other files that the hints rest on.
    evidence: BTreeSet<PathBuf>,
}

/// LSP's `PublishDiagnosticsParams`, serialised without a detour over `Value`.
#[derive(Serialize)]
struct Params<'a> {
    uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    diagnostics: &'a [Diagnostic],
}

/// A file's diagnostics.
pub(crate) struct Set {
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) evidence: BTreeSet<PathBuf>,
}

impl Publisher {
    pub(crate) fn new(wires: Wires) -> Self {
        Publisher { wires, shown: FxHashMap::default() }
    }

    /// Sends `set` unless the client shows the same. The first set of an open document is sent even if it is empty:
    /// it says that the document was looked at.
    pub(crate) fn show(&mut self, path: &Path, uri: &Url, version: Option<i32>, set: Set) {
        let news = match self.shown.get(path) {
            Some(shown) => shown.diagnostics != set.diagnostics || shown.uri != *uri,
            None => version.is_some() || !set.diagnostics.is_empty(),
        };
        if news {
            self.send(uri, version, &set.diagnostics);
        }
        let Set { diagnostics, evidence } = set;
        self.shown.insert(path.to_owned(), Shown { uri: uri.clone(), diagnostics, evidence });
    }

    /// Takes back what the client shows for a file.
    pub(crate) fn clear(&mut self, path: &Path) {
        let Some(shown) = self.shown.remove(path) else { return };
        if !shown.diagnostics.is_empty() {
            self.send(&shown.uri, None, &[]);
        }
    }

    /// Forgets what the client shows: its copy may have moved in a way that is not known here.
    pub(crate) fn forget(&mut self, path: &Path) {
        if let Some(shown) = self.shown.get_mut(path)
            && !shown.diagnostics.is_empty()
        {
            self.shown.remove(path);
        }
    }

    /// The files whose hints show something of `path`.
    pub(crate) fn resting_on<'a>(&'a self, path: &'a Path) -> impl Iterator<Item = &'a Path> {
        self.shown
            .iter()
            .filter(move |(_, shown)| shown.evidence.contains(path))
            .map(|(path, _)| path.as_path())
    }

    /// The files that something is shown for and that are not open.
    pub(crate) fn closed<'a>(&'a self, documents: &'a Documents) -> impl Iterator<Item = PathBuf> + 'a {
        self.shown.keys().filter(|path| documents.get(path).is_none()).cloned()
    }

    fn send(&self, uri: &Url, version: Option<i32>, diagnostics: &[Diagnostic]) {
        let spelling = self.wires.uris.spelling(uri);
        self.wires.outbox.publish(&spelling, Params { uri: &spelling, version, diagnostics });
    }
}
