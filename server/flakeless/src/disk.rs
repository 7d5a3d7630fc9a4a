//! The real disk as the engine's source of files.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::Path;
use std::time::SystemTime;

use analysis::workspace::{FileSource, ReadError};

/// Far above the engine's own cap, which is what a person is told of; this one only protects memory.
const LARGEST: u64 = 256 << 20;

/// Reads regular files; symlinks are followed to them, nothing else is opened.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Disk;

impl FileSource for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        read(path).map(|(bytes, _)| bytes)
    }

    fn names_in(&self, folder: &Path) -> Vec<String> {
        let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
        let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }
}

/// The bytes of a file, and what the system said of it before they were read.
pub(crate) fn read(path: &Path) -> Result<(Vec<u8>, Metadata), ReadError> {
    // Asked before opening: a pipe would block, a device may act.
    let metadata = fs::metadata(path).map_err(|error| said(&error))?;
    if !metadata.is_file() {
        return Err(ReadError::Unreadable("not a regular file".to_owned()));
    }
    if metadata.len() > LARGEST {
        return Err(ReadError::Unreadable(format!("too large to read: {} bytes", metadata.len())));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    let of_open = File::open(path).and_then(|file| {
        // Of what is read: another file may have taken the place of the one that was asked about.
        let metadata = file.metadata()?;
        file.take(LARGEST).read_to_end(&mut bytes)?;
        Ok(metadata)
    });
    Ok((bytes, of_open.map_err(|error| said(&error))?))
}

/// A file's state on disk; `None` when it is not there.
pub(crate) type Stamp = Option<(SystemTime, u64)>;

pub(crate) fn stamp(path: &Path) -> Stamp {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len()))
}

fn said(error: &io::Error) -> ReadError {
    match error.kind() {
        ErrorKind::NotFound => ReadError::Missing,
        _ => ReadError::Unreadable(error.to_string()),
    }
}
