//! `--since`: only what lies or rests on lines that the branch changed.

use crate::project::{FLAKY, Project, SORTED, STEADY, UNSORTED};

const SINCE: [&str; 5] = ["check", "--output-format", "concise", "--since", "main"];

/// Reloads the module that [`HOLDS`] holds a class of.
const RELOADS: &str = "\
import importlib

import pytest

import shop


@pytest.fixture(autouse=True)
def fresh_shop():
    importlib.reload(shop)
    yield
";

const HOLDS: &str = "\
from shop import Cart, new_cart


def test_new_cart():
    assert isinstance(new_cart(), Cart)
";

const SHOP: &str = "class Cart:\n    pass\n\n\ndef new_cart():\n    return Cart()\n";

/// What a second branch starts from.
fn branch(files: &[(&str, &str)]) -> Project {
    let project = Project::committed(files);
    project.git(&["checkout", "-q", "-b", "work"]);
    project
}

#[test]
fn lines_that_were_there_are_not_reported() {
    let project = branch(&[("tests/test_a.py", FLAKY), ("tests/test_b.py", UNSORTED)]);
    let run = project.run(&SINCE).ends_with(0);
    assert_eq!(run.out, "No hints on lines changed since main: 2 tests in 2 files.\n");
    project.write("tests/test_a.py", format!("# above\n{FLAKY}\n\n{}", FLAKY.replace("report", "again")));
    let run = project.run(&SINCE).ends_with(1);
    assert!(run.out.starts_with("tests/test_a.py:8:"), "{}", run.out);
    run.says("1 hint on lines changed since main: 3 tests in 2 files.\n");
    project.commit();
    project.run(&SINCE).ends_with(1).says("tests/test_a.py:8:").says("1 hint on lines");
    project.run(&["check", "--since", "HEAD"]).ends_with(0);
}

#[test]
fn what_main_did_meanwhile_is_not_this_branchs() {
    let project = branch(&[("test_a.py", FLAKY)]);
    project.write("test_b.py", STEADY);
    project.commit();
    project.git(&["checkout", "-q", "main"]);
    project.write("test_a.py", STEADY);
    project.commit();
    project.git(&["checkout", "-q", "work"]);
    project.run(&SINCE).ends_with(0);
}

#[test]
fn new_and_renamed_files_with_any_name() {
    let project = branch(&[("tests/test_a.py", FLAKY), (".gitignore", "made\n")]);
    project.git(&["mv", "tests/test_a.py", "tests/test_renamed.py"]);
    project.run(&SINCE).ends_with(0);
    project.write("tests/test_é new.py", FLAKY);
    project.run(&SINCE).ends_with(1).says("tests/test_é new.py:2:").says("1 hint on");
    project.commit();
    project.run(&SINCE).ends_with(1).says("tests/test_é new.py:2:").says("1 hint on");
    let mut below = project.command(&[&SINCE[..], &["."]].concat());
    assert_eq!(below.current_dir(project.path("tests")).status().unwrap().code(), Some(1));
}

#[test]
fn evidence_that_changed_brings_the_hint() {
    let files = [("conftest.py", "import shop\n"), ("shop.py", SHOP), ("test_shop.py", HOLDS)];
    let project = branch(&files);
    project.write("conftest.py", RELOADS);
    project.run(&SINCE).ends_with(1).says("test_shop.py:5:").says("stale-class-after-reload");
    project.run(&[&SINCE[..], &["test_shop.py"]].concat()).ends_with(1);
}

#[test]
fn fixes_are_for_what_is_reported_and_line_ends_do_not_count() {
    let windows = UNSORTED.replace('\n', "\r\n");
    let project = branch(&[(".gitattributes", "*.py text\n"), ("test_a.py", UNSORTED)]);
    project.write("test_a.py", &windows);
    project.run(&SINCE).ends_with(0);
    let second = windows.replace("test_word", "test_other").replace("import pytest\r\n", "");
    project.write("test_a.py", format!("{windows}{second}"));
    project.run(&["check", "--since", "main", "--fix"]).ends_with(0).says("Fixed 1 hint in 1 file.");
    let fixed = project.read("test_a.py");
    assert!(fixed.starts_with(&windows) && fixed.contains("sorted("), "{fixed}");
}

#[test]
fn the_text_on_standard_input_counts() {
    let project = branch(&[("test_a.py", STEADY)]);
    let arguments = ["check", "--since", "main", "--stdin-filename", "test_a.py"];
    project.run_with_input(&arguments, STEADY.as_bytes()).ends_with(0);
    project.run_with_input(&arguments, UNSORTED.as_bytes()).ends_with(1);
    project.run_with_input(&arguments, SORTED.as_bytes()).ends_with(0);
}

#[test]
fn it_goes_with_a_baseline() {
    let project = branch(&[("test_a.py", FLAKY)]);
    project.write("test_b.py", FLAKY);
    project.run(&["check", "--baseline=write"]).ends_with(0);
    project
        .run(&SINCE)
        .ends_with(0)
        .says("No new hints on lines changed since main, 1 more in flakeless-baseline");
    project
        .run(&["check", "--baseline=write", "--since", "main"])
        .ends_with(2)
        .warns("does not go with `--since`");
}

#[test]
fn what_git_cannot_tell_is_two() {
    let files = [("test_a.py", FLAKY)];
    let project = branch(&files);
    project
        .run(&["check", "--since", "no-such"])
        .ends_with(2)
        .warns("`--since no-such`: git knows no such commit");
    project.run(&["check", "--since=--output=x"]).ends_with(2).warns("git knows no such commit");
    assert!(!project.path("x").exists());
    project.git(&["checkout", "-q", "--orphan", "lonely"]);
    project.write("test_b.py", STEADY);
    project.commit();
    project.run(&["check", "--since", "main"]).ends_with(2).warns("have in common");
    let plain = Project::new(&files);
    std::fs::remove_dir(plain.path(".git")).unwrap();
    let run = plain.run(&["check", "--since", "main"]).ends_with(2);
    run.warns("`--since main`: git says: fatal: not a git repository");
    let mut without_git = project.command(&["check", "--since", "main"]);
    let output = without_git.env("PATH", "").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("git cannot be run"));
}
