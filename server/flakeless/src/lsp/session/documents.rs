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
        self.publisher.forget(&path);
        self.documents.open(path.clone(), document.uri.clone(), document.version);
        self.list_around(&path);
        let impact = self.workspace.open(&path, document.text);
        self.read_around(&path);
        self.felt(&path, impact);
        self.edited(&path);
        self.schedule.add_configuration();
        self.look_above(&document.uri);
    }

    pub(super) fn change(&mut self, params: DidChangeTextDocumentParams) {
        let Some(path) = path_of(&params.text_document.uri).filter(|path| is_wanted(path)) else { return };
        if self.documents.is_passed_over(&params.text_document.uri) {
            return;
        }
        match self.documents.change(&path, params.text_document.version) {
            Ok(()) => {}
            Err(Misfit::NeverOpened) => {
                return self.complain(&path, "a change of a file that it has not opened");
            }
            Err(Misfit::OlderThan(newer)) => {
                let version = params.text_document.version;
                return self.complain(&path, &format!("version {version} after version {newer}"));
            }
        }
        let changes: Vec<_> = params.content_changes.into_iter().map(change).collect();
        if changes.iter().any(|change| change.range.is_none_or(|(start, end)| start != end)) {
            self.documents.cut(&path);
            self.publisher.forget(&path);
        }
        self.reading.document_changed(&params.text_document.uri);
        let impact = self.workspace.edit(&path, &changes, self.abilities.encoding);
        self.felt(&path, impact);
        self.edited(&path);
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
