//! The session: one thread that owns all state and hears of everything in the order of arrival.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread;

use rustc_hash::FxHashSet;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tower_lsp::Client;
use tower_lsp::jsonrpc;
use tower_lsp::lsp_types::{
    CodeActionParams, CodeActionResponse, DidChangeTextDocumentParams, FileEvent, Hover, InitializeParams,
    MessageType, TextDocumentItem, TextDocumentPositionParams, Url, WorkspaceFoldersChangeEvent,
};

use super::capabilities::Abilities;
use super::convert::path_of;
use super::documents::{Documents, Misfit};
use super::front::panic_text;
use super::schedule::Schedule;
use super::transport::Wires;

/// Analysis follows the nesting of its input.
const STACK: usize = 8 << 20;

/// What the session hears of.
pub(crate) enum Event {
    Start { client: Client, abilities: Abilities, params: Box<InitializeParams> },
    Initialized,
    Open(TextDocumentItem),
    Change(DidChangeTextDocumentParams),
    Save(Url),
    Close(Url),
    FilesChanged(Vec<FileEvent>),
    FoldersChanged(WorkspaceFoldersChangeEvent),
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

/// Starts the session's thread; it ends when all senders are gone.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn start(runtime: Handle, wires: Wires) -> io::Result<Sender<Event>> {
    let (sender, events) = mpsc::channel();
    thread::Builder::new().name("session".to_owned()).stack_size(STACK).spawn(move || {
        // The front lets nothing through before `initialize`.
        if let Ok(Event::Start { client, abilities, params }) = events.recv() {
            Session::new(client, abilities, &params, runtime, wires).run(&events);
        }
    })?;
    Ok(sender)
}

struct Session {
    client: Client,
    abilities: Abilities,
    runtime: Handle,
    wires: Wires,
    documents: Documents,
    schedule: Schedule,
    /// Files of which a person was told that the editor's messages make no sense.
    told: FxHashSet<PathBuf>,
}

impl Session {
    fn new(
        client: Client,
        abilities: Abilities,
        _: &InitializeParams,
        runtime: Handle,
        wires: Wires,
    ) -> Self {
        Session {
            client,
            abilities,
            runtime,
            wires,
            documents: Documents::default(),
            schedule: Schedule::default(),
            told: FxHashSet::default(),
        }
    }

    /// Events first: several edits that have queued up are analysed once. Between two documents it looks again.
    fn run(mut self, events: &Receiver<Event>) {
        loop {
            let event = if self.schedule.is_empty() {
                events.recv().map_err(|_| TryRecvError::Disconnected)
            } else if self.schedule.is_overdue() {
                Err(TryRecvError::Empty)
            } else {
                events.try_recv()
            };
            match event {
                Ok(event) => self.guarded(|session| session.handle(event)),
                Err(TryRecvError::Empty) => self.guarded(Session::analyse_next),
                Err(TryRecvError::Disconnected) => return,
            }
        }
    }

    /// A mistake of ours costs one event, not the session.
    fn guarded(&mut self, work: impl FnOnce(&mut Session)) {
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(self))) else { return };
        let text = format!("flakeless stumbled: {}. Please report it.", panic_text(&*panic));
        self.wires.outbox.show(MessageType::ERROR, &text);
    }

    fn handle(&mut self, event: Event) {
        match event {
            Event::Start { .. } => {}
            Event::Initialized => {}
            Event::Open(document) => self.open(document),
            Event::Change(params) => self.change(params),
            Event::Save(_) => {}
            Event::Close(uri) => self.close(&uri),
            Event::FilesChanged(_) => {}
            Event::FoldersChanged(_) => {}
            Event::Settings(_) => {}
            Event::Hover(_, reply) => reply.with(|| None),
            Event::Actions(_, reply) => reply.with(|| None),
        }
    }

    fn open(&mut self, document: TextDocumentItem) {
        let Some(path) = path_of(&document.uri) else { return };
        self.schedule.add_edited(&path);
        self.documents.open(path, document.uri, document.version);
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let Some(path) = path_of(&params.text_document.uri) else { return };
        let version = params.text_document.version;
        match self.documents.change(&path, version) {
            Ok(()) => self.schedule.add_edited(&path),
            Err(Misfit::NeverOpened) => self.complain(path, "a change of a file that it has not opened"),
            Err(Misfit::OlderThan(newer)) => {
                self.complain(path, &format!("version {version} after version {newer}"));
            }
        }
    }

    fn close(&mut self, uri: &Url) {
        let Some(path) = path_of(uri) else { return };
        if self.documents.close(&path).is_some() {
            self.schedule.remove(&path);
        }
    }

    fn analyse_next(&mut self) {
        let _ = self.schedule.take();
    }

    /// Says once per file to the person, then to the log, that a message of the editor was not obeyed.
    fn complain(&mut self, path: PathBuf, what: &str) {
        let text = format!(
            "flakeless: the editor sent {what} ({}). It is left out; if hints look misplaced, reopen the file.",
            path.display()
        );
        if self.told.insert(path) {
            self.wires.outbox.show(MessageType::WARNING, &text);
        } else {
            self.wires.outbox.log(MessageType::WARNING, &text);
        }
    }
}
