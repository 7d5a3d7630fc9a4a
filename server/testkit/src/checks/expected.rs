//! The hints are those that the case says, no more and no less.

use super::{Fault, Found, Run, place};
use crate::marker::Wanted;

pub(super) fn check(run: &Run<'_>) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut unsaid: Vec<&Found> = run.counted().collect();
    for file in &run.case.files {
        let path = run.case.tree.root().join(&file.path);
        // Those with carets choose first: they fit one hint only.
        let (exact, loose): (Vec<_>, Vec<_>) =
            file.marked.wanted.iter().partition(|wanted| wanted.columns.is_some());
        for wanted in exact.into_iter().chain(loose) {
            match unsaid.iter().position(|found| found.path == path && fits(run, wanted, found)) {
                Some(index) => drop(unsaid.remove(index)),
                None => faults.push(Fault {
                    path: path.clone(),
                    line: wanted.line,
                    message: format!("expected {}", say(wanted)),
                }),
            }
        }
    }
    let extra = |found: &&Found| {
        run.fault(found, format!("not expected: [{}] {}", found.hint.rule, found.hint.confidence.word()))
    };
    faults.extend(unsaid.iter().map(extra));
    if !run.case.broken {
        faults.extend(run.before.problems.iter().map(|problem| run.fault_of_case(problem.clone())));
    }
    faults
}

fn fits(run: &Run<'_>, wanted: &Wanted, found: &Found) -> bool {
    let text = run.before.files.text(&found.path).unwrap_or_default();
    let hint = &found.hint;
    let (line, column) = place(text, hint.range.start);
    let (end_line, end) = place(text, hint.range.end);
    let line_end = || text.lines().nth(line).unwrap_or_default().trim_end().chars().count();
    let columns = column..if end_line == line { end } else { line_end() };
    wanted.line == line
        && wanted.rule == hint.rule
        && wanted.confidence == hint.confidence
        && wanted.words.as_ref().is_none_or(|words| hint.message.contains(words))
        && wanted.columns.as_ref().is_none_or(|wanted| *wanted == columns)
}

fn say(wanted: &Wanted) -> String {
    let words = wanted.words.as_ref().map(|words| format!(" \"{words}\"")).unwrap_or_default();
    let columns = wanted.columns.as_ref();
    let columns =
        columns.map(|range| format!(" at columns {} to {}", range.start + 1, range.end)).unwrap_or_default();
    format!("[{}] {}{words}{columns}", wanted.rule, wanted.confidence.word())
}
