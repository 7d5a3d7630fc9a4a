//! Files and folders that cannot be read: said once, passed over, the rest goes on.

use std::fs::{self, File};

use crate::project::{FLAKY, Project, STEADY};

fn said_once(text: &str, needle: &str) {
    assert_eq!(text.matches(needle).count(), 1, "{needle:?} in {text}");
}

#[test]
fn a_huge_file() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    File::create(project.path("test_huge.py")).unwrap().set_len(50 << 20).unwrap();
    let run = project.run(&["check"]).ends_with(1).says("test_a.py:2:");
    said_once(&run.err, "warning: test_huge.py:1: ");
}

#[test]
fn a_file_of_nothing_but_brackets() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    project.write("test_deep.py", "(".repeat(200_000));
    project.run(&["check"]).ends_with(1).says("test_a.py:2:");
}

#[test]
fn bytes_that_are_no_text() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    project.write("test_bytes.py", b"def test_x():\n    open('out.txt', 'w') # \xff\n");
    project.write("test_nul.py", b"def test_x():\n    pass\0\n");
    project.run(&["check"]).ends_with(1).says("test_a.py:2:");
}

#[test]
fn configuration_that_does_not_parse() {
    let project =
        Project::new(&[("test_a.py", FLAKY), ("pyproject.toml", "[project]\nname = \"x\"\n[tool.pytest\n")]);
    let run = project.run(&["check"]).ends_with(1).says("test_a.py:2:");
    said_once(&run.err, "warning: pyproject.toml:3: ");
}

#[test]
fn a_conftest_that_does_not_parse() {
    let project = Project::new(&[("tests/conftest.py", "def broken(:\n  )(\n"), ("tests/test_a.py", FLAKY)]);
    project.run(&["check"]).ends_with(1).says("tests/test_a.py:2:");
}

#[test]
fn settings_that_are_not_known() {
    let project = Project::new(&[("test_a.py", FLAKY), ("flakeless.toml", "ignore = []\nno-such-key = 1\n")]);
    let run = project.run(&["check"]).ends_with(1);
    said_once(&run.err, "warning: flakeless.toml:2: ");
    assert!(run.err.contains("no-such-key"), "{}", run.err);
}

#[cfg(unix)]
#[test]
fn links_that_loop_or_lead_nowhere() {
    use std::os::unix::fs::symlink;
    let project = Project::new(&[("tests/test_a.py", FLAKY)]);
    symlink("..", project.path("tests/up")).unwrap();
    symlink("self.py", project.path("tests/self.py")).unwrap();
    symlink("gone.py", project.path("tests/test_gone.py")).unwrap();
    let run = project.run(&["check"]).ends_with(1).says("1 hint: 1 test in 1 file.");
    said_once(&run.err, "warning: tests/up: passed over: a symlink loop");
    said_once(&run.err, "warning: tests/self.py: passed over: ");
    said_once(&run.err, "warning: tests/test_gone.py: passed over: ");
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_opened() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    let made = std::process::Command::new("mkfifo").arg(project.path("test_pipe.py")).status();
    assert!(made.unwrap().success());
    let run = project.run(&["check"]).ends_with(1).says("test_a.py:2:");
    said_once(&run.err, "test_pipe.py");
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt as _;
    use std::os::unix::process::CommandExt as _;
    const NOBODY: u32 = 65_534;

    let project = Project::new(&[("closed/test_b.py", STEADY), ("test_a.py", FLAKY)]);
    let mode =
        |path: &str, mode| fs::set_permissions(project.path(path), fs::Permissions::from_mode(mode)).unwrap();
    mode("closed", 0o000);
    let mut command = project.command(&["check"]);
    if fs::read_dir(project.path("closed")).is_ok() {
        // Permission bits do not bind the superuser, who runs this: somebody else checks then.
        mode("", 0o755);
        command.uid(NOBODY).gid(NOBODY);
    }
    let output = command.output();
    mode("closed", 0o755);
    let output = match output {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            eprintln!("not tested: nobody else may run the binary here: {error}");
            return;
        }
        output => output.unwrap(),
    };
    let (out, err) = (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert_eq!(output.status.code(), Some(1), "{out}{err}");
    assert!(out.contains("test_a.py:2:"), "{out}");
    said_once(&err, "warning: closed: passed over: ");
}

#[cfg(unix)]
#[test]
fn what_does_not_concern_the_paths_is_not_said() {
    use std::os::unix::fs::symlink;
    let project = Project::new(&[
        ("a/test_a.py", STEADY),
        ("b/test_b.py", STEADY),
        ("b/pytest.ini", "[pytest\n"),
        ("conftest.py", ""),
    ]);
    symlink("..", project.path("b/up")).unwrap();
    symlink("gone.py", project.path("a/conftest.py")).unwrap();
    let run = project.run(&["check", "a/test_a.py"]).ends_with(0);
    said_once(&run.err, "warning: ");
    run.warns("a/conftest.py: passed over");
    let run = project.run(&["check", "b"]).ends_with(0).warns("b/up: passed over").warns("b/pytest.ini:1: ");
    run.never_says("conftest.py");
}
