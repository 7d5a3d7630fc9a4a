//! The session: one thread that owns all state and hears of everything in the order of arrival.

use std::collections::BTreeSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender, TryRecvError};
use std::thread;

use analysis::workspace::{Impact, Workspace};
use rustc_hash::FxHashSet;
use serde_json::Value;
use tower_lsp::jsonrpc::Error;
use tower_lsp::lsp_types::{MessageType, ProgressToken, TraceValue};

use super::capabilities::Abilities;
use super::convert::path_of;
use super::documents::Documents;
use super::event::{Event, Start};
use super::folders::Folders;
use super::front::panic_text;
use super::inbox::Inbox;
use super::publish::Publisher;
use super::pulled::Pulled;
use super::roots::Roots;
use super::schedule::{Schedule, Work};
use super::stamps::Stamps;
use super::threads::{STACK, Threads};
use super::transport::Wires;
use super::view::View;
use crate::baseline::Baselines;
use crate::disk::Disk;
use crate::reproduce::proofs::Proofs;
use crate::today::today;
use analysis::settings::Overrides;

mod baselines;
mod closed_files;
mod commands;
mod disk;
mod documents;
mod experiments;
mod folders;
mod looks;
mod pull;
mod push;
mod reading;
mod settings;
mod trace;

/// Starts the session's thread; it ends with the process.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn start(wires: Wires) -> io::Result<Sender<Event>> {
    let (sender, events) = mpsc::channel();
    let own = sender.clone();
    thread::Builder::new().name("session".to_owned()).stack_size(STACK).spawn(move || {
        // The front lets nothing through before `initialize`.
        if let Ok(Event::Start(start)) = events.recv() {
            let mut session = Session::new(*start, own, wires);
            session.configure(&[]);
            session.run(Inbox::new(events));
        }
    })?;
    Ok(sender)
}

struct Session {
    abilities: Abilities,
    folders: Folders,
    /// Whether a person may have code of the project run.
    may_run: bool,
    /// `initializationOptions`: settings that hold where the client says nothing else.
    options: Value,
    /// The settings that the client told.
    overrides: Overrides,
    trace: TraceValue,
    /// For what comes back from the client.
    sender: Sender<Event>,
    wires: Wires,
    threads: Threads,
    disk: Arc<Disk>,
    workspace: Workspace,
    roots: Roots,
    documents: Documents,
    baselines: Baselines,
    proofs: Proofs,
    /// Those that the client watches besides files of the usual name.
    watched_baselines: FxHashSet<PathBuf>,
    stamps: Stamps,
    schedule: Schedule,
    publisher: Publisher,
    pulled: Pulled,
    looks: looks::State,
    reading: reading::State,
    closed_files: closed_files::State,
    commands: commands::State,
    experiments: experiments::State,
    /// The client said `initialized`: from then on it can be asked.
    introduced: bool,
    /// How many pieces of long work were shown.
    shown_work: u32,
    /// What a person was told of and need not be told again.
    told: FxHashSet<String>,
}

impl Session {
    fn new(start: Start, sender: Sender<Event>, wires: Wires) -> Self {
        let Start { abilities, folders, may_run, options, trace } = start;
        let disk = Arc::new(Disk::default());
        Session {
            abilities,
            folders: Folders::new(folders),
            may_run,
            options,
            overrides: Overrides::default(),
            trace,
            sender,
            threads: Threads::default(),
            workspace: Workspace::new(disk.clone(), today()),
            roots: Roots::default(),
            documents: Documents::default(),
            baselines: Baselines::on(disk.clone()),
            disk,
            proofs: Proofs::default(),
            watched_baselines: FxHashSet::default(),
            stamps: Stamps::default(),
            schedule: Schedule::default(),
            publisher: Publisher::new(wires.clone()),
            pulled: Pulled::default(),
            looks: looks::State::default(),
            reading: reading::State::default(),
            closed_files: closed_files::State::default(),
            commands: commands::State::default(),
            experiments: experiments::State::default(),
            introduced: false,
            shown_work: 0,
            told: FxHashSet::default(),
            wires,
        }
    }

    /// Events first: several edits that have queued up are analysed once. Between two pieces of work it looks again.
    fn run(mut self, mut inbox: Inbox) {
        #[cfg(any(test, fuzzing))]
        let mut end = None;
        loop {
            #[cfg(any(test, fuzzing))]
            if end.is_some() && self.schedule.is_empty() && self.looks.are_done() {
                return self.release_waiting();
            }
            let event = if self.schedule.is_empty() || self.looks.hold_work() {
                inbox.wait().map_err(|_| TryRecvError::Disconnected)
            } else if self.schedule.is_overdue() {
                Err(TryRecvError::Empty)
            } else {
                inbox.take()
            };
            match event {
                #[cfg(any(test, fuzzing))]
                Ok(Event::End(over)) => end = Some(over),
                Ok(event) => self.guarded(|session| session.handle(event)),
                Err(TryRecvError::Empty) => self.guarded(Session::work),
                Err(TryRecvError::Disconnected) => return,
            }
            self.tell_flawed_baselines();
        }
    }

    /// A mistake of ours costs one event, not the session.
    fn guarded(&mut self, work: impl FnOnce(&mut Session)) {
        let Err(panic) = catch_unwind(AssertUnwindSafe(|| work(self))) else { return };
        let text = format!(
            "flakeless stumbled: {}. Please report it; if hints look misplaced, reopen the file.",
            panic_text(&*panic)
        );
        // It may come with every keystroke.
        if self.told.insert(text.clone()) {
            self.wires.outbox.show(MessageType::ERROR, &text);
        }
    }

    fn handle(&mut self, event: Event) {
        match event {
            // tower-lsp lets `initialize` through once.
            Event::Start(_) => {}
            #[cfg(any(test, fuzzing))]
            Event::End(_) => {}
            Event::Initialized => self.introduce(),
            Event::Open(document) => self.open(document),
            Event::Change(edits) => self.change(edits),
            Event::Save(uri) => self.saved(&uri),
            Event::Close(uri) => self.close(&uri),
            Event::FilesChanged(events) => {
                self.changed_on_disk(events.iter().filter_map(|event| path_of(&event.uri)).collect());
            }
            Event::FoldersChanged(event) => self.folders_changed(&event),
            Event::SettingsChanged(settings) => self.settings_changed(settings),
            Event::Settings { scopes, values } => self.take_settings(&scopes, values),
            Event::Seen(seen) => self.seen(*seen),
            Event::Shutdown => self.release_waiting(),
            Event::Trace(value) => self.trace = value,
            Event::CancelProgress(token) => self.cancel_progress(&token),
            Event::Hover(..)
            | Event::Lenses(..)
            | Event::Actions(..)
            | Event::Resolve(..)
            | Event::Pull(..)
                if self.must_wait() =>
            {
                self.reading.wait(event);
            }
            Event::Hover(at, reply) => {
                self.look_above(&at.text_document.uri);
                reply.with(|| self.view().hover(&path_of(&at.text_document.uri)?, at.position));
            }
            Event::Lenses(document, reply) => reply.with(|| self.view().code_lenses(&path_of(&document)?)),
            Event::Actions(params, reply) => {
                self.look_above(&params.text_document.uri);
                reply.with(|| self.view().code_actions(&params));
            }
            Event::Resolve(action, reply) => reply.with_result(|| self.view().resolve(*action)),
            Event::Pull(params, reply) => self.pull(&params, reply),
            Event::Command(params, reply) => self.execute(params, reply),
            Event::CommandLeft => self.stop_unwanted_experiments(),
            Event::Experiment(news) => self.take_news(news),
            Event::PullWorkspace(params, reply) => self.pull_workspace(*params, reply),
        }
    }

    fn work(&mut self) {
        match self.schedule.take() {
            Some(Work::Reading) => self.read_some(),
            Some(Work::Document(path)) if self.abilities.pulls => self.refresh_if_stale(&path),
            Some(Work::Document(path)) => self.publish_document(&path),
            Some(Work::Command) => self.go_on_with_commands(),
            Some(Work::Listing(root)) => self.list_again(&root),
            Some(Work::Configuration) => self.publish_configuration(),
            Some(Work::ClosedFiles) => self.look_at_closed_files(),
            None => {}
        }
    }

    fn view(&self) -> View<'_> {
        View {
            workspace: &self.workspace,
            documents: &self.documents,
            abilities: &self.abilities,
            baselines: &self.baselines,
            proofs: &self.proofs,
            may_run: self.may_run,
        }
    }

    /// The view, and the threads to ask it on about many files.
    fn view_on_threads(&mut self) -> (View<'_>, &mut Threads) {
        let view = View {
            workspace: &self.workspace,
            documents: &self.documents,
            abilities: &self.abilities,
            baselines: &self.baselines,
            proofs: &self.proofs,
            may_run: self.may_run,
        };
        (view, &mut self.threads)
    }

    /// Asks the client for what it has to be asked for.
    fn introduce(&mut self) {
        self.introduced = true;
        self.log_what_was_agreed();
        self.register_at_start();
        if self.abilities.tells_settings {
            self.ask_for_settings();
        }
        self.list_folders();
    }

    /// Puts what a change of `path` may have altered on the schedule.
    fn felt(&mut self, path: &Path, impact: Impact) {
        match impact {
            Impact::None => {}
            Impact::File => {
                let shown = self.publisher.resting_on(path).chain(self.pulled.resting_on(path));
                let mut resting: BTreeSet<PathBuf> = shown.map(Path::to_owned).collect();
                // A client that asks for the hints of closed files is not shown them in either way.
                resting.extend(self.workspace.resting_on(path));
                let (open, closed): (Vec<PathBuf>, Vec<PathBuf>) =
                    resting.into_iter().partition(|other| self.documents.get(other).is_some());
                open.iter().for_each(|other| self.schedule.add_other(other));
                self.look_again(closed);
            }
            Impact::Everything => self.everything_changed(),
        }
    }

    /// Hints are shown in another way: by other settings, another baseline, other proofs.
    fn everything_judged_anew(&mut self) {
        self.closed_files.judge_anew();
        self.everything_changed();
    }

    /// The engine may say something else of every file.
    fn everything_changed(&mut self) {
        self.documents.paths().for_each(|path| self.schedule.add_other(path));
        self.schedule.add_configuration();
        self.closed_files_changed();
    }

    /// Answers the requests that wait for something to happen.
    fn release_waiting(&mut self) {
        self.closed_files.release();
        self.commands.release();
        self.release_experiments();
        for question in self.reading.take_waiting() {
            question.refuse(Error::request_cancelled());
        }
    }

    fn cancel_progress(&mut self, token: &ProgressToken) {
        if self.reading.is_shown_as(token) {
            self.stop_reading();
        } else if self.closed_files.is_shown_as(token) {
            self.stop_looking_at_closed_files();
        } else if self.commands.is_shown_as(token) {
            self.commands.stop(token);
        } else if self.experiments.is_shown_as(token) {
            self.stop_experiment(token);
        }
    }
}
