//! Names that are no text: other systems and old archives have them.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;

use crate::project::{FLAKY, Project, SORTED, UNSORTED};

/// Two names that look alike once their bytes are replaced.
const NAMES: [&[u8]; 2] = [b"t\xff/test_\xfe.py", b"t\xff/test_\xff.py"];

fn path(project: &Project, name: &[u8]) -> PathBuf {
    project.path("").join(OsStr::from_bytes(name))
}

fn odd() -> Project {
    let project = Project::new(&[]);
    for (name, text) in NAMES.iter().zip([FLAKY, UNSORTED]) {
        let path = path(&project, name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    project
}

#[test]
fn they_are_read_shown_and_remembered() {
    let project = odd();
    for format in ["full", "concise", "json", "github", "sarif", "junit"] {
        let first = project.run(&["check", "--output-format", format]).ends_with(1);
        assert_eq!(project.run(&["check", "--output-format", format]), first);
    }
    project
        .run(&["check"])
        .says("t\u{fffd}/test_\u{fffd}.py:4:")
        .says("t\u{fffd}/test_\u{fffd}.py:2:")
        .says("2 hints");
    project.run(&["check", "--output-format", "sarif"]).says("t%FF/test_%FE.py").says("t%FF/test_%FF.py");
}

#[test]
fn they_are_fixed_and_silenced() {
    let project = odd();
    project.run(&["check", "--fix"]).ends_with(1).says("Fixed 1 hint in 1 file.");
    assert_eq!(fs::read_to_string(path(&project, NAMES[1])).unwrap(), SORTED);
    project.run(&["check", "--add-ignores"]).ends_with(0).says("Silenced 1 hint in 1 file.");
    assert!(
        fs::read_to_string(path(&project, NAMES[0]))
            .unwrap()
            .contains("# flakeless: ignore[unisolated-file]")
    );
}

/// Each has accepted hints of its own, which are gone when it is.
#[test]
fn their_hints_are_accepted() {
    let project = odd();
    project.run(&["check", "--baseline=write"]).ends_with(0).warns("accepted 2 hints");
    let run = project.run(&["check"]).ends_with(0);
    assert_eq!(run.err, "");
    project.run(&["check", "--baseline=prune"]).ends_with(0).warns("nothing is gone, 2 accepted hints stay");
    fs::remove_file(path(&project, NAMES[0])).unwrap();
    project.run(&["check", "--baseline=prune"]).ends_with(0).warns("dropped 1 accepted hint, 1 stay");
    project.run(&["check"]).ends_with(0);
}
