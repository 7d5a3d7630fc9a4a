//! The files that a fuzz target begins with, and those that it found.

use std::fs;
use std::path::PathBuf;

use crate::repository;

/// Hands each input of a target to `hold`, and names it before, so that a panic has a file.
///
/// # Panics
/// Where an input cannot be read, or there is none.
#[expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on must fail, and says where"
)]
pub fn each_input(target: &str, hold: impl Fn(&[u8])) {
    let folders =
        ["server/fuzz/seeds", "testdata/corpus/fuzz"].map(|folder| repository().join(folder).join(target));
    let there = folders.iter().filter_map(|folder| fs::read_dir(folder).ok());
    let mut files: Vec<PathBuf> = there.flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{target} has no inputs");
    for path in files {
        eprintln!("{}", path.display());
        hold(&fs::read(path).unwrap());
    }
}
