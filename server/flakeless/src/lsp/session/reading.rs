//! Reading ahead: a hint may rest on every file of a project, so before the first hints of a large one its files are
//! read piece by piece. Between two pieces the session hears of events; a person sees how far it is, and can stop it.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;
use tower_lsp::lsp_types::{MessageType, ProgressToken};

use super::Session;
use super::pull::Waiting;
use crate::discover::{CONFIGURATION, Root};
use crate::lsp::progress::Progress;

/// Fewer files are read when they are asked for.
const WORTH_READING_AHEAD: usize = 64;
/// Fewer are read before a person could see it.
const WORTH_TELLING: usize = 256;
/// As much as is read before the next look for events.
const PIECE: usize = 64;

/// What is being read, what was, and where a person stopped it.
#[derive(Default)]
pub(super) struct State {
    running: VecDeque<Reading>,
    /// The homes of projects that were read, are being read, or are small.
    read: FxHashSet<PathBuf>,
    /// Roots of which only the open documents and what lies above them counts.
    narrow: BTreeSet<PathBuf>,
    /// Who wants to hear the hints that rest on it.
    waiting: Vec<Waiting>,
}

struct Reading {
    home: PathBuf,
    files: Vec<PathBuf>,
    done: usize,
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

    pub(super) fn wait(&mut self, request: Waiting) {
        self.waiting.push(request);
    }

    pub(super) fn take_waiting(&mut self) -> Vec<Waiting> {
        std::mem::take(&mut self.waiting)
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
            self.show_work("flakeless: reading the tests")
        };
        self.reading.running.push_back(Reading { home, files, done: 0, progress });
        self.schedule.add_reading();
    }

    pub(super) fn read_around_documents(&mut self) {
        let documents: Vec<PathBuf> = self.documents.paths().map(Path::to_owned).collect();
        documents.iter().for_each(|path| self.read_around(path));
    }

    pub(super) fn read_some(&mut self) {
        let Some(mut reading) = self.reading.running.pop_front() else { return };
        let rest = &reading.files[reading.done..];
        let piece = &rest[..rest.len().min(PIECE)];
        let workspace = &self.workspace;
        self.threads.map(piece, |path| workspace.read_ahead(path));
        reading.done += piece.len();
        reading.progress.report(reading.done, reading.files.len());
        if reading.done < reading.files.len() {
            self.reading.running.push_front(reading);
        } else {
            reading.progress.end(Some(format!("{} files read", reading.files.len())));
            self.answer_waiting_pulls();
        }
        if self.is_reading() {
            self.schedule.add_reading();
        }
    }

    pub(super) fn is_reading(&self) -> bool {
        !self.reading.running.is_empty()
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
        self.answer_waiting_pulls();
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
    pub(super) fn show_work(&mut self, title: &'static str) -> Progress {
        if !self.abilities.progress {
            return Progress::silent(&self.wires);
        }
        self.shown_work += 1;
        Progress::ask(&self.wires, self.shown_work, title)
    }
}
