//! tower-lsp's handlers. Each sends one event to the session before its first `.await`, so the session hears of
//! everything in the order of arrival; requests then wait for their answer. Nothing here waits for the client.

use std::path::PathBuf;
use std::sync::mpsc::Sender;

use tokio::sync::oneshot;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::{
    CodeActionParams, CodeActionResponse, DidChangeConfigurationParams, DidChangeTextDocumentParams,
    DidChangeWatchedFilesParams, DidCloseTextDocumentParams, DidOpenTextDocumentParams,
    DidSaveTextDocumentParams, Hover, HoverParams, InitializeParams, InitializeResult, InitializedParams,
    ServerInfo,
};
use tower_lsp::{Client, LanguageServer};

use super::capabilities::Abilities;
use super::convert::path_of;
use super::event::{Event, Reply};

/// The service's side of the session.
pub(crate) struct Backend {
    client: Client,
    session: Sender<Event>,
}

impl Backend {
    pub(crate) fn new(client: Client, session: Sender<Event>) -> Self {
        Backend { client, session }
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
        let capabilities = abilities.server_capabilities();
        let (client, folder) = (self.client.clone(), first_folder(&params));
        self.tell(Event::Start { client, abilities, folder, settings: params.initialization_options });
        let version = Some(env!("CARGO_PKG_VERSION").to_owned());
        let server_info = Some(ServerInfo { name: "flakeless".to_owned(), version });
        Ok(InitializeResult { capabilities, server_info })
    }

    async fn initialized(&self, _: InitializedParams) {
        self.tell(Event::Initialized);
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.tell(Event::Open(params.text_document));
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.tell(Event::Change(params));
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

    async fn did_change_configuration(&self, params: DidChangeConfigurationParams) {
        self.tell(Event::SettingsChanged(params.settings));
    }

    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        self.ask(|reply| Event::Hover(params.text_document_position_params, reply)).await
    }

    async fn code_action(&self, params: CodeActionParams) -> Result<Option<CodeActionResponse>> {
        self.ask(|reply| Event::Actions(Box::new(params), reply)).await
    }
}

/// The first workspace folder, or what older clients call the root.
fn first_folder(params: &InitializeParams) -> PathBuf {
    let folder = params.workspace_folders.iter().flatten().find_map(|folder| path_of(&folder.uri));
    folder.or_else(|| path_of(params.root_uri.as_ref()?)).unwrap_or_default()
}
