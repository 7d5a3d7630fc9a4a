//! Lists the Python and configuration files under a folder, and those that hold commands.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::available_parallelism;

use analysis::project::runs::{FOLDERS, holds_commands};
use analysis::settings::Overrides;
use ignore::{DirEntry, WalkBuilder, WalkState};
use rayon::slice::ParallelSliceMut as _;

use super::PassedOver;
use super::exclude::Excludes;
use crate::disk::{LEADS_OUT, leads_out};

pub(crate) const CONFIGURATION: [&str; 8] = [
    "pytest.ini",
    ".pytest.ini",
    "pytest.toml",
    ".pytest.toml",
    "pyproject.toml",
    "tox.ini",
    "setup.cfg",
    "flakeless.toml",
];
const LOCKS: [&str; 3] = ["uv.lock", "poetry.lock", "pdm.lock"];

/// What a walk met. Folders count as met when they were entered.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Sorted when the walk is done.
    files: Vec<PathBuf>,
    folders: Vec<PathBuf>,
    pub(super) passed_over: Vec<PassedOver>,
    /// The setting as it is where the walk began.
    pub(super) cache_dir: Option<PathBuf>,
}

impl Walked {
    pub(super) fn has_file(&self, path: &PathBuf) -> bool {
        self.files.binary_search(path).is_ok()
    }

    pub(super) fn has_folder(&self, path: &PathBuf) -> bool {
        self.folders.contains(path)
    }

    pub(super) fn add_file(&mut self, path: &Path) {
        if let Err(at) = self.files.binary_search_by(|known| known.as_path().cmp(path)) {
            self.files.insert(at, path.to_owned());
        }
    }

    pub(super) fn add(&mut self, other: Walked) {
        self.take_over(other);
        self.sort();
    }

    pub(super) fn into_files(self) -> Vec<PathBuf> {
        self.files
    }

    fn take_over(&mut self, other: Walked) {
        self.files.extend(other.files);
        self.folders.extend(other.folders);
        self.passed_over.extend(other.passed_over);
    }

    fn sort(&mut self) {
        self.files.par_sort_unstable();
        self.files.dedup();
    }

    fn pass_over(&mut self, path: &Path, why: impl Into<String>) {
        self.passed_over.push(PassedOver { path: path.to_owned(), why: why.into() });
    }
}

/// Whether a file is Python source by its name.
pub(crate) fn is_python(path: &Path) -> bool {
    path.extension() == Some(OsStr::new("py"))
}

/// Whether a file of this name is one that is read: Python source, pytest's configuration, dependencies, commands.
pub(crate) fn is_wanted(path: &Path) -> bool {
    let Some(name) = path.file_name().and_then(OsStr::to_str) else {
        return is_python(path);
    };
    // Editors keep their locks as dangling links of this name.
    if name.starts_with(".#") {
        return false;
    }
    let requirements = name.ends_with(".txt")
        && (name.starts_with("requirements")
            || path.parent().is_some_and(|folder| folder.ends_with("requirements")));
    name.ends_with(".py")
        || CONFIGURATION.contains(&name)
        || LOCKS.contains(&name)
        || requirements
        || holds_commands(path)
}

/// How many threads walk: one for two cores. A thread of the walker that finds nothing to do sleeps for a millisecond, and a
/// small project is walked in less.
fn threads() -> usize {
    available_parallelism().map_or(1, |cores| cores.get().div_ceil(2))
}

/// Lists what lies under `from`, a folder of the workspace root `root`. `from` itself is entered always.
///
/// Obeys `.gitignore`, the `exclude` settings with `overrides` before those in files, and pytest's habit to leave hidden folders and virtual
/// environments alone. Symlinks to folders are not entered, symlinks to files of the root count as files.
pub(super) fn walk(from: &Path, root: &Path, overrides: &Overrides) -> Walked {
    if holds_up(from) {
        return Walked { passed_over: vec![PassedOver::held_up(from)], ..Walked::default() };
    }
    let excludes = Arc::new(Excludes::new(root, from, overrides));
    let start = from.to_owned();
    let filter = Arc::clone(&excludes);
    let held_up: Arc<Mutex<Vec<PassedOver>>> = Arc::default();
    let to_tell = Arc::clone(&held_up);
    let walker = WalkBuilder::new(from)
        .hidden(false)
        .parents(false)
        .require_git(false)
        .same_file_system(true)
        .filter_entry(move |entry| {
            entry.path() == start || !(leaves_out(entry, &start, &filter) || is_held_up(entry, &to_tell))
        })
        .threads(threads())
        .build_parallel();
    let all = Mutex::default();
    walker.run(|| {
        let mut thread = OfThread { all: &all, walked: Walked::default() };
        Box::new(move |entry| {
            match entry {
                Ok(entry) => meet(&entry, root, &mut thread.walked),
                Err(error) => refuse(&error, from, &mut thread.walked),
            }
            WalkState::Continue
        })
    });
    let mut walked: Walked = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    walked.passed_over.append(&mut held_up.lock().unwrap_or_else(PoisonError::into_inner));
    walked.cache_dir = excludes.in_force(from).cache_dir.clone();
    walked.sort();
    walked
}

/// What one thread met; it goes to the rest when the thread is done.
struct OfThread<'a> {
    all: &'a Mutex<Walked>,
    walked: Walked,
}

impl Drop for OfThread<'_> {
    fn drop(&mut self) {
        let walked = std::mem::take(&mut self.walked);
        self.all.lock().unwrap_or_else(PoisonError::into_inner).take_over(walked);
    }
}

fn leaves_out(entry: &DirEntry, start: &Path, excludes: &Excludes) -> bool {
    let path = entry.path();
    // Most files are none of ours; what their names tell is the cheapest to ask.
    let is_of_no_interest = entry.file_type().is_some_and(|kind| kind.is_file()) && !is_wanted(path);
    if is_of_no_interest || excludes.leave_out(path) {
        return true;
    }
    if !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return path.parent().is_some_and(|folder| is_hidden_below(start, folder)) && !holds_commands(path);
    }
    if is_hidden_below(start, path) {
        return !leads_to_commands(path);
    }
    path.join("pyvenv.cfg").is_file()
}

/// Whether reading what git ignores in a folder would wait for somebody to write to a pipe.
pub(super) fn holds_up(folder: &Path) -> bool {
    [".gitignore", ".ignore", ".git/info/exclude"]
        .iter()
        .any(|name| fs::metadata(folder.join(name)).is_ok_and(|there| !there.is_file() && !there.is_dir()))
}

fn is_held_up(entry: &DirEntry, to_tell: &Mutex<Vec<PassedOver>>) -> bool {
    let is_held_up = entry.file_type().is_some_and(|kind| kind.is_dir()) && holds_up(entry.path());
    if is_held_up {
        to_tell.lock().unwrap_or_else(PoisonError::into_inner).push(PassedOver::held_up(entry.path()));
    }
    is_held_up
}

impl PassedOver {
    fn held_up(folder: &Path) -> PassedOver {
        PassedOver { path: folder.to_owned(), why: "its `.gitignore` is not a regular file".to_owned() }
    }
}

/// Whether a folder, or one above it up to `start`, is hidden.
fn is_hidden_below(start: &Path, folder: &Path) -> bool {
    // Asked about every file, and nearly always no.
    let bytes = folder.as_os_str().as_encoded_bytes();
    if !bytes.windows(2).any(|pair| matches!(pair, [b'/' | b'\\', b'.'])) {
        return false;
    }
    let below = folder.strip_prefix(start).unwrap_or(folder);
    below.iter().any(|name| name.as_encoded_bytes().starts_with(b"."))
}

/// `.github`, and `workflows` in it.
fn leads_to_commands(path: &Path) -> bool {
    FOLDERS
        .iter()
        .flat_map(|folder| Path::new(folder).ancestors())
        .any(|known| !known.as_os_str().is_empty() && path.ends_with(known))
}

fn meet(entry: &DirEntry, root: &Path, walked: &mut Walked) {
    let Some(kind) = entry.file_type() else { return };
    let path = entry.path();
    if kind.is_dir() {
        walked.folders.push(path.to_owned());
    } else if kind.is_symlink() {
        meet_link(path, root, walked);
    } else if is_wanted(path) {
        // A pipe or socket of such a name is handed on: reading it says that it is no regular file.
        walked.files.push(path.to_owned());
    }
}

fn meet_link(path: &Path, root: &Path, walked: &mut Walked) {
    match fs::metadata(path) {
        Ok(target) if target.is_dir() => {
            let looping = fs::canonicalize(path).is_ok_and(|target| {
                path.parent()
                    .and_then(|folder| fs::canonicalize(folder).ok())
                    .is_some_and(|folder| folder.starts_with(target))
            });
            let why = if looping { "a symlink loop" } else { "a symlink to a folder, not followed" };
            walked.pass_over(path, why);
        }
        Ok(_) if is_wanted(path) && leads_out(path, root) => walked.pass_over(path, LEADS_OUT),
        Ok(_) if is_wanted(path) => walked.files.push(path.to_owned()),
        // A link that leads nowhere is no concern of ours unless a file of ours should be there.
        Err(error) if is_wanted(path) || error.kind() != ErrorKind::NotFound => {
            walked.pass_over(path, error.to_string());
        }
        _ => {}
    }
}

fn refuse(error: &ignore::Error, from: &Path, walked: &mut Walked) {
    let path = path_of(error).unwrap_or(from).to_owned();
    let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
    walked.pass_over(&path, why);
}

fn path_of(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => path_of(err),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::Partial(errors) => errors.first().and_then(path_of),
        _ => None,
    }
}
