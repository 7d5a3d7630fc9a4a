//! What somebody else put in the place of what was kept.

use std::path::PathBuf;
use std::sync::OnceLock;

use analysis::settings::Overrides;
use tempfile::TempDir;

use super::entry::{Entry, KeptReport};
use super::places::Place;
use super::seen::{Seen, hash_of};
use super::{Date, Recalled, seal};
use crate::answers::Answers as _;
use crate::cli::hold::print_all;
use crate::discover::Root;
use crate::disk::Disk;

const TEXT: &str = "def test_a():\n    é = open('/tmp/a.txt', 'w').close()\n";

/// A project with one test, which stays.
fn file() -> PathBuf {
    static FOLDER: OnceLock<Option<(TempDir, PathBuf)>> = OnceLock::new();
    let made = FOLDER.get_or_init(|| {
        let folder = tempfile::tempdir().ok()?;
        let file = folder.path().join("test_a.py");
        std::fs::write(&file, TEXT).ok()?;
        Some((folder, file))
    });
    made.as_ref().map(|(_, file)| file.clone()).unwrap_or_default()
}

/// Bytes as an entry, and as the answers of an entry whose other half is what it should be: all that is printed of them.
pub(crate) fn holds(bytes: &[u8]) {
    assert!(seal::open(7, bytes).is_none_or(|payload| seal::seal(7, payload) == bytes));
    if let Ok(entry) = postcard::from_bytes::<Entry>(bytes) {
        show(entry);
    }
    let Ok((project, reports)) = postcard::from_bytes::<(_, Vec<(Place, KeptReport)>)>(bytes) else { return };
    let (seen, _) = Seen::read(&Disk::default(), &file());
    show(Entry {
        today: Some(Date { year: 2026, month: 2, day: 3 }),
        listing: hash_of(std::iter::empty()),
        listed: vec![Some(seen)],
        others: Vec::new(),
        folders: Vec::new(),
        unlisted: vec![PathBuf::from("/flakeless-nowhere/a.py")],
        project,
        reports,
    });
}

fn show(entry: Entry) {
    let file = file();
    let folder = file.parent().unwrap_or(&file).to_owned();
    let roots = [Root { path: folder, files: vec![file.clone()] }];
    let (listing, overrides, disk) = ([file.as_path()], Overrides::default(), Disk::default());
    let recalled = Recalled::new(entry, &disk, &listing, &roots, &overrides, false);
    let files: Vec<PathBuf> = recalled
        .test_files()
        .into_iter()
        .chain(recalled.configuration_files())
        .chain([file.clone()])
        .collect();
    recalled.problems();
    recalled.homes();
    print_all(&recalled, &roots, &files);
}
