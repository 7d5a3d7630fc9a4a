//! The hints of closed files, where a person wants them: looked at piece by piece when nothing else is to be done, and
//! pushed, or given to a request of the client that waits until there is something new to say.

use std::collections::{BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use analysis::settings::DiagnosticMode;
use rustc_hash::FxHashMap;
use tower_lsp::jsonrpc::{Error, ErrorCode};
use tower_lsp::lsp_types::{
    DiagnosticServerCancellationData, FullDocumentDiagnosticReport, ProgressToken, WorkspaceDiagnosticParams,
    WorkspaceDiagnosticReport, WorkspaceDiagnosticReportPartialResult, WorkspaceDiagnosticReportResult,
    WorkspaceDocumentDiagnosticReport, WorkspaceFullDocumentDiagnosticReport,
};

use super::Session;
use crate::lsp::convert::path_of;
use crate::lsp::diagnostics::Set;
use crate::lsp::event::Reply;
use crate::lsp::progress::Progress;
use crate::lsp::publish::Why;
use crate::lsp::pulled::result_id;

/// Fewer files are looked at before a person could see it.
const WORTH_TELLING: usize = 256;
/// As much as is looked at before the next look for events: so many files, or so long and the item at hand to its end.
const PIECE: usize = 32;
const PIECE_TIME: Duration = Duration::from_millis(4);
/// LSP's `ServerCancelled`.
const SERVER_CANCELLED: ErrorCode = ErrorCode::ServerError(-32802);
const TITLE: &str = "flakeless: checking closed files";

#[derive(Default)]
pub(super) struct State {
    /// The client's request, which is answered when a file has other hints than it knows.
    held: Option<Held>,
    pass: Option<Pass>,
    /// What was looked at may be out of date.
    changed: bool,
    /// Of these files alone.
    changed_files: BTreeSet<PathBuf>,
    /// What the client was told of files, until something else than the engine judges their hints anew.
    told: FxHashMap<PathBuf, Told>,
    /// A pass came to its end, so that the next is not shown.
    seen: bool,
    /// A person does not want it any more, until the settings change.
    stopped: bool,
    /// Files that the client may still show hints of, though it has closed them and nobody looks at them.
    left: BTreeSet<PathBuf>,
    /// A person asked for it by command, whatever the settings say.
    wanted: bool,
}

/// What was last told of a file.
struct Told {
    /// [`analysis::workspace::Workspace::revision`] of that time.
    revision: u64,
    /// The id of the result that a client which pulls knows since; `None` where it knows of no hints.
    known: Option<String>,
}

struct Held {
    reply: Reply<WorkspaceDiagnosticReportResult>,
    /// The ids of the results that the client knows.
    known: FxHashMap<PathBuf, String>,
    /// Where to send results before the end.
    partial: Option<ProgressToken>,
    /// Where to show progress.
    work_done: Option<ProgressToken>,
}

/// One look at all of them, or at some.
struct Pass {
    /// Of a look at all: sorted.
    all: Option<Vec<PathBuf>>,
    /// Those that are still to be looked at.
    left: VecDeque<PathBuf>,
    done: usize,
    progress: Progress,
    news: Vec<WorkspaceDocumentDiagnosticReport>,
    /// Some news were sent already.
    streamed: bool,
}

impl State {
    pub(super) fn is_shown_as(&self, token: &ProgressToken) -> bool {
        self.pass.as_ref().is_some_and(|pass| pass.progress.is(token))
    }

    /// From now on all closed files are looked at.
    pub(super) fn want(&mut self) {
        self.wanted = true;
        self.stopped = false;
    }

    pub(super) fn are_wanted(&self) -> bool {
        self.wanted
    }

    /// What was told says nothing any more of what is to be told.
    pub(super) fn judge_anew(&mut self) {
        self.told.clear();
    }

    /// Takes back that a person stopped it.
    pub(super) fn allow(&mut self) {
        self.stopped = false;
    }

    /// Answers the request that waits: nothing more will come.
    pub(super) fn release(&mut self) {
        if let Some(held) = self.held.take() {
            held.reply.with_result(|| Err(Error::request_cancelled()));
        }
    }

    /// The next report takes back what the client shows of `path`, whatever it says that it knows.
    fn leave(&mut self, path: &Path) {
        match &mut self.held {
            Some(held) => drop(held.known.insert(path.to_owned(), String::new())),
            None => drop(self.left.insert(path.to_owned())),
        }
    }

    fn is_idle(&self, pulls: bool) -> bool {
        self.stopped || (pulls && self.held.is_none())
    }
}

impl Session {
    /// What was said of closed files may be out of date, as far as the engine says something else.
    pub(super) fn closed_files_changed(&mut self) {
        self.closed_files.changed = true;
        self.schedule.add_closed_files();
    }

    /// What was said of these closed files may be out of date.
    pub(super) fn look_again(&mut self, files: Vec<PathBuf>) {
        if !files.is_empty() {
            files.iter().for_each(|path| drop(self.closed_files.told.remove(path)));
            self.closed_files.changed_files.extend(files);
            self.schedule.add_closed_files();
        }
    }

    /// A client that pulls closed a file. VS Code drops what its last request for the file is answered, and waits for the
    /// workspace's report to say that there is nothing any more.
    pub(super) fn closed(&mut self, path: &Path) {
        if self.abilities.pulls {
            self.closed_files.leave(path);
        }
        self.closed_files.told.remove(path);
        self.closed_files_changed();
    }

    pub(super) fn pull_workspace(
        &mut self,
        params: WorkspaceDiagnosticParams,
        reply: Reply<WorkspaceDiagnosticReportResult>,
    ) {
        let known = params.previous_result_ids.into_iter();
        let known = known.filter_map(|id| Some((path_of(&id.uri)?, id.value)));
        let left = std::mem::take(&mut self.closed_files.left).into_iter().map(|path| (path, String::new()));
        let held = Held {
            reply,
            known: known.chain(left).collect(),
            partial: params.partial_result_params.partial_result_token,
            work_done: params.work_done_progress_params.work_done_token,
        };
        self.closed_files.pass = None;
        if let Some(before) = self.closed_files.held.replace(held) {
            before.reply.with(|| full(Vec::new()));
        }
        self.closed_files_changed();
    }

    pub(super) fn look_at_closed_files(&mut self) {
        if self.closed_files.held.as_ref().is_some_and(|held| held.reply.is_cancelled()) {
            self.closed_files.held = None;
            self.closed_files.pass = None;
        }
        if self.closed_files.is_idle(self.abilities.pulls) {
            return;
        }
        let mut pass = match self.closed_files.pass.take() {
            other if self.closed_files.changed => self.begin_pass(other),
            pass => self.go_on(pass),
        };
        let piece: Vec<PathBuf> = pass.left.drain(..pass.left.len().min(PIECE)).collect();
        let end = Instant::now() + PIECE_TIME;
        let (view, threads) = self.view_on_threads();
        let sets = threads.map(&piece, |path| {
            let is_first = piece.first() == Some(path);
            let is_over = || Instant::now() > end;
            let is_whole = (is_first || !is_over()) && view.workspace.look_ahead(path, is_over);
            is_whole.then(|| (view.set(path), view.workspace.revision(path)))
        });
        let (mut finished, mut unfinished) = (Vec::new(), VecDeque::new());
        for (path, set) in piece.into_iter().zip(sets) {
            match set {
                Some((set, revision)) => {
                    self.tell_closed(&mut pass, &path, set);
                    self.note_told(&path, revision);
                    pass.done += 1;
                    finished.push(path);
                }
                None => unfinished.push_back(path),
            }
        }
        unfinished.append(&mut pass.left);
        pass.left = unfinished;
        self.let_go_of(&finished, pass.left.iter());
        self.send_partial(&mut pass);
        pass.progress.report(pass.done, pass.done + pass.left.len());
        if pass.left.is_empty() {
            return self.end_pass(pass);
        }
        self.closed_files.pass = Some(pass);
        self.schedule.add_closed_files();
    }

    /// A new pass over all files of which something else is to be said; what `interrupted` has shown and sent stays.
    fn begin_pass(&mut self, interrupted: Option<Pass>) -> Pass {
        self.closed_files.changed = false;
        self.closed_files.changed_files.clear();
        let mut files = Vec::new();
        if self.closed_files.wanted || self.workspace.has_mode(DiagnosticMode::Workspace) {
            files = self.workspace.checked_files();
            files.retain(|path| self.is_looked_at_closed(path));
        }
        let left: VecDeque<PathBuf> = files.iter().filter(|path| !self.is_told(path)).cloned().collect();
        match interrupted {
            Some(pass) => Pass { all: Some(files), left, done: 0, news: Vec::new(), ..pass },
            None => {
                let progress = self.progress_over(left.len());
                Pass { all: Some(files), left, done: 0, progress, news: Vec::new(), streamed: false }
            }
        }
    }

    /// The pass with the files that have changed since, or one over these alone.
    fn go_on(&mut self, pass: Option<Pass>) -> Pass {
        let mut pass = pass.unwrap_or_else(|| Pass {
            all: None,
            left: VecDeque::new(),
            done: 0,
            progress: Progress::silent(&self.wires),
            news: Vec::new(),
            streamed: false,
        });
        for path in std::mem::take(&mut self.closed_files.changed_files) {
            if self.is_looked_at_closed(&path) && !pass.left.contains(&path) {
                pass.left.push_back(path);
            }
        }
        pass
    }

    fn progress_over(&mut self, files: usize) -> Progress {
        let work_done = self.closed_files.held.as_mut().and_then(|held| held.work_done.take());
        match work_done {
            Some(token) => Progress::given(&self.wires, token, TITLE),
            None if files < WORTH_TELLING || self.closed_files.seen => Progress::silent(&self.wires),
            None => self.show_work(TITLE.to_owned()),
        }
    }

    /// Whether the client knows what would be told of a closed file now.
    fn is_told(&self, path: &Path) -> bool {
        let Some(told) = self.closed_files.told.get(path) else { return false };
        let is_known = |held: &Held| held.known.get(path) == told.known.as_ref();
        self.workspace.revision(path) == Some(told.revision)
            && self.closed_files.held.as_ref().is_none_or(is_known)
    }

    fn note_told(&mut self, path: &Path, revision: Option<u64>) {
        let known = self.closed_files.held.as_ref().and_then(|held| held.known.get(path)).cloned();
        match revision {
            Some(revision) => drop(self.closed_files.told.insert(path.to_owned(), Told { revision, known })),
            None => drop(self.closed_files.told.remove(path)),
        }
    }

    /// Tells the client of a closed file's hints if it does not know them.
    fn tell_closed(&mut self, pass: &mut Pass, path: &Path, set: Set) {
        let Some(uri) = self.view().uri(path) else { return };
        let Some(held) = self.closed_files.held.as_mut() else {
            return self.publisher.show(path, &uri, None, Why::Closed, set);
        };
        let known = held.known.get(path);
        if known.is_none() && set.diagnostics.is_empty() {
            return;
        }
        let result_id = result_id(&set);
        if known != Some(&result_id) {
            held.known.insert(path.to_owned(), result_id.clone());
            pass.news.push(report(uri, Some(result_id), set));
        }
    }

    fn send_partial(&self, pass: &mut Pass) {
        let Some(token) = self.closed_files.held.as_ref().and_then(|held| held.partial.clone()) else {
            return;
        };
        if pass.news.is_empty() {
            return;
        }
        let items = std::mem::take(&mut pass.news);
        // lsp-types has no such value for `$/progress`.
        let value = WorkspaceDiagnosticReportPartialResult { items };
        self.wires.outbox.notify("$/progress", serde_json::json!({"token": token, "value": value}));
        pass.streamed = true;
    }

    /// Takes back what was said of files that are not looked at any more, and answers the request if anything is new.
    fn end_pass(&mut self, mut pass: Pass) {
        self.closed_files.seen |= pass.all.as_ref().is_some_and(|files| !files.is_empty());
        pass.progress.end(Some(format!("{} files checked", pass.done)));
        let is_gone =
            |path: &PathBuf| pass.all.as_ref().is_some_and(|files| files.binary_search(path).is_err());
        if !self.abilities.pulls {
            let gone: Vec<PathBuf> =
                self.publisher.shown_for(Why::Closed).into_iter().filter(is_gone).collect();
            return gone.iter().for_each(|path| self.publisher.clear(path));
        }
        let Some(mut held) = self.closed_files.held.take() else { return };
        let gone: Vec<PathBuf> = held.known.keys().filter(|path| is_gone(path)).cloned().collect();
        for path in gone {
            // An open document's result belongs to the request for that document.
            if self.documents.get(&path).is_none()
                && held.known.remove(&path).is_some_and(|id| id != result_id(&Set::default()))
                && let Some(uri) = self.view().uri(&path)
            {
                pass.news.push(report(uri, None, Set::default()));
            }
        }
        if pass.news.is_empty() && !pass.streamed {
            self.closed_files.held = Some(held);
            return;
        }
        held.reply.with(|| full(pass.news));
    }

    /// A person does not want to wait for it.
    pub(super) fn stop_looking_at_closed_files(&mut self) {
        self.closed_files.stopped = true;
        if let Some(pass) = self.closed_files.pass.take() {
            pass.progress.end(Some("stopped".to_owned()));
        }
        let Some(held) = self.closed_files.held.take() else { return };
        let data = serde_json::to_value(DiagnosticServerCancellationData { retrigger_request: false }).ok();
        let message = "stopped by the person".into();
        held.reply.with_result(|| Err(Error { code: SERVER_CANCELLED, message, data }));
    }
}

fn full(items: Vec<WorkspaceDocumentDiagnosticReport>) -> WorkspaceDiagnosticReportResult {
    WorkspaceDiagnosticReportResult::Report(WorkspaceDiagnosticReport { items })
}

fn report(
    uri: tower_lsp::lsp_types::Url,
    result_id: Option<String>,
    set: Set,
) -> WorkspaceDocumentDiagnosticReport {
    WorkspaceDocumentDiagnosticReport::Full(WorkspaceFullDocumentDiagnosticReport {
        uri,
        version: None,
        full_document_diagnostic_report: FullDocumentDiagnosticReport { result_id, items: set.diagnostics },
    })
}
