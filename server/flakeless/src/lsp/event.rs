//! What the session hears of, and how it answers.

use std::path::PathBuf;

use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{self, Error};
use tower_lsp::lsp_types::{
    CodeAction, CodeActionParams, CodeActionResponse, CodeLens, DidChangeTextDocumentParams,
    DocumentDiagnosticParams, DocumentDiagnosticReportResult, ExecuteCommandParams, FileEvent, Hover,
    ProgressToken, TextDocumentItem, TextDocumentPositionParams, TraceValue, Url, WorkspaceDiagnosticParams,
    WorkspaceDiagnosticReportResult, WorkspaceFoldersChangeEvent,
};

use super::bench::News;
use super::capabilities::Abilities;
use super::looker::Seen;

/// What a client says of itself in `initialize`.
pub(crate) struct Start {
    pub(crate) abilities: Abilities,
    /// The folders that the person has open.
    pub(crate) folders: Vec<PathBuf>,
    /// Whether a person may have code of the project run.
    pub(crate) may_run: bool,
    /// `initializationOptions`; `null` where there are none.
    pub(crate) options: Value,
    pub(crate) trace: TraceValue,
}

pub(crate) enum Event {
    Start(Box<Start>),
    Initialized,
    Open(TextDocumentItem),
    /// Edits of one document, in their order.
    Change(Vec<DidChangeTextDocumentParams>),
    Save(Url),
    Close(Url),
    FilesChanged(Vec<FileEvent>),
    FoldersChanged(WorkspaceFoldersChangeEvent),
    /// Settings were changed; some clients say here how they are now.
    SettingsChanged(Value),
    /// What the client answers when it is asked for its settings: one value for each scope that was asked for.
    Settings {
        scopes: Vec<Option<PathBuf>>,
        values: Value,
    },
    /// What the oldest look at the disk that was asked for has found.
    Seen(Box<Seen>),
    /// The session is over. The process of a server ends without it.
    #[cfg(any(test, fuzzing))]
    End(oneshot::Sender<()>),
    /// Requests that wait are not waited for any more.
    Shutdown,
    Trace(TraceValue),
    CancelProgress(ProgressToken),
    Hover(TextDocumentPositionParams, Reply<Option<Hover>>),
    Lenses(Url, Reply<Option<Vec<CodeLens>>>),
    Actions(Box<CodeActionParams>, Reply<Option<CodeActionResponse>>),
    Resolve(Box<CodeAction>, Reply<CodeAction>),
    Pull(Box<DocumentDiagnosticParams>, Reply<DocumentDiagnosticReportResult>),
    Command(ExecuteCommandParams, Reply<Option<Value>>),
    /// A command was answered, or its request cancelled.
    CommandLeft,
    Experiment(News),
    PullWorkspace(Box<WorkspaceDiagnosticParams>, Reply<WorkspaceDiagnosticReportResult>),
}

impl Event {
    /// The document that a question points into.
    pub(crate) fn place(&self) -> Option<&Url> {
        match self {
            Event::Hover(at, _) => Some(&at.text_document.uri),
            Event::Lenses(document, _) => Some(document),
            Event::Actions(params, _) => Some(&params.text_document.uri),
            _ => None,
        }
    }

    /// Answers a request with an error; nothing else is to be answered.
    pub(crate) fn refuse(self, error: Error) {
        match self {
            Event::Hover(_, reply) => reply.with_result(|| Err(error)),
            Event::Lenses(_, reply) => reply.with_result(|| Err(error)),
            Event::Actions(_, reply) => reply.with_result(|| Err(error)),
            Event::Resolve(_, reply) => reply.with_result(|| Err(error)),
            Event::Pull(_, reply) => reply.with_result(|| Err(error)),
            _ => {}
        }
    }
}

/// Where an answer goes. Dropped without one, the client gets an internal error.
pub(crate) struct Reply<T>(oneshot::Sender<jsonrpc::Result<T>>);

impl<T> Reply<T> {
    pub(crate) fn new(sender: oneshot::Sender<jsonrpc::Result<T>>) -> Self {
        Reply(sender)
    }

    /// Whether the client does not want the answer any more.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.0.is_closed()
    }

    /// Works out and sends the answer, unless the request was cancelled meanwhile.
    pub(crate) fn with(self, answer: impl FnOnce() -> T) {
        self.with_result(|| Ok(answer()));
    }

    /// The same for an answer that may be an error.
    pub(crate) fn with_result(self, answer: impl FnOnce() -> jsonrpc::Result<T>) {
        if !self.is_cancelled() {
            let _ = self.0.send(answer());
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
