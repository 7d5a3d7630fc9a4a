//! No hint is lost since a rule looks only at items of its roles and words, and of which it says that it may find something.
//!
//! Every case of a page and every project of `testdata` is looked at both ways where it is run (`testkit::analysed`). Any
//! other projects, one in each folder of a directory, with
//! `PYTHON_FILES=$PWD/DIRECTORY cargo test --release -p flakeless-analysis --test skipping -- --ignored --nocapture`.
#![allow(clippy::print_stdout, reason = "prints what it found")]
#![allow(clippy::expect_used, reason = "a test that cannot go on must fail, and says where")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use analysis::workspace::{Date, Workspace};
use testkit::{CONFIGURATIONS, Disk, TODAY, python_files};

#[test]
#[ignore = "needs PYTHON_FILES, a directory"]
fn nothing_is_lost_in_other_projects() {
    let directory = std::env::var_os("PYTHON_FILES").expect("PYTHON_FILES is set");
    let entries = std::fs::read_dir(directory).expect("PYTHON_FILES can be read");
    let mut projects: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    projects.retain(|path| path.is_dir());
    projects.sort();
    let looked_at: Vec<(usize, usize)> = projects.iter().map(|project| lost_in(project)).collect();
    let files: usize = looked_at.iter().map(|(files, _)| files).sum();
    let lost: usize = looked_at.iter().map(|(_, lost)| lost).sum();
    assert!(files > 0, "there are test files");
    assert_eq!(lost, 0);
}

/// How many files of the project in a folder are looked at, and how many hints are lost there; each is told.
fn lost_in(root: &Path) -> (usize, usize) {
    let workspace = read(root);
    let files = workspace.test_files();
    let (next, lost) = (AtomicUsize::new(0), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            let work = || {
                while let Some(path) = files.get(next.fetch_add(1, Ordering::Relaxed)) {
                    for hint in workspace.lost_hints(path) {
                        lost.fetch_add(1, Ordering::Relaxed);
                        println!("lost: {} {} {}", path.display(), hint.rule, hint.message);
                    }
                }
            };
            // The engine follows the nesting of its input.
            thread::Builder::new()
                .stack_size(8 << 20)
                .spawn_scoped(scope, work)
                .expect("the system gives threads");
        }
    });
    println!("{}: {} files, {} hints lost", root.display(), files.len(), lost.load(Ordering::Relaxed));
    (files.len(), lost.into_inner())
}

fn read(root: &Path) -> Workspace {
    let python = python_files(root);
    let folders: BTreeSet<&Path> = python
        .iter()
        .flat_map(|path| path.ancestors().skip(1))
        .filter(|folder| folder.starts_with(root))
        .collect();
    let names = || CONFIGURATIONS.into_iter().chain(["flakeless.toml"]);
    let configuration = folders.iter().flat_map(|folder| names().map(|name| folder.join(name)));
    let files = configuration.filter(|path| path.is_file()).chain(python.iter().cloned()).collect();
    let (year, month, day) = TODAY;
    let mut workspace = Workspace::new(Arc::new(Disk), Date { year, month, day });
    workspace.set_files(root, files);
    workspace
}
