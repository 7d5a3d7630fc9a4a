//! What commands do. Those that rest on every file read them piece by piece, so that the editor is answered meanwhile.

use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};

use analysis::rules::REGISTRY;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::Error;
use tower_lsp::lsp_types::{ExecuteCommandParams, ProgressToken, Url};

use super::Session;
use super::baselines::{Accepting, failed};
use super::experiments::Wish;
use crate::baseline::Stock;
use crate::discover::{self, Force, is_python};
use crate::lsp::commands::{Asked, Command};
use crate::lsp::convert::path_of;
use crate::lsp::event::Reply;
use crate::lsp::progress::Progress;
use crate::outline::{Outline, text};
use crate::place::Base;

/// As much as is done before the next look for events.
const PIECE: usize = 32;

/// Commands at work, the oldest first.
#[derive(Default)]
pub(super) struct State(VecDeque<Survey>);

/// One command that rests on every file.
struct Survey {
    purpose: Purpose,
    reply: Reply<Option<Value>>,
    files: Vec<PathBuf>,
    /// How many steps: first each file is read, then it is looked at where that is the purpose.
    done: usize,
    progress: Progress,
}

enum Purpose {
    /// The model of what lies in these folders.
    Model(Vec<PathBuf>),
    Check(Checked),
    Baseline(Accepting),
    Experiment(Wish),
}

#[derive(Default)]
struct Checked {
    tests: usize,
    /// Of each file with diagnostics.
    found: Vec<Value>,
}

impl State {
    pub(super) fn is_shown_as(&self, token: &ProgressToken) -> bool {
        self.0.iter().any(|survey| survey.progress.is(token))
    }

    /// Ends what a person sees as `token`.
    pub(super) fn stop(&mut self, token: &ProgressToken) {
        let (stopped, others) = std::mem::take(&mut self.0).into_iter().partition(|it| it.progress.is(token));
        self.0 = others;
        VecDeque::into_iter(stopped).for_each(Survey::cancel);
    }

    /// Answers what waits: nothing more will come.
    pub(super) fn release(&mut self) {
        self.0.drain(..).for_each(Survey::cancel);
    }
}

impl Survey {
    fn cancel(self) {
        self.progress.end(Some("stopped".to_owned()));
        self.reply.with_result(|| Err(Error::request_cancelled()));
    }

    fn steps(&self) -> usize {
        match self.purpose {
            Purpose::Model(_) => self.files.len(),
            Purpose::Check(_) | Purpose::Baseline(_) | Purpose::Experiment(_) => self.files.len() * 2,
        }
    }
}

impl Session {
    pub(super) fn execute(&mut self, params: ExecuteCommandParams, reply: Reply<Option<Value>>) {
        let Asked { command, work_done } = match Asked::read(params) {
            Ok(asked) => asked,
            Err(error) => return reply.with_result(|| Err(error)),
        };
        match command {
            Command::ExplainRule(meta) => {
                reply.with(|| Some(json!({"rule": meta.name, "markdown": meta.page})));
            }
            Command::ListRules => reply.with(|| Some(rules())),
            Command::ProjectModel(document) => {
                let folders = self.folders_around(document.as_ref());
                self.survey(Purpose::Model(folders.clone()), &folders, work_done, reply);
            }
            Command::CheckWorkspace => {
                let folders = self.folders_around(None);
                self.survey(Purpose::Check(Checked::default()), &folders, work_done, reply);
            }
            Command::WriteBaseline(document) => {
                let folders = self.folders_around(document.as_ref());
                let accepting = Accepting::new(document.as_ref().and_then(path_of), folders.clone());
                self.survey(Purpose::Baseline(accepting), &folders, work_done, reply);
            }
            Command::Reproduce { .. } if !self.may_run => {
                reply.with_result(|| {
                    Err(failed("no code is run in a workspace that is not trusted".to_owned()))
                });
            }
            Command::Reproduce { document, test, axes } => match self.wish(&document, &test, axes) {
                Ok(wish) => {
                    let folders = self.folders_around(Some(&document));
                    self.survey(Purpose::Experiment(wish), &folders, work_done, reply);
                }
                Err(why) => self.refuse_wish(&test, why, reply),
            },
        }
    }

    /// The editor's folder that holds the document, or the root that was listed for it; without a document all folders,
    /// or all roots where the editor has no folder open.
    fn folders_around(&self, document: Option<&Url>) -> Vec<PathBuf> {
        let Some(path) = document.and_then(path_of) else {
            let roots = || self.roots.paths().map(Path::to_owned).collect();
            let folders = self.folders.paths();
            return if folders.is_empty() { roots() } else { folders.to_vec() };
        };
        let folder = self.folders.paths().iter().filter(|folder| path.starts_with(folder));
        let innermost = folder.max_by_key(|folder| folder.components().count()).map(PathBuf::as_path);
        let folder = innermost.or_else(|| self.roots.root_of(&path)).or(path.parent());
        folder.map(Path::to_owned).into_iter().collect()
    }

    /// Begins to read all files of these folders, as they are on the disk now.
    fn survey(
        &mut self,
        purpose: Purpose,
        folders: &[PathBuf],
        work_done: Option<ProgressToken>,
        reply: Reply<Option<Value>>,
    ) {
        let title = match &purpose {
            Purpose::Model(_) => "flakeless: reading the project".to_owned(),
            Purpose::Check(_) => "flakeless: checking the workspace".to_owned(),
            Purpose::Baseline(_) => "flakeless: writing the baseline".to_owned(),
            Purpose::Experiment(wish) => wish.title(),
        };
        let progress = match work_done {
            Some(token) => Progress::given(&self.wires, token, &title),
            None => self.show_work(title),
        };
        self.reading.allow();
        folders.iter().for_each(|folder| self.list_now(folder));
        let mut files = self.workspace.checked_files();
        files.retain(|path| folders.iter().any(|folder| path.starts_with(folder)));
        self.commands.0.push_back(Survey { purpose, reply, files, done: 0, progress });
        self.schedule.add_command();
    }

    fn list_now(&mut self, folder: &Path) {
        // A folder that is not there holds nothing.
        if let Ok(found) = discover::discover(&[folder.to_owned()], Force::Check, &self.overrides) {
            let listed = found.roots.iter().flat_map(|root| &root.files).cloned();
            let changed = self.stamps.changed_files(listed);
            self.take_discovery(found);
            self.changed_on_disk(changed);
        }
    }

    /// Does a piece of the oldest command.
    pub(super) fn go_on_with_commands(&mut self) {
        let Some(mut survey) = self.commands.0.pop_front() else { return };
        if !survey.reply.is_cancelled() {
            self.read_or_look(&mut survey);
            let files = survey.files.len();
            survey.progress.report(survey.done * files / survey.steps().max(1), files);
            if survey.done < survey.steps() {
                self.commands.0.push_front(survey);
            } else {
                self.end_survey(survey);
            }
        }
        if !self.commands.0.is_empty() {
            self.schedule.add_command();
        }
    }

    fn read_or_look(&mut self, survey: &mut Survey) {
        let is_read = survey.done >= survey.files.len();
        let begin = if is_read { survey.done - survey.files.len() } else { survey.done };
        let rest = &survey.files[begin..];
        let piece = &rest[..rest.len().min(PIECE)];
        let workspace = &self.workspace;
        match &mut survey.purpose {
            _ if !is_read => drop(self.threads.map(piece, |path| workspace.read_ahead(path))),
            Purpose::Model(_) => {}
            Purpose::Check(checked) => self.check_some(piece, checked),
            Purpose::Baseline(accepting) => {
                accepting.stocks.extend(self.threads.map(piece, |path| Stock::of(workspace, path)));
            }
            Purpose::Experiment(wish) => {
                let reports = self.threads.map(piece, |path| workspace.report(path));
                wish.hints.extend(reports.into_iter().flat_map(|report| report.hints));
            }
        }
        survey.done += piece.len();
    }

    fn check_some(&mut self, piece: &[PathBuf], checked: &mut Checked) {
        let (view, threads) = self.view_on_threads();
        for (path, set) in piece.iter().zip(threads.map(piece, |path| view.set(path))) {
            checked.tests += set.tests;
            if !set.diagnostics.is_empty()
                && let Some(uri) = view.uri(path)
            {
                checked.found.push(json!({"uri": uri, "diagnostics": set.diagnostics}));
            }
        }
    }

    fn end_survey(&mut self, survey: Survey) {
        let Survey { purpose, reply, files, progress, .. } = survey;
        let python = files.iter().filter(|path| is_python(path)).count();
        if !matches!(purpose, Purpose::Experiment(_)) {
            progress.end(Some(format!("{python} files")));
        }
        match purpose {
            Purpose::Experiment(wish) => self.put_on_bench(&wish, progress, reply),
            Purpose::Model(folders) => reply.with(|| Some(json!({"text": self.model(&folders)}))),
            Purpose::Check(Checked { tests, found }) => {
                reply.with(|| Some(json!({"files": python, "tests": tests, "diagnostics": found})));
                self.closed_files.want();
                self.schedule.add_configuration();
                self.closed_files_changed();
            }
            Purpose::Baseline(accepting) => {
                let written = self.write_baselines(&accepting);
                reply.with_result(|| written.map(Some));
            }
        }
    }

    fn model(&self, folders: &[PathBuf]) -> String {
        let mut plain = anstream::StripStream::new(Vec::new());
        for folder in folders {
            let outline = Outline::of(&self.workspace, &Base::new(folder.clone()), folder);
            let written: io::Result<()> = text::print(&mut plain, &outline);
            debug_assert!(written.is_ok(), "a vector takes what it is given");
        }
        String::from_utf8_lossy(&plain.into_inner()).into_owned()
    }
}

fn rules() -> Value {
    let all = REGISTRY.iter().map(|entry| entry.meta);
    all.map(|meta| json!({"name": meta.name, "summary": meta.summary, "cause": meta.cause.title()})).collect()
}
