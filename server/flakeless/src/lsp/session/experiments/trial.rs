//! What is tried for one wish of a person, how far it is, and what came of it.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use serde::Serialize;
use serde_json::Value;
use tower_lsp::jsonrpc::Error;
use tower_lsp::lsp_types::MessageType;

use crate::lsp::event::Reply;
use crate::lsp::progress::Progress;
use crate::reproduce::axis::Axis;
use crate::reproduce::experiment::{Experiment, Limits};
use crate::reproduce::found::Found;
use crate::reproduce::{Attempt, words};

pub(super) struct Trial {
    /// The node id of the test that was named.
    pub(super) test: String,
    /// Tried one after the other until one is reproduced.
    left: VecDeque<Experiment>,
    pub(super) current: Option<Experiment>,
    pub(super) results: Results,
    /// Since it no longer waits.
    begun: Option<Instant>,
    pace: Pace,
    pub(super) is_stopped: bool,
    pub(super) progress: Progress,
    pub(super) reply: Reply<Option<Value>>,
}

/// Since when runs are made on an axis.
struct Pace {
    axis: Axis,
    since: Instant,
}

/// What is known of each test, of several experiments by the last.
#[derive(Default, Serialize)]
pub(super) struct Results {
    tests: Vec<Found>,
    refused: Vec<Refused>,
}

#[derive(Serialize)]
struct Refused {
    test: String,
    why: String,
}

impl Trial {
    pub(super) fn new(
        test: String,
        left: VecDeque<Experiment>,
        progress: Progress,
        reply: Reply<Option<Value>>,
    ) -> Trial {
        let (results, pace) = (Results::default(), Pace { axis: Axis::Fresh, since: Instant::now() });
        Trial { test, left, current: None, results, begun: None, pace, is_stopped: false, progress, reply }
    }

    /// What is to be run now, in the time that is left.
    pub(super) fn next(&mut self) -> Option<Experiment> {
        let begun = self.begun.get_or_insert_with(Instant::now);
        let budget = Limits::default().budget.saturating_sub(begun.elapsed());
        if self.is_stopped || self.results.has_reproduced() || budget.is_zero() {
            return None;
        }
        let mut experiment = self.left.pop_front()?;
        experiment.limits.budget = budget;
        self.current = Some(experiment.clone());
        Some(experiment)
    }

    pub(super) fn show_run(&mut self, axis: Axis, done: u32, of: u32) {
        if axis != self.pace.axis || done == 0 {
            self.pace = Pace { axis, since: Instant::now() };
        }
        let left = self.pace.since.elapsed().checked_div(done).map(|each| each * of.saturating_sub(done));
        let message = words::step(axis, done, of, left.map(|left| left + Duration::from_millis(500)));
        let percentage = done * 100 / of.max(1);
        self.progress.tell(message, percentage.min(100));
    }

    /// What came of an experiment, or why nothing did.
    pub(super) fn take(&mut self, experiment: &Experiment, found: Result<Found, String>) {
        let Results { tests, refused } = &mut self.results;
        let test = experiment.target.id();
        tests.retain(|found| found.test != test);
        refused.retain(|refused| refused.test != test);
        match found {
            Ok(found) => tests.push(found),
            // Stopped at the wrong moment, all kinds of things fail.
            Err(_) if self.is_stopped => {}
            Err(why) => refused.push(Refused { test: test.to_owned(), why }),
        }
    }

    pub(super) fn end(self) {
        self.progress.end(None);
        let results = self.results;
        self.reply.with(|| serde_json::to_value(&results).ok());
    }

    pub(super) fn cancel(self) {
        self.progress.end(Some("stopped".to_owned()));
        self.reply.with_result(|| Err(Error::request_cancelled()));
    }
}

impl Results {
    pub(super) fn refused(test: &str, why: String) -> Results {
        Results { tests: Vec::new(), refused: vec![Refused { test: test.to_owned(), why }] }
    }

    fn has_reproduced(&self) -> bool {
        self.tests.iter().any(|found| found.reproduced)
    }

    /// What a person is told who named this test: what was reproduced, be it of a neighbour; else of the test itself.
    pub(super) fn told_of(&self, test: &str) -> Vec<(MessageType, String)> {
        if self.has_reproduced() {
            let reproduced = self.tests.iter().filter(|found| found.reproduced);
            return reproduced
                .map(|found| (MessageType::INFO, sentence(&found.test, &found.attempt)))
                .collect();
        }
        if let Some(refused) = self.refused.iter().find(|refused| refused.test == test) {
            return vec![(MessageType::WARNING, format!("{test}: {}", refused.why))];
        }
        let own = self.tests.iter().find(|found| found.test == test);
        let nothing = Attempt::default();
        vec![(MessageType::INFO, sentence(test, own.map_or(&nothing, |found| &found.attempt)))]
    }
}

fn sentence(test: &str, attempt: &Attempt) -> String {
    let again = attempt.command().map(|command| format!(" To see it again: {command}")).unwrap_or_default();
    format!("{test}: {}{again}", words::verdict(attempt))
}
