//! Numbers for paths: tables that are asked for every name of the code need not hash them.

use std::ffi::OsString;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;

/// A path, as long as the store lives: every text of a file has the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// The numbers that were given out.
#[derive(Debug, Default)]
pub struct FileIds {
    by_path: DashMap<OsString, FileId, FxBuildHasher>,
    next: AtomicU32,
}

impl FileIds {
    pub fn of(&self, path: &Path) -> FileId {
        if let Some(known) = self.by_path.get(path.as_os_str()) {
            return *known;
        }
        let give = || FileId(self.next.fetch_add(1, Ordering::Relaxed));
        *self.by_path.entry(path.into()).or_insert_with(give)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_its_number_and_shares_it_with_none() {
        let ids = FileIds::default();
        let [a, b] = ["/a.py", "/b.py"].map(|path| ids.of(Path::new(path)));
        assert_ne!(a, b);
        assert_eq!(ids.of(Path::new("/a.py")), a);
    }
}
