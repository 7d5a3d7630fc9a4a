//! When an entry counts, and when it does not.

use std::fs::{self, File};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use analysis::workspace::Workspace;
use tempfile::TempDir;

use super::*;
use crate::discover::{self, Force};

const DAY: Date = Date { year: 2026, month: 2, day: 3 };
const FLAKY: &str = "def test_a():\n    open('/tmp/a.txt', 'w').close()\n";

/// A project, and a folder for what is kept.
struct Place {
    project: TempDir,
    cache: TempDir,
}

/// What one look at the project found.
#[derive(Debug, PartialEq, Eq)]
struct Look {
    is_recalled: bool,
    hints: Vec<(PathBuf, String, usize)>,
}

impl Place {
    fn new(files: &[(&str, &str)]) -> Place {
        let [project, cache] = [(), ()].map(|()| tempfile::tempdir().unwrap());
        let place = Place { project, cache };
        place.write(".git/config", "");
        for (path, text) in files {
            place.write(path, text);
        }
        place
    }

    fn path(&self, path: &str) -> PathBuf {
        self.project.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn roots(&self) -> Vec<Root> {
        discover::discover(&[self.project.path().to_owned()], Force::Check, &Overrides::default())
            .unwrap()
            .roots
    }

    /// Looks at the project as `check` does on that day, and keeps what there was to see.
    fn look_on(&self, today: Date) -> Look {
        let (roots, overrides) = (self.roots(), Overrides::default());
        let given = Given { roots: &roots, overrides: &overrides, words: &[], today };
        let cache = Cache::open(Some(self.cache.path()), given, Disk::default()).unwrap();
        if let Some(recalled) = cache.recall() {
            let hints = hints(&recalled);
            assert!(recalled.is_sure());
            cache.confirm(recalled).unwrap();
            return Look { is_recalled: true, hints };
        }
        let witness = Arc::new(Witness::default());
        let mut workspace = Workspace::new(witness.clone(), today);
        for root in &roots {
            workspace.set_files(&root.path, root.files.clone());
        }
        let heard = Heard::new(&workspace);
        let hints = hints(&heard);
        cache.keep(&heard, &witness, None).unwrap();
        Look { is_recalled: false, hints }
    }

    fn look(&self) -> Look {
        self.look_on(DAY)
    }

    /// Looks twice: the first look must see that something changed, the second finds what the first kept.
    #[track_caller]
    fn assert_seen(&self, what: &str) {
        let first = self.look();
        assert!(!first.is_recalled, "{what} was not seen");
        assert_eq!(self.look(), Look { is_recalled: true, ..first }, "after {what}");
    }
}

fn hints(answers: &dyn Answers) -> Vec<(PathBuf, String, usize)> {
    let mut said = Vec::new();
    for path in answers.test_files().into_iter().chain(answers.configuration_files()) {
        for hint in answers.report(&path).hints {
            let fixes = answers.fixes(&path, &hint).len();
            said.push((path.clone(), hint.message.into(), fixes));
        }
    }
    said
}

#[test]
fn nothing_changed() {
    let place = Place::new(&[("pytest.ini", "[pytest]\n"), ("tests/test_a.py", FLAKY)]);
    let first = place.look();
    assert_eq!((first.is_recalled, first.hints.len()), (false, 1));
    assert_eq!(place.look(), Look { is_recalled: true, ..first });
}

#[test]
fn every_kind_of_change_is_seen() {
    let settings = "[tool.flakeless]\npython = \"env\"\n[tool.pytest.ini_options]\n";
    let files = [
        ("pyproject.toml", settings),
        ("tests/test_a.py", FLAKY),
        ("shop.py", "x = 1\n"),
        ("env/pyvenv.cfg", ""),
        ("env/lib/python3.12/site-packages/pytest-8.4.0.dist-info/METADATA", ""),
        (".github/workflows/ci.yml", "run: pytest\n"),
    ];
    let place = Place::new(&files);
    place.assert_seen("the first look");
    place.write("tests/test_a.py", "def test_a():\n    open('/tmp/b.txt', 'w').close()\n");
    place.assert_seen("other bytes, as many as before");
    place.write("tests/test_b.py", FLAKY);
    place.assert_seen("a new test file");
    place.write("tests/conftest.py", "import pytest\n");
    place.assert_seen("a new conftest");
    place.write("tests/conftest.py", "import shop\n");
    place.assert_seen("a changed conftest");
    fs::remove_file(place.path("tests/test_b.py")).unwrap();
    place.assert_seen("a file that is gone");
    place.write(
        "pyproject.toml",
        &settings.replace("[tool.pytest", "plugins = [\"pytest-xdist\"]\n[tool.pytest"),
    );
    place.assert_seen("a setting");
    place.write("tox.ini", "[testenv]\ncommands = pytest -n 4\n");
    place.assert_seen("a command");
    place.write(".github/workflows/ci.yml", "run: pytest -n 4\n");
    place.assert_seen("a command of a workflow");
    place.write("env/lib/python3.12/site-packages/pytest_xdist-3.8.0.dist-info/METADATA", "");
    place.assert_seen("an installed plugin");
    place.write("tests/flakeless.toml", "ignore = []\n");
    place.assert_seen("settings where there were none");
    fs::write(place.path("shop.py"), b"\xff").unwrap();
    place.assert_seen("a file that is no text any more");
}

/// The engine looked for it and did not find it; it is not among what is listed.
#[test]
fn a_file_that_appears_where_there_was_none_is_seen() {
    let place = Place::new(&[("pytest.ini", "[pytest]\n"), ("tests/test_a.py", FLAKY)]);
    let (roots, overrides) = (place.roots(), Overrides::default());
    let given = Given { roots: &roots, overrides: &overrides, words: &[], today: DAY };
    let cache = Cache::open(Some(place.cache.path()), given, Disk::default()).unwrap();
    place.look();
    assert!(cache.recall().is_some());
    place.write("flakeless.toml", "ignore = ['all']\n");
    assert!(cache.recall().is_none(), "with the listing of before");
}

const DATED: &str = "\
from datetime import date

def test_licence():
    assert date.today() < date(2027, 1, 1)
";

#[test]
fn another_day_is_another_question_where_an_answer_rests_on_the_date() {
    let next = Date { day: 4, ..DAY };
    let place = Place::new(&[("pytest.ini", "[pytest]\n"), ("tests/test_a.py", FLAKY)]);
    place.look();
    assert!(place.look_on(next).is_recalled);
    let place = Place::new(&[("pytest.ini", "[pytest]\n"), ("tests/test_a.py", DATED)]);
    assert_eq!(place.look().hints.len(), 1);
    assert!(place.look().is_recalled);
    assert!(!place.look_on(next).is_recalled);
    assert!(place.look_on(next).is_recalled);
    assert_eq!(place.look_on(Date { year: 2027, ..DAY }).hints, []);
}

#[test]
fn other_flags_are_another_question() {
    let place = Place::new(&[("pytest.ini", "[pytest]\n")]);
    let roots = place.roots();
    let all = [
        key(&roots, &[]),
        key(&roots, &["a"]),
        key(&roots, &["a", "b"]),
        key(&roots, &["ab"]),
        key(&[], &[]),
    ];
    let different: std::collections::BTreeSet<u128> = all.into_iter().collect();
    assert_eq!(different.len(), all.len());
}

/// What was touched long enough before it was read need not be read again. Its time alone can be set back, which is seen
/// where the system tells when that was done.
#[cfg(unix)]
#[test]
fn a_settled_file_is_known_by_what_the_system_says_of_it() {
    let place = Place::new(&[("pytest.ini", "[pytest]\n"), ("tests/test_a.py", FLAKY)]);
    place.look();
    std::thread::sleep(Duration::from_millis(2_100));
    let (roots, overrides) = (place.roots(), Overrides::default());
    let given = Given { roots: &roots, overrides: &overrides, words: &[], today: DAY };
    let cache = Cache::open(Some(place.cache.path()), given, Disk::default()).unwrap();
    let recalled = cache.recall().unwrap();
    assert!(recalled.is_touched, "it is settled now, which is to be kept");
    cache.confirm(recalled).unwrap();
    let recalled = cache.recall().unwrap();
    assert!(!recalled.is_touched);
    let is_settled = |seen: &Seen| matches!(seen, Seen::Bytes { stat: Some(_), .. });
    assert!(recalled.entry.listed.iter().flatten().all(is_settled));
    let path = place.path("tests/test_a.py");
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    fs::write(&path, FLAKY.replace("a.txt", "b.txt")).unwrap();
    File::options().append(true).open(&path).unwrap().set_modified(modified).unwrap();
    assert!(cache.recall().is_none());
    fs::write(&path, FLAKY).unwrap();
    assert!(cache.recall().is_some_and(|recalled| recalled.is_touched), "the bytes are those of before");
}

#[test]
fn what_nobody_asked_before_is_not_known() {
    let place = Place::new(&[("pytest.ini", "[pytest]\n"), ("tests/test_a.py", FLAKY), ("x.py", "")]);
    place.look();
    let (roots, overrides) = (place.roots(), Overrides::default());
    let given = Given { roots: &roots, overrides: &overrides, words: &[], today: DAY };
    let cache = Cache::open(Some(place.cache.path()), given, Disk::default()).unwrap();
    let recalled = cache.recall().unwrap();
    recalled.report(&place.path("tests/test_a.py"));
    assert!(recalled.looks_like_tests(&place.path("tests/test_a.py")));
    assert!(recalled.learn([place.path("tests/test_a.py")].iter().map(PathBuf::as_path)));
    recalled.report(&place.path("x.py"));
    assert!(!recalled.is_sure());
}

/// The text that a hint is shown in must be the one that it was found in.
#[test]
fn a_text_that_changed_since_the_look_is_not_shown() {
    let place = Place::new(&[("pytest.ini", "[pytest]\n"), ("tests/test_a.py", FLAKY)]);
    place.look();
    let (roots, overrides) = (place.roots(), Overrides::default());
    let given = Given { roots: &roots, overrides: &overrides, words: &[], today: DAY };
    let cache = Cache::open(Some(place.cache.path()), given, Disk::default()).unwrap();
    let recalled = cache.recall().unwrap();
    place.write("tests/test_a.py", "# new\n");
    assert!(!recalled.learn([place.path("tests/test_a.py")].iter().map(PathBuf::as_path)));
}

#[test]
fn what_was_known_is_kept_beside_what_is_new() {
    let place = Place::new(&[("pytest.ini", "[pytest]\n"), ("tests/test_a.py", FLAKY), ("x.py", "")]);
    let (roots, overrides) = (place.roots(), Overrides::default());
    let given = Given { roots: &roots, overrides: &overrides, words: &[], today: DAY };
    let cache = Cache::open(Some(place.cache.path()), given, Disk::default()).unwrap();
    let first = place.look();
    let witness = Arc::new(Witness::default());
    let mut workspace = Workspace::new(witness.clone(), DAY);
    workspace.set_files(&roots[0].path, roots[0].files.clone());
    let heard = Heard::new(&workspace);
    heard.report(&place.path("x.py"));
    cache.keep(&heard, &witness, cache.recall()).unwrap();
    let recalled = cache.recall().unwrap();
    recalled.report(&place.path("x.py"));
    assert_eq!(hints(&recalled), first.hints);
    assert!(recalled.is_sure());
}
