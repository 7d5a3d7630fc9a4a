//! The session: one thread that owns all state and hears of everything in the order of arrival.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread;

use analysis::workspace::{Impact, Workspace};
use rustc_hash::FxHashSet;
use tokio::runtime::Handle;
use tower_lsp::Client;
use tower_lsp::lsp_types::{DidChangeTextDocumentParams, MessageType, TextDocumentItem, Url};

use super::capabilities::Abilities;
use super::convert::{change, path_of};
use super::documents::{Documents, Misfit};
use super::event::Event;
use super::front::panic_text;
use super::publish::Publisher;
use super::roots::Roots;
use super::schedule::{Schedule, Work};
use super::transport::Wires;
use super::view::View;
use super::watch::{Stamps, registrations};
use crate::discover::is_wanted;
use crate::disk::Disk;
use crate::today::today;

mod ask;
mod disk;
mod publish;

/// Analysis follows the nesting of its input.
const STACK: usize = 8 << 20;

/// Starts the session's thread; it ends with the process.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn start(runtime: Handle, wires: Wires) -> io::Result<Sender<Event>> {
    let (sender, events) = mpsc::channel();
    let own = sender.clone();
    thread::Builder::new().name("session".to_owned()).stack_size(STACK).spawn(move || {
        // The front lets nothing through before `initialize`.
        if let Ok(Event::Start { client, abilities, folder, settings }) = events.recv() {
            let mut session = Session::new(client, abilities, folder, own, runtime, wires);
            if let Some(settings) = settings {
                session.configure(&settings);
            }
            session.run(&events);
        }
    })?;
    Ok(sender)
}

struct Session {
    client: Client,
    abilities: Abilities,
    /// Where relative paths in the editor's settings count from.
    folder: PathBuf,
    /// For what comes back from the client.
    sender: Sender<Event>,
    runtime: Handle,
    wires: Wires,
    workspace: Workspace,
    roots: Roots,
    documents: Documents,
    stamps: Stamps,
    schedule: Schedule,
    publisher: Publisher,
    /// What a person was told of and need not be told again.
    told: FxHashSet<String>,
}

impl Session {
    fn new(
        client: Client,
        abilities: Abilities,
        folder: PathBuf,
        sender: Sender<Event>,
        runtime: Handle,
        wires: Wires,
    ) -> Self {
        Session {
            client,
            abilities,
            folder,
            sender,
            runtime,
            workspace: Workspace::new(Arc::new(Disk), today()),
            roots: Roots::default(),
            documents: Documents::default(),
            stamps: Stamps::default(),
            schedule: Schedule::default(),
            publisher: Publisher::new(wires.clone()),
            told: FxHashSet::default(),
            wires,
        }
    }

    /// Events first: several edits that have queued up are analysed once. Between two pieces of work it looks again.
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
                Err(TryRecvError::Empty) => self.guarded(Session::work),
                Err(TryRecvError::Disconnected) => return,
            }
        }
    }

    /// A mistake of ours costs one event, not the session.
    fn guarded(&mut self, work: impl FnOnce(&mut Session)) {
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(self))) else { return };
        let text = format!(
            "flakeless stumbled: {}. Please report it; if hints look misplaced, reopen the file.",
            panic_text(&*panic)
        );
        self.wires.outbox.show(MessageType::ERROR, &text);
    }

    fn handle(&mut self, event: Event) {
        match event {
            // tower-lsp lets `initialize` through once.
            Event::Start { .. } => {}
            Event::Initialized => self.introduce(),
            Event::Open(document) => self.open(document),
            Event::Change(params) => self.change(params),
            Event::Save(uri) => self.look_above(&uri),
            Event::Close(uri) => self.close(&uri),
            Event::FilesChanged(events) => {
                self.changed_on_disk(events.iter().filter_map(|event| path_of(&event.uri)).collect());
            }
            Event::SettingsChanged(settings) => self.settings_changed(&settings),
            Event::Settings(settings) => self.configure(&settings),
            Event::Hover(at, reply) => reply.with(|| {
                let path = path_of(&at.text_document.uri)?;
                self.view().hover(&path, at.position)
            }),
            Event::Actions(params, reply) => reply.with(|| {
                let path = path_of(&params.text_document.uri)?;
                self.view().code_actions(&path, params.range, &params.context)
            }),
        }
    }

    fn work(&mut self) {
        match self.schedule.take() {
            Some(Work::Document(path)) => self.publish_document(&path),
            Some(Work::Listing(root)) => self.list_again(&root),
            Some(Work::Configuration) => self.publish_configuration(),
            None => {}
        }
    }

    fn view(&self) -> View<'_> {
        View { workspace: &self.workspace, documents: &self.documents, abilities: &self.abilities }
    }

    /// Asks the client for what it has to be asked for.
    fn introduce(&self) {
        let registrations = registrations(&self.abilities);
        if !registrations.is_empty() {
            self.register(registrations);
        }
        if self.abilities.tells_settings {
            self.ask_for_settings();
        }
    }

    fn open(&mut self, document: TextDocumentItem) {
        let Some(path) = path_of(&document.uri).filter(|path| is_wanted(path)) else { return };
        self.publisher.forget(&path);
        self.documents.open(path.clone(), document.uri.clone(), document.version);
        self.list_around(&path);
        let impact = self.workspace.open(&path, document.text);
        self.felt(&path, impact);
        self.schedule.add_edited(&path);
        self.schedule.add_configuration();
        self.look_above(&document.uri);
    }

    fn change(&mut self, params: DidChangeTextDocumentParams) {
        let Some(path) = path_of(&params.text_document.uri).filter(|path| is_wanted(path)) else { return };
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
        if changes.iter().any(|change| change.range.is_none()) {
            self.publisher.forget(&path);
        }
        let impact = self.workspace.edit(&path, &changes, self.abilities.encoding);
        self.felt(&path, impact);
        self.schedule.add_edited(&path);
    }

    /// The disk's text counts again.
    fn close(&mut self, uri: &Url) {
        let Some(path) = path_of(uri) else { return };
        if !self.documents.close(&path) {
            return;
        }
        self.schedule.remove_document(&path);
        self.publisher.clear(&path);
        let impact = self.workspace.close(&path);
        self.felt(&path, impact);
        if !self.roots.lists(&path)
            && let Some(root) = self.roots.root_of(&path)
        {
            self.schedule.add_listing(root);
        }
    }

    /// Puts what a change of `path` may have altered on the schedule.
    fn felt(&mut self, path: &Path, impact: Impact) {
        match impact {
            Impact::None => {}
            Impact::File => {
                let Session { schedule, publisher, documents, .. } = self;
                let resting = publisher.resting_on(path).filter(|other| documents.get(other).is_some());
                resting.for_each(|other| schedule.add_other(other));
            }
            Impact::Everything => self.everything_changed(),
        }
    }

    fn everything_changed(&mut self) {
        self.documents.paths().for_each(|path| self.schedule.add_other(path));
        self.schedule.add_configuration();
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
