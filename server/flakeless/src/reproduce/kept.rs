//! What was found is kept in the project, under `.flakeless`, with the tests as they were then: it counts while they are so.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use analysis::workspace::Workspace;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::Attempt;
use super::lab::without_parameters;
use super::suite::file_of;
use crate::disk;
use crate::write;

const FOLDER: &str = ".flakeless";
const VERSION: u32 = 1;

/// So many results are read back. A project may hold any number of files.
const MOST: usize = 10_000;
/// In bytes; larger ones are not ours.
const LARGEST: u64 = 4 << 20;

#[derive(Serialize, Deserialize)]
struct Kept<T> {
    version: u32,
    test: String,
    /// The tests that it rests on.
    seen: Vec<Seen>,
    found: T,
}

/// A test, and what its code was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seen {
    /// The node id without parameters.
    pub(crate) test: String,
    /// The hash of its code.
    text: String,
}

impl Seen {
    /// As it is now; `None` if the file that its node id names defines no such test.
    pub(crate) fn of(workspace: &Workspace, root: &Path, test: &str) -> Option<Seen> {
        let (test, path) = (without_parameters(test), root.join(file_of(test)));
        let code = workspace.test(&path, test)?.code;
        let text = workspace.text(&path)?;
        let hash = xxh3_128(code.slice(text.as_str()).as_bytes());
        Some(Seen { test: test.to_owned(), text: format!("{hash:032x}") })
    }
}

/// What was found about a test, as it is read back.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    /// The node id, with parameters where it was run with some.
    pub(crate) test: String,
    pub(crate) seen: Vec<Seen>,
    pub(crate) attempt: Attempt,
}

/// Where results are kept; `None` where a link of the project would lead elsewhere.
pub(crate) fn folder(root: &Path) -> Option<PathBuf> {
    let outer = root.join(FOLDER);
    let folder = outer.join("reproduced");
    (!outer.is_symlink() && !folder.is_symlink()).then_some(folder)
}

/// Writes what was found, and gives the file. `seen` are the tests that it rests on. The folder tells git to leave it alone.
///
/// # Errors
/// Also where a link of the project would lead the write elsewhere.
pub(crate) fn keep<T: Serialize>(root: &Path, test: &str, seen: Vec<Seen>, found: &T) -> io::Result<PathBuf> {
    let outer = root.join(FOLDER);
    let (folder, ignore) = (outer.join("reproduced"), outer.join(".gitignore"));
    let path = folder.join(format!("{:032x}.json", xxh3_128(test.as_bytes())));
    for place in [&outer, &folder, &ignore, &path] {
        if place.is_symlink() {
            return Err(io::Error::other(format!("{} is a link", place.display())));
        }
    }
    fs::create_dir_all(&folder)?;
    if !ignore.exists() {
        write::output(&ignore, b"*\n")?;
    }
    let kept = Kept { version: VERSION, test: test.to_owned(), seen, found };
    write::output(&path, &serde_json::to_vec_pretty(&kept)?)?;
    Ok(path)
}

/// All that is kept, in the same order every time. What is no result of this version is passed over.
pub(crate) fn read(root: &Path) -> Vec<Record> {
    let Some(folder) = folder(root) else { return Vec::new() };
    let names = disk::names_in(&folder).into_iter().filter(|name| name.ends_with(".json")).take(MOST);
    names.filter_map(|name| parse(&regular(&folder.join(name))?)).collect()
}

/// The bytes of a file that is no link and not too large.
fn regular(path: &Path) -> Option<Vec<u8>> {
    let metadata = fs::symlink_metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > LARGEST {
        return None;
    }
    disk::read(path).ok().map(|(bytes, _)| bytes)
}

fn parse(bytes: &[u8]) -> Option<Record> {
    let Kept { version, test, seen, found } = serde_json::from_slice::<Kept<Attempt>>(bytes).ok()?;
    (version == VERSION).then_some(Record { test, seen, attempt: found })
}

/// Any bytes are a result or none.
#[cfg(any(test, fuzzing))]
pub(crate) fn holds(bytes: &[u8]) {
    if let Some(Record { test, attempt, .. }) = parse(bytes) {
        let said = super::words::verdict(&attempt);
        assert!(said.contains("eproduced") || said.starts_with("Stopped"), "{test}: {said}");
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn no_link_of_the_project_leads_elsewhere() {
        let elsewhere = tempfile::tempdir().unwrap();
        for link in [".flakeless", ".flakeless/reproduced"] {
            let root = tempfile::tempdir().unwrap();
            let link = root.path().join(link);
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(elsewhere.path(), &link).unwrap();
            let said = keep(root.path(), "test_a.py::test_b", Vec::new(), &"found").unwrap_err();
            assert!(said.to_string().ends_with("is a link"), "{said}");
            assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
        }
        let root = tempfile::tempdir().unwrap();
        let kept = keep(root.path(), "test_a.py::test_b", Vec::new(), &"found").unwrap();
        assert!(kept.starts_with(root.path().join(".flakeless/reproduced")));
        assert_eq!(kept, keep(root.path(), "test_a.py::test_b", Vec::new(), &"found again").unwrap());
    }
}
