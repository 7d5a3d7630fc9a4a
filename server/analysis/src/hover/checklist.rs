//! The checklist of a test: the guide's questions, answered for this very test from what its code shows.
//!
//! Where the guide's advice does not hold in this project, the line says what is true instead.

mod chance;
mod classes;
mod credentials;
mod mocks;
mod state;
mod timing;

use std::rc::Rc;

use super::{mark, place};
use crate::hint::Hint;
use crate::project::Subject;
use crate::project::marks::Mark;

/// One answered question.
struct Line {
    question: &'static str,
    /// Rules whose hints belong here.
    rules: &'static [&'static str],
    is_true: bool,
    /// Sentences.
    says: Vec<String>,
}

impl Line {
    fn new(question: &'static str, rules: &'static [&'static str]) -> Line {
        Line { question, rules, is_true: false, says: Vec::new() }
    }

    fn say(&mut self, sentence: impl Into<String>) {
        self.says.push(sentence.into());
    }
}

/// What the lines look at.
struct Test<'a> {
    subject: &'a Subject<'a>,
    marks: Rc<Vec<Mark>>,
    /// Of the whole file.
    hints: &'a [Hint],
}

impl Test<'_> {
    /// The hints whose range lies in the test.
    fn own_hints(&self) -> impl Iterator<Item = &Hint> {
        let file = &self.subject.module.file;
        self.hints.iter().filter(|hint| file.item_at(hint.range.start) == Some(self.subject.item))
    }
}

/// The checklist of the test that `subject` is; `hints` are those of its file.
pub fn of(subject: &Subject<'_>, hints: &[Hint]) -> String {
    let marks = subject.marks();
    let test = Test { subject, marks, hints };
    let lines = [
        mocks::line(&test),
        state::line(&test),
        classes::line(&test),
        credentials::line(&test),
        timing::line(&test),
        chance::line(&test),
    ];
    let name = subject.function().map(|function| function.name.as_str()).unwrap_or_default();
    let mut out = format!("**Checklist of `{name}`**\n\n");
    for line in &lines {
        out.push_str(&written(&test, line));
    }
    for hint in test.own_hints().filter(|hint| !lines.iter().any(|line| line.rules.contains(&hint.rule))) {
        out.push_str(&format!("- Also: {}\n", in_short(subject, hint)));
    }
    if let Some(name) = subject.no_parallel_mark() {
        let project = subject.project;
        let does = match name == project.no_parallel().name {
            true => mark::no_parallel(project),
            false => format!("does nothing here: this project's marker is `{}`.", project.no_parallel().name),
        };
        out.push_str(&format!("- Marked `{name}`: the mark {does}\n"));
    }
    out
}

fn written(test: &Test<'_>, line: &Line) -> String {
    let hints: Vec<String> = test
        .own_hints()
        .filter(|hint| line.rules.contains(&hint.rule))
        .map(|hint| in_short(test.subject, hint))
        .collect();
    let says: Vec<String> = hints.iter().chain(&line.says).cloned().collect();
    let says = says.join(" ");
    match line.is_true || !hints.is_empty() {
        true => format!("- **{} Yes.** {says}\n", line.question),
        false => format!("- {} No. {says}\n", line.question),
    }
}

/// Where it is, its rule, and the first sentence.
fn in_short(subject: &Subject<'_>, hint: &Hint) -> String {
    let at = place::shown(subject.project, subject.path(), hint.range.start);
    let first = hint.message.split_inclusive(". ").next().unwrap_or_default().trim_end();
    format!("{at} (`{}`, {}): {first}", hint.rule, hint.confidence.word())
}
