//! Tests that a person has run, to see them fail: *Reproduce* and *Find the polluter*. One experiment runs at a time, on a
//! thread of its own; the session prepares it, shows how far it is, and says what came of it.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use analysis::hint::Hint;
use serde::Serialize;
use serde_json::{Value, json};
use tower_lsp::jsonrpc::Error;
use tower_lsp::lsp_types::{MessageType, ProgressToken, Url};

use super::Session;
use crate::lsp::bench::News;
use crate::lsp::convert::path_of;
use crate::lsp::event::Reply;
use crate::lsp::progress::Progress;
use crate::place::Base;
use crate::reproduce::axis::{self, Axis};
use crate::reproduce::experiment::{Experiment, Limits, Shown};
use crate::reproduce::found::Found;
use crate::reproduce::known::Known;
use crate::reproduce::lab::{Target, without_parameters};
use crate::reproduce::suite::file_of;
use crate::reproduce::{kept, words};

/// So many of the tests that hints of a test rest on are run behind others too.
const NEIGHBOURS: usize = 3;

/// What a person asked to see, while the project is read for it.
pub(super) struct Wish {
    document: PathBuf,
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

/// What is tried for one wish.
struct Trial {
    /// Tried one after the other until one is reproduced.
    left: VecDeque<Experiment>,
    current: Option<Experiment>,
    results: Results,
    /// Since it no longer waits.
    begun: Option<Instant>,
    pace: Pace,
    is_stopped: bool,
    progress: Progress,
    reply: Reply<Option<Value>>,
}

#[derive(Default, Serialize)]
struct Results {
    tests: Vec<Found>,
    refused: Vec<Refused>,
}

#[derive(Serialize)]
struct Refused {
    test: String,
    why: String,
}

/// Since when runs are made on an axis.
struct Pace {
    axis: Axis,
    since: Instant,
}

impl Trial {
    fn cancel(self) {
        self.progress.end(Some("stopped".to_owned()));
        self.reply.with_result(|| Err(Error::request_cancelled()));
    }
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
            return Err(
                "its file has unsaved edits, and pytest reads what is saved. Save it, then ask again"
                    .to_owned(),
            );
        }
        Ok(Wish { document, test: test.to_owned(), asked: asked.to_vec(), hints: Vec::new() })
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
        let left = self.experiments_for(wish);
        let trial = Trial {
            left,
            current: None,
            results: Results::default(),
            begun: None,
            pace: Pace { axis: Axis::Fresh, since: Instant::now() },
            is_stopped: false,
            progress,
            reply,
        };
        self.experiments.waiting.push_back(trial);
        self.go_on_with_experiments();
    }

    /// The test itself. Where its hints rest on other tests, these too: what it leaves behind breaks them.
    fn experiments_for(&self, wish: &Wish) -> VecDeque<Experiment> {
        let Some(project) = self.workspace.project(&wish.document) else { return VecDeque::new() };
        let root = &project.root;
        let experiment = |test: &str, asked: &dyn Fn(&Known) -> Vec<Axis>| {
            let path = root.join(file_of(test));
            let known = Known::of(&self.workspace, &wish.hints, &path, without_parameters(test));
            let target = Target::new(test.to_owned());
            let asked = asked(&known);
            Experiment::new(&self.workspace, root.clone(), target, known, asked, Limits::default())
        };
        let neighbours = self.neighbours(wish);
        let own = |known: &Known| match wish.asked.is_empty() && !neighbours.is_empty() {
            true => known.suspected(),
            false => wish.asked.clone(),
        };
        let others = neighbours.iter().map(|test| experiment(test, &|_| vec![Axis::Order]));
        std::iter::once(experiment(&wish.test, &own)).chain(others).collect()
    }

    /// The tests that hints on the wished one rest on, where these speak of what tests leave behind.
    fn neighbours(&self, wish: &Wish) -> Vec<String> {
        let wished = without_parameters(&wish.test);
        let own = wish.hints.iter().filter(|hint| hint.test.as_deref() == Some(wished));
        let of_order = own.filter(|hint| axis::shows(hint.rule, Axis::Order));
        let mut tests: Vec<String> = Vec::new();
        for related in of_order.flat_map(|hint| &hint.related) {
            let mut there = self.workspace.tests(&related.path);
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
                    match shown {
                        Ok(shown) => trial.results.tests.push(self.keep(&experiment, shown)),
                        Err(why) => {
                            // Stopped at the wrong moment, all kinds of things fail.
                            let stopped = || "stopped before there was anything to see".to_owned();
                            let why = if trial.is_stopped { stopped() } else { why };
                            let test = experiment.target.id().to_owned();
                            trial.results.refused.push(Refused { test, why });
                        }
                    }
                }
                self.experiments.waiting.push_front(trial);
                self.go_on_with_experiments();
            }
        }
    }

    fn keep(&mut self, experiment: &Experiment, shown: Shown) -> Found {
        let found = Found::of(&self.workspace, &Base::new(experiment.root.clone()), experiment, shown);
        let seen = experiment.seen(&self.workspace, &found.attempt, |path| self.is_saved(path));
        match kept::keep(&experiment.root, &found.test, seen, &found) {
            Ok(_) => self.proofs.forget(&experiment.root),
            Err(why) => {
                let text = format!("flakeless: what was found is not kept in .flakeless: {why}");
                self.wires.outbox.log(MessageType::WARNING, &text);
            }
        }
        self.look_at_proofs();
        found
    }

    /// Reads what is kept, by this server or by `flakeless reproduce`, if it changed.
    pub(super) fn look_at_proofs(&mut self) {
        let roots = self.workspace.projects().into_iter().map(|project| project.root.clone()).collect();
        if self.proofs.look(&roots) {
            self.everything_changed();
        }
    }

    fn tell_results(&mut self, trial: Trial) {
        let Trial { results, progress, reply, .. } = trial;
        progress.end(None);
        let is_reproduced = results.tests.iter().any(|found| found.reproduced);
        for Refused { test, why } in results.refused.iter().filter(|_| !is_reproduced) {
            self.refuse_run(test, why);
        }
        // Of a test whose neighbour was reproduced there is nothing more to say.
        for found in results.tests.iter().filter(|found| found.reproduced == is_reproduced) {
            let again = found.attempt.command().map(|command| format!(" To see it again: {command}"));
            let verdict = words::verdict(&found.attempt);
            let text = format!("{}: {verdict}{}", found.test, again.unwrap_or_default());
            self.wires.outbox.show(MessageType::INFO, &text);
        }
        reply.with(|| serde_json::to_value(&results).ok());
    }

    /// Tells a person why a test is not run.
    pub(super) fn refuse_run(&self, test: &str, why: &str) {
        self.wires.outbox.show(MessageType::WARNING, &format!("{test}: {why}"));
    }

    /// The same, as the answer to a command.
    pub(super) fn refuse_wish(&self, test: &str, why: String, reply: Reply<Option<Value>>) {
        self.refuse_run(test, &why);
        let refused = [Refused { test: test.to_owned(), why }];
        reply.with(|| Some(json!({"tests": [], "refused": refused})));
    }
}

impl Trial {
    /// What is to be run now, in the time that is left.
    fn next(&mut self) -> Option<Experiment> {
        let begun = self.begun.get_or_insert_with(Instant::now);
        let budget = Limits::default().budget.saturating_sub(begun.elapsed());
        let is_reproduced = self.results.tests.iter().any(|found| found.reproduced);
        if self.is_stopped || is_reproduced || budget.is_zero() {
            return None;
        }
        let mut experiment = self.left.pop_front()?;
        experiment.limits.budget = budget;
        self.current = Some(experiment.clone());
        Some(experiment)
    }

    fn show_run(&mut self, axis: Axis, done: u32, of: u32) {
        if axis != self.pace.axis || done == 0 {
            self.pace = Pace { axis, since: Instant::now() };
        }
        let left = self.pace.since.elapsed().checked_div(done).map(|each| each * of.saturating_sub(done));
        let message = words::step(axis, done, of, left.map(|left| left + Duration::from_millis(500)));
        let percentage = done * 100 / of.max(1);
        self.progress.tell(message, percentage.min(100));
    }
}
