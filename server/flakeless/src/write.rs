//! Writes a rewritten file in place of the old one, whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, File, Metadata};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use analysis::paths::usual;
use analysis::workspace::ReadError;
use tempfile::NamedTempFile;

use crate::disk;

/// Whether a text could be rewritten.
///
/// Fails in words when `path` leads out of `root` or does not hold `text` as plain UTF-8, which is also so when
/// it changed since it was read. `text` is `None` for a file that is not there yet.
pub(crate) fn permit(path: &Path, root: &Path, text: Option<&str>) -> Result<(), String> {
    found(path, root, text).map(drop)
}

/// The file itself, behind a link or not, and what the system says of it if it is there.
fn found(path: &Path, root: &Path, text: Option<&str>) -> Result<(PathBuf, Option<Metadata>), String> {
    let real = match text {
        Some(_) => fs::canonicalize(path),
        None => canonical_parent(path),
    };
    let real = match real {
        Ok(real) => real,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(GONE.to_owned()),
        Err(error) => return Err(error.to_string()),
    };
    let inside = fs::canonicalize(root).is_ok_and(|root| real.starts_with(root));
    if !inside {
        return Err(format!("it is a link to {}, outside of the project", usual(real).display()));
    }
    match (text, disk::read(&real)) {
        (None, Err(ReadError::Missing)) => Ok((real, None)),
        (None, _) => Err("it was made meanwhile".to_owned()),
        (Some(_), Err(ReadError::Missing)) => Err(GONE.to_owned()),
        (Some(_), Err(ReadError::Unreadable(why))) => Err(why),
        (Some(text), Ok((bytes, seen))) if bytes == text.as_bytes() => Ok((real, Some(seen))),
        (Some(_), Ok((bytes, _))) if std::str::from_utf8(&bytes).is_err() => {
            Err("it is not UTF-8".to_owned())
        }
        (Some(_), Ok(_)) => Err(CHANGED.to_owned()),
    }
}

const CHANGED: &str = "it changed since it was read";
const GONE: &str = "it is gone";

fn canonical_parent(path: &Path) -> io::Result<PathBuf> {
    let parent = path.parent().unwrap_or(Path::new("/"));
    Ok(fs::canonicalize(parent)?.join(path.file_name().unwrap_or(OsStr::new(""))))
}

/// Puts `after` in the place of `before`, which is looked at once more. Keeps the file's mode and owner.
pub(crate) fn replace(path: &Path, root: &Path, before: Option<&str>, after: &str) -> Result<(), String> {
    let (target, seen) = found(path, root, before)?;
    write(&target, seen.as_ref(), after.as_bytes()).map_err(|error| error.to_string())
}

/// Puts `bytes` into a file that a person named for them, through a link if it is one. What is no plain file, such as a
/// pipe or `/dev/null`, is written to; so is a file of somebody else, whose owner a new one could not have.
pub(crate) fn output(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() => fs::OpenOptions::new().write(true).open(path)?.write_all(bytes),
        Ok(there) => match write(&fs::canonicalize(path)?, Some(&there), bytes) {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => fs::write(path, bytes),
            written => written,
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            write(&std::path::absolute(path)?, None, bytes)
        }
        Err(error) => Err(error),
    }
}

/// `seen`: the file that is there, which is left alone if it is not the one any more.
fn write(target: &Path, seen: Option<&Metadata>, after: &[u8]) -> io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("/"));
    let mut file = beside(folder)?;
    if let Some(seen) = seen {
        keep_owner(file.as_file(), seen)?;
        file.as_file().set_permissions(seen.permissions())?;
    }
    file.write_all(after)?;
    file.as_file().sync_all()?;
    let Some(seen) = seen else {
        return file.persist_noclobber(target).map(drop).map_err(|error| error.error);
    };
    // To look and to put the new file there are two steps, but nothing slow is between them.
    if !is_untouched(seen, &fs::symlink_metadata(target)?) {
        return Err(io::Error::other(CHANGED));
    }
    file.persist(target).map(drop).map_err(|error| error.error)
}

#[cfg(unix)]
fn keep_owner(file: &File, seen: &Metadata) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, fchown};
    let made = file.metadata()?;
    if (made.uid(), made.gid()) == (seen.uid(), seen.gid()) {
        return Ok(());
    }
    fchown(file, Some(seen.uid()), Some(seen.gid()))
        .map_err(|error| io::Error::new(error.kind(), format!("its owner and group cannot be kept: {error}")))
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) -> io::Result<()> {
    Ok(())
}

/// Whether both are of one file that was not written to in between.
#[cfg(unix)]
fn is_untouched(seen: &Metadata, now: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let known = |of: &Metadata| {
        (of.dev(), of.ino(), of.size(), of.mtime(), of.mtime_nsec(), of.ctime(), of.ctime_nsec())
    };
    known(seen) == known(now)
}

#[cfg(not(unix))]
fn is_untouched(seen: &Metadata, now: &Metadata) -> bool {
    seen.len() == now.len() && seen.modified().ok() == now.modified().ok()
}

/// A file in `folder` that goes away unless it is renamed, with the mode of any new file.
fn beside(folder: &Path) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".flakeless-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_that_changed_meanwhile_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.py");
        fs::write(&path, "new").unwrap();
        let refused = replace(&path, folder.path(), Some("old"), "fixed").unwrap_err();
        assert_eq!(refused, "it changed since it was read");
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        replace(&path, folder.path(), Some("new"), "fixed").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "fixed");
        assert_eq!(names(folder.path()), ["a.py"]);
    }

    #[test]
    fn a_file_that_vanished_is_left() {
        let folder = tempfile::tempdir().unwrap();
        replace(&folder.path().join("a.py"), folder.path(), Some("old"), "fixed").unwrap_err();
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn a_text_that_is_not_utf8_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.py");
        fs::write(&path, b"# \xff").unwrap();
        let refused = replace(&path, folder.path(), Some("# \u{fffd}"), "fixed").unwrap_err();
        assert_eq!(refused, "it is not UTF-8");
        assert_eq!(fs::read(&path).unwrap(), b"# \xff");
    }

    #[test]
    fn a_new_file_never_replaces_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("conftest.py");
        replace(&path, folder.path(), None, "made").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "made");
        assert_eq!(replace(&path, folder.path(), None, "again").unwrap_err(), "it was made meanwhile");
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_has_the_mode_of_any_new_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        let (made, plain) = (folder.path().join("conftest.py"), folder.path().join("plain.py"));
        replace(&made, folder.path(), None, "made").unwrap();
        fs::write(&plain, "").unwrap();
        assert_eq!(mode(&made), mode(&plain));
    }
}
