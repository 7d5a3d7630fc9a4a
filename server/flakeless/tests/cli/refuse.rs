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

/// Whoever sent a project decides where its links lead, and a message about a file says what stands in it.
#[cfg(unix)]
#[test]
fn a_link_out_of_the_project_is_read_only_where_it_is_named() {
    use std::os::unix::fs::symlink;
    let elsewhere = Project::new(&[("secret", "token = 1 2\n"), ("shared.py", FLAKY)]);
    let project = Project::new(&[("test_a.py", STEADY)]);
    symlink(elsewhere.path("shared.py"), project.path("test_b.py")).unwrap();
    for name in ["flakeless.toml", "pyproject.toml", "tox.ini"] {
        symlink(elsewhere.path("secret"), project.path(name)).unwrap();
    }
    for _ in 0..2 {
        let run =
            project.run(&["check"]).ends_with(0).says("No hints: 1 test in 1 file.").never_says("token");
        said_once(&run.err, "warning: test_b.py: passed over: a symlink out of the project, not followed");
        said_once(&run.err, "warning: flakeless.toml: passed over: ");
    }
    project.run(&["check", "test_b.py"]).ends_with(1).says("test_b.py:2:");
}

/// Every name under which a file of settings, of configuration or of accepted hints is looked for.
#[cfg(unix)]
#[test]
fn pipes_are_not_opened_under_any_name() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    fs::remove_file(project.path("pytest.ini")).unwrap();
    fs::remove_dir(project.path(".git")).unwrap();
    let names = [
        "pyproject.toml",
        "flakeless.toml",
        "tox.ini",
        "setup.cfg",
        "conftest.py",
        "flakeless-baseline.json",
    ];
    fs::create_dir(project.path("below")).unwrap();
    for name in names.iter().chain(&["requirements.txt", "below/.gitignore"]) {
        let made = std::process::Command::new("mkfifo").arg(project.path(name)).status();
        assert!(made.unwrap().success());
    }
    let ended = |arguments: &[&str]| {
        let mut child = project
            .command(arguments)
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let end = std::time::Instant::now() + std::time::Duration::from_secs(20);
        while std::time::Instant::now() < end {
            if child.try_wait().unwrap().is_some() {
                return true;
            }
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        child.kill().unwrap();
        child.wait().unwrap();
        false
    };
    for arguments in
        [&["check"][..], &["check", "--baseline=write"], &["check", "--fix", "--unsafe-fixes"], &["project"]]
    {
        assert!(ended(arguments), "{arguments:?} waits for a pipe");
    }
    fs::remove_file(project.path("flakeless-baseline.json")).unwrap();
    project.run(&["check"]).ends_with(1).warns("below: passed over: its `.gitignore` is not a regular file");
    fs::rename(project.path("below/.gitignore"), project.path(".gitignore")).unwrap();
    assert!(ended(&["check"]), "a pipe as the first `.gitignore`");
}

/// A project's settings do not decide what is written elsewhere.
#[test]
fn nothing_is_written_out_of_the_project() {
    let elsewhere = Project::new(&[]);
    let before = elsewhere.files();
    let outside = elsewhere.path("new").display().to_string().replace('\\', "/");
    for folder in [outside.clone(), "missing/../../new".to_owned()] {
        let project = Project::new(&[("test_a.py", FLAKY)]);
        project.write("flakeless.toml", format!("cache-dir = '{folder}'\n"));
        let run = project.run(&["check"]).ends_with(1);
        said_once(&run.err, "`cache-dir` leads out of the project");
        assert_eq!(project.kept().len(), 1);
        project.write("flakeless.toml", format!("baseline = '{folder}/b.json'\n"));
        for arguments in [&["check"][..], &["check", "--baseline=write"], &["check", "--baseline=prune"]] {
            project.run(arguments).ends_with(2).warns("it lies outside of the project");
        }
        assert!(!project.path("missing").exists());
        assert!(!project.path("../new").exists());
    }
    assert_eq!(elsewhere.files(), before);
}
