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
use super::looks;
use crate::baseline::Stock;
use crate::discover::is_python;
use crate::lsp::commands::{Asked, Command};
use crate::lsp::convert::path_of;
use crate::lsp::event::Reply;
use crate::lsp::looker::Look;
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
    folders: Vec<PathBuf>,
    /// Whether it is known what lies in the folders now.
    is_listed: bool,
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
                self.survey(Purpose::Model(folders.clone()), folders, work_done, reply);
            }
            Command::CheckWorkspace => {
                let folders = self.folders_around(None);
                self.survey(Purpose::Check(Checked::default()), folders, work_done, reply);
            }
            Command::WriteBaseline(document) => {
                let folders = self.folders_around(document.as_ref());
                let accepting = Accepting::new(document.as_ref().and_then(path_of), folders.clone());
                self.survey(Purpose::Baseline(accepting), folders, work_done, reply);
            }
            Command::Reproduce { .. } if !self.may_run => {
                reply.with_result(|| {
                    Err(failed("no code is run in a workspace that is not trusted".to_owned()))
                });
            }
            Command::Reproduce { document, test, axes } => match self.wish(&document, &test, axes) {
                Ok(wish) => {
                    let folders = self.folders_around(Some(&document));
                    self.survey(Purpose::Experiment(wish), folders, work_done, reply);
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

    /// Has these folders listed as they are on the disk now, to read all their files.
    fn survey(
        &mut self,
        purpose: Purpose,
        folders: Vec<PathBuf>,
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
        for folder in &folders {
            self.look(Look::Below(folder.clone()), looks::Purpose::Command);
        }
        let files = Vec::new();
        self.commands.0.push_back(Survey {
            purpose,
            reply,
            folders,
            is_listed: false,
            files,
            done: 0,
            progress,
        });
        self.begin_commands();
    }

    /// Begins those whose folders are listed.
    pub(super) fn begin_commands(&mut self) {
        if self.looks.hold_commands() {
            return;
        }
        let files = self.workspace.checked_files();
        for survey in self.commands.0.iter_mut().filter(|survey| !survey.is_listed) {
            let lies_there = |path: &&PathBuf| survey.folders.iter().any(|folder| path.starts_with(folder));
            survey.files = files.iter().filter(lies_there).cloned().collect();
            survey.is_listed = true;
        }
        self.schedule.add_command();
    }

    /// Does a piece of the oldest command.
    pub(super) fn go_on_with_commands(&mut self) {
        // The others wait behind it.
        let Some(mut survey) = self.commands.0.pop_front_if(|oldest| oldest.is_listed) else { return };
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
        if is_read {
            self.let_go_of(piece, rest[piece.len()..].iter());
        }
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
