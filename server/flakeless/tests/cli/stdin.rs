//! Text on standard input in the place of a file.

use crate::project::{FLAKY, Project, SORTED, STEADY, UNSORTED};

const INPUT: [&str; 3] = ["check", "--stdin-filename", "tests/test_a.py"];

#[test]
fn the_text_counts_instead_of_the_file() {
    let project = Project::new(&[("tests/test_a.py", STEADY), ("tests/test_b.py", FLAKY)]);
    project
        .run_with_input(&INPUT, FLAKY.as_bytes())
        .ends_with(1)
        .says("--> tests/test_a.py:2:")
        .never_says("test_b.py");
    project.run_with_input(&INPUT, STEADY.as_bytes()).ends_with(0);
}

#[test]
fn the_file_need_not_be_there() {
    let project = Project::new(&[("tests/test_b.py", STEADY)]);
    project.run_with_input(&INPUT, FLAKY.as_bytes()).ends_with(1).says("tests/test_a.py:2:");
}

#[test]
fn fix_prints_the_text() {
    let project = Project::new(&[("tests/test_a.py", FLAKY)]);
    let run = project.run_with_input(&[&INPUT[..], &["--fix"]].concat(), UNSORTED.as_bytes()).ends_with(0);
    assert_eq!(run.out, SORTED);
    assert_eq!(project.read("tests/test_a.py"), FLAKY);
    let run = project.run_with_input(&[&INPUT[..], &["--fix"]].concat(), FLAKY.as_bytes()).ends_with(1);
    assert_eq!(run.out, FLAKY);
    run.warns("unisolated-file");
}

#[test]
fn a_diff_of_the_text() {
    let project = Project::new(&[("tests/test_a.py", FLAKY)]);
    let run = project.run_with_input(&[&INPUT[..], &["--diff"]].concat(), UNSORTED.as_bytes()).ends_with(1);
    assert!(run.out.starts_with("--- tests/test_a.py\n+++ tests/test_a.py\n"), "{}", run.out);
}

#[test]
fn an_excluded_file_is_left_out_by_force() {
    let project = Project::new(&[("build/test_a.py", FLAKY)]);
    let input = ["check", "--stdin-filename", "build/test_a.py"];
    project.run_with_input(&input, FLAKY.as_bytes()).ends_with(1);
    project.run_with_input(&[&input[..], &["--force-exclude"]].concat(), FLAKY.as_bytes()).ends_with(0);
}

#[test]
fn what_is_no_text_is_two() {
    let project = Project::new(&[("tests/test_a.py", FLAKY)]);
    project.run_with_input(&INPUT, b"x = '\xff'\n").ends_with(2).warns("standard input is not UTF-8");
    project.run_with_input(&[&INPUT[..], &["tests"]].concat(), b"").ends_with(2);
}
