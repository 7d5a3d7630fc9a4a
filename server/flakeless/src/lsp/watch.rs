//! What the client is asked to watch.

use std::path::Path;

use analysis::settings::DEFAULT_BASELINE;
use serde_json::{Value, json};
use tower_lsp::lsp_types::Registration;

use super::convert::uri_of;

const WATCHED: [&str; 8] = [
    "**/*.py",
    "**/{pyproject.toml,pytest.toml,.pytest.toml,flakeless.toml,pytest.ini,.pytest.ini,tox.ini,setup.cfg}",
    "**/{uv.lock,poetry.lock,pdm.lock,Pipfile,.gitignore}",
    "**/flakeless-baseline.json",
    "**/requirements*.txt",
    "**/requirements/*.txt",
    "**/{Makefile,makefile,GNUmakefile,Justfile,justfile,Taskfile.yml,tox.toml,.gitlab-ci.yml,.travis.yml,appveyor.yml,azure-pipelines.yml}",
    "**/{.github/workflows,.circleci}/*.{yml,yaml}",
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

/// Asks to watch a baseline of another name than the usual. `None` where that is watched anyway, or its folder has no URI.
pub(crate) fn watch_baseline(file: &Path, below_folder: bool) -> Option<Registration> {
    let name = file.file_name()?.to_str().filter(|name| *name != DEFAULT_BASELINE)?;
    let glob = match below_folder {
        true => json!({"globPattern": {"baseUri": uri_of(file.parent()?)?, "pattern": name}}),
        false => json!({"globPattern": format!("**/{name}")}),
    };
    Some(watch(format!("baseline {}", file.display()), &[glob]))
}

fn watch(id: String, watchers: &[Value]) -> Registration {
    Registration {
        id,
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: Some(json!({"watchers": watchers})),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::discover::{CONFIGURATION, is_wanted};
    use globset::{Glob, GlobSetBuilder};

    #[test]
    fn all_that_is_read_is_watched() {
        let mut globs = GlobSetBuilder::new();
        for glob in WATCHED {
            globs.add(Glob::new(glob).unwrap());
        }
        let globs = globs.build().unwrap();
        let others = [
            "a.py",
            "uv.lock",
            "poetry.lock",
            "pdm.lock",
            "requirements-dev.txt",
            "requirements/dev.txt",
            "Makefile",
            ".gitlab-ci.yml",
            ".github/workflows/ci.yaml",
            ".circleci/config.yml",
        ];
        assert!(globs.is_match(Path::new("/p/q").join(DEFAULT_BASELINE)));
        for name in CONFIGURATION.iter().chain(&others) {
            let path = Path::new("/p/q").join(name);
            assert!(is_wanted(&path), "{name} is read");
            assert!(globs.is_match(&path), "{name} is watched");
        }
    }
}
