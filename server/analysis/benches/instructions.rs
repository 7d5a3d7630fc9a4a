//! One case on one file, some number of times, on one thread: `.ci/speed/run instructions` counts what the processor
//! does for it, and takes away what it does for none.
//!
//! `instructions CASE FILE TIMES`; without arguments each case once, on a small text. Prints the number of hints.

use std::path::Path;
use std::sync::Arc;

use analysis::text::{Change, Encoding, Position};
use analysis::workspace::{Date, Workspace};
use testkit::MemoryFiles;

const ROOT: &str = "/p";
const TEST: &str = "/p/test_case.py";
const TODAY: Date = Date { year: 2026, month: 11, day: 20 };

/// A line that is typed into: the first of this start behind the middle of the file.
const TYPED: &str = "        written = ";

const SMALL: &str = "\
import pathlib


class TestReport:
    def test_writes(self):
        report = pathlib.Path(\"/tmp/report.txt\")
        written = report.write_text(\"x\")
        assert written == 1
";

#[derive(Clone, Copy)]
enum Case {
    /// A project with the file is made and asked for its hints.
    Cold,
    /// A letter is typed into an open file, and its hints are asked for.
    Keystroke,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let hints = match arguments.as_slice() {
        [] => run(Case::Cold, SMALL, 1) + run(Case::Keystroke, SMALL, 1),
        [case, file, times] => from_outside(case, file, times),
        _ => panic!("instructions CASE FILE TIMES"),
    };
    #[allow(clippy::print_stdout)]
    {
        println!("{hints}");
    }
}

/// Panics where an argument means nothing: there is nobody to go on for.
fn from_outside(case: &str, file: &str, times: &str) -> usize {
    let case = match case {
        "cold" => Case::Cold,
        "keystroke" => Case::Keystroke,
        _ => panic!("no case {case}"),
    };
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{file}: {error}"));
    run(case, &text, times.parse().unwrap_or_else(|error| panic!("{times}: {error}")))
}

/// The number of hints at the end; without a repetition too, the set-up is made.
fn run(case: Case, text: &str, times: usize) -> usize {
    let mut files = MemoryFiles::new(ROOT);
    files.put(Path::new(TEST), text);
    let source = Arc::new(files);
    match case {
        Case::Cold => (0..times).fold(0, |_, _| hints(&read(&source))),
        Case::Keystroke => {
            let mut workspace = read(&source);
            workspace.open(Path::new(TEST), text.to_owned());
            let before = hints(&workspace);
            let at = typing_place(text);
            (0..times).fold(before, |_, _| typed(&mut workspace, at))
        }
    }
}

fn read(source: &Arc<MemoryFiles>) -> Workspace {
    let mut workspace = Workspace::new(source.clone(), TODAY);
    workspace.set_files(Path::new(ROOT), source.paths().map(Path::to_owned).collect());
    workspace
}

fn hints(workspace: &Workspace) -> usize {
    workspace.report(Path::new(TEST)).hints.len()
}

/// Within the name on the line, left of its hint.
fn typing_place(text: &str) -> Position {
    let lines: Vec<&str> = text.lines().collect();
    let is_typed = |line: &&str| line.starts_with(TYPED);
    let after = lines.iter().skip(lines.len() / 2).position(is_typed);
    let line = after.unwrap_or_else(|| panic!("no line {TYPED}")) + lines.len() / 2;
    let line = u32::try_from(line).unwrap_or_else(|_| panic!("too many lines"));
    Position::new(line, 9)
}

/// One letter more, so that no text has been seen before.
fn typed(workspace: &mut Workspace, at: Position) -> usize {
    let letter = Change { range: Some((at, at)), text: "x".to_owned() };
    workspace.edit(Path::new(TEST), &[letter], Encoding::Utf8);
    hints(workspace)
}
