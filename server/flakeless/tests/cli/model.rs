//! `flakeless project`.

use serde_json::Value;

use crate::project::Project;

const CONFTEST: &str = "\
import importlib

import pytest

import shop


def pytest_collection_modifyitems(items):
    for item in items:
        if item.get_closest_marker('no_parallel'):
            item.add_marker(pytest.mark.xdist_group('alone'))


@pytest.fixture
def fresh_shop():
    importlib.reload(shop)
    yield


@pytest.fixture
def basket():
    return []
";

const TESTS: &str = "\
import shop


class Base:
    def test_open(self, basket):
        assert shop.OPEN


class TestShop(Base):
    pass


def test_closing():
    shop.OPEN = False
";

fn project() -> Project {
    Project::new(&[
        ("pytest.ini", "[pytest]\nmarkers = no_parallel: alone\n"),
        ("setup.cfg", "[tool:pytest]\naddopts = -q\n"),
        ("requirements.txt", "pytest==9.1.1\npytest-xdist>=3\nrich\n"),
        ("shop.py", "OPEN = True\n"),
        ("tests/conftest.py", CONFTEST),
        ("tests/test_shop.py", TESTS),
    ])
}

#[test]
fn a_person_is_told_what_is_understood() {
    let told = project().run(&["project"]).ends_with(0).never_says("rich").out;
    for line in [
        "  Configuration: pytest.ini (the first here in pytest's order that speaks to it)",
        "    passed over: setup.cfg",
        "    pytest (9.1.1): decides which configuration file counts, and what it may say",
        "    tests/conftest.py",
        "  Marker: no_parallel is registered, and a hook puts its tests into one xdist group (tests/conftest.py:10)",
        "    shop: reloaded in tests/conftest.py:16",
        "    shop.OPEN",
        "      changed by test_closing (tests/test_shop.py:14)",
        "      read by Base.test_open (tests/test_shop.py:6)",
        "  Tests: 2",
    ] {
        assert!(told.lines().any(|told| told == line), "{line}\n{told}");
    }
}

#[test]
fn programs_get_every_test_with_its_fixtures() {
    let project = project();
    let run = project.run(&["project", "--json", "tests"]).ends_with(0);
    let told: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(told["version"], 1);
    assert_eq!(told["projects"][0]["configuration"], "pytest.ini");
    let tests = told["projects"][0]["tests"].as_array().unwrap().iter();
    let tests: Vec<(&str, String)> =
        tests.map(|test| (test["id"].as_str().unwrap(), test["fixtures"].to_string())).collect();
    assert_eq!(
        tests,
        [
            ("tests/test_shop.py::TestShop::test_open", r#"["basket"]"#.to_owned()),
            ("tests/test_shop.py::test_closing", "[]".to_owned()),
        ]
    );
    assert_eq!(project.run(&["project", "--json", "tests"]).out, run.out, "the same on every run");
}

#[test]
fn what_cannot_be_told_of_is_said() {
    let project = Project::new(&[("shop.py", "")]);
    project.run(&["project"]).ends_with(2).warns("no test files under .");
    project.run(&["project", "nowhere"]).ends_with(2).warns("nowhere");
}
