//! Changes on disk: what the client is asked to watch, and a look of our own where it does not.
//!
//! Some clients watch nothing (Neovim on Linux), some report only what they wrote themselves (Helix). So with each
//! opening, saving and question, the conftests and configuration files above the document are looked at: a few dozen `stat`s.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rustc_hash::FxHashMap;
use serde_json::{Value, json};
use tower_lsp::lsp_types::Registration;

use super::convert::uri_of;
use crate::discover::CONFIGURATION;

const WATCHED: [&str; 5] = [
    "**/*.py",
    "**/{pyproject.toml,pytest.toml,.pytest.toml,flakeless.toml,pytest.ini,.pytest.ini,tox.ini,setup.cfg}",
    "**/{uv.lock,poetry.lock,pdm.lock,Pipfile,.gitignore}",
    "**/requirements*.txt",
    "**/requirements/*.txt",
];

/// Asks to tell when the settings change.
pub(crate) fn settings_registration() -> Registration {
    Registration {
        id: "settings".to_owned(),
        method: "workspace/didChangeConfiguration".to_owned(),
        register_options: Some(json!({"section": "flakeless"})),
    }
}

/// Asks to watch whatever the client calls its folders.
pub(crate) fn watch_everywhere() -> Registration {
    watch("files".to_owned(), &WATCHED.map(|glob| json!({"globPattern": glob})))
}

/// Asks to watch below one folder. `None` where it has no URI.
pub(crate) fn watch_below(root: &Path) -> Option<Registration> {
    let base = uri_of(root)?;
    let watchers = WATCHED.map(|glob| json!({"globPattern": {"baseUri": base, "pattern": glob}}));
    Some(watch(watch_id(root), &watchers))
}

/// The name under which a folder is watched.
pub(crate) fn watch_id(root: &Path) -> String {
    format!("files below {}", root.display())
}

fn watch(id: String, watchers: &[Value]) -> Registration {
    Registration {
        id,
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(json!({"watchers": watchers})),
    }
}

/// A file's state on disk; `None` when it is not there.
type Stamp = Option<(SystemTime, u64)>;

/// What the files above open documents looked like.
#[derive(Debug, Default)]
pub(crate) struct Stamps(FxHashMap<PathBuf, Stamp>);

impl Stamps {
    /// The conftests and configuration files above `document`, up to `root`, that changed since the last look.
    pub(crate) fn changed_above(&mut self, document: &Path, root: &Path) -> Vec<PathBuf> {
        let folders = document.ancestors().skip(1).take_while(|folder| folder.starts_with(root));
        let names = CONFIGURATION.iter().chain(&["conftest.py"]);
        folders
            .flat_map(|folder| names.clone().map(|name| folder.join(name)))
            .filter(|path| {
                let now = stamp(path);
                self.0.insert(path.clone(), now).is_some_and(|before| before != now)
            })
            .collect()
    }
}

fn stamp(path: &Path) -> Stamp {
    let metadata = fs::metadata(path).ok()?;
    Some((metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH), metadata.len()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::is_wanted;
    use globset::{Glob, GlobSetBuilder};

    #[test]
    fn all_that_is_read_is_watched() {
        let mut globs = GlobSetBuilder::new();
        for glob in WATCHED {
            globs.add(Glob::new(glob).unwrap());
        }
        let globs = globs.build().unwrap();
        let others =
            ["a.py", "uv.lock", "poetry.lock", "pdm.lock", "requirements-dev.txt", "requirements/dev.txt"];
        for name in CONFIGURATION.iter().chain(&others) {
            let path = Path::new("/p/q").join(name);
            assert!(is_wanted(&path), "{name} is read");
            assert!(globs.is_match(&path), "{name} is watched");
        }
    }

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
}
