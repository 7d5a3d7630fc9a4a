//! Looks of our own at the disk, where the client does not tell of changes.
//!
//! Some clients watch nothing (Neovim on Linux), some report only what they wrote themselves (Helix), and a watcher may
//! miss what happens in a container or on a network drive. So with each opening, saving and question the conftests and
//! configuration files above the document are looked at: a few dozen `stat`s. With each saving all that is listed is: a
//! branch that was switched, a product module that was edited elsewhere.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::discover::{CONFIGURATION, is_wanted};
use crate::disk::{Stamp, stamp};

/// What files looked like.
#[derive(Debug, Default)]
pub(crate) struct Stamps(FxHashMap<PathBuf, Stamp>);

/// Which names folders held.
#[derive(Debug, Default)]
pub(crate) struct FolderNames(FxHashMap<PathBuf, Folder>);

#[derive(Debug)]
struct Folder {
    stamp: Stamp,
    names: BTreeSet<OsString>,
    /// It had changed so shortly before the look that another change may bear the same time.
    is_fresh: bool,
}

/// File systems tell times in steps of at most this.
const STEP: Duration = Duration::from_millis(20);

impl Stamps {
    /// The conftests and configuration files above `document`, up to `root`, that changed since the last look.
    pub(crate) fn changed_above(&mut self, document: &Path, root: &Path) -> Vec<PathBuf> {
        let folders = document.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
        let names = CONFIGURATION.iter().chain(&["conftest.py"]);
        let paths = folders.flat_map(|folder| names.clone().map(|name| folder.join(name)));
        self.take(stamps_of(paths))
    }

    /// Takes what files look like, and gives those that changed since the last look. The first look at a file finds no change.
    pub(crate) fn take(&mut self, now: impl IntoIterator<Item = (PathBuf, Stamp)>) -> Vec<PathBuf> {
        let mut changed = Vec::new();
        for (path, now) in now {
            if self.0.insert(path.clone(), now).is_some_and(|before| before != now) {
                changed.push(path);
            }
        }
        changed
    }
}

impl FolderNames {
    /// Whether files came to or went from the folders that hold `files`, all below `root`, since the last look.
    pub(crate) fn any_came_or_went<'a>(
        &mut self,
        root: &Path,
        files: impl Iterator<Item = &'a PathBuf>,
    ) -> bool {
        let mut folders: BTreeSet<&Path> = BTreeSet::new();
        for file in files {
            let above = file.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
            // The folders above a folder that is known are known.
            above.take_while(|folder| folders.insert(folder)).for_each(drop);
        }
        folders.into_iter().filter(|folder| self.has_other_names(folder)).count() > 0
    }

    /// Saving by way of a new file touches the folder and leaves the names as they were.
    fn has_other_names(&mut self, folder: &Path) -> bool {
        let now = stamp(folder);
        if self.0.get(folder).is_some_and(|known| known.stamp == now && !known.is_fresh) {
            return false;
        }
        let is_fresh = now.is_some_and(|(changed, _)| changed.elapsed().is_ok_and(|ago| ago < STEP));
        let names = names(folder);
        let seen = Folder { stamp: now, names: names.clone(), is_fresh };
        let before = self.0.insert(folder.to_owned(), seen);
        before.is_some_and(|before| before.names != names)
    }
}

/// What these files look like now.
pub(crate) fn stamps_of(files: impl Iterator<Item = PathBuf>) -> impl Iterator<Item = (PathBuf, Stamp)> {
    files.map(|path| {
        let now = stamp(&path);
        (path, now)
    })
}

/// The files of a folder that are read, and its folders.
fn names(folder: &Path) -> BTreeSet<OsString> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let wanted =
        entries.filter(|entry| is_wanted(&entry.path()) || entry.file_type().is_ok_and(|kind| kind.is_dir()));
    wanted.map(|entry| entry.file_name()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_changes_above_a_document_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let tests = root.join("tests");
        fs::create_dir(&tests).unwrap();
        fs::write(root.join("pyproject.toml"), "").unwrap();
        let document = tests.join("test_a.py");
        let mut stamps = Stamps::default();
        assert!(stamps.changed_above(&document, root).is_empty());
        fs::write(root.join("pyproject.toml"), "[tool.pytest]").unwrap();
        fs::write(tests.join("conftest.py"), "").unwrap();
        fs::write(tests.join("other.py"), "").unwrap();
        assert_eq!(
            stamps.changed_above(&document, root),
            [tests.join("conftest.py"), root.join("pyproject.toml")]
        );
        assert!(stamps.changed_above(&document, root).is_empty());
        fs::remove_file(tests.join("conftest.py")).unwrap();
        assert_eq!(stamps.changed_above(&document, root), [tests.join("conftest.py")]);
    }

    #[test]
    fn files_that_come_and_go_are_seen_and_saving_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let listed = root.join("tests/deep/test_a.py");
        fs::create_dir_all(listed.parent().unwrap()).unwrap();
        fs::write(&listed, "").unwrap();
        let mut folders = FolderNames::default();
        let mut look = || folders.any_came_or_went(root, [&listed].into_iter());
        assert!(!look());
        let rename = |from: &str, to: &str| fs::rename(root.join(from), root.join(to)).unwrap();
        fs::write(root.join("tests/deep/swap.tmp"), "x = 1").unwrap();
        rename("tests/deep/swap.tmp", "tests/deep/test_a.py");
        assert!(!look());
        fs::write(root.join("tests/test_b.py"), "").unwrap();
        assert!(look());
        assert!(!look());
        fs::create_dir(root.join("tests/new")).unwrap();
        assert!(look());
        rename("tests/test_b.py", "tests/test_c.py");
        assert!(look());
        fs::remove_file(root.join("tests/test_c.py")).unwrap();
        assert!(look());
    }
}
