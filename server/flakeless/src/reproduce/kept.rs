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
pub(crate) fn keep<T: Serialize>(root: &Path, test: &str, text: &str, found: &T) -> io::Result<PathBuf> {
    let folder = root.join(FOLDER).join("reproduced");
    fs::create_dir_all(&folder)?;
    let ignore = root.join(FOLDER).join(".gitignore");
    if !ignore.exists() {
        write::output(&ignore, b"*\n")?;
    }
    let path = folder.join(format!("{:032x}.json", xxh3_128(test.as_bytes())));
    let kept = Kept { version: 1, test, text: format!("{:032x}", xxh3_128(text.as_bytes())), found };
    write::output(&path, &serde_json::to_vec_pretty(&kept)?)?;
    Ok(path)
}
