//! Tests that a person has run, to see them fail: *Reproduce* and *Find the polluter*. One experiment runs at a time, on a
//! thread of its own; the session prepares it, shows how far it is, and says what came of it.

mod trial;

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};

use analysis::hint::Hint;
use serde_json::Value;
use tower_lsp::lsp_types::{MessageType, ProgressToken, Url};

use super::Session;
use crate::lsp::bench::News;
use crate::lsp::convert::path_of;
use crate::lsp::event::Reply;
use crate::lsp::progress::Progress;
use crate::place::Base;
use crate::reproduce::axis::{self, Axis};
use crate::reproduce::experiment::{Course, Experiment, Limits, Shown};
use crate::reproduce::found::Found;
use crate::reproduce::kept;
use crate::reproduce::known::Known;
use crate::reproduce::lab::{Target, without_parameters};
use crate::reproduce::suite::file_of;
use trial::{Results, Trial};

/// So many of the tests that hints of a test rest on are run behind others too.
const NEIGHBOURS: usize = 3;

const UNSAVED: &str = "its file has unsaved edits, and pytest reads what is saved. Save it, then ask again";

/// What a person asked to see, while the project is read for it.
pub(super) struct Wish {
    document: PathBuf,
    /// The file of the test.
    path: PathBuf,
    /// Its node id.
    test: String,
    /// The axes that were asked for; none where its hints decide.
    asked: Vec<Axis>,
    /// Those of all tests, as far as they were looked at.
    pub(super) hints: Vec<Hint>,
}

impl Wish {
    pub(super) fn title(&self) -> String {
        format!("flakeless: running {}", self.test)
    }
}

/// Experiments that wait, and the one that runs.
#[derive(Default)]
pub(super) struct State {
    running: Option<Trial>,
    waiting: VecDeque<Trial>,
}

impl State {
    pub(super) fn is_shown_as(&self, token: &ProgressToken) -> bool {
        self.running.iter().chain(&self.waiting).any(|trial| trial.progress.is(token))
    }
}

impl Session {
    pub(super) fn stop_experiment(&mut self, token: &ProgressToken) {
        self.stop_experiments(|trial| trial.progress.is(token));
    }

    /// Ends what was asked for by requests that were cancelled.
    pub(super) fn stop_unwanted_experiments(&mut self) {
        self.stop_experiments(|trial| trial.reply.is_cancelled());
    }

    /// Of one that runs, what is known by then is told.
    fn stop_experiments(&mut self, is_meant: impl Fn(&Trial) -> bool) {
        let waiting = std::mem::take(&mut self.experiments.waiting);
        let (stopped, others): (VecDeque<Trial>, _) = waiting.into_iter().partition(&is_meant);
        self.experiments.waiting = others;
        VecDeque::into_iter(stopped).for_each(Trial::cancel);
        if let Some(running) = self.experiments.running.as_mut().filter(|running| is_meant(running)) {
            running.is_stopped = true;
            self.wires.bench.stop();
        }
    }

    /// Answers what waits: nothing more will come.
    pub(super) fn release_experiments(&mut self) {
        self.wires.bench.stop();
        let State { running, waiting } = std::mem::take(&mut self.experiments);
        running.into_iter().chain(waiting).for_each(Trial::cancel);
    }

    /// A person's wish to run a test of a document.
    ///
    /// # Errors
    /// Why it is not run, in words for them.
    pub(super) fn wish(&self, document: &Url, test: &str, asked: &[Axis]) -> Result<Wish, String> {
        let unknown = || "the file belongs to no project".to_owned();
        let document = path_of(document).ok_or_else(unknown)?;
        let project = self.workspace.project(&document).ok_or_else(unknown)?;
        let path = project.root.join(file_of(test));
        if self.workspace.test(&path, without_parameters(test)).is_none() {
            return Err("there is no such test; it was renamed or removed".to_owned());
        }
        if !self.is_saved(&path) {
            return Err(UNSAVED.to_owned());
        }
        Ok(Wish { document, path, test: test.to_owned(), asked: asked.to_vec(), hints: Vec::new() })
    }

    /// Whether the disk has the text that the editor shows; line ends and a byte order mark aside.
    fn is_saved(&self, path: &Path) -> bool {
        let plain = |text: &str| text.trim_start_matches('\u{feff}').trim_end().replace('\r', "");
        let saved = fs::read(path).map(|bytes| plain(&String::from_utf8_lossy(&bytes)));
        let shown = self.workspace.text(path).map(|text| plain(text.as_str()));
        saved.ok() == shown
    }

    /// Puts what was wished on the bench, behind what is there.
    pub(super) fn put_on_bench(&mut self, wish: &Wish, progress: Progress, reply: Reply<Option<Value>>) {
        if !self.is_saved(&wish.path) {
            return self.refuse_wish(&wish.test, UNSAVED.to_owned(), reply);
        }
        let left = self.experiments_for(wish);
        let trial = Trial::new(wish.test.clone(), left, progress, reply);
        self.experiments.waiting.push_back(trial);
        self.go_on_with_experiments();
    }

    /// Where hints of the test rest on other tests, these behind it and it behind these, which soon shows who breaks whom.
    /// Then the test itself in every way.
    fn experiments_for(&self, wish: &Wish) -> VecDeque<Experiment> {
        let Some(project) = self.workspace.project(&wish.document) else { return VecDeque::new() };
        let root = &project.root;
        let experiment = |test: &str, course: Course| {
            let path = root.join(file_of(test));
            let known = Known::of(&self.workspace, &wish.hints, &path, without_parameters(test));
            let target = Target::new(test.to_owned());
            Experiment::new(&self.workspace, root.clone(), target, known, course, Limits::default())
        };
        let neighbours = self.neighbours(wish);
        let behind_it = |test: &String| experiment(test, Course::Behind(vec![wish.test.clone()]));
        let mut all: VecDeque<Experiment> = neighbours.iter().map(behind_it).collect();
        if !neighbours.is_empty() {
            all.push_back(experiment(&wish.test, Course::Behind(neighbours)));
        }
        all.push_back(experiment(&wish.test, Course::Axes(wish.asked.clone())));
        all
    }

    /// The tests that hints on the wished one rest on, where these speak of what tests leave behind.
    fn neighbours(&self, wish: &Wish) -> Vec<String> {
        let wished = without_parameters(&wish.test);
        let own = wish.hints.iter().filter(|hint| hint.test.as_deref() == Some(wished));
        let of_order = own.filter(|hint| axis::shows(hint.rule, Axis::Order));
        let mut tests: Vec<String> = Vec::new();
        for related in of_order.flat_map(|hint| hint.related.iter()) {
            let mut there = self.workspace.tests(&related.path);
            if !self.is_saved(&related.path) {
                continue;
            }
            let Some(test) = there.find(|test| test.code.intersects(related.range)) else { continue };
            if test.node_id != wished && !tests.contains(&test.node_id) {
                tests.push(test.node_id);
            }
        }
        tests.truncate(NEIGHBOURS);
        tests
    }

    /// Starts what is next, unless something runs.
    fn go_on_with_experiments(&mut self) {
        while self.experiments.running.is_none() {
            let Some(mut trial) = self.experiments.waiting.pop_front() else { return };
            let Some(experiment) = trial.next() else {
                self.tell_results(trial);
                continue;
            };
            self.experiments.running = Some(trial);
            if let Err(error) = self.wires.bench.start(experiment, self.sender.clone()) {
                self.take_news(News::Over(Err(error.to_string())));
            }
        }
    }

    pub(super) fn take_news(&mut self, news: News) {
        match news {
            News::Run(axis, done, of) => {
                if let Some(trial) = &mut self.experiments.running {
                    trial.show_run(axis, done, of);
                }
            }
            News::Over(shown) => {
                let Some(mut trial) = self.experiments.running.take() else { return };
                if let Some(experiment) = trial.current.take() {
                    let found = shown.map(|shown| self.found(&experiment, shown));
                    trial.take(&experiment, found);
                }
                self.experiments.waiting.push_front(trial);
                self.go_on_with_experiments();
            }
        }
    }

    fn found(&mut self, experiment: &Experiment, shown: Shown) -> Found {
        let found = Found::of(&self.workspace, &Base::new(experiment.root.clone()), experiment, shown);
        // That it passed behind a few tests does not undo what was seen before.
        if found.reproduced || matches!(experiment.course, Course::Axes(_)) {
            self.keep(experiment, &found);
        }
        found
    }

    fn keep(&mut self, experiment: &Experiment, found: &Found) {
        let seen = experiment.seen(&self.workspace, &found.attempt, |path| self.is_saved(path));
        match kept::keep(&experiment.root, &found.test, seen, found) {
            Ok(_) => self.proofs.forget(&experiment.root),
            Err(why) => {
                let text = format!("flakeless: what was found is not kept in .flakeless: {why}");
                self.wires.outbox.log(MessageType::WARNING, &text);
            }
        }
        self.look_at_proofs();
    }

    /// Reads what is kept, by this server or by `flakeless reproduce`, if it changed.
    pub(super) fn look_at_proofs(&mut self) {
        let roots = self.workspace.projects().into_iter().map(|project| project.root.clone()).collect();
        if self.proofs.look(&roots) {
            self.everything_judged_anew();
        }
    }

    fn tell_results(&self, trial: Trial) {
        for (kind, text) in trial.results.told_of(&trial.test) {
            self.wires.outbox.show(kind, &text);
        }
        trial.end();
    }

    /// Tells a person why a test is not run.
    pub(super) fn refuse_wish(&self, test: &str, why: String, reply: Reply<Option<Value>>) {
        let results = Results::refused(test, why);
        for (kind, text) in results.told_of(test) {
            self.wires.outbox.show(kind, &text);
        }
        reply.with(|| serde_json::to_value(&results).ok());
    }
}
