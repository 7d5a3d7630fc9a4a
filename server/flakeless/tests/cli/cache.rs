//! A run that finds what an earlier one kept says what a run without a cache says.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use crate::project::{FLAKY, Project, Run, STEADY, UNSORTED};

const FORMATS: [&str; 6] = ["full", "concise", "json", "github", "sarif", "junit"];

fn without(project: &Project, arguments: &[&str]) -> Run {
    project.run(&[&["check", "--no-cache"], arguments].concat())
}

fn with(project: &Project, arguments: &[&str]) -> Run {
    project.run(&[&["check"], arguments].concat())
}

/// Runs twice with the cache, which may hold something or nothing, and once without.
#[track_caller]
fn assert_same(project: &Project, arguments: &[&str]) {
    let plain = without(project, arguments);
    for turn in ["first", "second"] {
        assert_eq!(with(project, arguments), plain, "the {turn} run of {arguments:?}");
    }
}

fn sample() -> Project {
    let files = [
        ("tests/test_a.py", FLAKY),
        ("tests/test_b.py", UNSORTED),
        ("tests/deep/test_c.py", STEADY),
        ("x.py", ""),
    ];
    Project::committed(&files)
}

#[test]
fn every_form_is_the_same_over_every_project() {
    let projects = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/projects");
    let mut hints = 0;
    let folders = fs::read_dir(projects).unwrap().map(|entry| entry.unwrap().path());
    for folder in folders.filter(|path| path.is_dir()) {
        let project = Project::new(&[]);
        fs::remove_file(project.path("pytest.ini")).unwrap();
        copy(&folder, project.as_ref());
        for format in FORMATS {
            assert_same(&project, &["--output-format", format]);
            assert_same(&project, &["--output-format", format, "--min-confidence", "possible"]);
        }
        assert_eq!(project.kept().len(), 1, "{}", folder.display());
        hints += usize::from(with(&project, &[]).code == Some(1));
    }
    assert!(hints > 5, "{hints} projects with hints");
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap() {
            kind if kind.is_dir() => copy(&entry.path(), &target),
            kind if kind.is_file() => drop(fs::copy(entry.path(), target).unwrap()),
            _ => {}
        }
    }
}

/// Flags that choose, show or hide work on what is kept; those that change the answers have an entry of their own.
#[test]
fn flags_are_obeyed_whatever_is_kept() {
    let project = sample();
    project.write("tests/test_d.py", UNSORTED);
    let views: [&[&str]; 12] = [
        &[],
        &["--min-confidence", "possible"],
        &["--min-confidence", "confirmed"],
        &["--since", "main"],
        &["--statistics"],
        &["--exit-zero"],
        &["tests/test_a.py"],
        &["tests/deep", "x.py"],
        &["x.py"],
        &["--force-exclude", "tests"],
        &["pytest.ini"],
        &["nowhere"],
    ];
    for arguments in views.iter().chain(views.iter().rev()) {
        assert_same(&project, arguments);
    }
    assert_eq!(project.kept().len(), 1);
    assert_same(&project, &["--select", "unisolated-file"]);
    assert_same(&project, &["--ignore", "unisolated-file"]);
    assert_same(&project, &[]);
    assert_eq!(project.kept().len(), 3);
}

#[test]
fn a_baseline_is_a_view_too() {
    let project = sample();
    with(&project, &[]).ends_with(1);
    with(&project, &["--baseline=write"]).ends_with(0);
    assert_same(&project, &[]);
    assert_same(&project, &["--baseline=ignore"]);
    project.write("tests/test_b.py", STEADY);
    assert_same(&project, &[]);
    assert_same(&project, &["--strict-baseline"]);
    fs::rename(project.path("tests/test_a.py"), project.path("tests/test_z.py")).unwrap();
    assert_same(&project, &[]);
    let pruned = with(&project, &["--baseline=prune"]);
    assert!(pruned.err.contains("dropped"), "{}", pruned.err);
    assert_same(&project, &[]);
}

#[test]
fn what_changed_is_seen() {
    let project = sample();
    assert_same(&project, &[]);
    let changes: [(&str, &str); 9] = [
        ("tests/test_a.py", STEADY),
        ("tests/test_a.py", FLAKY),
        (
            "tests/conftest.py",
            "import pytest\n\n@pytest.fixture(autouse=True)\ndef f(monkeypatch, tmp_path):\n    monkeypatch.chdir(tmp_path)\n",
        ),
        ("tests/test_new.py", FLAKY),
        ("flakeless.toml", "severity.unisolated-file = 'error'\n"),
        ("flakeless.toml", "ignore = ['unisolated-file']\n"),
        ("flakeless.toml", "unknown = 1\n"),
        ("pytest.ini", "[pytest]\npython_files = check_*.py\n"),
        ("tests/check_a.py", UNSORTED),
    ];
    for (path, text) in changes {
        project.write(path, text);
        for format in ["full", "github"] {
            assert_same(&project, &["--output-format", format]);
        }
    }
    fs::remove_file(project.path("flakeless.toml")).unwrap();
    fs::remove_file(project.path("pytest.ini")).unwrap();
    assert_same(&project, &[]);
}

/// Fixes go past the cache, and what they change is seen.
#[test]
fn fixes_are_made_and_seen() {
    let project = sample();
    with(&project, &[]).ends_with(1).says("2 hints");
    with(&project, &["--diff"]).ends_with(1).says("+@pytest.mark.parametrize");
    with(&project, &["--fix"]).ends_with(1).says("Fixed 1 hint in 1 file").says("1 hint:");
    assert_same(&project, &[]);
    with(&project, &[]).says("1 hint:");
}

#[test]
fn without_a_cache_nothing_is_written() {
    let project = sample();
    let before = project.files();
    without(&project, &[]).ends_with(1);
    assert!(project.kept().is_empty());
    with(&project, &[]).ends_with(1);
    assert_eq!(project.kept().len(), 1);
    let entry = fs::read(&project.kept()[0]).unwrap();
    project.write("tests/test_new.py", FLAKY);
    without(&project, &[]).ends_with(1).says("3 hints");
    assert_eq!(fs::read(&project.kept()[0]).unwrap(), entry);
    fs::remove_file(project.path("tests/test_new.py")).unwrap();
    assert_eq!(project.files(), before);
}

#[test]
fn a_damaged_entry_is_as_good_as_none() {
    let project = sample();
    let plain = without(&project, &[]);
    assert_eq!(with(&project, &[]), plain);
    let entry = project.kept().pop().unwrap();
    let whole = fs::read(&entry).unwrap();
    let cut = [0, 1, 16, 63, 64, whole.len() / 2, whole.len() - 1].map(|at| whole[..at].to_vec());
    let flipped = [3, 20, 50, 70, whole.len() - 1].map(|at| {
        let mut bytes = whole.clone();
        bytes[at] ^= 4;
        bytes
    });
    for damaged in cut.into_iter().chain(flipped) {
        fs::write(&entry, &damaged).unwrap();
        assert_eq!(with(&project, &[]), plain);
        assert_ne!(fs::read(&entry).unwrap(), damaged, "it is made anew");
        assert_eq!(with(&project, &[]), plain);
    }
    fs::remove_file(&entry).unwrap();
    fs::create_dir(&entry).unwrap();
    assert_eq!(with(&project, &[]), plain);
}

#[test]
fn several_processes_at_once_leave_a_whole_entry() {
    let project = sample();
    let plain = without(&project, &[]);
    for _ in 0..3 {
        let start =
            |_| project.command(&["check"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let children: Vec<_> = (0..6).map(start).collect();
        for child in children {
            assert_eq!(Run::of(&child.wait_with_output().unwrap()), plain);
        }
        assert_eq!(project.kept().len(), 1);
        assert_eq!(with(&project, &[]), plain);
        project.write("x.py", "y = 1\n");
    }
}

/// Wherever it is killed, what it leaves behind does no harm.
#[test]
fn a_killed_process_leaves_a_usable_cache() {
    let project = sample();
    let plain = without(&project, &[]);
    for milliseconds in (0..40).step_by(2) {
        project.write("x.py", format!("y = {milliseconds}\n"));
        let mut child =
            project.command(&["check"]).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(with(&project, &[]), plain);
    }
}

#[test]
fn a_chosen_folder_ignores_itself() {
    let project =
        Project::committed(&[("flakeless.toml", "cache-dir = '.flakeless'\n"), ("test_a.py", FLAKY)]);
    assert_same(&project, &[]);
    assert!(project.kept().is_empty());
    assert!(project.read(".flakeless/.gitignore").ends_with("\n*\n"));
    assert!(
        project.read(".flakeless/CACHEDIR.TAG").starts_with("Signature: 8a477f597d28d172789f06886806bc55")
    );
    let entries = fs::read_dir(project.path(".flakeless")).unwrap();
    assert_eq!(entries.count(), 3);
    project.git(&["add", "--all"]);
    let unchanged = ["diff", "--cached", "--quiet"];
    project.git(&unchanged);
}

/// Only who chose the folder is told.
#[test]
fn a_folder_that_cannot_be_written_fails_nothing() {
    let project = Project::new(&[
        ("flakeless.toml", "cache-dir = 'taken/cache'\n"),
        ("taken", ""),
        ("test_a.py", FLAKY),
    ]);
    let run = with(&project, &[]).ends_with(1);
    assert_eq!(run.err.lines().count(), 1, "{}", run.err);
    run.warns("warning: nothing is kept in taken/cache (setting `cache-dir`): ");
    fs::remove_file(project.path("flakeless.toml")).unwrap();
    let mut command = project.command(&["check"]);
    let run = Run::of(&command.env("XDG_CACHE_HOME", project.path("taken")).output().unwrap()).ends_with(1);
    assert_eq!(run.err, "");
}

/// A home directory that is not there is not made.
#[test]
fn without_a_user_nothing_is_kept() {
    let project = sample();
    let before = project.files();
    let mut command = project.command(&["check"]);
    Run::of(&command.env_remove("XDG_CACHE_HOME").output().unwrap()).ends_with(1);
    assert_eq!(project.files(), before);
}
