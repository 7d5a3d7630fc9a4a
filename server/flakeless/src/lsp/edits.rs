//! A fix's edits as a workspace edit, in the form that the client can take.

use std::path::{Path, PathBuf};

use analysis::fix::{Edits, TextEdit};
use tower_lsp::lsp_types::{
    self as lsp, CreateFile, CreateFileOptions, DocumentChangeOperation, DocumentChanges, OneOf,
    OptionalVersionedTextDocumentIdentifier, Range, ResourceOp, TextDocumentEdit, Url, WorkspaceEdit,
};

use super::view::View;

/// The edits of one file, as the client counts.
struct FileEdits {
    uri: Url,
    /// Of an open document.
    version: Option<i32>,
    /// The file is not there yet.
    new: bool,
    edits: Vec<lsp::TextEdit>,
}

/// Why the client cannot be given an edit.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CannotEdit {
    /// The client does not create files, and this one is not there.
    NewFile(PathBuf),
    /// A file is not there any more, or has no URI.
    Gone,
}

impl View<'_> {
    /// The edits for the client.
    ///
    /// A client that creates files can only be told so in `documentChanges`, also if it leaves that ability out
    /// (Neovim, which takes them).
    ///
    /// # Errors
    /// When it cannot make all of them: a fix is made whole or not at all.
    pub(crate) fn workspace_edit(&self, edits: &Edits) -> Result<WorkspaceEdit, CannotEdit> {
        let files = edits.files().iter().map(|(path, edits)| self.file_edits(path, edits));
        let files = files.collect::<Option<Vec<_>>>().ok_or(CannotEdit::Gone)?;
        let new = edits.files().keys().zip(&files).find(|(_, file)| file.new).map(|(path, _)| path);
        if let Some(path) = new.filter(|_| !self.abilities.creates_files) {
            return Err(CannotEdit::NewFile(path.clone()));
        }
        if new.is_none() && !self.abilities.document_changes {
            let changes = Some(files.into_iter().map(|file| (file.uri, file.edits)).collect());
            return Ok(WorkspaceEdit { changes, ..WorkspaceEdit::default() });
        }
        let document_changes = Some(if new.is_some() {
            DocumentChanges::Operations(files.into_iter().flat_map(FileEdits::operations).collect())
        } else {
            DocumentChanges::Edits(files.into_iter().map(FileEdits::edit).collect())
        });
        Ok(WorkspaceEdit { document_changes, ..WorkspaceEdit::default() })
    }

    fn file_edits(&self, path: &Path, edits: &[TextEdit]) -> Option<FileEdits> {
        let uri = self.uri(path)?;
        let version = self.documents.get(path).map(|document| document.version);
        let new = self.workspace.text(path).is_none();
        let range = |edit: &TextEdit| if new { Some(Range::default()) } else { self.range(path, edit.range) };
        let edits = edits
            .iter()
            .map(|edit| Some(lsp::TextEdit { range: range(edit)?, new_text: edit.text.clone() }))
            .collect::<Option<_>>()?;
        Some(FileEdits { uri, version, new, edits })
    }
}

impl FileEdits {
    fn edit(self) -> TextDocumentEdit {
        TextDocumentEdit {
            text_document: OptionalVersionedTextDocumentIdentifier { uri: self.uri, version: self.version },
            edits: self.edits.into_iter().map(OneOf::Left).collect(),
        }
    }

    /// A file that is there after all (it could not be read) fails the edit: nothing is overwritten.
    fn operations(self) -> impl Iterator<Item = DocumentChangeOperation> {
        let options = Some(CreateFileOptions { overwrite: Some(false), ignore_if_exists: Some(false) });
        let create = self.new.then(|| {
            let file = CreateFile { uri: self.uri.clone(), options, annotation_id: None };
            DocumentChangeOperation::Op(ResourceOp::Create(file))
        });
        create.into_iter().chain([DocumentChangeOperation::Edit(self.edit())])
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use analysis::text::TextRange;
    use analysis::workspace::Workspace;
    use serde_json::{Value, json};
    use tower_lsp::lsp_types::ClientCapabilities;

    use super::*;
    use crate::baseline::Baselines;
    use crate::disk::Disk;
    use crate::lsp::capabilities::Abilities;
    use crate::lsp::documents::Documents;
    use crate::reproduce::proofs::Proofs;
    use crate::today::today;

    /// Absolute where the tests run, and its URI.
    const FOLDER: (&str, &str) =
        if cfg!(windows) { (r"C:\ws", "file:///C:/ws") } else { ("/ws", "file:///ws") };

    fn in_folder(name: &str) -> PathBuf {
        Path::new(FOLDER.0).join(name)
    }

    fn uri(name: &str) -> String {
        format!("{}/{name}", FOLDER.1)
    }

    /// The edit of an open document and a new file, for a client with this `workspaceEdit` capability.
    fn edit_for(ability: &Value) -> Result<Value, CannotEdit> {
        let capabilities: ClientCapabilities =
            serde_json::from_value(json!({"workspace": {"workspaceEdit": ability}})).unwrap();
        let (test, new) = (&in_folder("test_a.py"), &in_folder("conftest.py"));
        let mut workspace = Workspace::new(Arc::<Disk>::default(), today());
        workspace.set_files(Path::new(FOLDER.0), vec![test.to_owned()]);
        workspace.open(test, "é = 1\n".to_owned());
        let mut documents = Documents::default();
        documents.open(test.to_owned(), Url::parse(&uri("test_a.py")).unwrap(), 4);
        let abilities = Abilities::of(&capabilities);
        let view = View {
            workspace: &workspace,
            documents: &documents,
            abilities: &abilities,
            baselines: &Baselines::default(),
            proofs: &Proofs::default(),
            may_run: true,
        };
        let mut edits = Edits::new();
        edits.push(test, TextRange::new(5, 6), "2");
        edits.push(new, TextRange::empty(0), "import pytest\n");
        view.workspace_edit(&edits).map(|edit| serde_json::to_value(edit).unwrap())
    }

    #[test]
    fn a_new_file_is_made_before_it_is_filled() {
        let edit = edit_for(&json!({"documentChanges": true, "resourceOperations": ["create"]})).unwrap();
        assert_eq!(edit_for(&json!({"resourceOperations": ["create"]})), Ok(edit.clone()));
        let changes = edit["documentChanges"].as_array().unwrap();
        assert_eq!(changes[0]["kind"], "create");
        assert_eq!(changes[0]["uri"], uri("conftest.py"));
        assert_eq!(changes[1]["textDocument"], json!({"uri": uri("conftest.py"), "version": null}));
        assert_eq!(changes[1]["edits"][0]["newText"], "import pytest\n");
        assert_eq!(changes[2]["textDocument"], json!({"uri": uri("test_a.py"), "version": 4}));
        assert_eq!(changes[2]["edits"][0]["range"]["start"], json!({"line": 0, "character": 4}));
    }

    #[test]
    fn what_the_client_cannot_make_whole_is_not_given() {
        let new = || Err(CannotEdit::NewFile(in_folder("conftest.py")));
        assert_eq!(edit_for(&json!({"documentChanges": true})), new());
        assert_eq!(edit_for(&json!({"resourceOperations": ["rename"]})), new());
        assert_eq!(edit_for(&json!({})), new());
    }
}
