//! How the tests are run, as far as files say it: continuous integration, tox, make and their like.
//!
//! The command line wins over pytest's configuration, so what stands here can make good what the configuration lacks.
//! Only words are looked for: the files have many forms, and no command is put together from them.

use std::path::Path;

use memchr::memmem;

/// Names of files that hold commands.
const NAMES: &[&str] = &[
    ".gitlab-ci.yml",
    ".travis.yml",
    "GNUmakefile",
    "Justfile",
    "Makefile",
    "Taskfile.yml",
    "appveyor.yml",
    "azure-pipelines.yml",
    "justfile",
    "makefile",
    "noxfile.py",
    "pyproject.toml",
    "tox.ini",
    "tox.toml",
];

/// Folders, from the repository's root, whose YAML files hold commands.
pub const FOLDERS: &[&str] = &[".circleci", ".github/workflows"];

/// Whether the file's name and folder say that it holds commands.
pub fn holds_commands(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    NAMES.contains(&name) || is_workflow(path)
}

fn is_workflow(path: &Path) -> bool {
    let is_yaml = path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml");
    is_yaml && path.parent().is_some_and(|folder| FOLDERS.iter().any(|known| folder.ends_with(known)))
}

/// The texts of those files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Runs(Vec<String>);

impl Runs {
    pub fn new(texts: Vec<String>) -> Runs {
        Runs(texts)
    }

    /// Whether a command may distribute tests over workers so (`loadgroup`, `loadfile`, …).
    pub fn distribute(&self, mode: &str) -> bool {
        self.0.iter().any(|text| memmem::find(text.as_bytes(), mode.as_bytes()).is_some())
    }

    /// Whether an environment variable is named, to be set or passed on.
    pub fn name(&self, variable: &str) -> bool {
        self.0.iter().any(|text| words(text).any(|word| word == variable))
    }

    /// Whether a command may select tests by a marker, as in `pytest -m "not serial"`.
    pub fn select(&self, marker: &str) -> bool {
        let selects = |line: &str| {
            line.split_once("-m").is_some_and(|(_, rest)| words(rest).any(|word| word == marker))
        };
        self.0.iter().flat_map(|text| text.lines()).any(selects)
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_with_commands_are_known_by_name_and_folder() {
        for path in
            ["/p/Makefile", "/p/.github/workflows/ci.yaml", "/p/sub/tox.ini", "/p/.circleci/config.yml"]
        {
            assert!(holds_commands(Path::new(path)), "{path}");
        }
        for path in ["/p/docs/ci.yml", "/p/.github/dependabot.yml", "/p/tests/test_a.py"] {
            assert!(!holds_commands(Path::new(path)), "{path}");
        }
    }

    #[test]
    fn words_of_commands_are_found() {
        let runs = Runs::new(vec!["run: |\n  pytest -n 4 --dist=loadgroup -m 'not serial'\n".to_owned()]);
        assert!(runs.distribute("loadgroup") && !runs.distribute("loadfile"));
        assert!(runs.name("serial") && !runs.name("seri"));
        assert!(runs.select("serial") && !runs.select("seri") && !runs.select("slow"));
    }
}
