//! Settings reach the hints: from the nearest file, from the overrides, and what is wrong in them is told.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::config_text::toml;
use analysis::settings::{Layer, Origin};
use analysis::workspace::{Date, FileSource, ReadError, Workspace, known_rules};

struct Memory(BTreeMap<PathBuf, String>);

impl FileSource for Memory {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError> {
        self.0.get(path).map(|text| text.clone().into_bytes()).ok_or(ReadError::Missing)
    }

    fn names_in(&self, _: &Path) -> Vec<String> {
        Vec::new()
    }
}

fn workspace(settings: &str) -> Workspace {
    let test = "def test_a():\n    with open('/tmp/x.txt', 'w') as f:\n        f.write('x')\n";
    let files = [("/p/test_a.py", test), ("/p/pyproject.toml", settings)];
    let files: BTreeMap<_, _> = files.map(|(path, text)| (PathBuf::from(path), text.to_owned())).into();
    let paths = files.keys().cloned().collect();
    let mut workspace = Workspace::new(Arc::new(Memory(files)), Date { year: 2026, month: 11, day: 23 });
    workspace.set_files(Path::new("/p"), paths);
    workspace
}

fn hints(workspace: &Workspace) -> usize {
    workspace.report(Path::new("/p/test_a.py")).hints.len()
}

#[test]
fn an_environment_that_is_not_there_is_said_where_it_is_named() {
    let text = "[tool.flakeless]\npython = \".venv\"\n";
    let problems = workspace(text).problems();
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    assert_eq!(problem.range.slice(text), "\".venv\"");
    assert!(problem.message.contains("no `site-packages`"), "{}", problem.message);
}

#[test]
fn a_rule_is_ignored_by_the_nearest_file() {
    assert_eq!(hints(&workspace("")), 1);
    assert_eq!(hints(&workspace("[tool.flakeless]\nignore = [\"unisolated-file\"]\n")), 0);
    assert_eq!(hints(&workspace("[tool.flakeless]\nper-file-ignores = { \"test_*.py\" = [\"all\"] }\n")), 0);
}

#[test]
fn overrides_win() {
    let mut workspace = workspace("[tool.flakeless]\nselect = []\n");
    assert_eq!(hints(&workspace), 0);
    let flags = toml::read("select = ['unisolated-file']").root;
    workspace.configure(Layer::from_values(Origin::Flags, Path::new("/p"), &flags, &known_rules()));
    assert_eq!(hints(&workspace), 1);
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    let text = "[tool.flakeless]\nignored = [\"unisolated-file\"]\n";
    let workspace = workspace(text);
    let problems = workspace.problems();
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(problems[0].range.slice(text), "ignored");
    assert_eq!(problems[0].message, "`ignored` is not a setting of flakeless. Did you mean `ignore`?");
    assert_eq!(hints(&workspace), 1);
}

#[test]
fn plugins_named_by_hand_count() {
    let workspace = workspace("[tool.flakeless]\nplugins = [\"pytest-xdist>=3\"]\n");
    assert!(
        workspace
            .project(Path::new("/p/test_a.py"))
            .is_some_and(|project| project.plugins.has("pytest_xdist"))
    );
}
