//! Fixed files stay whose they were.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::os::unix::process::CommandExt as _;

use crate::project::{Project, Run, SORTED, UNSORTED};

const SOMEBODY: u32 = 4242;
const NOBODY: u32 = 65_534;

/// Whether files can be given away here: only the superuser may.
fn may_give_away(project: &Project) -> bool {
    let may = chown(project.path("test_a.py"), Some(SOMEBODY), Some(NOBODY)).is_ok();
    if !may {
        eprintln!("not tested: only the superuser gives files away");
    }
    may
}

#[test]
fn who_may_give_files_away_keeps_their_owner() {
    let project = Project::new(&[("test_a.py", UNSORTED)]);
    if !may_give_away(&project) {
        return;
    }
    fs::set_permissions(project.path("test_a.py"), fs::Permissions::from_mode(0o2640)).unwrap();
    project.run(&["check", "--fix"]).ends_with(0);
    assert_eq!(project.read("test_a.py"), SORTED);
    let now = fs::metadata(project.path("test_a.py")).unwrap();
    assert_eq!((now.uid(), now.gid(), now.mode() & 0o7777), (SOMEBODY, NOBODY, 0o2640));
}

#[test]
fn who_may_not_leaves_them() {
    let project = Project::new(&[("test_a.py", UNSORTED)]);
    if !may_give_away(&project) {
        return;
    }
    let mode =
        |path: &str, mode| fs::set_permissions(project.path(path), fs::Permissions::from_mode(mode)).unwrap();
    mode("", 0o777);
    mode("test_a.py", 0o644);
    let output = match project.command(&["check", "--fix"]).uid(NOBODY).gid(NOBODY).output() {
        Err(error) if error.kind() == std::io::ErrorKind::PermissionDenied => {
            eprintln!("not tested: nobody else may run the binary here: {error}");
            return;
        }
        output => output.unwrap(),
    };
    let run = Run::of(&output).ends_with(1);
    run.warns("test_a.py: not fixed: its owner and group cannot be kept: ").never_says("Fixed");
    assert_eq!(project.read("test_a.py"), UNSORTED);
    assert!(project.files().iter().all(|path| !path.to_string_lossy().contains(".flakeless-")));
}

#[test]
fn a_file_that_may_not_be_read_is_said() {
    let project = Project::new(&[("test_a.py", UNSORTED), ("test_b.py", UNSORTED)]);
    if !may_give_away(&project) {
        return;
    }
    let mode =
        |path: &str, mode| fs::set_permissions(project.path(path), fs::Permissions::from_mode(mode)).unwrap();
    mode("", 0o755);
    mode("test_a.py", 0o600);
    let Ok(output) = project.command(&["check"]).uid(NOBODY).gid(NOBODY).output() else { return };
    let run =
        Run::of(&output).ends_with(1).says("test_b.py:4:").warns("warning: test_a.py:1: Permission denied");
    run.never_says("test_a.py:4:");
}
