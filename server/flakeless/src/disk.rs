//! The real disk as the engine's source of files.

use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read};
use std::path::{Component, Path, PathBuf};
use std::sync::{PoisonError, RwLock};
use std::time::SystemTime;

use analysis::workspace::{FileSource, ReadError};

/// Far above the engine's own cap, which is what a person is told of; this one only protects memory.
const LARGEST: u64 = 256 << 20;

const IRREGULAR: &str = "not a regular file";

/// Reads regular files, and follows a symlink only to a place that it was told of.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    /// As they are behind links.
    places: RwLock<Vec<PathBuf>>,
}

impl Disk {
    /// For files in and below `places`.
    pub(crate) fn within<'a>(places: impl IntoIterator<Item = &'a Path>) -> Disk {
        let disk = Disk::default();
        places.into_iter().for_each(|place| disk.admit(place));
        disk
    }

    /// Symlinks to `place`, which need not be there yet, or to what lies below, are followed from now on.
    pub(crate) fn admit(&self, place: &Path) {
        let Some(real) = behind_links(place) else { return };
        let mut places = self.places.write().unwrap_or_else(PoisonError::into_inner);
        if !places.contains(&real) {
            places.push(real);
        }
    }

    /// The place in or below which a file lies, behind all links. It need not be there yet.
    pub(crate) fn place_of(&self, file: &Path) -> Option<PathBuf> {
        let places = self.places.read().unwrap_or_else(PoisonError::into_inner);
        places.iter().find(|place| lies_below(file, place)).cloned()
    }

    pub(crate) fn holds(&self, file: &Path) -> bool {
        self.place_of(file).is_some()
    }

    /// The bytes of a file, and what the system said of it before they were read.
    pub(crate) fn read_known(&self, path: &Path) -> Result<(Vec<u8>, Metadata), ReadError> {
        let metadata = fs::symlink_metadata(path).map_err(|error| said(&error))?;
        if !metadata.is_symlink() {
            return read_regular(path, &metadata);
        }
        let target = fs::canonicalize(path).map_err(|error| said(&error))?;
        let places = self.places.read().unwrap_or_else(PoisonError::into_inner);
        if !places.iter().any(|place| target.starts_with(place)) {
            return Err(ReadError::Unreadable(LEADS_OUT.to_owned()));
        }
        drop(places);
        read(path)
    }
}

impl FileSource for Disk {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.read_known(path).map(|(bytes, _)| bytes)
    }

    fn names_in(&self, folder: &Path) -> Vec<String> {
        names_in(folder)
    }
}

/// What is said of a symlink to a file elsewhere: whoever sent the project decides where it leads, and what stands there
/// could be shown to others.
pub(crate) const LEADS_OUT: &str = "a symlink out of the project, not followed";

/// Whether a symlink leads to something that is not below `root`.
pub(crate) fn leads_out(link: &Path, root: &Path) -> bool {
    let Ok(target) = fs::canonicalize(link) else { return false };
    !fs::canonicalize(root).is_ok_and(|root| target.starts_with(root))
}

/// Whether `path` lies below `root` behind all links. Neither need be there yet.
pub(crate) fn lies_below(path: &Path, root: &Path) -> bool {
    behind_links(path).zip(behind_links(root)).is_some_and(|(path, root)| path.starts_with(root))
}

/// A path behind the links of as much of it as is there; `None` where the rest climbs.
fn behind_links(path: &Path) -> Option<PathBuf> {
    let (there, real) = path.ancestors().find_map(|there| Some((there, fs::canonicalize(there).ok()?)))?;
    let rest = path.strip_prefix(there).ok()?;
    let climbs = rest.components().any(|part| part == Component::ParentDir);
    // To join nothing would add a separator.
    let whole = if rest.as_os_str().is_empty() { real } else { real.join(rest) };
    (!climbs).then_some(whole)
}

/// The names in a folder, sorted.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// The bytes of a regular file, behind symlinks or not, and what the system said of it before they were read.
pub(crate) fn read(path: &Path) -> Result<(Vec<u8>, Metadata), ReadError> {
    let metadata = fs::metadata(path).map_err(|error| said(&error))?;
    read_regular(path, &metadata)
}

/// `metadata` was asked for before opening: a pipe would block, a device may act.
fn read_regular(path: &Path, metadata: &Metadata) -> Result<(Vec<u8>, Metadata), ReadError> {
    if !metadata.is_file() {
        return Err(ReadError::Unreadable(IRREGULAR.to_owned()));
    }
    if metadata.len() > LARGEST {
        return Err(ReadError::Unreadable(format!("too large to read: {} bytes", metadata.len())));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    let file = open(path).map_err(|error| said(&error))?;
    // Of what is read: something else may have taken the place of what was asked about.
    let metadata = file.metadata().map_err(|error| said(&error))?;
    if !metadata.is_file() {
        return Err(ReadError::Unreadable(IRREGULAR.to_owned()));
    }
    file.take(LARGEST).read_to_end(&mut bytes).map_err(|error| said(&error))?;
    Ok((bytes, metadata))
}

/// Opens a file to read it. A pipe that has taken its place holds nobody up.
fn open(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, libc::O_NONBLOCK);
    options.open(path)
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
