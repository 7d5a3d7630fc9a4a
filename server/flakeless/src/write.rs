//! Writes a rewritten file in place of the old one, whole or not at all.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use analysis::paths::usual;
use analysis::workspace::ReadError;
use tempfile::NamedTempFile;

use crate::disk;

/// Where a rewritten text would go: the file itself, behind a link or not.
///
/// Fails in words when `path` leads out of `root` or does not hold `text` as plain UTF-8, which is also so when
/// it changed since it was read. `text` is `None` for a file that is not there yet.
pub(crate) fn target(path: &Path, root: &Path, text: Option<&str>) -> Result<PathBuf, String> {
    let real = match text {
        Some(_) => fs::canonicalize(path),
        None => canonical_parent(path),
    }
    .map_err(|error| error.to_string())?;
    let inside = fs::canonicalize(root).is_ok_and(|root| real.starts_with(root));
    if !inside {
        return Err(format!("it is a link to {}, outside of the project", usual(real).display()));
    }
    match (text, disk::read(&real)) {
        (None, Err(ReadError::Missing)) => Ok(real),
        (None, _) => Err("it was made meanwhile".to_owned()),
        (Some(_), Err(ReadError::Missing)) => Err("it is gone".to_owned()),
        (Some(_), Err(ReadError::Unreadable(why))) => Err(why),
        (Some(text), Ok((bytes, _))) if bytes == text.as_bytes() => Ok(real),
        (Some(_), Ok((bytes, _))) if std::str::from_utf8(&bytes).is_err() => {
            Err("it is not UTF-8".to_owned())
        }
        (Some(_), Ok(_)) => Err("it changed since it was read".to_owned()),
    }
}

fn canonical_parent(path: &Path) -> io::Result<PathBuf> {
    let parent = path.parent().unwrap_or(Path::new("/"));
    Ok(fs::canonicalize(parent)?.join(path.file_name().unwrap_or(OsStr::new(""))))
}

/// Puts `after` in the place of `before`, which is looked at once more. Keeps the file's mode.
pub(crate) fn replace(path: &Path, root: &Path, before: Option<&str>, after: &str) -> Result<(), String> {
    let target = target(path, root, before)?;
    write(&target, before.is_none(), after.as_bytes()).map_err(|error| error.to_string())
}

/// Puts `bytes` into a file that a person named for them, through a link if it is one. What is no plain file, such as a
/// pipe or `/dev/null`, is written to.
pub(crate) fn output(path: &Path, bytes: &[u8]) -> io::Result<()> {
    match fs::metadata(path) {
        Ok(there) if !there.is_file() => fs::OpenOptions::new().write(true).open(path)?.write_all(bytes),
        Ok(_) => write(&fs::canonicalize(path)?, false, bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            write(&std::path::absolute(path)?, true, bytes)
        }
        Err(error) => Err(error),
    }
}

fn write(target: &Path, is_new: bool, after: &[u8]) -> io::Result<()> {
    let folder = target.parent().unwrap_or(Path::new("/"));
    let mut file = beside(folder)?;
    if !is_new {
        file.as_file().set_permissions(fs::metadata(target)?.permissions())?;
    }
    file.write_all(after)?;
    file.as_file().sync_all()?;
    let persisted = if is_new { file.persist_noclobber(target) } else { file.persist(target) };
    persisted.map(drop).map_err(|error| error.error)
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
