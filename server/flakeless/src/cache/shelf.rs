//! The folder in which entries stand, one file for each: found, read, replaced whole, and kept from growing.

use std::env;
use std::ffi::OsStr;
use std::fs::{self, DirEntry, File};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const SUFFIX: &str = "kept";
/// Of files that are being written; one that stays was left by a process that was killed.
const UNFINISHED: &str = ".flakeless-";
const LARGEST_ENTRY: u64 = 64 << 20;
const LARGEST: u64 = 256 << 20;
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const UNUSED: Duration = Duration::from_secs(30 * DAY.as_secs());
const ABANDONED: Duration = Duration::from_secs(60 * 60);

/// A folder of entries.
#[derive(Clone, Debug)]
pub(super) struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// The folder that a person chose; else one in the user's cache folder, if there is a user.
    pub(super) fn at(chosen: Option<&Path>) -> Option<Shelf> {
        let folder = chosen.map(Path::to_owned).or_else(|| Some(of_user()?.join("flakeless")))?;
        Some(Shelf { folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, key: u128) -> PathBuf {
        self.folder.join(format!("{key:032x}.{SUFFIX}"))
    }

    /// The bytes of an entry, whatever they are.
    pub(super) fn read(&self, key: u128) -> Option<Vec<u8>> {
        let file = File::open(self.path(key)).ok()?;
        let mut bytes =
            Vec::with_capacity(usize::try_from(file.metadata().ok()?.len().min(LARGEST_ENTRY)).ok()?);
        file.take(LARGEST_ENTRY).read_to_end(&mut bytes).ok()?;
        Some(bytes)
    }

    /// Puts an entry in the place of the one before. Readers see one or the other, whatever happens to this process.
    pub(super) fn put(&self, key: u128, bytes: &[u8]) -> io::Result<()> {
        if bytes.len() as u64 > LARGEST_ENTRY {
            return Ok(());
        }
        fs::create_dir_all(&self.folder)?;
        self.tag()?;
        let path = self.path(key);
        let mut file = tempfile::Builder::new().prefix(UNFINISHED).tempfile_in(&self.folder)?;
        file.write_all(bytes)?;
        file.persist(&path).map_err(|error| error.error)?;
        sweep(&self.folder, &path, SystemTime::now(), LARGEST);
        Ok(())
    }

    /// Says that an entry was of use, so that it is not taken for a forgotten one. Once a day is enough.
    pub(super) fn used(&self, key: u128) {
        let Ok(file) = File::options().append(true).open(self.path(key)) else { return };
        let age = file.metadata().and_then(|metadata| metadata.modified()).map(|time| time.elapsed());
        if matches!(age, Ok(Ok(age)) if age > DAY) {
            // It may be swept too early then, and is made again.
            let _ = file.set_modified(SystemTime::now());
        }
    }

    /// Makes git and backups leave the folder alone, unless somebody else keeps something there.
    fn tag(&self) -> io::Result<()> {
        let tag = self.folder.join("CACHEDIR.TAG");
        if tag.exists() {
            return Ok(());
        }
        let is_ours =
            |entry: DirEntry| is_entry(&entry) || is_unfinished(&entry) || entry.file_name() == ".gitignore";
        if !fs::read_dir(&self.folder)?.flatten().all(is_ours) {
            return Ok(());
        }
        fs::write(self.folder.join(".gitignore"), "# Made by flakeless.\n*\n")?;
        let text = "Signature: 8a477f597d28d172789f06886806bc55\n# Made by flakeless; see https://bford.info/cachedir/\n";
        fs::write(tag, text)
    }
}

/// Where programs of this user keep what they can make again. A home directory that is not there is not made.
fn of_user() -> Option<PathBuf> {
    let said = |name| env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let in_home = |folder| env::home_dir().filter(|home| home.is_dir()).map(|home| home.join(folder));
    said("XDG_CACHE_HOME").or_else(|| {
        if cfg!(windows) {
            said("LOCALAPPDATA")
        } else if cfg!(target_os = "macos") {
            in_home("Library/Caches")
        } else {
            in_home(".cache")
        }
    })
}

fn is_entry(entry: &DirEntry) -> bool {
    Path::new(&entry.file_name()).extension() == Some(OsStr::new(SUFFIX))
}

fn is_unfinished(entry: &DirEntry) -> bool {
    entry.file_name().as_encoded_bytes().starts_with(UNFINISHED.as_bytes())
}

/// Removes what was left unfinished or is long unused, then the longest unused until the rest is small enough; never
/// `newest`. Several processes may do so at once: what is gone already is no loss.
fn sweep(folder: &Path, newest: &Path, now: SystemTime, largest: u64) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut kept = Vec::new();
    let mut total = 0;
    for entry in entries.flatten() {
        let Ok(metadata) = entry.metadata() else { continue };
        let Ok(age) = now.duration_since(metadata.modified().unwrap_or(now)) else { continue };
        let path = entry.path();
        if path == newest {
            total += metadata.len();
        } else if (is_unfinished(&entry) && age > ABANDONED) || (is_entry(&entry) && age > UNUSED) {
            let _ = fs::remove_file(path);
        } else if is_entry(&entry) {
            total += metadata.len();
            kept.push((age, metadata.len(), path));
        }
    }
    kept.sort();
    while total > largest
        && let Some((_, size, path)) = kept.pop()
    {
        let _ = fs::remove_file(path);
        total -= size;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    /// A folder with files of ten bytes, each so many hours old.
    fn folder(files: &[(&str, u64)]) -> (tempfile::TempDir, SystemTime) {
        let (folder, now) = (tempfile::tempdir().unwrap(), SystemTime::now());
        for (name, hours) in files {
            let file = File::create(folder.path().join(name)).unwrap();
            (&file).write_all(b"ten bytes.").unwrap();
            file.set_modified(now - Duration::from_secs(hours * 60 * 60)).unwrap();
        }
        (folder, now)
    }

    #[test]
    fn what_is_long_unused_or_was_left_unfinished_goes() {
        let month = 30 * 24;
        let files = [
            ("a.kept", month + 1),
            ("b.kept", month - 1),
            (".flakeless-a", 2),
            (".flakeless-b", 0),
            ("else", 2 * month),
            (".gitignore", 2 * month),
        ];
        let (folder, now) = folder(&files);
        sweep(folder.path(), &folder.path().join("b.kept"), now, LARGEST);
        assert_eq!(names(folder.path()), [".flakeless-b", ".gitignore", "b.kept", "else"]);
    }

    #[test]
    fn the_longest_unused_go_until_the_rest_is_small_enough() {
        let (folder, now) =
            folder(&[("a.kept", 3), ("b.kept", 9), ("c.kept", 1), ("d.kept", 20), ("else", 99)]);
        sweep(folder.path(), &folder.path().join("d.kept"), now, 30);
        assert_eq!(names(folder.path()), ["a.kept", "c.kept", "d.kept", "else"]);
        sweep(folder.path(), &folder.path().join("d.kept"), now, 5);
        assert_eq!(names(folder.path()), ["d.kept", "else"]);
    }

    #[test]
    fn an_entry_is_replaced_whole_and_its_folder_ignores_itself() {
        let place = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(Some(&place.path().join("deep/cache"))).unwrap();
        assert_eq!(shelf.read(1), None);
        shelf.put(1, b"one").unwrap();
        shelf.put(1, b"two").unwrap();
        assert_eq!(shelf.read(1).as_deref(), Some(&b"two"[..]));
        let entry = format!("{:032x}.kept", 1);
        assert_eq!(names(shelf.folder()), [".gitignore", &entry, "CACHEDIR.TAG"]);
    }

    #[test]
    fn a_folder_of_somebody_else_gets_no_gitignore() {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("test_a.py"), "").unwrap();
        Shelf::at(Some(place.path())).unwrap().put(1, b"one").unwrap();
        assert_eq!(names(place.path()), [&format!("{:032x}.kept", 1), "test_a.py"]);
    }

    #[test]
    fn use_is_noted() {
        let place = tempfile::tempdir().unwrap();
        let shelf = Shelf::at(Some(place.path())).unwrap();
        shelf.put(1, b"one").unwrap();
        let age = || fs::metadata(shelf.path(1)).unwrap().modified().unwrap().elapsed().unwrap();
        let before = SystemTime::now() - 5 * DAY;
        File::options().append(true).open(shelf.path(1)).unwrap().set_modified(before).unwrap();
        assert!(age() > 4 * DAY);
        shelf.used(1);
        assert!(age() < DAY);
        shelf.used(2);
    }
}
