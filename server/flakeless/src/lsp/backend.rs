//! tower-lsp's handlers. Each sends one event to the session before its first `.await`, so the session hears of
//! everything in the order of arrival; requests then wait for their answer. Nothing here waits for the client.

use std::path::PathBuf;
use std::sync::mpsc::Sender;

use analysis::paths::usual;
use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp::LanguageServer;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::{
    CodeAction, CodeActionParams, CodeActionResponse, CodeLens, CodeLensParams, DidChangeConfigurationParams,
    DidChangeTextDocumentParams, DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersParams,
    DidCloseTextDocumentParams, DidOpenTextDocumentParams, DidSaveTextDocumentParams,
    DocumentDiagnosticParams, DocumentDiagnosticReportResult, ExecuteCommandParams, Hover, HoverParams,
    InitializeParams, InitializeResult, InitializedParams, ServerInfo, SetTraceParams,
    WorkDoneProgressCancelParams, WorkspaceDiagnosticParams, WorkspaceDiagnosticReportResult,
};

use super::capabilities::Abilities;
use super::convert::path_of;
use super::event::{Event, Reply, Start};
use super::settings;

/// The service's side of the session.
pub(crate) struct Backend {
    session: Sender<Event>,
}

impl Backend {
    pub(crate) fn new(session: Sender<Event>) -> Self {
        Backend { session }
    }

    /// `$/setTrace`, which tower-lsp does not route.
    pub(crate) async fn set_trace(&self, params: SetTraceParams) {
        self.tell(Event::Trace(params.value));
    }

    /// `window/workDoneProgress/cancel`, which tower-lsp does not route.
    pub(crate) async fn cancel_progress(&self, params: WorkDoneProgressCancelParams) {
        self.tell(Event::CancelProgress(params.token));
    }

    /// A session that is gone answers nothing; then the process is about to end.
    fn tell(&self, event: Event) {
        let _ = self.session.send(event);
    }

    async fn ask<T>(&self, question: impl FnOnce(Reply<T>) -> Event) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        self.tell(question(Reply::new(reply)));
        answer.await.unwrap_or_else(|_| Err(Error::internal_error()))
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for Backend {
    async fn initialize(&self, params: InitializeParams) -> Result<InitializeResult> {
        let abilities = Abilities::of(&params.capabilities);
        let folders = folders(&params);
        let options = params.initialization_options.unwrap_or_default();
        let may_run = settings::may_run(&options);
        let capabilities = abilities.server_capabilities(may_run);
        let trace = params.trace.unwrap_or_default();
        self.tell(Event::Start(Box::new(Start { abilities, folders, may_run, options, trace })));
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        let server_info = Some(ServerInfo { name: "flakeless".to_owned(), version });
        Ok(InitializeResult { capabilities, server_info })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.tell(Event::Initialized);
    }

    async fn shutdown(&self) -> Result<()> {
        self.tell(Event::Shutdown);
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.tell(Event::Open(params.text_document));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.tell(Event::Change(vec![params]));
    }

    async fn did_save(&self, params: DidSaveTextDocumentParams) {
        self.tell(Event::Save(params.text_document.uri));
    }

    async fn did_close(&self, params: DidCloseTextDocumentParams) {
        self.tell(Event::Close(params.text_document.uri));
    }

    async fn did_change_watched_files(&self, params: DidChangeWatchedFilesParams) {
        self.tell(Event::FilesChanged(params.changes));
    }

    async fn did_change_workspace_folders(&self, params: DidChangeWorkspaceFoldersParams) {
        self.tell(Event::FoldersChanged(params.event));
    }

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.tell(Event::SettingsChanged(params.settings));
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.ask(|reply| Event::Hover(params.text_document_position_params, reply)).await
    }

    async fn code_lens(&self, params: CodeLensParams) -> Result<Option<Vec<CodeLens>>> {
        self.ask(|reply| Event::Lenses(params.text_document.uri, reply)).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.ask(|reply| Event::Actions(Box::new(params), reply)).await
    }

    async fn code_action_resolve(&self, action: CodeAction) -> Result<CodeAction> {
        self.ask(|reply| Event::Resolve(Box::new(action), reply)).await
    }

    async fn execute_command(&self, params: ExecuteCommandParams) -> Result<Option<Value>> {
        // Made before the question, so dropped after it: the session then sees whether an answer is still wanted.
        let _left = Left(self.session.clone());
        self.ask(|reply| Event::Command(params, reply)).await
    }

    async fn diagnostic(&self, params: DocumentDiagnosticParams) -> Result<DocumentDiagnosticReportResult> {
        self.ask(|reply| Event::Pull(Box::new(params), reply)).await
    }

    async fn workspace_diagnostic(
        &self,
        params: WorkspaceDiagnosticParams,
    ) -> Result<WorkspaceDiagnosticReportResult> {
        self.ask(|reply| Event::PullWorkspace(Box::new(params), reply)).await
    }
}

/// Tells the session when a command's request is over, in whatever way.
struct Left(Sender<Event>);

impl Drop for Left {
    fn drop(&mut self) {
        let _ = self.0.send(Event::CommandLeft);
    }
}

/// The workspace folders, or what older clients call the root.
#[allow(deprecated, reason = "older clients name one root, or only its path")]
fn folders(params: &InitializeParams) -> Vec<PathBuf> {
    if let Some(folders) = &params.workspace_folders {
        return folders.iter().filter_map(|folder| path_of(&folder.uri)).collect();
    }
    let root = params.root_uri.as_ref().and_then(path_of);
    root.or_else(|| params.root_path.as_ref().map(|path| usual(path.into()))).into_iter().collect()
}
