//! Random editing ends where a fresh read of the same text begins: same hints, in every open file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::facts::code::Health;
use analysis::syntax::{code_of, split};
use analysis::text::{Change, Encoding, Position};
use analysis::workspace::{Date, Workspace};
use proptest::prelude::*;
use testkit::MemoryFiles;

const TODAY: Date = Date { year: 2026, month: 11, day: 20 };
const ROOT: &str = "/p";
const TEST: &str = "/p/test_shop.py";
const OTHER: &str = "/p/test_other.py";
const ABOVE: &str = "/p/conftest.py";

const CONFTEST: &str = "\
import importlib

import pytest

import shop


@pytest.fixture
def fresh():
    importlib.reload(shop)


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def closed():
    saved = shop.OPEN
    yield
    shop.OPEN = saved


@pytest.fixture
def plain(request):
    return request.getfixturevalue(\"closed\")
";

/// What is typed into the conftest.
const CONFTEST_PIECES: &[&str] = &[
    "",
    "x",
    "\n",
    "    ",
    "#",
    "\"",
    "yield",
    "    shop.OPEN = 3\n",
    "    monkeypatch.setattr(shop, \"OPEN\", 1)\n",
    "    importlib.reload(shop)\n",
    "pass\n",
    "(autouse=True)",
    "closed",
];

const SHOP: &str = "\
OPEN = True


class Cart:
    pass


def new_cart():
    return Cart()
";

const SOURCE: &str = "\
import os
import pytest
from shop import Cart, new_cart

TARGET = \"/tmp/export.txt\"


def helper():
    return TARGET


class TestExport:
    NAMES = {\"a\", \"b\"}

    def test_write(self):
        with open(TARGET, \"w\") as out:
            out.write(\"x\")

    @pytest.mark.parametrize(\"name\", NAMES)
    def test_names(self, name):
        assert name


def test_cart(fresh):
    assert isinstance(new_cart(), Cart)


def test_environment():
    os.environ[\"SHOP\"] = \"1\"
    os.mkdir(\"/tmp/wörk\")


@pytest.mark.parametrize(\"kind\", {\"x\", \"y\"})
def test_kind(kind):
    assert kind
";

const OTHER_SOURCE: &str = "\
import shop
from shop import Cart, new_cart


def test_other_cart(fresh):
    assert isinstance(new_cart(), Cart)


def test_closing(closed):
    shop.OPEN = False


def test_plain(plain):
    shop.OPEN = None


def test_open():
    assert shop.OPEN is True


def test_here():
    open(\"here.txt\", \"w\").close()
";

/// What is typed: the pieces that move item boundaries, and harmless ones.
const PIECES: &[&str] = &[
    "",
    "x",
    "\n",
    "\n\n\ndef test_new():\n    open(\"/tmp/n\", \"w\")\n",
    "    ",
    "(",
    ")",
    "\"",
    "\"\"\"",
    "#",
    ":",
    "é",
    "\r\n",
    "    y = 1\n",
    "class TestX:\n",
    "importlib.reload(shop)",
    "del ",
    "@pytest.fixture\n",
];

fn files(conftest: &str, test: &str) -> MemoryFiles {
    let mut files = MemoryFiles::new(ROOT);
    for (path, text) in [
        ("conftest.py", conftest),
        ("shop.py", SHOP),
        ("test_shop.py", test),
        ("test_other.py", OTHER_SOURCE),
    ] {
        files.put(&Path::new(ROOT).join(path), text);
    }
    files
}

fn workspace(conftest: &str, test: &str) -> Workspace {
    let files = files(conftest, test);
    let mut workspace = Workspace::new(Arc::new(files.clone()), TODAY);
    workspace.set_files(Path::new(ROOT), files.paths().map(PathBuf::from).collect());
    workspace
}

fn is_sound(text: &str) -> bool {
    let items = split::split(text);
    items.doubt.is_none() && items.items.iter().all(|item| code_of(item.text(text)).health == Health::Sound)
}

fn position(text: &str, at: usize) -> Position {
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    analysis::text::Text::new(text.to_owned()).position(at as u32, Encoding::Utf8)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn edited_is_fresh(edits in prop::collection::vec((0usize..1200, 0usize..12, 0..PIECES.len()), 1..12)) {
        let mut edited = workspace(CONFTEST, SOURCE);
        edited.open(Path::new(TEST), SOURCE.to_owned());
        edited.open(Path::new(OTHER), OTHER_SOURCE.to_owned());
        let mut before = SOURCE.to_owned();
        for (at, length, piece) in edits {
            let range = (position(&before, at), position(&before, at + length));
            let change = Change { range: Some(range), text: PIECES[piece].to_owned() };
            edited.edit(Path::new(TEST), &[change], Encoding::Utf8);
            let text = edited.text(Path::new(TEST)).map(|text| text.as_str().to_owned()).unwrap_or_default();
            if is_sound(&text) {
                let fresh = workspace(CONFTEST, &text);
                for path in [TEST, OTHER] {
                    let (edited, fresh) = (edited.report(Path::new(path)), fresh.report(Path::new(path)));
                    prop_assert_eq!(edited, fresh, "{} of:\n{}", path, text);
                }
            }
            before = text;
        }
    }

    #[test]
    fn an_edited_conftest_is_a_fresh_one(
        edits in prop::collection::vec((0usize..420, 0usize..8, 0..CONFTEST_PIECES.len()), 1..8)
    ) {
        let mut edited = workspace(CONFTEST, SOURCE);
        for (path, text) in [(ABOVE, CONFTEST), (TEST, SOURCE), (OTHER, OTHER_SOURCE)] {
            edited.open(Path::new(path), text.to_owned());
        }
        let mut before = CONFTEST.to_owned();
        for (at, length, piece) in edits {
            for path in [ABOVE, TEST, OTHER] {
                edited.report(Path::new(path));
            }
            let range = (position(&before, at), position(&before, at + length));
            let change = Change { range: Some(range), text: CONFTEST_PIECES[piece].to_owned() };
            edited.edit(Path::new(ABOVE), &[change], Encoding::Utf8);
            let text = edited.text(Path::new(ABOVE)).map(|text| text.as_str().to_owned()).unwrap_or_default();
            if is_sound(&text) {
                let fresh = workspace(&text, SOURCE);
                for path in [ABOVE, TEST, OTHER] {
                    let (edited, fresh) = (edited.report(Path::new(path)), fresh.report(Path::new(path)));
                    prop_assert_eq!(edited, fresh, "{} under:\n{}", path, text);
                }
            }
            before = text;
        }
    }
}
