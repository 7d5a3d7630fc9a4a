//! Settings that win over those in files: the command line's, or what an editor says for each of its folders.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::Layer;

/// One layer for each place in the tree that has its own, and one for the rest.
#[derive(Clone, Debug, Default)]
pub struct Overrides {
    elsewhere: Layer,
    by_folder: BTreeMap<PathBuf, Layer>,
}

impl From<Layer> for Overrides {
    fn from(layer: Layer) -> Overrides {
        Overrides { elsewhere: layer, by_folder: BTreeMap::new() }
    }
}

impl Overrides {
    /// Says what holds in `folder`, an absolute path.
    pub fn set(&mut self, folder: PathBuf, layer: Layer) {
        self.by_folder.insert(folder, layer);
    }

    /// What holds for a project that begins at `home`: what the innermost folder around it says; where it lies in
    /// none but holds just one, as when an editor opens a part of a repository, what that one says.
    pub fn at(&self, home: &Path) -> &Layer {
        let around = home.ancestors().find_map(|folder| self.by_folder.get(folder));
        around.or_else(|| self.only_one_inside(home)).unwrap_or(&self.elsewhere)
    }

    /// Whether something else may hold in `folder` than in the one above it.
    pub fn begins_at(&self, folder: &Path) -> bool {
        self.by_folder.contains_key(folder)
    }

    fn only_one_inside(&self, home: &Path) -> Option<&Layer> {
        let mut inside = self.by_folder.iter().filter(|(folder, _)| folder.starts_with(home));
        match (inside.next(), inside.next()) {
            (Some((_, layer)), None) => Some(layer),
            _ => None,
        }
    }

    /// Everything that is wrong with any of them.
    pub fn layers(&self) -> impl Iterator<Item = &Layer> {
        std::iter::once(&self.elsewhere).chain(self.by_folder.values())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::KnownRule;

    fn layer(pattern: &str) -> Layer {
        let text = format!("exclude = [\"{pattern}\"]");
        let rules: [KnownRule; 0] = [];
        Layer::from_file(Path::new("/flakeless.toml"), text.as_bytes(), &rules).unwrap()
    }

    fn overrides(folders: &[&str]) -> Overrides {
        let mut overrides = Overrides::from(layer("elsewhere"));
        for folder in folders {
            overrides.set(PathBuf::from(folder), layer(folder));
        }
        overrides
    }

    fn at<'a>(overrides: &'a Overrides, home: &str) -> &'a str {
        &overrides.at(Path::new(home)).exclude().unwrap()[0]
    }

    #[test]
    fn the_innermost_folder_counts() {
        let overrides = overrides(&["/ws", "/ws/inner"]);
        assert_eq!(at(&overrides, "/ws"), "/ws");
        assert_eq!(at(&overrides, "/ws/other/deep"), "/ws");
        assert_eq!(at(&overrides, "/ws/inner/deep"), "/ws/inner");
        assert_eq!(at(&overrides, "/else"), "elsewhere");
    }

    #[test]
    fn a_part_of_a_repository_speaks_for_all_of_it_unless_another_part_does() {
        assert_eq!(at(&overrides(&["/repo/tests"]), "/repo"), "/repo/tests");
        assert_eq!(at(&overrides(&["/repo/a", "/repo/b"]), "/repo"), "elsewhere");
    }
}
