//! A rule that fails on one file, made to by a variable that debug builds obey.
#![cfg(debug_assertions)]

use crate::project::{FLAKY, Project, Run, SORTED, UNSORTED};

fn stumbling(project: &Project, arguments: &[&str]) -> Run {
    let mut command = project.command(arguments);
    command.env("FLAKELESS_STUMBLE", "unisolated-file@tests/test_a.py").env("RUST_BACKTRACE", "0");
    Run::of(&command.output().unwrap())
}

fn project() -> Project {
    let both = format!("{UNSORTED}\n\n{}", FLAKY);
    Project::new(&[("tests/test_a.py", both.as_str()), ("tests/test_b.py", FLAKY)])
}

#[test]
fn it_costs_its_hints_on_that_file_and_is_told_once() {
    let project = project();
    for _ in 0..2 {
        let run = stumbling(&project, &["check", "--no-cache", "--output-format", "concise"]).ends_with(1);
        let run = run.says("tests/test_a.py:4:").says("tests/test_b.py:2:").never_says("test_a.py:10:");
        let lines: Vec<&str> = run.err.lines().collect();
        assert_eq!(lines.len(), 2, "{}", run.err);
        assert!(
            lines[0].starts_with("error: a mistake in flakeless: unisolated-file was made to fail ("),
            "{}",
            run.err
        );
        assert!(
            lines[1]
                .starts_with("warning: tests/test_a.py:1: The rule `unisolated-file` failed on this file"),
            "{}",
            run.err
        );
    }
    project
        .run(&["check", "--no-cache", "--output-format", "concise"])
        .ends_with(1)
        .says("tests/test_a.py:10:");
}

#[test]
fn the_other_fixes_are_applied() {
    let project = project();
    stumbling(&project, &["check", "--fix", "--unsafe-fixes"]).ends_with(0).says("Fixed 2 hints in 2 files.");
    assert!(project.read("tests/test_a.py").starts_with(SORTED));
    assert!(project.read("tests/test_b.py").contains("tmp_path"));
}
