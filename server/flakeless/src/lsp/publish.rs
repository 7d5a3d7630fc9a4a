//! Diagnostics on their way to the client: with the version that they were made from, and not twice.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde::Serialize;
use tower_lsp::lsp_types::{Diagnostic, Url};

use super::diagnostics::Set;
use super::transport::Wires;

/// Remembers what the client shows for each file.
pub(crate) struct Publisher {
    wires: Wires,
    shown: FxHashMap<PathBuf, Shown>,
}

/// For what reason something is shown for a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The document is open.
    Open,
    /// An open document rests on it.
    Around,
    /// Closed files are looked at.
    Closed,
}

struct Shown {
    why: Why,
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

impl Publisher {
    pub(crate) fn new(wires: Wires) -> Self {
        Publisher { wires, shown: FxHashMap::default() }
    }

    /// Sends `set` unless the client shows the same. The first set of an open document is sent even if it is empty:
    /// it says that the document was looked at.
    pub(crate) fn show(&mut self, path: &Path, uri: &Url, version: Option<i32>, why: Why, set: Set) {
        let Set { diagnostics, evidence, .. } = set;
        if version.is_none() && diagnostics.is_empty() {
            return self.clear(path);
        }
        if self.shown.get(path).is_none_or(|shown| shown.diagnostics != diagnostics || shown.uri != *uri) {
            self.send(uri, version, &diagnostics);
        }
        self.shown.insert(path.to_owned(), Shown { why, uri: uri.clone(), diagnostics, evidence });
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

    /// The files that something is shown for, for this reason.
    pub(crate) fn shown_for(&self, why: Why) -> Vec<PathBuf> {
        self.shown.iter().filter(|(_, shown)| shown.why == why).map(|(path, _)| path.clone()).collect()
    }

    fn send(&self, uri: &Url, version: Option<i32>, diagnostics: &[Diagnostic]) {
        let spelling = self.wires.uris.spelling(uri);
        self.wires.outbox.publish(&spelling, Params { uri: &spelling, version, diagnostics });
    }
}
