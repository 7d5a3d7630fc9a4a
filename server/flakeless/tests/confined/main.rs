//! Looking at a project runs nothing of it, reads nothing outside of it but the configuration above, writes nothing but what
//! was asked for, and opens no connection: shown by the calls that the real binary makes.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![allow(clippy::print_stderr, reason = "a test that was not made says so")]

mod project;
mod trace;

use std::path::{Path, PathBuf};
use std::process::Command;

use project::Hostile;
use testkit::can_trace;
use trace::Deeds;

/// What any program reads before its first own step, and what our libraries ask of the machine.
fn is_of_the_system(path: &Path) -> bool {
    let loader = path == Path::new("/etc/ld.so.cache") || path.extension().is_some_and(|it| it == "so");
    let library = path.to_string_lossy().contains(".so.");
    // How many cores and how much memory there are.
    let machine = ["/proc", "/sys/fs/cgroup", "/sys/devices/system", "/sys/kernel/mm"]
        .iter()
        .any(|folder| path.starts_with(folder));
    let device = ["/dev/null", "/dev/tty"].iter().any(|device| path == Path::new(device));
    loader || library || machine || device
}

/// What was read that is none of the project's business.
fn read_elsewhere<'a>(deeds: &'a Deeds, hostile: &Hostile) -> Vec<&'a PathBuf> {
    let is_above = |path: &Path| hostile.configuration_above().iter().any(|above| above == path);
    let known =
        |path: &Path| path.starts_with(hostile.workspace()) || is_above(path) || is_of_the_system(path);
    deeds.read.iter().filter(|path| !known(path)).collect()
}

#[track_caller]
fn assert_only_looked(deeds: &Deeds, hostile: &Hostile) {
    assert_eq!(deeds.started, [""; 0]);
    assert_eq!(deeds.network, [""; 0]);
    assert_eq!(deeds.written, [""; 0]);
    assert_eq!(read_elsewhere(deeds, hostile), [""; 0].map(PathBuf::from).iter().collect::<Vec<_>>());
    // What it was to look at, and what leads out of there.
    assert!(deeds.read.iter().any(|path| path.ends_with("tests/test_a.py")), "{:?}", deeds.read);
    hostile.assert_untouched();
}

#[test]
fn check_only_looks() {
    if !can_trace() {
        return;
    }
    let hostile = Hostile::new();
    for arguments in [
        &["check", "--no-cache"][..],
        &["check", "--no-cache", "--output-format", "sarif", "tests"],
        &["check", "--diff", "--unsafe-fixes"],
        &["project"],
    ] {
        let deeds = hostile.trace(arguments);
        assert_only_looked(&deeds, &hostile);
    }
}

/// Without a flag, what was found is kept in the user's cache folder, and only there.
#[test]
fn what_is_kept_goes_to_the_cache_and_nowhere_else() {
    if !can_trace() {
        return;
    }
    let hostile = Hostile::new();
    let mut deeds = hostile.trace(&["check"]);
    let cache = hostile.cache().display().to_string();
    let count = deeds.written.len();
    deeds.written.retain(|call| !call.contains(&cache));
    assert!(deeds.written.len() < count);
    deeds.read.retain(|path| !path.starts_with(&cache));
    assert_only_looked(&deeds, &hostile);
}

/// A fix writes the files that it names: one beside each, which takes its place.
#[test]
fn a_fix_writes_what_was_asked() {
    if !can_trace() {
        return;
    }
    let hostile = Hostile::new();
    let deeds = hostile.trace(&["check", "--fix", "--unsafe-fixes", "tests/test_a.py"]);
    let folder = hostile.workspace().join("tests").display().to_string();
    let other: Vec<&String> = deeds.written.iter().filter(|call| !call.contains(&folder)).collect();
    assert_eq!(other, [""; 0].map(String::from).iter().collect::<Vec<_>>());
    assert_eq!(
        deeds.written.iter().filter(|call| call.starts_with("rename")).count(),
        1,
        "{:#?}",
        deeds.written
    );
    assert_eq!((deeds.started.len(), deeds.network.len()), (0, 0));
    hostile.assert_untouched();
}

/// The editor opens documents, asks everything, and has the whole workspace checked.
#[test]
fn the_server_only_looks() {
    if !can_trace() {
        return;
    }
    let hostile = Hostile::new();
    let deeds = hostile.trace_server();
    assert_only_looked(&deeds, &hostile);
}

/// Each kind of deed, done by another program, is heard: the tests above can fail.
#[test]
fn a_decoy_is_caught() {
    if !can_trace() {
        return;
    }
    let hostile = Hostile::new();
    let decoy = |script: &str| {
        let mut python = Command::new("python3");
        python.args(["-SEc", script]).current_dir(hostile.workspace());
        hostile.heard(&python)
    };
    let names = |deeds: &[String]| -> Vec<String> {
        deeds.iter().map(|call| call.split('(').next().unwrap_or_default().to_owned()).collect()
    };
    let deeds = decoy("import os; os.spawnv(os.P_WAIT, '/bin/true', ['true'])");
    assert!(names(&deeds.started).contains(&"execve".to_owned()), "{deeds:#?}");
    let deeds = decoy("import socket; socket.socket().connect_ex(('127.0.0.1', 9))");
    assert!(names(&deeds.network).contains(&"connect".to_owned()), "{deeds:#?}");
    let deeds =
        decoy("open('made', 'w'); import os; os.mkdir('folder'); os.remove('made'); os.rmdir('folder')");
    for call in ["openat", "mkdir", "unlink", "rmdir"] {
        assert!(names(&deeds.written).contains(&call.to_owned()), "{call}: {deeds:#?}");
    }
    let secret = hostile.secret();
    let deeds = decoy(&format!("open({secret:?})"));
    assert!(read_elsewhere(&deeds, &hostile).contains(&&secret), "{deeds:#?}");
    let deeds = decoy("open('tests/test_link.py')");
    assert!(read_elsewhere(&deeds, &hostile).contains(&&secret), "{deeds:#?}");
}
