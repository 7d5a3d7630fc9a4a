//! Which folders were listed for the workspace, and which files they hold.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The listed folders by path.
#[derive(Debug, Default)]
pub(crate) struct Roots(BTreeMap<PathBuf, BTreeSet<PathBuf>>);

impl Roots {
    /// The innermost listed folder around `path`.
    pub(crate) fn root_of(&self, path: &Path) -> Option<&Path> {
        path.ancestors().find(|folder| self.0.contains_key(*folder)).and_then(|folder| {
            let (root, _) = self.0.get_key_value(folder)?;
            Some(root.as_path())
        })
    }

    pub(crate) fn lists(&self, path: &Path) -> bool {
        self.root_of(path).and_then(|root| self.0.get(root)).is_some_and(|files| files.contains(path))
    }

    pub(crate) fn knows(&self, root: &Path) -> bool {
        self.0.contains_key(root)
    }

    pub(crate) fn paths(&self) -> impl Iterator<Item = &Path> {
        self.0.keys().map(PathBuf::as_path)
    }

    /// The listed files of a root.
    pub(crate) fn files(&self, root: &Path) -> impl Iterator<Item = &PathBuf> {
        self.0.get(root).into_iter().flatten()
    }

    pub(crate) fn remove(&mut self, root: &Path) {
        self.0.remove(root);
    }

    /// Takes a new listing of `root`. Returns what came and went; nothing when it was not listed before.
    pub(crate) fn set(&mut self, root: &Path, files: BTreeSet<PathBuf>) -> Vec<PathBuf> {
        let Some(before) = self.0.get(root) else {
            self.0.insert(root.to_owned(), files);
            return Vec::new();
        };
        let changed = before.symmetric_difference(&files).cloned().collect();
        self.0.insert(root.to_owned(), files);
        changed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(names: &[&str]) -> BTreeSet<PathBuf> {
        names.iter().map(PathBuf::from).collect()
    }

    #[test]
    fn a_second_listing_tells_what_came_and_went() {
        let mut roots = Roots::default();
        assert!(roots.set(Path::new("/p"), paths(&["/p/a.py", "/p/b.py"])).is_empty());
        assert!(roots.lists(Path::new("/p/a.py")));
        let changed = roots.set(Path::new("/p"), paths(&["/p/b.py", "/p/c.py"]));
        assert_eq!(changed, [PathBuf::from("/p/a.py"), PathBuf::from("/p/c.py")]);
        assert!(!roots.lists(Path::new("/p/a.py")));
    }

    #[test]
    fn the_innermost_root_counts() {
        let mut roots = Roots::default();
        roots.set(Path::new("/p"), paths(&[]));
        roots.set(Path::new("/p/q"), paths(&[]));
        assert_eq!(roots.root_of(Path::new("/p/q/r/a.py")), Some(Path::new("/p/q")));
        assert_eq!(roots.root_of(Path::new("/p/qq/a.py")), Some(Path::new("/p")));
        assert_eq!(roots.root_of(Path::new("/x/a.py")), None);
    }
}
