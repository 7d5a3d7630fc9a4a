//! Diagnostics that the client pulls (LSP 3.17, "Pull Diagnostics").

use std::path::Path;
use std::time::Instant;

use analysis::settings::DiagnosticMode;
use tower_lsp::lsp_types::{
    DocumentDiagnosticParams, DocumentDiagnosticReport, DocumentDiagnosticReportResult,
    FullDocumentDiagnosticReport, RelatedFullDocumentDiagnosticReport,
    RelatedUnchangedDocumentDiagnosticReport, UnchangedDocumentDiagnosticReport,
};

use super::Session;
use crate::lsp::convert::path_of;
use crate::lsp::diagnostics::Set;
use crate::lsp::event::Reply;

impl Session {
    pub(super) fn pull(
        &mut self,
        params: &DocumentDiagnosticParams,
        reply: Reply<DocumentDiagnosticReportResult>,
    ) {
        if reply.is_cancelled() {
            return;
        }
        self.look_above(&params.text_document.uri);
        let set = path_of(&params.text_document.uri).map(|path| self.pulled_set(&path)).unwrap_or_default();
        reply.with(|| report(set, params.previous_result_id.as_deref()));
    }

    /// Answers the questions that came while the disk was being looked at, or a project read.
    pub(super) fn answer_waiting(&mut self) {
        if self.must_wait() {
            return;
        }
        for question in self.reading.take_waiting() {
            self.handle(question);
        }
    }

    /// The diagnostics of a document, and their id. VS Code asks once more for a document that it has just closed:
    /// that has none, unless closed files are looked at.
    fn pulled_set(&mut self, path: &Path) -> (String, Set) {
        let document = self.documents.get(path);
        let (version, cuts) = document.map(|document| (document.version, document.cuts)).unzip();
        let is_shown = document.is_some() || self.is_looked_at_closed(path);
        let begun = Instant::now();
        let set = if is_shown { self.view().set(path) } else { Set::default() };
        self.trace_hints(path, version, &set, begun);
        let result_id = self.pulled.answer(path, &set);
        match cuts {
            None => {
                self.closed(path);
                (result_id, set)
            }
            Some(0) => (result_id, set),
            Some(cuts) => (format!("{result_id}.{cuts}"), set),
        }
    }

    /// Tells the client to ask again if what it shows for a document is out of date.
    pub(super) fn refresh_if_stale(&mut self, path: &Path) {
        if self.documents.get(path).is_none() || !self.pulled.has_answered(path) {
            return;
        }
        let set = self.view().set(path);
        if self.pulled.is_news(path, &set) {
            self.wires.requests.ask(&self.wires.outbox, "workspace/diagnostic/refresh", (), |_| {});
        }
    }

    /// Whether `path` is closed, and its hints are wanted all the same.
    pub(super) fn is_looked_at_closed(&self, path: &Path) -> bool {
        self.documents.get(path).is_none()
            && self.folders.hold(path)
            && (self.closed_files.are_wanted()
                || self.workspace.settings(path).diagnostic_mode == DiagnosticMode::Workspace)
            && self.workspace.is_checked(path)
    }
}

fn report((result_id, set): (String, Set), previous: Option<&str>) -> DocumentDiagnosticReportResult {
    let report = if previous == Some(&result_id) {
        DocumentDiagnosticReport::Unchanged(RelatedUnchangedDocumentDiagnosticReport {
            related_documents: None,
            unchanged_document_diagnostic_report: UnchangedDocumentDiagnosticReport { result_id },
        })
    } else {
        DocumentDiagnosticReport::Full(RelatedFullDocumentDiagnosticReport {
            related_documents: None,
            full_document_diagnostic_report: FullDocumentDiagnosticReport {
                result_id: Some(result_id),
                items: set.diagnostics,
            },
        })
    };
    DocumentDiagnosticReportResult::Report(report)
}
