//! Documents that are opened, edited and closed.

use std::path::Path;

use tower_lsp::lsp_types::{DidChangeTextDocumentParams, MessageType, TextDocumentItem, Url};

use super::Session;
use crate::discover::is_wanted;
use crate::lsp::convert::{change, is_untitled, path_of};
use crate::lsp::documents::Misfit;

impl Session {
    pub(super) fn open(&mut self, document: TextDocumentItem) {
        if document.uri.scheme() == "untitled" && document.language_id != "python" {
            return self.documents.pass_over(document.uri);
        }
        let Some(path) = path_of(&document.uri).filter(|path| is_wanted(path)) else { return };
        if self.abilities.pulls {
            // The client asks for what it is from now on.
            self.publisher.clear(&path);
        }
        self.publisher.moved(&path);
        self.documents.open(path.clone(), document.uri.clone(), document.version);
        self.list_around(&path);
        let impact = self.workspace.open(&path, document.text);
        self.read_around(&path);
        self.felt(&path, impact);
        self.edited(&path);
        self.schedule.add_configuration();
        self.look_above(&document.uri);
        self.look_at_proofs();
    }

    /// Takes edits of one document, in their order.
    pub(super) fn change(&mut self, edits: Vec<DidChangeTextDocumentParams>) {
        let Some(uri) = edits.first().map(|edit| edit.text_document.uri.clone()) else { return };
        let Some(path) = path_of(&uri).filter(|path| is_wanted(path)) else { return };
        if self.documents.is_passed_over(&uri) {
            return;
        }
        let mut taken = edits;
        taken.retain(|edit| self.takes_version(&path, edit.text_document.version));
        if taken.is_empty() {
            return;
        }
        let changes: Vec<_> = taken.into_iter().flat_map(|edit| edit.content_changes).map(change).collect();
        if changes.iter().any(|change| change.range.is_none_or(|(start, end)| start != end)) {
            self.documents.cut(&path);
            self.publisher.moved(&path);
        }
        self.reading.document_changed(&uri);
        let impact = self.workspace.edit(&path, &changes, self.abilities.encoding);
        self.felt(&path, impact);
        self.edited(&path);
    }

    /// Takes note of the version that an edit makes. One that fits to no text that is known is left out, and said.
    fn takes_version(&mut self, path: &Path, version: i32) -> bool {
        match self.documents.change(path, version) {
            Ok(()) => return true,
            Err(Misfit::NeverOpened) => self.complain(path, "a change of a file that it has not opened"),
            Err(Misfit::OlderThan(newer)) => {
                self.complain(path, &format!("version {version} after version {newer}"));
            }
        }
        false
    }

    /// A client that pulls asks by itself for what it has edited.
    fn edited(&mut self, path: &Path) {
        if self.abilities.pulls {
            self.schedule.remove_document(path);
        } else {
            self.schedule.add_edited(path);
        }
    }

    /// The disk's text counts again.
    pub(super) fn close(&mut self, uri: &Url) {
        let Some(path) = path_of(uri) else { return };
        if !self.documents.close(&path, uri) {
            return;
        }
        self.schedule.remove_document(&path);
        self.publisher.clear(&path);
        self.pulled.forget(&path);
        let impact = self.workspace.close(&path);
        self.felt(&path, impact);
        self.schedule.add_configuration();
        self.closed(&path);
        let Some(root) = self.roots.root_of(&path).map(Path::to_owned) else { return };
        if is_untitled(&path) {
            self.drop_root(&root);
        } else if !self.roots.lists(&path) {
            self.schedule.add_listing(&root);
        }
    }

    /// Says once per file to the person, then to the log, that a message of the editor was not obeyed.
    fn complain(&mut self, path: &Path, what: &str) {
        let text = format!(
            "flakeless: the editor sent {what} ({}). It is left out; if hints look misplaced, reopen the file.",
            path.display()
        );
        if self.told.insert(path.display().to_string()) {
            self.wires.outbox.show(MessageType::WARNING, &text);
        } else {
            self.wires.outbox.log(MessageType::WARNING, &text);
        }
    }
}
