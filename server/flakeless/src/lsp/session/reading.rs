//! Reading ahead: a hint may rest on every file of a project, so before the first hints of a large one its files are
//! read piece by piece. Between two pieces the session hears of events; a person sees how far it is, and can stop it.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustc_hash::FxHashSet;
use tower_lsp::jsonrpc::Error;
use tower_lsp::lsp_types::{MessageType, ProgressToken, Url};

use super::Session;
use crate::discover::{CONFIGURATION, Root};
use crate::lsp::event::Event;
use crate::lsp::progress::Progress;

/// Fewer files are read when they are asked for.
const WORTH_READING_AHEAD: usize = 64;
/// Fewer are read before a person could see it.
const WORTH_TELLING: usize = 256;
/// At most so much is read before the next look for events.
const PIECE: usize = 64;
/// From a slow disk less is read at once, so that it takes about this long.
const SLICE: Duration = Duration::from_millis(20);

/// What is being read, what was, and where a person stopped it.
#[derive(Default)]
pub(super) struct State {
    running: VecDeque<Reading>,
    /// The homes of projects that were read, are being read, or are small.
    read: FxHashSet<PathBuf>,
    /// Roots of which only the open documents and what lies above them counts.
    narrow: BTreeSet<PathBuf>,
    /// Questions about hints that rest on it. Answered at once, they would read all that is left without a look for events.
    waiting: Vec<Event>,
}

struct Reading {
    home: PathBuf,
    files: Vec<PathBuf>,
    done: usize,
    piece: usize,
    progress: Progress,
}

impl State {
    pub(super) fn is_shown_as(&self, token: &ProgressToken) -> bool {
        self.running.iter().any(|reading| reading.progress.is(token))
    }

    pub(super) fn is_narrow(&self, root: &Path) -> bool {
        self.narrow.contains(root)
    }

    pub(super) fn was_stopped(&self) -> bool {
        !self.narrow.is_empty()
    }

    pub(super) fn wait(&mut self, question: Event) {
        self.waiting.push(question);
    }

    pub(super) fn take_waiting(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.waiting)
    }

    /// Refuses what points into a document that is another one now.
    pub(super) fn document_changed(&mut self, document: &Url) {
        let outdated = |question: &mut Event| question.place() == Some(document);
        for question in self.waiting.extract_if(.., outdated) {
            question.refuse(Error::content_modified());
        }
    }

    /// Whether a project is being read.
    fn is_under_way(&self, home: &Path) -> bool {
        self.running.iter().any(|reading| reading.home == home)
    }

    /// Takes back that a person stopped reading.
    pub(super) fn allow(&mut self) {
        self.narrow.clear();
        self.read.clear();
    }
}

impl Session {
    /// Begins to read the project around an open document, unless that was done.
    pub(super) fn read_around(&mut self, document: &Path) {
        // What belongs to it is known once its root is listed.
        if self.looks.hold_work() {
            return;
        }
        let Some(project) = self.workspace.project(document) else { return };
        let home = project.home.clone();
        if self.roots.root_of(document).is_none_or(|root| self.reading.is_narrow(root))
            || !self.reading.read.insert(home.clone())
        {
            return;
        }
        let files = project.checked_files().to_vec();
        if files.len() < WORTH_READING_AHEAD {
            return;
        }
        let progress = if files.len() < WORTH_TELLING {
            Progress::silent(&self.wires)
        } else {
            self.show_work("flakeless: reading the tests".to_owned())
        };
        self.reading.running.push_back(Reading { home, files, done: 0, piece: PIECE / 8, progress });
        self.schedule.add_reading();
    }

    pub(super) fn read_around_documents(&mut self) {
        let documents: Vec<PathBuf> = self.documents.paths().map(Path::to_owned).collect();
        documents.iter().for_each(|path| self.read_around(path));
    }

    pub(super) fn read_some(&mut self) {
        let Some(mut reading) = self.reading.running.pop_front() else { return };
        let rest = &reading.files[reading.done..];
        let piece = &rest[..rest.len().min(reading.piece)];
        let workspace = &self.workspace;
        let begun = Instant::now();
        self.threads.map(piece, |path| workspace.read_ahead(path));
        reading.done += piece.len();
        reading.piece = match begun.elapsed() {
            short if short < SLICE / 2 => (reading.piece * 2).min(PIECE),
            long if long > SLICE * 2 => (reading.piece / 2).max(1),
            _ => reading.piece,
        };
        reading.progress.report(reading.done, reading.files.len());
        if reading.done < reading.files.len() {
            self.reading.running.push_front(reading);
        } else {
            reading.progress.end(Some(format!("{} files read", reading.files.len())));
            self.answer_waiting();
        }
        if self.is_reading() {
            self.schedule.add_reading();
        }
    }

    /// Lets go of what was read of the projects of `files` of which none of `left` is and no open document: of a workspace
    /// of many projects no more than one need be held whole, and those that a person works in.
    pub(super) fn let_go_of<'f>(&mut self, files: &[PathBuf], left: impl Iterator<Item = &'f PathBuf>) {
        let home_of = |path: &Path| self.workspace.project(path).map(|project| project.home.clone());
        let mut homes: BTreeSet<PathBuf> = files.iter().filter_map(|path| home_of(path)).collect();
        homes.retain(|home| !self.reading.is_under_way(home));
        for path in left.map(|path| path.as_path()).chain(self.documents.paths()) {
            if let Some(home) = home_of(path) {
                homes.remove(&home);
            }
            // Mostly the next file is of the same project.
            if homes.is_empty() {
                return;
            }
        }
        for home in &homes {
            self.workspace.let_go(home);
            self.reading.read.remove(home);
        }
        self.threads.give_back_memory();
    }

    fn is_reading(&self) -> bool {
        !self.reading.running.is_empty()
    }

    /// Whether a question about hints rests on what is not known yet.
    pub(super) fn must_wait(&self) -> bool {
        self.is_reading() || self.looks.hold_questions()
    }

    /// Stops what a person sees being read: of those roots only what is open and what lies above it counts, until
    /// the settings change or the server is started again.
    pub(super) fn stop_reading(&mut self) {
        for reading in std::mem::take(&mut self.reading.running) {
            reading.progress.end(Some("stopped".to_owned()));
            self.reading.read.remove(&reading.home);
            let Some(root) = self.roots.root_of(&reading.home).map(Path::to_owned) else { continue };
            self.reading.narrow.insert(root.clone());
            self.narrow(&root);
            let text = format!(
                "flakeless stopped reading {}: hints rest on the open files and on the conftests and configuration above \
                 them, until the settings change or the server is restarted.",
                root.display()
            );
            self.wires.outbox.log(MessageType::INFO, &text);
        }
        self.answer_waiting();
    }

    /// Leaves of a root only the open documents, and the conftests and configuration files above them.
    pub(super) fn narrow(&mut self, root: &Path) {
        let open = self.documents.paths().filter(|path| path.starts_with(root));
        let above: BTreeSet<&Path> = open
            .flat_map(|path| path.ancestors().skip(1).take_while(|folder| folder.starts_with(root)))
            .collect();
        let names = CONFIGURATION.iter().chain(&["conftest.py", "__init__.py"]);
        let files = above
            .iter()
            .flat_map(|folder| names.clone().map(|name| folder.join(name)))
            .filter(|path| path.is_file())
            .collect();
        self.take_root(Root { path: root.to_owned(), files });
    }

    /// Shows long work to a person, where the client can.
    pub(super) fn show_work(&mut self, title: String) -> Progress {
        if !self.abilities.progress {
            return Progress::silent(&self.wires);
        }
        self.shown_work += 1;
        Progress::ask(&self.wires, self.shown_work, title)
    }
}
