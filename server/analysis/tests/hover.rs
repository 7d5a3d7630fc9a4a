//! What hover says of hints, fixtures, marks and reloads. The checklist of a test has its golden files in
//! `testdata/projects/*/checklist`.

use std::path::Path;

use testkit::{MemoryFiles, analysed};

const CONFIG: &str = "\
[project]
name = \"shop\"
version = \"1\"
dependencies = [\"pytest>=8,<9\", \"pytest-xdist\", \"pytest-asyncio\", \"pytest-rerunfailures\"]

[tool.pytest.ini_options]
addopts = \"--strict-markers\"
markers = [
    \"no_parallel: alone\",
]
";

const CONFTEST: &str = "\
import importlib

import pytest

import shop


@pytest.fixture
def restored():
    saved = shop.OPEN
    yield
    shop.OPEN = saved


@pytest.fixture(scope=\"module\", autouse=True)
def opened():
    shop.OPEN = True


@pytest.fixture(autouse=True)
async def closed():
    yield
    shop.OPEN = False


@pytest.fixture
def renewed():
    importlib.reload(shop)


def pytest_itemcollected(item):
    if item.get_closest_marker(\"no_parallel\"):
        item.add_marker(pytest.mark.xdist_group(\"no_parallel\"))
";

const TESTS: &str = "\
import pytest

from shop import Cart, new_cart


@pytest.mark.no_parallel
def test_cart(renewed, monkeypatch):
    assert isinstance(new_cart(), Cart)


@pytest.mark.flaky(retries=3)
@pytest.mark.usefixtures(\"restored\")
def test_again():
    pass
";

const SHOP: &str = "\
OPEN = False


class Cart:
    pass


def new_cart():
    return Cart()
";

/// What hover says at the first place of `words` in a file.
fn hover(file: &str, words: &str) -> String {
    let mut files = MemoryFiles::new("/case");
    let tree =
        [("pyproject.toml", CONFIG), ("conftest.py", CONFTEST), ("test_shop.py", TESTS), ("shop.py", SHOP)];
    for (path, text) in tree {
        files.put(Path::new(path), text);
    }
    let path = Path::new("/case").join(file);
    let Some(offset) = files.text(&path).and_then(|text| text.find(words)) else {
        panic!("no `{words}` in {file}");
    };
    analysed(&files, None).hover(&path, offset as u32).unwrap_or_default()
}

#[track_caller]
fn says(file: &str, words: &str, parts: &[&str]) {
    let hover = hover(file, words);
    for part in parts {
        assert!(hover.contains(part), "no `{part}` in:\n{hover}");
    }
}

#[test]
fn a_hint_names_its_evidence_and_its_page_without_examples() {
    let hover = hover("test_shop.py", "Cart)");
    assert!(hover.starts_with("**stale-class-after-reload** (likely)\n\n`isinstance` compares"), "{hover}");
    assert!(hover.contains("\n- conftest.py:28: `shop` is reloaded here."), "{hover}");
    assert!(hover.contains("## Why it makes tests flaky"), "{hover}");
    assert!(hover.contains("## Fixes"), "{hover}");
    assert!(!hover.contains("```"), "{hover}");
}

#[test]
fn a_fixture_says_what_it_puts_back() {
    says("conftest.py", "restored()", &["function scope", "Puts back `shop.OPEN` after each test"]);
    says(
        "conftest.py",
        "opened()",
        &["module scope, autouse", "Changes `shop.OPEN` and does not put it back"],
    );
    says("conftest.py", "closed()", &["Nothing awaits it"]);
    says("test_shop.py", "restored\"", &["conftest.py:9", "Puts back `shop.OPEN`"]);
    says("test_shop.py", "monkeypatch", &["undoes everything that is set through it"]);
    assert_eq!(hover("conftest.py", "saved"), "");
}

#[test]
fn a_mark_says_what_it_does_here() {
    let hook = "by the hook at conftest.py:32";
    let dist = "Groups need `--dist loadgroup`, which is not configured here.";
    says(
        "test_shop.py",
        "pytest.mark.no_parallel",
        &[hook, dist, "registered at pyproject.toml:9", "processes"],
    );
    says(
        "test_shop.py",
        "pytest.mark.flaky",
        &["**mismatched-retry-plugin**", "`retries` means nothing", "`@pytest.mark.flaky(reruns=…)`"],
    );
}

#[test]
fn a_reload_says_whom_it_reaches() {
    says(
        "conftest.py",
        "importlib.reload",
        &["**Reloads `shop`**", "- test_shop.py:8: `isinstance` with `Cart` of `shop`"],
    );
}

#[test]
fn a_test_has_its_checklist() {
    says(
        "test_shop.py",
        "test_cart",
        &["**Checklist of `test_cart`**", "**`isinstance` after a reload? Yes.**"],
    );
}

/// A line that is always true, or never, would tell nobody anything.
#[test]
fn every_line_of_the_checklist_is_true_in_one_golden_file_and_false_in_another() {
    let folder = testkit::repository().join("testdata/projects/guide/checklist");
    let Ok(entries) = std::fs::read_dir(&folder) else { panic!("{} cannot be read", folder.display()) };
    let golden: String =
        entries.flatten().filter_map(|entry| std::fs::read_to_string(entry.path()).ok()).collect();
    for question in [
        "Async mocks?",
        "Global state?",
        "`isinstance` after a reload?",
        "Credentials?",
        "Timing?",
        "Random failures, retries?",
    ] {
        assert!(golden.contains(&format!("- **{question} Yes.**")), "never true: {question}");
        assert!(golden.contains(&format!("- {question} No.")), "never false: {question}");
    }
}
