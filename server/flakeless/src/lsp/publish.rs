//! Diagnostics on their way to the client: with the version that they were made from, and not twice.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rustc_hash::FxHashMap;
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
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
    /// The diagnostics as they are sent: a keystroke leaves most as they are.
    rendered: Vec<Box<RawValue>>,
    /// Other files that the hints rest on.
    evidence: BTreeSet<PathBuf>,
    /// The client's copy is where it was put.
    in_place: bool,
}

/// LSP's `PublishDiagnosticsParams`, serialised without a detour over `Value`.
#[derive(Serialize)]
struct Params<'a> {
    uri: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<i32>,
    diagnostics: &'a [Box<RawValue>],
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
        let before = self.shown.remove(path);
        let is_told = before
            .as_ref()
            .is_some_and(|shown| shown.in_place && shown.uri == *uri && shown.diagnostics == diagnostics);
        let rendered = match before {
            Some(before) if is_told => before.rendered,
            before => rendered(before, &diagnostics),
        };
        if !is_told {
            self.send(uri, version, &rendered);
        }
        let shown = Shown { why, uri: uri.clone(), diagnostics, rendered, evidence, in_place: true };
        self.shown.insert(path.to_owned(), shown);
    }

    /// Takes back what the client shows for a file.
    pub(crate) fn clear(&mut self, path: &Path) {
        let Some(shown) = self.shown.remove(path) else { return };
        if !shown.diagnostics.is_empty() {
            self.send(&shown.uri, None, &[]);
        }
    }

    /// The client's copy may have moved in a way that is not known here: the next set is sent, be it the same.
    pub(crate) fn moved(&mut self, path: &Path) {
        if let Some(shown) = self.shown.get_mut(path) {
            shown.in_place &= shown.diagnostics.is_empty();
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

    fn send(&self, uri: &Url, version: Option<i32>, diagnostics: &[Box<RawValue>]) {
        let spelling = self.wires.uris.spelling(uri);
        self.wires.outbox.publish(&spelling, Params { uri: &spelling, version, diagnostics });
    }
}

/// The diagnostics as they are sent. Those at both ends that were there before are not written out again.
fn rendered(before: Option<Shown>, diagnostics: &[Diagnostic]) -> Vec<Box<RawValue>> {
    let (old, mut known) = before.map(|shown| (shown.diagnostics, shown.rendered)).unwrap_or_default();
    let first = old.iter().zip(diagnostics).take_while(|(old, new)| old == new).count();
    let (rest, new) = (&old[first..], &diagnostics[first..]);
    let last = rest.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    // A diagnostic is made of texts and numbers: there is none that JSON could not hold.
    let made: Vec<_> =
        new[..new.len() - last].iter().filter_map(|diagnostic| to_raw_value(diagnostic).ok()).collect();
    known.splice(first..old.len() - last, made);
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn diagnostics(messages: &str) -> Vec<Diagnostic> {
        messages
            .chars()
            .map(|letter| Diagnostic { message: letter.to_string(), ..Diagnostic::default() })
            .collect()
    }

    #[test]
    fn what_is_sent_is_what_there_is() {
        for before in ["", "a", "ab", "aab", "abcd"] {
            for after in ["", "a", "b", "ab", "ba", "aa", "aaab", "abxcd", "acd", "xabcd", "abcdx"] {
                let fresh = rendered(None, &diagnostics(after));
                let shown = Shown {
                    why: Why::Open,
                    uri: Url::parse("file:///a.py").unwrap(),
                    diagnostics: diagnostics(before),
                    rendered: rendered(None, &diagnostics(before)),
                    evidence: BTreeSet::new(),
                    in_place: true,
                };
                let again = rendered(Some(shown), &diagnostics(after));
                let text = |all: &[Box<RawValue>]| serde_json::to_string(all).unwrap();
                assert_eq!(text(&again), text(&fresh), "{before} {after}");
                assert_eq!(text(&fresh), serde_json::to_string(&diagnostics(after)).unwrap());
            }
        }
    }
}
