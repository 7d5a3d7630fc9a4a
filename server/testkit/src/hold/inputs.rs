//! The files that a fuzz target begins with, and those that it found.

use std::fs;
use std::path::PathBuf;

use crate::repository;

/// Hands each input in the folders of these names to `hold`, and names it before, so that a panic has a file. A target has
/// a folder of its name; targets share others.
///
/// # Panics
/// Where an input cannot be read, or there is none.
#[expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test that cannot go on must fail, and says where"
)]
pub fn each_input(names: &[&str], hold: impl Fn(&[u8])) {
    let places = ["server/fuzz/seeds", "testdata/corpus/fuzz"].map(|place| repository().join(place));
    let folders = names.iter().flat_map(|name| places.iter().map(move |place| place.join(name)));
    let there = folders.filter_map(|folder| fs::read_dir(folder).ok());
    let mut files: Vec<PathBuf> = there.flatten().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty(), "{names:?} have no inputs");
    for path in files {
        eprintln!("{}", path.display());
        hold(&fs::read(path).unwrap());
    }
}
