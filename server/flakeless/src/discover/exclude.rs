//! Which entries of a walk the `exclude` settings leave out.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};

use analysis::settings::{KnownRule, Layer, Overrides, Settings};
use analysis::workspace::known_rules;
use rustc_hash::FxBuildHasher;

use crate::disk::Disk;

/// The settings in force for each folder of a walk: those of the nearest settings file from it up to the root.
#[derive(Debug)]
pub(super) struct Excludes {
    root: PathBuf,
    /// Where the walk starts, if settings leave that folder out. It was named, so their patterns count from
    /// there: what lies above cannot leave out all below.
    named: Option<PathBuf>,
    rules: Vec<KnownRule>,
    disk: Disk,
    /// Win over what stands in files.
    overrides: Overrides,
    by_folder: RwLock<HashMap<OsString, InForce, FxBuildHasher>>,
}

/// What counts in a folder.
#[derive(Clone, Debug)]
struct InForce {
    settings: Arc<Settings>,
    /// The nearest settings file's.
    nearest: Arc<Layer>,
}

impl Excludes {
    /// For a walk that starts at `from`, inside `root`.
    pub(super) fn new(root: &Path, from: &Path, overrides: &Overrides) -> Excludes {
        let by_root = Excludes {
            root: root.to_owned(),
            named: None,
            rules: known_rules(),
            disk: Disk::within([root]),
            overrides: overrides.clone(),
            by_folder: RwLock::default(),
        };
        let is_out = from.parent().is_some_and(|above| by_root.in_force(above).excludes(from));
        if !is_out {
            return by_root;
        }
        Excludes { named: Some(from.to_owned()), by_folder: RwLock::default(), ..by_root }
    }

    /// Whether the entry at `path` is left out.
    pub(super) fn leave_out(&self, path: &Path) -> bool {
        path.parent().is_some_and(|folder| self.in_force(folder).excludes(path))
    }

    /// The settings that count in a folder of the walk.
    pub(super) fn in_force(&self, folder: &Path) -> Arc<Settings> {
        if !folder.starts_with(&self.root) {
            return self.at(&self.root, Arc::default()).settings;
        }
        self.known_or_found(folder).settings
    }

    /// For a place in the root.
    fn known_or_found(&self, place: &Path) -> InForce {
        let known = self.by_folder.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.get(place.as_os_str()) {
            return known.clone();
        }
        drop(known);
        // Threads that meet here find the same.
        let above = match place.parent().filter(|above| above.starts_with(&self.root)) {
            Some(above) => self.known_or_found(above),
            None => self.at(&self.root, Arc::default()),
        };
        let in_force = match self.layer_in(place) {
            Some(layer) => self.at(place, Arc::new(layer)),
            None if self.overrides.begins_at(place) => self.at(place, above.nearest),
            None => above,
        };
        let mut by_folder = self.by_folder.write().unwrap_or_else(PoisonError::into_inner);
        by_folder.insert(place.as_os_str().to_owned(), in_force.clone());
        in_force
    }

    fn at(&self, place: &Path, nearest: Arc<Layer>) -> InForce {
        let layers = [self.overrides.at(place), &nearest];
        let settings = Settings::resolve(&layers, &self.rules, self.counted_from(place));
        InForce { settings: Arc::new(settings), nearest }
    }

    fn layer_in(&self, place: &Path) -> Option<Layer> {
        ["flakeless.toml", "pyproject.toml"].into_iter().find_map(|name| {
            let (bytes, _) = self.disk.read_known(&place.join(name)).ok()?;
            Layer::from_file(&self.counted_from(place).join(name), &bytes, &self.rules)
        })
    }

    fn counted_from<'a>(&'a self, place: &'a Path) -> &'a Path {
        match &self.named {
            Some(named) if named.starts_with(place) => named,
            _ => place,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use tempfile::TempDir;

    fn tree(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    #[test]
    fn the_nearest_settings_count_alone() {
        let tree = tree(&[
            ("flakeless.toml", "exclude = [\"tests/old\"]"),
            ("inner/pyproject.toml", "[tool.flakeless]\nexclude = [\"*_made.py\"]"),
            ("other/pyproject.toml", "[project]"),
        ]);
        let excludes = Excludes::new(tree.path(), tree.path(), &Overrides::default());
        let out = |path: &str| excludes.leave_out(&tree.path().join(path));
        assert!(out("tests/old"));
        assert!(!out("inner/tests/old"));
        assert!(out("inner/deep/test_made.py"));
        assert!(!out("other/test_made.py"));
        assert!(!out("build"));
    }

    #[test]
    fn what_an_editor_says_wins_in_its_folder() {
        let tree = tree(&[("flakeless.toml", "exclude = [\"old\"]"), ("part/a.py", "")]);
        let part = tree.path().join("part");
        let mut overrides = Overrides::default();
        let said = Layer::from_file(&part.join("flakeless.toml"), b"exclude = [\"new\"]", &[]).unwrap();
        overrides.set(part.clone(), said);
        overrides.set(tree.path().join("other"), Layer::default());
        let excludes = Excludes::new(tree.path(), tree.path(), &overrides);
        assert!(excludes.leave_out(&tree.path().join("old")));
        assert!(!excludes.leave_out(&tree.path().join("new")));
        assert!(excludes.leave_out(&part.join("new")));
        assert!(!excludes.leave_out(&part.join("old")));
    }

    #[test]
    fn the_defaults_count_where_nothing_is_said() {
        let tree = tree(&[("inner/flakeless.toml", "ignore = []")]);
        let excludes = Excludes::new(tree.path(), tree.path(), &Overrides::default());
        assert!(excludes.leave_out(&tree.path().join("a/build")));
        assert!(excludes.leave_out(&tree.path().join("inner/build")));
    }

    #[test]
    fn a_named_folder_is_not_left_out_by_what_is_said_above() {
        let tree = tree(&[("flakeless.toml", "exclude = [\"old\", \"tests/*_x.py\"]")]);
        let named = tree.path().join("old");
        let excludes = Excludes::new(tree.path(), &named, &Overrides::default());
        assert!(!excludes.leave_out(&named.join("test_a.py")));
        assert!(excludes.leave_out(&named.join("a/old")));
    }
}
