//! A project in a temporary folder, and runs of the binary in it.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A test that gives one likely hint, `unisolated-file`, whose cure is suggested.
pub(crate) const FLAKY: &str = "\
def test_report():
    with open(\"out.txt\", \"w\") as report:
        report.write(\"x\")
";

/// A test that gives no hint.
pub(crate) const STEADY: &str = "\
def test_sum():
    assert 1 + 1 == 2
";

/// A test that gives one likely hint, `unstable-parametrize`, whose cure is safe.
pub(crate) const UNSORTED: &str = "\
import pytest


@pytest.mark.parametrize(\"word\", {\"a\", \"b\"})
def test_word(word):
    assert word in \"ab\"
";

/// [`UNSORTED`] after its fix.
pub(crate) const SORTED: &str = "\
import pytest


@pytest.mark.parametrize(\"word\", sorted({\"a\", \"b\"}))
def test_word(word):
    assert word in \"ab\"
";

pub(crate) struct Project {
    folder: TempDir,
    /// What stands for the cache folder of the person who runs the binary.
    cache: TempDir,
}

impl Project {
    /// A repository with a `pytest.ini` and these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Project {
        let [folder, cache] = [(), ()].map(|()| tempfile::tempdir().unwrap());
        let project = Project { folder, cache };
        fs::create_dir(project.path(".git")).unwrap();
        project.write("pytest.ini", "[pytest]\n");
        for (path, text) in files {
            project.write(path, text);
        }
        project
    }

    /// A repository of git with these files in its first commit.
    pub(crate) fn committed(files: &[(&str, &str)]) -> Project {
        let project = Project::new(files);
        fs::remove_dir(project.path(".git")).unwrap();
        project.git(&["init", "-q"]);
        project.commit();
        project
    }

    pub(crate) fn commit(&self) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "-q", "-m", "a step"]);
    }

    pub(crate) fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        // No setting of the person who runs the tests may count.
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.args(["-c", "user.name=a", "-c", "user.email=a@b.c", "-c", "init.defaultBranch=main"]);
        let output = command.args(arguments).current_dir(self.folder.path()).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
    }

    /// What the binary kept, sorted.
    pub(crate) fn kept(&self) -> Vec<PathBuf> {
        let Ok(entries) = fs::read_dir(self.cache.path().join("flakeless")) else { return Vec::new() };
        let mut kept: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        kept.retain(|path| path.extension().is_some_and(|extension| extension == "kept"));
        kept.sort();
        kept
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    pub(crate) fn write(&self, relative: &str, text: impl AsRef<[u8]>) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, relative: &str) -> String {
        fs::read_to_string(self.path(relative)).unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flakeless"));
        command.args(arguments).current_dir(self.folder.path()).stdin(Stdio::null());
        // No setting of the person who runs the tests may count.
        command.env("HOME", self.folder.path().join("nobody")).env_remove("XDG_CONFIG_HOME");
        command.env("XDG_CACHE_HOME", self.cache.path());
        for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&self.command(arguments).output().unwrap())
    }

    pub(crate) fn run_with_input(&self, arguments: &[&str], input: &[u8]) -> Run {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        Run::of(&child.wait_with_output().unwrap())
    }

    /// Every file below, but for those of git, sorted.
    pub(crate) fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() { folders.push(path) } else { files.push(path) }
            }
        }
        files.sort();
        files
    }
}

impl AsRef<Path> for Project {
    fn as_ref(&self) -> &Path {
        self.folder.path()
    }
}

/// How a run ended and what it said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Run {
    pub(crate) fn of(output: &Output) -> Run {
        Run {
            code: output.status.code(),
            out: String::from_utf8(output.stdout.clone()).unwrap(),
            err: String::from_utf8(output.stderr.clone()).unwrap(),
        }
    }

    /// Ends the test unless the run ended so, with all that was said.
    #[track_caller]
    pub(crate) fn ends_with(self, code: i32) -> Run {
        assert_eq!(self.code, Some(code), "\nout: {}\nerr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn says(self, text: &str) -> Run {
        assert!(self.out.contains(text), "no {text:?}\nout: {}\nerr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn warns(self, text: &str) -> Run {
        assert!(self.err.contains(text), "no {text:?}\nout: {}\nerr: {}", self.out, self.err);
        self
    }

    #[track_caller]
    pub(crate) fn never_says(self, text: &str) -> Run {
        let said = self.out.contains(text) || self.err.contains(text);
        assert!(!said, "{text:?} was said\nout: {}\nerr: {}", self.out, self.err);
        self
    }
}
