//! What answers are made from: the engine's knowledge, the open documents, what the client can take.

use std::path::Path;
use std::sync::Arc;

use analysis::hint::Confidence;
use analysis::text::{Encoding, Text, TextRange};
use analysis::workspace::{Report, Workspace};
use tower_lsp::lsp_types::{self as lsp, Url};

use super::capabilities::Abilities;
use super::convert::{lsp_range, uri_of};
use super::documents::Documents;
use crate::baseline::Baselines;
use crate::reproduce::proofs::Proofs;

/// Read-only access for one answer.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) documents: &'a Documents,
    pub(crate) abilities: &'a Abilities,
    pub(crate) baselines: &'a Baselines,
    pub(crate) proofs: &'a Proofs,
    /// Whether a person may have code of the project run.
    pub(crate) may_run: bool,
}

impl View<'_> {
    /// The URI of a file: the client's own while it is open.
    pub(crate) fn uri(&self, path: &Path) -> Option<Url> {
        match self.documents.get(path) {
            Some(document) => Some(document.uri.clone()),
            None => uri_of(path),
        }
    }

    /// What there is to say about a file, as far as a person wants to see it: no hints that are accepted. Editors whisper:
    /// unless it is set otherwise, all that is possible is shown.
    pub(crate) fn report(&self, path: &Path) -> Report {
        let mut report = self.workspace.report(path);
        let new = self.baselines.part(self.workspace, path, report.hints).new;
        report.hints =
            new.into_iter().map(|hint| self.proofs.confirmed(self.workspace, path, hint)).collect();
        let least = self.least(path);
        report.hints.retain(|hint| hint.confidence >= least);
        report
    }

    /// The confidence that a hint must have to be shown.
    pub(crate) fn least(&self, path: &Path) -> Confidence {
        self.workspace.settings(path).min_confidence(Confidence::Possible)
    }

    /// A range of a file as the client counts; `None` when there is no text to count in.
    pub(crate) fn range(&self, path: &Path, range: TextRange) -> Option<lsp::Range> {
        self.page(path).range(range)
    }

    /// What the places in a file are told by, looked up once for all that there is to say of it.
    pub(crate) fn page<'p>(&self, path: &'p Path) -> Page<'p> {
        let text = self.workspace.text(path);
        Page { path, text, encoding: self.abilities.encoding }
    }
}

/// One file as the client counts in it.
pub(crate) struct Page<'p> {
    pub(crate) path: &'p Path,
    text: Option<Arc<Text>>,
    encoding: Encoding,
}

impl Page<'_> {
    /// A range of the file; `None` when there is no text to count in.
    pub(crate) fn range(&self, range: TextRange) -> Option<lsp::Range> {
        Some(lsp_range(self.text.as_ref()?, range, self.encoding))
    }
}
