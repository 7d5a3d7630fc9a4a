//! A fix's edits as a workspace edit, in the form that the client can take.

use std::collections::HashMap;
use std::path::Path;

use analysis::fix::{Edits, TextEdit};
use tower_lsp::lsp_types::{
    self as lsp, DocumentChanges, OneOf, OptionalVersionedTextDocumentIdentifier, TextDocumentEdit, Url,
    WorkspaceEdit,
};

use super::view::View;

impl View<'_> {
    /// The edits for the client; `None` if one of the files has no text, so that a fix is made whole or not at all.
    pub(crate) fn workspace_edit(&self, edits: &Edits) -> Option<WorkspaceEdit> {
        let files = edits.files().iter().map(|(path, edits)| self.file_edits(path, edits));
        if !self.abilities.document_changes {
            let changes: HashMap<_, _> =
                files.map(|file| file.map(|(uri, _, edits)| (uri, edits))).collect::<Option<_>>()?;
            return Some(WorkspaceEdit { changes: Some(changes), ..WorkspaceEdit::default() });
        }
        let documents = files
            .map(|file| {
                let (uri, version, edits) = file?;
                Some(TextDocumentEdit {
                    text_document: OptionalVersionedTextDocumentIdentifier { uri, version },
                    edits: edits.into_iter().map(OneOf::Left).collect(),
                })
            })
            .collect::<Option<_>>()?;
        let document_changes = Some(DocumentChanges::Edits(documents));
        Some(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() })
    }

    fn file_edits(&self, path: &Path, edits: &[TextEdit]) -> Option<(Url, Option<i32>, Vec<lsp::TextEdit>)> {
        let uri = self.uri(path)?;
        let version = self.documents.get(path).map(|document| document.version);
        let edits = edits
            .iter()
            .map(|edit| {
                Some(lsp::TextEdit { range: self.range(path, edit.range)?, new_text: edit.text.clone() })
            })
            .collect::<Option<_>>()?;
        Some((uri, version, edits))
    }
}
