//! `project` says what pytest would see.

use crate::project::{Project, STEADY};

const GUARDED: &str = "\
import pytest
import shop


@pytest.fixture
def closed():
    yield
    shop.open = False


@pytest.fixture(name=\"renamed\")
def written_otherwise(closed):
    pass
";

fn shop() -> Project {
    Project::new(&[
        ("pytest.ini", "[pytest]\naddopts = -p nowhere\nmarkers =\n    slow: takes long\n"),
        ("tox.ini", "[tox]\n\n[pytest]\ntestpaths = elsewhere\n"),
        ("pyproject.toml", "[project]\nname = \"shop\"\ndependencies = [\"pytest-xdist>=3,<4\"]\n"),
        ("shop.py", "open = False\n"),
        ("tests/conftest.py", GUARDED),
        (
            "tests/test_shop.py",
            "import pytest\nimport shop\n\n\n@pytest.mark.slow\ndef test_opens():\n    shop.open = True\n\n\n\
             def test_is_closed(renamed):\n    assert not shop.open\n",
        ),
    ])
}

#[test]
fn a_person_reads_what_counts_and_why() {
    shop()
        .run(&["project"])
        .ends_with(0)
        .says("pytest.ini: the first in pytest's order")
        .says("not tox.ini: pytest obeys one file, and the chosen one comes first")
        .says("not pyproject.toml: it holds no options for pytest")
        .says("tox.ini:4: pytest obeys pytest.ini beside this file alone, so `testpaths` here has no effect.")
        .says("pytest-xdist (>=3, <4): Runs tests in several processes when `-n` is given")
        .says("nowhere: named in pytest.ini; what it brings is not known")
        .says("tests, 2 tests: tests/conftest.py")
        .says("slow on 1 test: nothing looks at it: it serves `-m` alone")
        .says("changed by test_opens at tests/test_shop.py:7")
        .says("read by test_is_closed at tests/test_shop.py:11")
        .never_says("\u{1b}");
}

#[test]
fn json_tells_every_test_with_its_fixtures() {
    let project = shop();
    let run = project.run(&["project", "--json"]).ends_with(0);
    let said: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let described = &said["projects"][0];
    assert_eq!(said["version"], 1);
    assert_eq!(described["configuration"]["file"], "pytest.ini");
    let tests = described["tests"].as_array().unwrap();
    let ids: Vec<&str> = tests.iter().filter_map(|test| test["id"].as_str()).collect();
    assert_eq!(ids, ["tests/test_shop.py::test_is_closed", "tests/test_shop.py::test_opens"]);
    let fixtures: Vec<&str> =
        tests[0]["fixtures"].as_array().unwrap().iter().filter_map(|it| it["name"].as_str()).collect();
    assert_eq!(fixtures, ["closed", "renamed"]);
    assert_eq!(tests[0]["fixtures"][0]["path"], "tests/conftest.py");
    assert_eq!(project.run(&["project", "--json"]).out, run.out);
}

#[test]
fn a_file_shows_its_own_tests_alone() {
    let project = Project::new(&[("test_a.py", STEADY), ("test_b.py", STEADY)]);
    project
        .run(&["project", "test_b.py", "--json"])
        .ends_with(0)
        .says("test_b.py::")
        .never_says("test_a.py::");
}

#[test]
fn what_pytest_refuses_is_said_once_and_the_rest_goes_on() {
    let project = Project::new(&[
        (
            "conftest.py",
            "import pytest\n\npytest_plugins = [\"parts.nope\", \"elsewhere\"]\n\n\n@pytest.fixture\ndef egg(hen):\n    pass\n\n\n\
             @pytest.fixture\ndef hen(egg):\n    pass\n\n\n@pytest.fixture\ndef tmp_path(tmp_path):\n    return tmp_path\n",
        ),
        ("parts/__init__.py", ""),
        ("broken/conftest.py", "def half(:\n    pass\n"),
        ("broken/test_below.py", STEADY),
        (
            "test_a.py",
            "import pytest\n\n\n@pytest.fixture\ndef nest(branch):\n    pass\n\n\n@pytest.fixture\ndef branch():\n    pass\n\n\n\
             @pytest.fixture\ndef tmp_path(tmp_path):\n    pass\n\n\n\
             class TestOutwards:\n    @pytest.fixture\n    def branch(self, nest):\n        pass\n\n    def test_sum(self, branch):\n        pass\n",
        ),
    ]);
    let cycle = "conftest.py:7: These fixtures wait for each other: `egg` → `hen` → `egg`.";
    let missing = "conftest.py:3: The project has no module `parts.nope`";
    let broken = "broken/conftest.py:1: This does not parse";
    let run = project.run(&["project"]).ends_with(0);
    let run = run.says(cycle).says(missing).says(broken).says("elsewhere: named in conftest.py");
    let run = run.says("broken, 1 test: broken/conftest.py < conftest.py").says("., 1 test: conftest.py");
    assert_eq!(run.out.matches("wait for each other").count(), 1);
    let run = project.run(&["check"]).ends_with(0).warns(cycle).warns(missing).warns(broken);
    run.says("No hints: 2 tests");
}

#[test]
fn a_path_that_is_not_there_is_two() {
    Project::new(&[]).run(&["project", "nowhere"]).ends_with(2).warns("nowhere:");
}
