//! Each result was also run with pytest 9.2.0 under `--strict-markers`.

use super::*;
use ConfigKind::{
    PyprojectBare, PyprojectIniOptions, PyprojectNative, PytestIni, PytestToml, SetupCfg, ToxIni,
};

const LINE: &str = "no_parallel: runs alone";

fn edited(text: &str, kind: ConfigKind) -> Option<String> {
    let (range, addition) = register_marker_edit(text, kind, LINE)?;
    Some(format!("{}{addition}{}", &text[..range.start as usize], &text[range.end as usize..]))
}

const INI: &[(ConfigKind, &str, &str)] = &[
    (PytestIni, "", "[pytest]\nmarkers =\n    no_parallel: runs alone\n"),
    (PytestIni, "[pytest]", "[pytest]\nmarkers =\n    no_parallel: runs alone"),
    (
        PytestIni,
        "# top\n[other]\na = 1",
        "# top\n[other]\na = 1\n\n[pytest]\nmarkers =\n    no_parallel: runs alone\n",
    ),
    (
        PytestIni,
        "[pytest]\nmarkers = slow: x  \naddopts = -q\n",
        "[pytest]\nmarkers = slow: x  \n    no_parallel: runs alone\naddopts = -q\n",
    ),
    (
        PytestIni,
        "[pytest]\nmarkers =\n  slow: x # kept\n\n  # gone\n  db: y\n  # last\n\n[other]\na = 1\n",
        "[pytest]\nmarkers =\n  slow: x # kept\n\n  # gone\n  db: y\n  no_parallel: runs alone\n  # last\n\n[other]\na = 1\n",
    ),
    (
        PytestIni,
        "[pytest]\nmarkers =\naddopts = -q\n",
        "[pytest]\nmarkers =\n    no_parallel: runs alone\naddopts = -q\n",
    ),
    (
        ToxIni,
        "[pytest]\r\nmarkers =\r\n\tslow\r\n\r\n[tox]\r\nenvlist = a\r\n",
        "[pytest]\r\nmarkers =\r\n\tslow\r\n\tno_parallel: runs alone\r\n\r\n[tox]\r\nenvlist = a\r\n",
    ),
    (
        SetupCfg,
        "[metadata]\nname = x\n\n[tool:pytest]\naddopts =\n    -q\n    -ra\n\n[flake8]\nignore = E1\n",
        "[metadata]\nname = x\n\n[tool:pytest]\naddopts =\n    -q\n    -ra\nmarkers =\n    no_parallel: runs alone\n\n[flake8]\nignore = E1\n",
    ),
];

const TOML_LISTS: &[(ConfigKind, &str, &str)] = &[
    (
        PytestToml,
        "[pytest]\nmarkers = [\"slow: x\"]\n",
        "[pytest]\nmarkers = [\"slow: x\", \"no_parallel: runs alone\"]\n",
    ),
    (
        PyprojectNative,
        "[tool.pytest]\nmarkers = ['slow: x', ] # c\n",
        "[tool.pytest]\nmarkers = ['slow: x', 'no_parallel: runs alone', ] # c\n",
    ),
    (
        PyprojectIniOptions,
        "[tool.pytest.ini_options]\nmarkers = [\n  \"slow: x\", # why, and\n  # more\n]\naddopts = \"-q\"\n",
        "[tool.pytest.ini_options]\nmarkers = [\n  \"slow: x\", # why, and\n  \"no_parallel: runs alone\",\n  # more\n]\naddopts = \"-q\"\n",
    ),
    (
        PyprojectIniOptions,
        "[tool.pytest.ini_options]\r\nmarkers = [\r\n    \"slow: x\" # why, so\r\n]\r\n",
        "[tool.pytest.ini_options]\r\nmarkers = [\r\n    \"slow: x\", # why, so\r\n    \"no_parallel: runs alone\"\r\n]\r\n",
    ),
    (
        PyprojectNative,
        "[tool.pytest]\nmarkers = [\n    \"a\",\n    \"b\"]\n",
        "[tool.pytest]\nmarkers = [\n    \"a\",\n    \"b\",\n    \"no_parallel: runs alone\"]\n",
    ),
    (
        PyprojectNative,
        "[tool.pytest]\nmarkers = [\n    \"a\",\n    \"b\",]\n",
        "[tool.pytest]\nmarkers = [\n    \"a\",\n    \"b\",\n    \"no_parallel: runs alone\",]\n",
    ),
    (
        PyprojectNative,
        "[tool.pytest]\nmarkers = [\"a\",\n           \"b\", \"c\"]\n",
        "[tool.pytest]\nmarkers = [\"a\",\n           \"b\", \"c\", \"no_parallel: runs alone\"]\n",
    ),
    (PytestToml, "[pytest]\nmarkers = []\n", "[pytest]\nmarkers = [\"no_parallel: runs alone\"]\n"),
    (
        PytestToml,
        "[pytest]\nmarkers = [ # none\n]\n",
        "[pytest]\nmarkers = [\n    \"no_parallel: runs alone\", # none\n]\n",
    ),
];

const TOML_STRINGS: &[(ConfigKind, &str, &str)] = &[
    (
        PyprojectIniOptions,
        "[tool.pytest.ini_options]\nmarkers = \"slow: x\" # c\n",
        "[tool.pytest.ini_options]\nmarkers = [\"slow: x\", \"no_parallel: runs alone\"] # c\n",
    ),
    (
        PyprojectIniOptions,
        "[tool.pytest.ini_options]\nmarkers = ''\n",
        "[tool.pytest.ini_options]\nmarkers = ['no_parallel: runs alone']\n",
    ),
    (
        PyprojectIniOptions,
        "[tool.pytest.ini_options]\nmarkers = \"\"\"\n    slow: x\n    db: y\n\"\"\"\n",
        "[tool.pytest.ini_options]\nmarkers = \"\"\"\n    slow: x\n    db: y\n    no_parallel: runs alone\n\"\"\"\n",
    ),
    (
        PyprojectIniOptions,
        "[tool.pytest.ini_options]\nmarkers = '''slow: x\n  db: y'''\n",
        "[tool.pytest.ini_options]\nmarkers = '''slow: x\n  db: y\n  no_parallel: runs alone'''\n",
    ),
];

const TOML_NEW: &[(ConfigKind, &str, &str)] = &[
    (PytestToml, "", "[pytest]\nmarkers = [\n    \"no_parallel: runs alone\",\n]\n"),
    (
        PyprojectBare,
        "[project]\nname = \"x\"\nversion = \"1\"",
        "[project]\nname = \"x\"\nversion = \"1\"\n\n[tool.pytest.ini_options]\nmarkers = [\n    \"no_parallel: runs alone\",\n]\n",
    ),
    (
        PyprojectIniOptions,
        "[tool.pytest.ini_options]\n# c\naddopts = \"-q\" # d\ntestpaths = [\n  \".\",\n] # e\n\n[tool.ruff]\nline-length = 9\n",
        "[tool.pytest.ini_options]\n# c\naddopts = \"-q\" # d\ntestpaths = [\n  \".\",\n] # e\nmarkers = [\n    \"no_parallel: runs alone\",\n]\n\n[tool.ruff]\nline-length = 9\n",
    ),
    (
        PyprojectIniOptions,
        "[tool.pytest.ini_options]\n\n[tool.x]\ny = 1\n",
        "[tool.pytest.ini_options]\nmarkers = [\n    \"no_parallel: runs alone\",\n]\n\n[tool.x]\ny = 1\n",
    ),
    (
        PyprojectNative,
        "[tool]\npytest.addopts = [\"-q\"]\npytest.testpaths = [\".\"] # c\nx.y = 1\n",
        "[tool]\npytest.addopts = [\"-q\"]\npytest.testpaths = [\".\"] # c\npytest.markers = [\"no_parallel: runs alone\"]\nx.y = 1\n",
    ),
    (
        PyprojectIniOptions,
        "[tool.pytest]\nini_options.addopts = \"-q\"\n",
        "[tool.pytest]\nini_options.addopts = \"-q\"\nini_options.markers = [\"no_parallel: runs alone\"]\n",
    ),
    (
        PyprojectIniOptions,
        "[tool.pytest]\nini_options = { addopts = \"-q\" }\n",
        "[tool.pytest]\nini_options = { addopts = \"-q\", markers = [\"no_parallel: runs alone\"] }\n",
    ),
    (
        PyprojectIniOptions,
        "[tool.pytest]\nini_options = {}\n",
        "[tool.pytest]\nini_options = { markers = [\"no_parallel: runs alone\"] }\n",
    ),
    (
        PyprojectNative,
        "[tool.pytest.sub]\nx = 1\n",
        "[tool.pytest.sub]\nx = 1\n\n[tool.pytest]\nmarkers = [\n    \"no_parallel: runs alone\",\n]\n",
    ),
];

#[test]
fn each_form() {
    for (kind, before, after) in [INI, TOML_LISTS, TOML_STRINGS, TOML_NEW].concat() {
        assert_eq!(edited(before, kind).as_deref(), Some(after), "{kind:?}\n{before}");
    }
}

#[test]
fn the_result_read_again_has_the_marker_last() {
    for (kind, _, after) in [INI, TOML_LISTS, TOML_STRINGS, TOML_NEW].concat() {
        let kind = if kind == PyprojectBare { PyprojectIniOptions } else { kind };
        let options = read(after, kind).unwrap();
        let last = options.markers.last().map(|marker| (marker.name.as_str(), marker.text.as_str()));
        assert_eq!(last, Some(("no_parallel", LINE)), "{after}");
        assert_eq!(edited(after, kind), None, "registered twice:\n{after}");
    }
}

#[test]
fn windows_line_endings_give_the_same() {
    for (kind, before, after) in [INI, TOML_LISTS, TOML_STRINGS, TOML_NEW].concat() {
        if before.contains('\n') && !before.contains('\r') {
            let (before, after) = (before.replace('\n', "\r\n"), after.replace('\n', "\r\n"));
            assert_eq!(edited(&before, kind), Some(after), "{before}");
        }
    }
}

#[test]
fn no_safe_place() {
    let cases: &[(ConfigKind, &str)] = &[
        (PytestIni, "[pytest]\nnonsense\n"),
        (PytestIni, "[pytest]\nmarkers =\n    no_parallel(reason): already\n"),
        (PytestToml, "[pytest\n"),
        (PyprojectNative, "[tool.pytest]\nmarkers = \"slow\"\n"),
        (PyprojectIniOptions, "[tool.pytest.ini_options]\nmarkers = \"a\\nb\"\n"),
        (PyprojectIniOptions, "[tool.pytest.ini_options]\nmarkers = \"\"\"\na \\\n b\n\"\"\"\n"),
        (PyprojectBare, "tool = { x = 1 }\n"),
    ];
    for (kind, text) in cases {
        assert_eq!(register_marker_edit(text, *kind, LINE), None, "{text}");
    }
}
