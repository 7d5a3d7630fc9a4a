//! What the session hears of, and how it answers.

use std::path::PathBuf;

use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp::Client;
use tower_lsp::jsonrpc;
use tower_lsp::lsp_types::{
    CodeActionParams, CodeActionResponse, DidChangeTextDocumentParams, FileEvent, Hover, TextDocumentItem,
    TextDocumentPositionParams, Url,
};

use super::capabilities::Abilities;

pub(crate) enum Event {
    Start {
        client: Client,
        abilities: Abilities,
        folder: PathBuf,
        settings: Option<Value>,
    },
    Initialized,
    Open(TextDocumentItem),
    Change(DidChangeTextDocumentParams),
    Save(Url),
    Close(Url),
    FilesChanged(Vec<FileEvent>),
    /// Settings were changed; some clients say here how they are now.
    SettingsChanged(Value),
    /// What the client answers when it is asked for its settings.
    Settings(Value),
    Hover(TextDocumentPositionParams, Reply<Option<Hover>>),
    Actions(Box<CodeActionParams>, Reply<Option<CodeActionResponse>>),
}

/// Where an answer goes. Dropped without one, the client gets an internal error.
pub(crate) struct Reply<T>(oneshot::Sender<jsonrpc::Result<T>>);

impl<T> Reply<T> {
    pub(crate) fn new(sender: oneshot::Sender<jsonrpc::Result<T>>) -> Self {
        Reply(sender)
    }

    /// Works out and sends the answer, unless the request was cancelled meanwhile.
    pub(crate) fn with(self, answer: impl FnOnce() -> T) {
        if !self.0.is_closed() {
            let _ = self.0.send(Ok(answer()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_work_is_done_for_a_request_that_was_cancelled() {
        let (sender, receiver) = oneshot::channel();
        drop(receiver);
        Reply::<u32>::new(sender).with(|| panic!("worked out for nobody"));
    }

    #[test]
    fn an_answer_arrives() {
        let (sender, mut receiver) = oneshot::channel();
        Reply::new(sender).with(|| 7);
        assert_eq!(receiver.try_recv(), Ok(Ok(7)));
    }
}
