//! Which files and rules are looked at.

use crate::project::{FLAKY, Project, STEADY, UNSORTED};

const CONCISE: [&str; 3] = ["check", "--output-format", "concise"];

fn concise<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&CONCISE[..], more].concat()
}

/// A conftest that cures [`FLAKY`] for every test below it.
const ELSEWHERE: &str = "\
import pytest


@pytest.fixture(autouse=True)
def elsewhere(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
";

#[test]
fn rules_are_selected_and_ignored() {
    let project = Project::new(&[("test_a.py", FLAKY), ("test_b.py", UNSORTED)]);
    project
        .run(&concise(&["--select", "unstable-parametrize"]))
        .ends_with(1)
        .says("unstable-parametrize")
        .never_says("unisolated-file [");
    project
        .run(&concise(&["--ignore", "unstable-parametrize"]))
        .ends_with(1)
        .says("unisolated-file [")
        .never_says("test_b.py");
    project.run(&concise(&["--ignore", "unstable-parametrize,unisolated-file"])).ends_with(0);
    project.run(&concise(&["--ignore", "all"])).ends_with(0);
    project.run(&concise(&["--select", "all", "--ignore", "unisolated-file"])).ends_with(1).says("test_b.py");
}

#[test]
fn flags_win_over_files() {
    let project =
        Project::new(&[("test_a.py", FLAKY), ("flakeless.toml", "ignore = [\"unisolated-file\"]\n")]);
    project.run(&["check"]).ends_with(0);
    project.run(&["check", "--select", "unisolated-file", "--ignore", "unstable-parametrize"]).ends_with(1);
}

#[test]
fn confidence_has_a_minimum() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    project.run(&["check", "--min-confidence", "likely"]).ends_with(1);
    project.run(&["check", "--min-confidence", "confirmed"]).ends_with(0);
    project.write("flakeless.toml", "min-confidence = \"confirmed\"\n");
    project.run(&["check"]).ends_with(0);
    project.run(&["check", "--min-confidence", "possible"]).ends_with(1);
}

#[test]
fn paths_choose_what_is_reported_not_what_is_known() {
    let project = Project::new(&[
        ("tests/free/test_a.py", FLAKY),
        ("tests/kept/conftest.py", ELSEWHERE),
        ("tests/kept/unit/test_b.py", FLAKY),
        ("tests/kept/unit/test_c.py", UNSORTED),
    ]);
    let all = project.run(&concise(&["."])).ends_with(1).out;
    let below = |out: &str, path: &str| -> Vec<String> {
        out.lines().filter(|line| line.starts_with(path)).map(str::to_owned).collect()
    };
    assert_eq!(below(&all, "tests/").len(), 2, "{all}");
    for path in
        ["tests", "tests/free", "tests/free/test_a.py", "tests/kept/unit", "tests/kept/unit/test_b.py"]
    {
        let one = project.run(&concise(&[path])).out;
        assert_eq!(below(&one, "tests/"), below(&all, path), "{path}");
    }
}

#[test]
fn ignored_and_excluded_files_are_left_out_unless_named() {
    let project = Project::new(&[
        (".gitignore", "/made/\n"),
        ("made/test_a.py", FLAKY),
        ("build/test_b.py", FLAKY),
        (".hidden/test_c.py", FLAKY),
        ("env/pyvenv.cfg", ""),
        ("env/test_d.py", FLAKY),
        ("tests/test_e.py", STEADY),
    ]);
    project.run(&concise(&[])).ends_with(0).says("1 test in 1 file");
    for path in ["made/test_a.py", "made", "build/test_b.py", "build", ".hidden", "env", "env/test_d.py"] {
        project.run(&concise(&[path])).ends_with(1).says(" unisolated-file [");
        project.run(&concise(&["--force-exclude", path])).ends_with(0);
    }
}

#[test]
fn the_exclude_setting_is_obeyed() {
    let project = Project::new(&[
        ("flakeless.toml", "exclude = [\"tests/old\", \"*_made.py\"]\n"),
        ("tests/old/test_a.py", FLAKY),
        ("tests/test_made.py", FLAKY),
        ("tests/test_b.py", STEADY),
        ("site-packages/test_c.py", STEADY),
    ]);
    project.run(&concise(&[])).ends_with(0).says("2 tests in 2 files");
    project.run(&concise(&["tests/old"])).ends_with(1).says("tests/old/test_a.py:2:");
    project.run(&concise(&["tests/old/test_a.py"])).ends_with(1);
    project.run(&concise(&["tests/old/test_a.py", "--force-exclude"])).ends_with(0);
}

#[test]
fn nothing_to_read_is_two() {
    let project = Project::new(&[("docs/readme.md", "")]);
    project.run(&["check", "docs"]).ends_with(2).warns("no Python files");
    project.run(&["check", "docs/readme.md"]).ends_with(2).warns("docs/readme.md: passed over");
    project.run(&["check", "docs/nowhere.py"]).ends_with(2).warns("docs/nowhere.py: ");
}

#[test]
fn a_folder_without_tests_is_said() {
    let project = Project::new(&[("product.py", "x = 1\n")]);
    project.run(&["check"]).ends_with(0).warns("no test files");
    project.run(&["check", "product.py"]).ends_with(0).never_says("warning");
}

#[test]
fn paths_outside_of_the_working_directory() {
    let project = Project::new(&[("inner/empty.txt", ""), ("tests/test_a.py", FLAKY)]);
    let output =
        project.command(&concise(&["../tests"])).current_dir(project.path("inner")).output().unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.starts_with("../tests/test_a.py:2:"), "{out}");
}
