//! The workspace root around a path: the folder whose files decide what can be said about it.
//!
//! The answer must not depend on how deep the named path lies, else one file would be told something else than
//! the folder around it. So the repository counts first; without one, the outer of the nearest project file
//! and the nearest pytest configuration; without those, the folders that pytest's packages and conftests join.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

use super::Named;
use super::walk::holds_up;
use crate::disk;

const REPOSITORY: [&str; 4] = [".git", ".hg", ".jj", ".svn"];
const PROJECT: [&str; 4] = ["pyproject.toml", "setup.py", "setup.cfg", "flakeless.toml"];
const PYTEST: [&str; 4] = ["pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"];
/// Files that configure pytest only where they hold this text.
const PYTEST_SECTION: [(&str, &str); 3] =
    [("pyproject.toml", "[tool.pytest"), ("tox.ini", "[pytest]"), ("setup.cfg", "[tool:pytest]")];

/// The roots around all of `named`, sorted, those left out that lie inside another.
pub(super) fn outermost(named: &[Named]) -> Vec<PathBuf> {
    let home = env::home_dir();
    let roots: BTreeSet<PathBuf> = named.iter().map(|name| root(name, home.as_deref())).collect();
    let inside = |root: &Path| roots.iter().any(|other| other != root && root.starts_with(other));
    roots.iter().filter(|root| !inside(root)).cloned().collect()
}

fn root(named: &Named, home: Option<&Path>) -> PathBuf {
    let start = match named {
        Named::Folder(folder) => folder.as_path(),
        Named::File(file) => file.parent().unwrap_or(file),
    };
    // A home directory under version control is no project.
    let mut chain: Vec<&Path> =
        start.ancestors().take_while(|folder| Some(*folder) != home || *folder == start).collect();
    let repository = chain.iter().position(|folder| holds(folder, &REPOSITORY));
    if let Some(depth) = repository {
        if !is_foreign(&chain[..=depth]) {
            return chain[depth].to_owned();
        }
        chain.truncate(depth);
    }
    let project = chain.iter().copied().find(|folder| holds(folder, &PROJECT));
    let pytest = chain.iter().copied().find(|folder| configures_pytest(folder));
    match (project, pytest) {
        (Some(project), Some(pytest)) if project.starts_with(pytest) => pytest.to_owned(),
        (Some(folder), _) | (None, Some(folder)) => folder.to_owned(),
        (None, None) => joined_by_pytest(&chain).unwrap_or(start).to_owned(),
    }
}

fn holds(folder: &Path, names: &[&str]) -> bool {
    names.iter().any(|name| folder.join(name).exists())
}

/// Whether the first folder of `chain` lies in a repository, the last, without being a part of it: git ignores
/// it, and no configuration of the repository would make pytest run it as its own. An unpacked package, say.
fn is_foreign(chain: &[&Path]) -> bool {
    let (Some(folder), Some(repository)) = (chain.first(), chain.last()) else { return false };
    let is_inside = chain.len() > 1;
    is_inside && !configures_pytest(repository) && is_ignored(folder, repository)
}

fn is_ignored(folder: &Path, repository: &Path) -> bool {
    if holds_up(repository) {
        return false;
    }
    let target = folder.to_owned();
    let mut way_there = WalkBuilder::new(repository)
        .hidden(false)
        .parents(false)
        .require_git(false)
        .filter_entry(move |entry| target.starts_with(entry.path()) && !holds_up(entry.path()))
        .max_depth(Some(folder.components().count() - repository.components().count()))
        .build();
    !way_there.any(|entry| entry.is_ok_and(|entry| entry.path() == folder))
}

fn configures_pytest(folder: &Path) -> bool {
    PYTEST.iter().any(|name| folder.join(name).exists())
        || PYTEST_SECTION.iter().any(|(name, section)| {
            disk::read(&folder.join(name))
                .is_ok_and(|(bytes, _)| memchr::memmem::find(&bytes, section.as_bytes()).is_some())
        })
}

/// The last folder upwards that a package or a conftest of its parent still ties to the start.
fn joined_by_pytest<'a>(chain: &[&'a Path]) -> Option<&'a Path> {
    let tied =
        |pair: &&[&Path]| pair[0].join("__init__.py").is_file() || pair[1].join("conftest.py").is_file();
    chain.windows(2).take_while(tied).map(|pair| pair[1]).last()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use tempfile::TempDir;

    /// A folder with these files; a name that ends in `/` is a folder.
    fn tree(paths: &[&str]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for path in paths {
            let (path, text) = path.split_once('=').unwrap_or((path, ""));
            let full = folder.path().join(path);
            if path.ends_with('/') {
                fs::create_dir_all(full).unwrap();
            } else {
                fs::create_dir_all(full.parent().unwrap()).unwrap();
                fs::write(full, text).unwrap();
            }
        }
        folder
    }

    fn root_of(tree: &TempDir, named: &str) -> String {
        let root = root(&Named::Folder(tree.path().join(named)), None);
        root.strip_prefix(tree.path()).unwrap().to_str().unwrap().to_owned()
    }

    #[test]
    fn the_repository_counts_first() {
        let tree = tree(&["a/.git/", "a/b/pyproject.toml", "a/b/tests/pytest.ini"]);
        assert_eq!(root_of(&tree, "a/b/tests"), "a");
        assert_eq!(root_of(&tree, "a"), "a");
    }

    #[test]
    fn what_git_ignores_is_foreign_unless_pytest_is_configured_above() {
        let free = tree(&["a/.git/", "a/.gitignore=/target", "a/target/corpus/p/x/__init__.py", "a/b/"]);
        assert_eq!(root_of(&free, "a/target/corpus/p"), "a/target/corpus/p");
        assert_eq!(root_of(&free, "a/target/corpus/p/x"), "a/target/corpus/p");
        assert_eq!(root_of(&free, "a/b"), "a");
        let configured = tree(&["a/.git/", "a/.gitignore=/made", "a/pytest.ini", "a/made/"]);
        assert_eq!(root_of(&configured, "a/made"), "a");
    }

    #[test]
    fn the_outer_of_project_and_pytest_configuration() {
        let tests_configured = tree(&["p/setup.py", "p/tests/pytest.ini", "p/tests/unit/"]);
        assert_eq!(root_of(&tests_configured, "p/tests/unit"), "p");
        let whole_configured =
            tree(&["p/tox.ini=[pytest]", "p/lib/pyproject.toml=[project]", "p/lib/tests/"]);
        assert_eq!(root_of(&whole_configured, "p/lib/tests"), "p");
        let no_section = tree(&["p/tox.ini=[tox]", "p/lib/pyproject.toml=[project]", "p/lib/tests/"]);
        assert_eq!(root_of(&no_section, "p/lib/tests"), "p/lib");
    }

    #[test]
    fn without_configuration_packages_and_conftests_hold_together() {
        let tree =
            tree(&["p/tests/conftest.py", "p/tests/unit/__init__.py", "p/tests/unit/deep/__init__.py"]);
        assert_eq!(root_of(&tree, "p/tests/unit/deep"), "p/tests");
        assert_eq!(root_of(&tree, "p"), "p");
    }

    #[test]
    fn a_home_directory_is_a_root_only_when_named() {
        let tree = tree(&["home/.git/", "home/tests/"]);
        let home = tree.path().join("home");
        let of = |path: &Path| root(&Named::Folder(path.to_owned()), Some(&home));
        assert_eq!(of(&home.join("tests")), home.join("tests"));
        assert_eq!(of(&home), home);
    }

    #[test]
    fn roots_inside_others_are_left_out() {
        let tree = tree(&["a/.git/", "a/sub/.git/", "b/.git/"]);
        let named = ["a", "a/sub", "b"].map(|path| Named::Folder(tree.path().join(path)));
        assert_eq!(outermost(&named), [tree.path().join("a"), tree.path().join("b")]);
    }
}
