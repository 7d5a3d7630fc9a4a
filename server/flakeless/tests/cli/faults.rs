//! Files that change between two looks at them. `strace` holds the program up at the opening of one file.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::project::{FLAKY, Project, Run, SORTED, UNSORTED};

/// The file that the program is held up at.
const HELD: &str = "tests/test_b.py";
/// Long enough for what happens meanwhile on a machine that does other things too.
const HOLD: Duration = Duration::from_millis(1500);
const LONG: Duration = Duration::from_secs(60);

#[derive(Clone, Copy)]
enum At {
    /// When it was looked at, and before it is opened.
    Door,
    /// When it is open, and nothing of it is read.
    Desk,
}

/// Runs the binary, holds it up at the n-th opening of [`HELD`], and lets `happen` happen then. `None` where that cannot be done.
fn held_up(
    project: &Project,
    arguments: &[&str],
    at: At,
    opening: u32,
    happen: impl FnOnce(),
) -> Option<Run> {
    if !testkit::can_trace() {
        return None;
    }
    let flakeless = project.command(arguments);
    // Each reading looks at the file, opens it, and looks at what it has opened.
    let (call, number) = match at {
        At::Door => ("statx", opening * 2 - 1),
        At::Desk => ("openat", opening),
    };
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-e", "signal=none", "-e"]).arg(format!("trace={call}")).arg("-o").arg(&log);
    command.arg("-P").arg(project.path(HELD));
    command.arg("-e").arg(format!("inject={call}:delay_exit={}:when={number}", HOLD.as_micros()));
    command.arg(flakeless.get_program()).args(arguments).current_dir(project);
    // Two threads may read one file, and then there is no saying which opening is which.
    command.env("RAYON_NUM_THREADS", "1").env("XDG_CACHE_HOME", folder.path()).stdin(Stdio::null());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let end = Instant::now() + LONG;
    while !fs::read_to_string(&log).unwrap_or_default().contains("(DELAYED)") {
        assert!(child.try_wait().unwrap().is_none(), "{arguments:?} was not held up");
        assert!(Instant::now() < end, "{arguments:?} does not come to {HELD}");
        sleep(Duration::from_millis(10));
    }
    happen();
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            child.kill().unwrap();
            panic!("{arguments:?} does not end");
        }
        sleep(Duration::from_millis(10));
    }
    Some(Run::of(&child.wait_with_output().unwrap()))
}

fn project() -> Project {
    Project::new(&[("tests/test_a.py", FLAKY), (HELD, UNSORTED)])
}

/// What becomes of a file, and what is said of it.
const FAULTS: [(&str, &str); 5] = [
    ("gone", ""),
    ("a folder", "warning: tests/test_b.py:1: "),
    ("a pipe", "warning: tests/test_b.py:1: not a regular file"),
    ("a loop", "warning: tests/test_b.py:1: "),
    ("another text", ""),
];

fn happen(fault: &str, path: &Path) {
    fs::remove_file(path).unwrap();
    match fault {
        "a folder" => fs::create_dir(path).unwrap(),
        "a pipe" => assert!(Command::new("mkfifo").arg(path).status().unwrap().success()),
        "a loop" => std::os::unix::fs::symlink("test_b.py", path).unwrap(),
        "another text" => fs::write(path, "def broken(:\n").unwrap(),
        _ => {}
    }
}

/// Whatever became of one file, the hints of the others are there, and what is no file any more is said.
#[test]
fn between_listing_and_reading() {
    for (fault, said) in FAULTS {
        let project = project();
        let Some(run) =
            held_up(&project, &["check", "--no-cache"], At::Door, 1, || happen(fault, &project.path(HELD)))
        else {
            return;
        };
        let run = run.ends_with(1).says("tests/test_a.py:2:").warns(said);
        assert!(!run.out.contains("unstable-parametrize"), "{fault}: {}", run.out);
    }
}

/// A fix is left out when the file is not what was read, at whatever time an editor put another one there.
#[test]
fn what_an_editor_saved_meanwhile_is_never_overwritten() {
    let saved = format!("{UNSORTED}\n\n# Saved meanwhile.\n");
    // The first is read for its hints, then it is looked at before it is fixed, and once more before it is written.
    for opening in [2, 3] {
        let project = project();
        let save = || {
            project.write("saved", &saved);
            fs::rename(project.path("saved"), project.path(HELD)).unwrap();
        };
        for at in [At::Door, At::Desk] {
            project.write(HELD, UNSORTED);
            let Some(run) = held_up(&project, &["check", "--fix"], at, opening, save) else { return };
            assert_eq!(project.read(HELD), saved, "opening {opening}: {}{}", run.out, run.err);
            run.ends_with(1).warns("it changed since it was read").never_says("Fixed");
        }
        assert!(project.files().iter().all(|path| !path.to_string_lossy().contains(".flakeless-")));
    }
}

/// The same for a comment that silences, and for a file that is gone.
#[test]
fn what_vanished_meanwhile_is_not_made_again() {
    let project = project();
    let remove = || fs::remove_file(project.path(HELD)).unwrap();
    let Some(run) = held_up(&project, &["check", "--add-ignores"], At::Door, 3, remove) else { return };
    run.warns("tests/test_b.py: not fixed: it is gone").says("Silenced 1 hint in 1 file.");
    assert!(!project.path(HELD).exists());
    project.write(HELD, UNSORTED);
    project.run(&["check", "--fix"]).says("Fixed 1 hint in 1 file.");
    assert_eq!(project.read(HELD), SORTED);
}
