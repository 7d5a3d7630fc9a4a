//! What a person should know besides the hints: one line each on standard error.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::io::Write as _;

use analysis::workspace::Problem;

use crate::answers::Answers;
use crate::discover::PassedOver;
use crate::place::{Base, line_column, visible};

/// Each line once, in the order of first mention.
#[derive(Debug, Default)]
pub(crate) struct Warnings {
    said: BTreeSet<String>,
}

impl Warnings {
    pub(crate) fn passed_over(&mut self, base: &Base, passed_over: &PassedOver) {
        let PassedOver { path, why } = passed_over;
        self.say(format_args!("{}: passed over: {}", base.shown(path), visible(why)));
    }

    pub(crate) fn problem(&mut self, base: &Base, answers: &dyn Answers, problem: &Problem) {
        let Problem { path, range, message } = problem;
        let (line, _) = line_column(answers.text(path).as_deref(), range.start);
        self.say(format_args!("{}:{line}: {}", base.shown(path), visible(message)));
    }

    pub(crate) fn say(&mut self, message: impl Display) {
        let line = format!("warning: {message}");
        if self.said.insert(line.clone()) {
            to_stderr(&line);
        }
    }
}

/// Says what was done besides.
pub(crate) fn note(message: impl Display) {
    to_stderr(&message.to_string());
}

/// Says why the command could not do what was asked.
pub(crate) fn error(message: impl Display) {
    to_stderr(&format!("error: {message}"));
}

/// Whatever the words were made of, a terminal obeys none of them.
fn to_stderr(line: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(anstream::stderr(), "{}", visible(line));
}
