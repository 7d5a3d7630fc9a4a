//! Paths as numbers: those of the listing in its order, then others as they come.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

/// The number of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(super) struct Place(u32);

impl Place {
    /// Where the path stands in the listing, or how far behind it.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// Numbers for paths and paths for numbers. Paths are told apart by their bytes: of one that is written in another way
/// than the listing writes it, nothing is known.
#[derive(Debug)]
pub(super) struct Places<'a> {
    listing: &'a [&'a Path],
    numbers: HashMap<&'a OsStr, Place, FxBuildHasher>,
    unlisted: Vec<PathBuf>,
}

impl<'a> Places<'a> {
    pub(super) fn new(listing: &'a [&'a Path], unlisted: Vec<PathBuf>) -> Places<'a> {
        let numbers =
            listing.iter().zip(0..).map(|(path, number)| (path.as_os_str(), Place(number))).collect();
        Places { listing, numbers, unlisted }
    }

    pub(super) fn path(&self, place: Place) -> Option<&Path> {
        match self.listing.get(place.index()) {
            Some(listed) => Some(listed),
            None => self.unlisted.get(place.index() - self.listing.len()).map(PathBuf::as_path),
        }
    }

    /// The number of a path, if it has one.
    pub(super) fn place(&self, path: &Path) -> Option<Place> {
        // Few are not listed.
        let behind = || self.unlisted.iter().position(|known| known.as_os_str() == path.as_os_str());
        self.listed(path).or_else(|| behind().map(|at| Place((self.listing.len() + at) as u32)))
    }

    pub(super) fn listed(&self, path: &Path) -> Option<Place> {
        self.numbers.get(path.as_os_str()).copied()
    }

    /// The number of a path, which gets one now if it has none.
    pub(super) fn number(&mut self, path: &Path) -> Place {
        self.place(path).unwrap_or_else(|| {
            self.unlisted.push(path.to_owned());
            Place((self.listing.len() + self.unlisted.len() - 1) as u32)
        })
    }

    pub(super) fn unlisted(&self) -> &[PathBuf] {
        &self.unlisted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listed_paths_come_first() {
        let listing = [Path::new("/a"), Path::new("/b")];
        let mut places = Places::new(&listing, vec!["/z".into()]);
        let numbers = ["/b", "/y", "/z", "/y"].map(|path| places.number(Path::new(path)));
        assert_eq!(numbers.map(Place::index), [1, 3, 2, 3]);
        assert_eq!(numbers.map(|place| places.path(place).unwrap()), ["/b", "/y", "/z", "/y"].map(Path::new));
        assert_eq!(places.path(Place(4)), None);
        assert_eq!((places.place(Path::new("/x")), places.listed(Path::new("/z"))), (None, None));
    }
}
