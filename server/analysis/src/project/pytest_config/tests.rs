//! What pytest 8.4.2, 9.0.2, 9.1.1 and 9.2.0 did with these files, directory by directory.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::*;
use crate::paths::slashed;

const ROOT: &str = "/w";

fn project(files: &[(&str, &str)]) -> BTreeMap<PathBuf, String> {
    files.iter().map(|(path, text)| (Path::new(ROOT).join(path), (*text).to_owned())).collect()
}

fn version(version: &str) -> VersionRange {
    if version.is_empty() {
        VersionRange::any()
    } else {
        VersionRange::parse(&format!("=={version}")).unwrap()
    }
}

fn ask(files: &[(&str, &str)], dir: &str, pytest: &str) -> Effective {
    effective(&Path::new(ROOT).join(dir), Path::new(ROOT), &project(files), &version(pytest))
}

fn one_file(name: &str, text: &str, pytest: &str) -> Effective {
    ask(&[(name, text)], "", pytest)
}

/// The file and `testpaths`, which tells apart files and forms.
fn choice(found: &Effective) -> String {
    let Some(file) = &found.file else { return "none".to_owned() };
    let path = slashed(file.path.strip_prefix(ROOT).unwrap());
    let undecided = if found.undecided { " undecided" } else { "" };
    format!("{path} {}{undecided}", found.options.testpaths.join(","))
}

const PYTEST_TOML: (&str, &str) = ("pytest.toml", "[pytest]\ntestpaths = [\"1\"]\n");
const DOT_PYTEST_TOML: (&str, &str) = (".pytest.toml", "[pytest]\ntestpaths = [\"2\"]\n");
const PYTEST_INI: (&str, &str) = ("pytest.ini", "[pytest]\ntestpaths = 3\n");
const DOT_PYTEST_INI: (&str, &str) = (".pytest.ini", "[pytest]\ntestpaths = 4\n");
const NATIVE: (&str, &str) = ("pyproject.toml", "[tool.pytest]\ntestpaths = [\"5\"]\n");
const INI_OPTIONS: (&str, &str) = ("pyproject.toml", "[tool.pytest.ini_options]\ntestpaths = \"5\"\n");
const TOX_INI: (&str, &str) = ("tox.ini", "[pytest]\ntestpaths = 6\n");
const SETUP_CFG: (&str, &str) = ("setup.cfg", "[tool:pytest]\ntestpaths = 7\n");

#[test]
fn order_in_one_directory() {
    let all = [PYTEST_TOML, DOT_PYTEST_TOML, PYTEST_INI, DOT_PYTEST_INI, NATIVE, TOX_INI, SETUP_CFG];
    let on_nine = [
        "pytest.toml 1",
        ".pytest.toml 2",
        "pytest.ini 3",
        ".pytest.ini 4",
        "pyproject.toml 5",
        "tox.ini 6",
        "setup.cfg 7",
    ];
    let on_eight = [
        "pytest.ini 3",
        "pytest.ini 3",
        "pytest.ini 3",
        ".pytest.ini 4",
        "tox.ini 6",
        "tox.ini 6",
        "setup.cfg 7",
    ];
    for skipped in 0..all.len() {
        assert_eq!(choice(&ask(&all[skipped..], "", "9.2.0")), on_nine[skipped]);
        assert_eq!(choice(&ask(&all[skipped..], "", "9.0.2")), on_nine[skipped]);
        assert_eq!(choice(&ask(&all[skipped..], "", "8.4.2")), on_eight[skipped]);
        let expected = on_nine[skipped].to_owned()
            + if on_nine[skipped] == on_eight[skipped] { "" } else { " undecided" };
        assert_eq!(choice(&ask(&all[skipped..], "", "")), expected);
    }
}

#[test]
fn the_nearest_directory_wins() {
    let files =
        [PYTEST_INI, ("sub2/tox.ini", "[pytest]\ntestpaths = near\n"), ("sub/pyproject.toml", "[project]\n")];
    assert_eq!(choice(&ask(&files, "sub2", "9.2.0")), "sub2/tox.ini near");
    assert_eq!(choice(&ask(&files, "sub2/deep/er", "9.2.0")), "sub2/tox.ini near");
    assert_eq!(choice(&ask(&files, "sub", "9.2.0")), "pytest.ini 3");
    assert_eq!(choice(&ask(&files, "", "9.2.0")), "pytest.ini 3");
}

#[test]
fn what_counts_and_what_does_not() {
    // (file, text, on 9.2.0, on 8.4.2)
    let cases: &[(&str, &str, bool, bool)] = &[
        ("pytest.toml", "", true, false),
        (".pytest.toml", "", true, false),
        ("pytest.ini", "", true, true),
        (".pytest.ini", "", true, false),
        (".pytest.ini", "[pytest]\n", true, true),
        ("pyproject.toml", "[tool.pytest]\n", false, false),
        ("pyproject.toml", "[tool.pytest.asyncio]\nx = 1\n", true, false),
        ("pyproject.toml", "[tool.pytest.ini_options]\n", true, true),
        ("pytest.toml", "[tool.pytest]\ntestpaths = [\"a\"]\n", true, false),
        ("tox.ini", "", false, false),
        ("tox.ini", "[tool:pytest]\n", false, false),
        ("tox.toml", "[pytest]\n", false, false),
        ("setup.cfg", "[metadata]\n", false, false),
    ];
    for (name, text, nine, eight) in cases {
        let files = [(*name, *text), SETUP_CFG];
        for (pytest, counts) in [("9.2.0", *nine), ("8.4.2", *eight)] {
            let found = ask(if *name == "setup.cfg" { &files[..1] } else { &files }, "", pytest);
            let took = found.file.as_ref().is_some_and(|file| file.path.ends_with(name));
            assert_eq!(took, counts, "{name} {text:?} on {pytest}");
            assert_eq!(found.problems, Vec::new(), "{name} {text:?}");
        }
    }
}

#[test]
fn rootdir() {
    type Files<'a> = &'a [(&'a str, &'a str)];
    let cases: &[(Files<'_>, &str, &str)] = &[
        (&[("a/pytest.ini", ""), ("setup.py", "")], "a/b", "/w/a"),
        (&[("a/pyproject.toml", ""), ("pyproject.toml", "")], "a/b", "/w/a"),
        (&[("a/pyproject.toml", ""), INI_OPTIONS], "a/b", "/w"),
        (&[("a/setup.py", "")], "a/b", "/w/a"),
        (&[], "a/b", "/w"),
    ];
    for (files, dir, rootdir) in cases {
        assert_eq!(ask(files, dir, "9.2.0").rootdir, Path::new(rootdir), "{files:?}");
    }
    let bare = ask(&[("a/pyproject.toml", "")], "a", "9.2.0");
    assert_eq!(bare.file.map(|file| file.kind), Some(ConfigKind::PyprojectBare));
}

#[test]
fn nothing_above_the_limit_is_read() {
    let files = project(&[PYTEST_INI]);
    let found = effective(Path::new("/w/a/b"), Path::new("/w/a"), &files, &VersionRange::any());
    assert_eq!((found.file, found.rootdir), (None, PathBuf::from("/w/a")));
}

/// What stops pytest, the place it is told at, and the versions that it stops.
#[test]
fn problems() {
    let both = "[tool.pytest]\naddopts = [\"-q\"]\n[tool.pytest.ini_options]\ntestpaths = \"x\"\n";
    let cases: &[(&str, &str, &str, &[&str])] = &[
        ("pyproject.toml", both, "addopts", &["9.0.2", "9.2.0"]),
        ("pyproject.toml", "[tool.pytest]\naddopts = \"-q\"\n", "\"-q\"", &["9.0.2", "9.2.0"]),
        ("pyproject.toml", "[tool.pytest]\ntestpaths = [1]\n", "1", &["9.0.2", "9.2.0"]),
        ("pyproject.toml", "[tool.pytest]\nstrict_markers = \"yes\"\n", "\"yes\"", &["9.0.2", "9.2.0"]),
        ("pytest.toml", "testpaths = [\"x\"]\n", "testpaths", &["9.2.0"]),
        ("setup.cfg", "[pytest]\ntestpaths = x\n", "[pytest]", &["8.4.2", "9.0.2", "9.2.0"]),
        ("tox.ini", "[tox]\nenvlist\n", "envlist", &["8.4.2", "9.0.2", "9.2.0"]),
        ("pytest.ini", "[pytest]\naddopts = 'open\n", "addopts = 'open", &["8.4.2", "9.0.2", "9.2.0"]),
        ("pytest.ini", "[pytest]\nstrict = maybe\n", "strict = maybe", &["9.0.2", "9.2.0"]),
    ];
    for (name, text, place, versions) in cases {
        for pytest in ["8.4.2", "9.0.2", "9.2.0"] {
            let found = one_file(name, text, pytest);
            let places: Vec<&str> = found.problems.iter().map(|problem| problem.range.slice(text)).collect();
            let expected: &[&str] = if versions.contains(&pytest) { &[place] } else { &[] };
            assert_eq!(places, expected, "{name} {text:?} on {pytest}: {:?}", found.problems);
        }
    }
}

#[test]
fn a_broken_file_shadows_and_the_rest_of_it_counts() {
    let found = ask(&[("pytest.ini", "[pytest]\nnonsense\ntestpaths = a\n"), SETUP_CFG], "", "9.2.0");
    assert_eq!(choice(&found), "pytest.ini a");
    assert_eq!(found.problems.len(), 1);
    let text = "[tool.pytest.ini_options]\ntestpaths = [\"a\"\naddopts = \"-q\"\n";
    let found = one_file("pyproject.toml", text, "9.2.0");
    assert_eq!(found.file.map(|file| file.kind), Some(ConfigKind::PyprojectIniOptions));
    assert_eq!(found.problems.len(), 1);
}

#[test]
fn pytest_nine_reads_the_files_behind_too() {
    let files = [PYTEST_INI, ("tox.ini", "nonsense\n")];
    assert_eq!(ask(&files, "", "9.2.0").problems.len(), 1);
    assert_eq!(ask(&files, "", "8.4.2").problems.len(), 0);
}

#[test]
fn bytes_that_are_no_text() {
    struct Latin;
    impl ConfigFiles for Latin {
        fn read(&self, path: &Path) -> Option<Cow<'_, [u8]>> {
            (path == Path::new("/w/pytest.ini")).then_some(Cow::Borrowed(b"[pytest]\n# caf\xe9\n".as_slice()))
        }
    }
    let found = effective(Path::new("/w"), Path::new("/w"), &Latin, &VersionRange::any());
    assert_eq!(found.problems[0].range, crate::text::TextRange::new(14, 15));
    assert!(found.file.is_some());
}

#[test]
fn strict_markers() {
    use Strictness::{Off, On, Unknown};
    // (options, 8.4.2, 9.0.2, 9.2.0, version not known)
    let cases: &[(&str, [Strictness; 4])] = &[
        ("", [Off, Off, Off, Off]),
        ("strict_markers = true", [Off, On, On, Unknown]),
        ("strict = true", [Off, On, On, Unknown]),
        ("strict = true\nstrict_markers = false", [Off, Off, Off, Off]),
        ("addopts = --strict-markers", [On, Off, On, Unknown]),
        ("addopts = --strict-markers\nstrict = true", [On, On, On, On]),
        ("addopts = --strict", [On, Off, On, Unknown]),
        ("addopts = -q -o strict_markers=true", [Off, Off, On, Unknown]),
    ];
    for (options, expected) in cases {
        let text = format!("[pytest]\n{options}\n");
        let found = ["8.4.2", "9.0.2", "9.2.0", ""]
            .map(|it| one_file("pytest.ini", &text, it).options.strict_markers);
        assert_eq!(found, *expected, "{options}");
    }
}

#[test]
fn every_form_says_the_same() {
    let lists = "testpaths = [\"tests\", \"a b\"]\nmarkers = [\"slow: s\", \"db(n): uses a db\"]\n\
                 addopts = [\"-n\", \"4\", \"--dist=loadgroup\"]\npython_functions = [\"check_*\"]\nasyncio_mode = \"auto\"\n";
    let ini = "testpaths = tests 'a b'\nmarkers =\n    slow: s\n    # c\n    db(n): uses a db\n\
               addopts =\n    -n 4\n    --dist=loadgroup\npython_functions = check_*\nasyncio_mode = auto\n";
    let texts = "testpaths = \"tests 'a b'\"\nmarkers = \"\"\"\n    slow: s\n    db(n): uses a db\n\"\"\"\n\
                 addopts = \"-n 4 --dist=loadgroup\"\npython_functions = \"check_*\"\nasyncio_mode = 'auto'\n";
    let forms = [
        ("pytest.toml", format!("[pytest]\n{lists}")),
        ("pytest.ini", format!("[pytest]\n{ini}")),
        ("pytest.ini", format!("[pytest]\n{ini}").replace('\n', "\r\n")),
        ("pyproject.toml", format!("[tool.pytest]\n{lists}")),
        ("pyproject.toml", format!("[tool.pytest.ini_options]\n{lists}")),
        ("pyproject.toml", format!("[tool.pytest.ini_options]\n{texts}")),
        ("tox.ini", format!("[pytest]\n{ini}")),
        ("setup.cfg", format!("[tool:pytest]\n{ini}")),
    ];
    for (name, text) in forms {
        let found = one_file(name, &text, "9.2.0");
        assert_eq!(found.problems, Vec::new(), "{text}");
        let options = found.options;
        assert_eq!(options.testpaths, ["tests", "a b"], "{text}");
        assert_eq!(
            (options.xdist.workers.as_deref(), options.xdist.dist.as_deref()),
            (Some("4"), Some("loadgroup"))
        );
        assert_eq!(options.asyncio.mode, AsyncioMode::Auto);
        assert!(options.is_test_function_name("check_a") && !options.is_test_function_name("test_a"));
        let markers: Vec<_> =
            options.markers.iter().map(|marker| (marker.name.as_str(), marker.text.as_str())).collect();
        assert_eq!(markers, [("slow", "slow: s"), ("db", "db(n): uses a db")], "{text}");
        for marker in &options.markers {
            let place = marker.range.slice(&text);
            assert_eq!(place.trim_matches('"'), marker.text, "{text}");
        }
    }
}

#[test]
fn defaults() {
    let options = ask(&[], "", "").options;
    assert!(
        options.matches_test_file(Path::new("a/test_x.py"))
            && options.matches_test_file(Path::new("x_test.py"))
    );
    assert!(
        !options.matches_test_file(Path::new("conftest.py"))
            && !options.matches_test_file(Path::new("test_x.pyi"))
    );
    assert!(options.is_test_function_name("testing") && !options.is_test_function_name("Test"));
    assert!(
        options.is_test_class_name("TestA")
            && options.is_test_class_name("Tests")
            && !options.is_test_class_name("ATest")
    );
    assert!(!options.recurses_into(Path::new("a/.tox")) && !options.recurses_into(Path::new("node_modules")));
    assert!(options.recurses_into(Path::new("tests")));
    assert_eq!(
        (options.asyncio.mode, options.asyncio.test_loop_scope.as_str()),
        (AsyncioMode::Strict, "function")
    );
}

#[test]
fn options_of_plugins() {
    let text = "[pytest]\nreruns = 2\nreruns_delay = 0.5\nretries = 3\nretry_delay = 1\ntimeout = 10\n\
                asyncio_default_fixture_loop_scope = module\n\
                addopts = -p no:randomly --reruns=4 --asyncio-mode auto -W error\nfilterwarnings =\n    ignore::X\n";
    let options = one_file("pytest.ini", text, "9.2.0").options;
    let expected = RetryOptions {
        retries: Some(3),
        retry_delay: Some(1.0),
        reruns: Some(4),
        reruns_delay: Some(0.5),
        reruns_some: false,
        forced_runs: None,
    };
    assert_eq!(options.retry, expected);
    assert_eq!(options.timeout, Some(10.0));
    assert_eq!(options.asyncio.mode, AsyncioMode::Auto);
    assert_eq!(options.asyncio.fixture_loop_scope.as_deref(), Some("module"));
    assert_eq!(options.filterwarnings, ["ignore::X", "error"]);
    assert!(options.blocks_plugin("randomly") && !options.blocks_plugin("xdist"));
    let typed = one_file("pytest.toml", "[pytest]\nreruns = 2\ntimeout = 1.5\n", "9.2.0").options;
    assert_eq!((typed.retry.reruns, typed.timeout), (Some(2), Some(1.5)));
}

#[test]
fn files_that_are_passed_over_say_why() {
    let files = [
        ("/w/tests/pyproject.toml", "[project]\nname = 'x'\n"),
        ("/w/tests/pytest.ini", "[pytest]\naddopts = -q  -x\n"),
        ("/w/tests/tox.ini", "[pytest]\naddopts =\n    -q\n    -x\n"),
        ("/w/setup.cfg", "[tool:pytest]\ntestpaths = tests\n"),
    ];
    let found = ask(&files, "/w/tests", "9.2.0");
    let why: Vec<_> = found.passed_over.iter().map(|it| (slashed(&it.path), it.why)).collect();
    assert_eq!(
        why,
        [
            ("/w/tests/pyproject.toml".to_owned(), Why::NoOptions),
            ("/w/tests/tox.ini".to_owned(), Why::Behind),
            ("/w/setup.cfg".to_owned(), Why::FurtherUp)
        ]
    );
    assert_eq!(found.lost, [], "the same words, and a directory further up, disagree with nobody");
}

#[test]
fn options_that_a_file_beside_switches_off_are_said_once() {
    let beside = "[pytest]\naddopts = -x\ntestpaths = tests\n";
    let files = [("/w/pytest.ini", "[pytest]\naddopts = -q\n"), ("/w/tox.ini", beside)];
    let [lost] = ask(&files, "/w", "9.2.0").lost.try_into().unwrap();
    assert_eq!(lost.range.slice(beside), "addopts = -x");
    assert!(lost.message.contains("`addopts`, `testpaths` here has no effect"), "{}", lost.message);
    let toml = [("/w/pytest.toml", "[pytest]\naddopts = ['-q']\n"), ("/w/tox.ini", beside)];
    assert_eq!(ask(&toml, "/w", "").lost, [], "which file counts is not known");
}
