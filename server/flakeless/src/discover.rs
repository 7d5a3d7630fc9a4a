//! From paths that a person named to what is read: workspace roots, their files, and what of them is reported.
//!
//! Paths choose what is reported, never what is known: the whole root around each path is listed, so that one
//! file is told the same as the folder around it. Serves the command line and the server alike.

mod exclude;
mod root;
mod walk;

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::{env, fs, io};

use crate::disk::{Disk, lies_below};
use analysis::paths::usual;
use analysis::settings::{Overrides, Settings};
use walk::Walked;

pub(crate) use walk::{CONFIGURATION, is_python, is_wanted};

/// A folder and every Python and configuration file under it, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    pub(crate) path: PathBuf,
    pub(crate) files: Vec<PathBuf>,
}

/// Something that could not be read or was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PassedOver {
    pub(crate) path: PathBuf,
    pub(crate) why: String,
}

/// A path that a person named, after the ones to be left out are gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    File(PathBuf),
    Folder(PathBuf),
}

impl Named {
    pub(crate) fn path(&self) -> &Path {
        match self {
            Named::File(path) | Named::Folder(path) => path,
        }
    }
}

/// What there is to read, and what of it was asked for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Discovery {
    /// Sorted, none inside another.
    pub(crate) roots: Vec<Root>,
    pub(crate) named: Vec<Named>,
    /// Named files that are not of a kind that is read.
    pub(crate) refused: Vec<PassedOver>,
    /// Sorted, each once.
    pub(crate) passed_over: Vec<PassedOver>,
    /// Where the settings at the first root that says it want results kept.
    pub(crate) cache_dir: Option<PathBuf>,
}

impl Discovery {
    /// Whether `path` was named or lies in a folder that was.
    pub(crate) fn covers(&self, path: &Path) -> bool {
        self.named.iter().any(|named| match named {
            Named::File(file) => file == path,
            Named::Folder(folder) => path.starts_with(folder),
        })
    }

    /// Whether what is wrong with `path` matters to what was named: it is covered, or it is a conftest or a
    /// configuration file further up.
    pub(crate) fn concerns(&self, path: &Path) -> bool {
        let above = |folder: &Path| self.named.iter().any(|named| named.path().starts_with(folder));
        self.covers(path) || (is_wanted(path) && path.parent().is_some_and(above))
    }

    /// The disk, which follows symlinks to what lies in the roots and to what was named.
    pub(crate) fn disk(&self) -> Disk {
        let roots = self.roots.iter().map(|root| root.path.as_path());
        Disk::within(roots.chain(self.named.iter().map(Named::path)))
    }

    /// Whether a Python or configuration file is among what was named.
    pub(crate) fn has_files(&self) -> bool {
        self.roots.iter().flat_map(|root| &root.files).any(|file| self.covers(file))
    }
}

/// Whether paths that are excluded or ignored by git are left out although they were named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Force {
    Check,
    Exclude,
}

/// Lists the roots around `paths`, which are absolute. What `overrides` exclude counts before what files do. Fails
/// on a path that does not exist.
pub(crate) fn discover(paths: &[PathBuf], force: Force, overrides: &Overrides) -> Result<Discovery, Missing> {
    #[cfg(fuzzing)]
    if let Some(path) = paths.first() {
        // A client made of random bytes would have the machine's whole disk listed.
        return Err(Missing { path: path.clone(), why: io::ErrorKind::NotFound.into() });
    }
    let named = paths.iter().map(|path| classify(path)).collect::<Result<Vec<_>, _>>()?;
    let mut discovery = Discovery::default();
    for root in root::outermost(&named) {
        let mut walked = walk::walk(&root, &root, overrides);
        let cache_dir = walked.cache_dir.take();
        let is_inside = cache_dir.as_deref().is_none_or(|folder| lies_below(folder, &root));
        match cache_dir {
            Some(folder) if !is_inside => {
                // Whoever sent the project does not decide what is written elsewhere.
                let why = "`cache-dir` leads out of the project; the user's cache folder counts".to_owned();
                discovery.refused.push(PassedOver { path: folder, why });
            }
            found => discovery.cache_dir = discovery.cache_dir.or(found),
        }
        for name in named.iter().filter(|name| name.path().starts_with(&root)) {
            let again = |folder: &Path| walk::walk(folder, &root, overrides);
            take(name, force, again, &mut walked, &mut discovery);
        }
        discovery.passed_over.append(&mut walked.passed_over);
        discovery.roots.push(Root { path: root, files: walked.into_files() });
    }
    let once: BTreeSet<PassedOver> = discovery.passed_over.drain(..).collect();
    discovery.passed_over = once.into_iter().collect();
    Ok(discovery)
}

/// The root around a file whose text comes from elsewhere: it need not be on disk, its folder must.
pub(crate) fn around(file: &Path, force: Force, overrides: &Overrides) -> Result<Discovery, Missing> {
    let folder = file.parent().unwrap_or(file).to_owned();
    let mut discovery = discover(&[folder], force, overrides)?;
    let folder_is_out = discovery.named.is_empty();
    discovery.named.clear();
    let listed = discovery.roots.iter().any(|root| root.files.iter().any(|known| known == file));
    if force == Force::Exclude && (folder_is_out || (!listed && file.exists())) {
        return Ok(discovery);
    }
    for root in discovery.roots.iter_mut().filter(|root| file.starts_with(&root.path)) {
        if let Err(at) = root.files.binary_search_by(|known| known.as_path().cmp(file)) {
            root.files.insert(at, file.to_owned());
        }
    }
    discovery.named.push(Named::File(file.to_owned()));
    Ok(discovery)
}

/// The workspace root around a folder.
pub(crate) fn root_around(folder: &Path) -> PathBuf {
    let named = [Named::Folder(folder.to_owned())];
    root::outermost(&named).pop().unwrap_or_else(|| folder.to_owned())
}

/// The settings in force in a folder, before it is listed.
pub(crate) fn settings_in(folder: &Path, overrides: &Overrides) -> Arc<Settings> {
    exclude::Excludes::new(&root_around(folder), folder, overrides).in_force(folder)
}

/// A named path that is not there.
#[derive(Debug)]
pub(crate) struct Missing {
    pub(crate) path: PathBuf,
    pub(crate) why: io::Error,
}

fn classify(path: &Path) -> Result<Named, Missing> {
    let metadata = fs::metadata(path).map_err(|why| Missing { path: path.to_owned(), why })?;
    let path = path.to_owned();
    Ok(if metadata.is_dir() { Named::Folder(path) } else { Named::File(path) })
}

/// Makes one named path part of what is known, as `force` allows, and part of what is reported. `list` walks a
/// folder that the walk of its root left out.
fn take(
    name: &Named,
    force: Force,
    list: impl Fn(&Path) -> Walked,
    walked: &mut Walked,
    discovery: &mut Discovery,
) {
    match name {
        Named::File(file) if !is_wanted(file) => {
            let why = "neither a Python nor a configuration file".to_owned();
            discovery.refused.push(PassedOver { path: file.clone(), why });
            return;
        }
        Named::File(file) if walked.has_file(file) => {}
        Named::Folder(folder) if walked.has_folder(folder) => {}
        _ if force == Force::Exclude => return,
        Named::File(file) => walked.add_file(file),
        Named::Folder(folder) => walked.add(list(folder)),
    }
    discovery.named.push(name.clone());
}

/// The absolute form of `path` without `.` and `..`; symlinks are resolved only where `..` asks for it.
pub(crate) fn absolute(path: &Path) -> io::Result<PathBuf> {
    let joined = current_folder()?.join(path);
    let climbs = joined.components().any(|part| part == Component::ParentDir);
    let resolved = if climbs { fs::canonicalize(&joined).ok() } else { None };
    resolved.map_or_else(|| std::path::absolute(&joined), Ok).map(usual)
}

/// Where the process works.
pub(crate) fn current_folder() -> io::Result<PathBuf> {
    env::current_dir().map(usual)
}
