//! What was found is kept in the project, under `.flakeless`, by the test's node id and text.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_128;

use crate::write;

const FOLDER: &str = ".flakeless";

#[derive(Serialize)]
struct Kept<'a, T> {
    version: u32,
    test: &'a str,
    /// Of the test's text, so that a reader knows whether it is still the same.
    text: String,
    found: &'a T,
}

/// Writes what was found, and gives the file. The folder tells git to leave it alone.
///
/// # Errors
/// Also where a link of the project would lead the write elsewhere.
pub(crate) fn keep<T: Serialize>(root: &Path, test: &str, text: &str, found: &T) -> io::Result<PathBuf> {
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
    let kept = Kept { version: 1, test, text: format!("{:032x}", xxh3_128(text.as_bytes())), found };
    write::output(&path, &serde_json::to_vec_pretty(&kept)?)?;
    Ok(path)
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
            let said = keep(root.path(), "test_a.py::test_b", "", &"found").unwrap_err();
            assert!(said.to_string().ends_with("is a link"), "{said}");
            assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
        }
        let root = tempfile::tempdir().unwrap();
        let kept = keep(root.path(), "test_a.py::test_b", "", &"found").unwrap();
        assert!(kept.starts_with(root.path().join(".flakeless/reproduced")));
        assert_eq!(kept, keep(root.path(), "test_a.py::test_b", "", &"found again").unwrap());
    }
}
