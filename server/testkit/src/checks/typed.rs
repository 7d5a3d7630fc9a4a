//! A text that comes about by typing gives what a fresh reading of it gives.

use std::ops::Range;
use std::path::Path;

use analysis::text::TextRange;

use super::{Fault, Run, ask, describe, place, python_files};
use crate::engine::Engine;
use crate::sample::Sample;

/// Files of one case that are typed.
const FILES: usize = 4;
/// Characters typed at a file's end.
const TAIL: usize = 48;
/// Lines deleted and typed again, besides those with hints.
const LINES: usize = 2;
/// Keystrokes from one report to the next.
const REPORT_EVERY: usize = 5;

pub(super) fn check(run: &Run<'_>) -> Vec<Fault> {
    let mut sample = Sample::of(&run.case.name);
    let mut files: Vec<(&Path, &str)> = python_files(&run.before.files).collect();
    while files.len() > FILES {
        files.swap_remove(sample.below(files.len()));
    }
    let mut faults = Vec::new();
    for (path, text) in files {
        let lines = lines(run, path, text, &mut sample);
        let mut stretches = vec![tail(text)];
        stretches.extend(lines);
        stretches.retain(|stretch| !stretch.is_empty());
        faults.extend(stretches.into_iter().filter_map(|stretch| retype(run, path, text, &stretch)));
    }
    faults
}

/// The end of the text.
fn tail(text: &str) -> Range<usize> {
    let start = text.char_indices().rev().nth(TAIL - 1).map_or(0, |(start, _)| start);
    start..text.len()
}

/// Lines to be typed again, without their ends: those where hints start, and some more.
fn lines(run: &Run<'_>, path: &Path, text: &str, sample: &mut Sample) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut all = Vec::new();
    for line in text.split_inclusive('\n') {
        all.push(start..start + line.trim_end_matches(['\n', '\r']).len());
        start += line.len();
    }
    let hints = run.counted().filter(|found| found.path == path);
    let mut chosen: Vec<usize> = hints.map(|found| place(text, found.hint.range.start).0).collect();
    chosen.truncate(LINES);
    chosen.extend((0..LINES).map(|_| sample.below(all.len())));
    chosen.sort_unstable();
    chosen.dedup();
    chosen.into_iter().filter_map(|line| all.get(line).cloned()).collect()
}

/// Deletes a stretch of the open file and types it again, character by character.
fn retype(run: &Run<'_>, path: &Path, text: &str, stretch: &Range<usize>) -> Option<Fault> {
    let mut engine = (run.start)(&run.before.files, run.case.rule.as_deref());
    engine.open(path, text);
    engine.seen(path);
    let range = TextRange::new(stretch.start as u32, stretch.end as u32);
    engine.replace(path, range, "");
    type_in(engine.as_mut(), path, stretch.start, &text[stretch.clone()]);
    let (found, _) = ask(run.case, &run.before.files, engine.as_ref());
    if found == run.before.found {
        return None;
    }
    let say = |all: &[super::Found]| -> String {
        all.iter().map(|found| format!("\n  {}", describe(&run.before.files, found))).collect()
    };
    Some(Fault {
        path: path.to_owned(),
        line: place(text, range.start).0,
        message: format!(
            "typed again from here to line {}, the hints are{}\n  afresh they are{}",
            place(text, range.end).0 + 1,
            say(&found),
            say(&run.before.found)
        ),
    })
}

fn type_in(engine: &mut dyn Engine, path: &Path, mut at: usize, text: &str) {
    let mut buffer = [0; 4];
    for (count, character) in text.chars().enumerate() {
        let typed = character.encode_utf8(&mut buffer);
        engine.replace(path, TextRange::empty(at as u32), typed);
        at += typed.len();
        if count % REPORT_EVERY == 0 {
            engine.seen(path);
        }
    }
}
