//! `flakeless reproduce` with a stand-in for Python, which tells what the plugin would; `.ci/prove-reproduce` has the real
//! pytest do it.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

const TEST: &str = "tests/test_a.py::test_b";

/// A project, and an interpreter that runs `body` for `pytest`, as [`testkit::stand_in_for_pytest`] has it.
fn project(body: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    fs::create_dir_all(root.join("tests")).unwrap();
    fs::write(root.join("pytest.ini"), "[pytest]\n").unwrap();
    fs::write(root.join("tests/test_a.py"), "def test_b():\n    pass\n").unwrap();
    testkit::stand_in_for_pytest(root, TEST, body).unwrap();
    folder
}

fn reproduce(root: &Path, flags: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flakeless"))
        .arg("reproduce")
        .args(flags)
        .current_dir(root)
        .env_remove("VIRTUAL_ENV")
        .env("PATH", "/usr/bin:/bin")
        .output()
        .unwrap()
}

fn found(output: &Output) -> Value {
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    document["tests"][0].clone()
}

fn refused(body: &str, flags: &[&str]) -> String {
    let project = project(body);
    let output = reproduce(project.path(), flags);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_test_that_fails_now_and_then_is_reproduced() {
    let project = project("[ $((count % 3)) = 0 ] && fails || passes");
    let output = reproduce(project.path(), &["--json", "--axis", "fresh", "--runs", "9", TEST]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let found = found(&output);
    assert_eq!(found["reproduced"], true);
    // One run came before, to see that it passes alone.
    let [row] = found["axes"].as_array().unwrap().as_slice() else { panic!("{found}") };
    assert_eq!((&row["axis"], &row["runs"], &row["failures"]), (&"fresh".into(), &8.into(), &3.into()));
    assert_eq!(row["first"]["how"], "run 2");
    assert_eq!(row["first"]["command"], format!("pytest {TEST}"));
    assert_eq!(row["first"]["text"], "boom");
    assert!(found["with"].as_str().unwrap().contains("found by `.venv`"), "{found}");
}

#[test]
fn what_was_found_is_kept_where_git_leaves_it_alone() {
    let project = project("passes");
    let output = reproduce(project.path(), &["--axis", "hash-seed", "--runs", "2", TEST]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Not reproduced: it passed 2 times of 2."), "{text}");
    assert_eq!(fs::read_to_string(project.path().join(".flakeless/.gitignore")).unwrap(), "*\n");
    let kept: Vec<_> = fs::read_dir(project.path().join(".flakeless/reproduced")).unwrap().collect();
    let kept = fs::read(kept[0].as_ref().unwrap().path()).unwrap();
    let kept: Value = serde_json::from_slice(&kept).unwrap();
    assert_eq!((&kept["test"], &kept["found"]["reproduced"]), (&TEST.into(), &false.into()));
}

#[test]
fn the_test_that_it_fails_behind_is_found() {
    // Alone it passes; behind `test_0` it fails. The plan names the tests of a search.
    let body = r#"
        case "$FLAKELESS_PLAN" in
          *'"tests":['*test_0*) passes tests/test_a.py::test_0; fails;;
          *'"tests":["'*) passes;;
          *'"reverse":true'*) for t in 9 0 1; do passes tests/test_a.py::test_$t; done; fails;;
          *) passes;;
        esac"#;
    let project = project(body);
    let output = reproduce(project.path(), &["--json", "--axis", "order", "--runs", "8", TEST]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let found = found(&output);
    let polluter = &found["polluter"];
    assert_eq!(polluter["need"], "fails-after");
    assert_eq!(polluter["tests"], Value::from(vec!["tests/test_a.py::test_0"]));
    assert_eq!(polluter["confirmed"], true);
    assert_eq!(polluter["command"], format!("pytest tests/test_a.py::test_0 {TEST}"));
}

#[test]
fn hints_on_its_fixtures_say_where_to_begin() {
    let project = project("passes");
    let code = "import pytest\n\n\n@pytest.fixture\ndef report():\n    open('/tmp/report.txt', 'w').close()\n\n\ndef test_b(report):\n    pass\n";
    fs::write(project.path().join("tests/test_a.py"), code).unwrap();
    let output = reproduce(project.path(), &["--json", "--runs", "2", TEST]);
    let found = found(&output);
    assert_eq!(found["axes"][0]["axis"], "parallel", "{found}");
    assert_eq!(found["axes"].as_array().unwrap().len(), 6);
}

#[test]
fn the_file_that_it_fails_beside_is_found() {
    // Nothing runs before it; it fails as soon as `test_z.py` is imported too.
    let body = r#"
        tell '{"event": "collected", "files": ["tests/test_a.py", "tests/test_y.py", "tests/test_z.py"]}'
        case "$*" in
          *tests/test_z.py*) fails;;
          *tests/*) passes;;
          *) fails;;
        esac"#;
    let project = project(body);
    let output = reproduce(project.path(), &["--json", "--axis", "order", TEST]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let polluter = &found(&output)["polluter"];
    assert_eq!(polluter["need"], "fails-beside");
    assert_eq!(polluter["tests"], Value::from(vec!["tests/test_z.py"]));
    assert_eq!(polluter["confirmed"], true);
    assert_eq!(polluter["command"], format!("pytest tests/test_z.py {TEST}"));
}

#[test]
fn workers_that_collect_different_tests_are_a_failure() {
    let body = r#"
        begun true
        case "$FLAKELESS_PLAN" in
          *sharing*) tell '{"event": "uncollected", "node": "gw1", "text": "Different tests were collected"}';;
          *) passes;;
        esac"#;
    let project = project(body);
    let output = reproduce(project.path(), &["--json", "--axis", "parallel", TEST]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let row = &found(&output)["axes"][0];
    assert_eq!((&row["failures"], &row["first"]["how"]), (&1.into(), &"shared out to 4 workers".into()));
    assert_eq!(row["first"]["text"], "Different tests were collected");
    assert_eq!(row["first"]["command"], format!("pytest -n 4 {TEST}"));
}

#[test]
fn the_budget_ends_a_run_that_has_begun_and_what_it_showed_counts() {
    let body = r#"
        case "$FLAKELESS_PLAN" in
          *'"repeat":20'*) fails; report tests/test_a.py::test_b setup passed; sleep 600;;
          *) passes;;
        esac"#;
    let project = project(body);
    let started = Instant::now();
    let output = reproduce(project.path(), &["--json", "--axis", "repeat", "--budget", "3", TEST]);
    assert!(started.elapsed() < Duration::from_secs(60), "{:?}", started.elapsed());
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let row = &found(&output)["axes"][0];
    // The second time it did not come to its end, and that was us.
    assert_eq!((&row["runs"], &row["failures"]), (&1.into(), &1.into()));
    assert_eq!(row["cut_short"], true);
}

#[test]
fn refusals_say_why() {
    for (body, flags, why) in [
        ("fails", vec![TEST], "the test fails every time"),
        (
            "report $TEST setup skipped; true",
            vec!["--runs", "2", "tests/test_a.py::test_c"],
            "before it came to the test",
        ),
        ("echo 'ERROR: not found'; exit 4", vec![TEST], "ERROR: not found"),
        (
            "echo 'ImportError: no depot'; exit 2",
            vec![TEST],
            "cannot collect the test:\n  | ImportError: no depot",
        ),
        ("exit 5", vec![TEST], "collects no test by this name"),
        (
            "report tests/test_a.py::test_b setup passed; sleep 60",
            vec!["--timeout", "1", TEST],
            "the test hangs",
        ),
        ("passes", vec!["tests/test_a.py"], "name a test"),
        ("passes", vec!["tests/test_z.py::test_b"], "test_z.py"),
        ("passes", vec!["--python", "nowhere", TEST], "no Python interpreter"),
        ("passes", vec!["--python", "/bin/false", TEST], "/bin/false does not run"),
    ] {
        let said = refused(body, &flags);
        assert!(said.contains(why), "{flags:?}: {said}");
    }
}

#[test]
fn the_commands_that_the_guide_names_are_there() {
    let guide = fs::read_to_string(testkit::repository().join("GUIDE.md")).unwrap();
    let commands: Vec<&str> = guide
        .split("command `flakeless reproduce ")
        .skip(1)
        .filter_map(|rest| rest.split('`').next())
        .collect();
    assert_eq!(commands.len(), 3);
    let project = project("passes");
    for command in commands {
        let flags: Vec<&str> = command.split(' ').chain([TEST]).collect();
        let output = reproduce(project.path(), &flags);
        assert_eq!(output.status.code(), Some(0), "{command}: {output:?}");
    }
}

const DRAWN: &str =
    "import random\n\n\ndef test_b():\n    ripeness = random.random()\n    assert ripeness < 0.9\n";

#[test]
fn check_shows_what_was_reproduced_as_confirmed_while_the_test_is_the_same() {
    let project = project("[ $((count % 4)) = 0 ] && fails || passes");
    let file = project.path().join("tests/test_a.py");
    fs::write(&file, DRAWN).unwrap();
    let check = || {
        let mut check = Command::new(env!("CARGO_BIN_EXE_flakeless"));
        check.args(["check", "--output-format", "json", "--min-confidence", "likely"]);
        // With a cache of its own: answers of an earlier run are confirmed too.
        check.env("XDG_CACHE_HOME", project.path().join(".cache")).current_dir(project.path());
        let said: Value = serde_json::from_slice(&check.output().unwrap().stdout).unwrap();
        let [hint] = said["hints"].as_array().unwrap().as_slice() else { panic!("{said}") };
        hint.clone()
    };
    let before = check();
    assert_eq!(before["confidence"], "likely");
    assert_eq!(reproduce(project.path(), &[TEST]).status.code(), Some(1));
    for _ in 0..2 {
        let now = check();
        assert_eq!(now["confidence"], "confirmed");
        let figures = " Confirmed: it failed 3 of 10 runs alone in fresh processes.";
        assert_eq!(now["message"], format!("{}{figures}", before["message"].as_str().unwrap()));
        assert_eq!(now["fixes"], before["fixes"]);
    }
    fs::write(&file, DRAWN.replace("0.9", "0.95")).unwrap();
    let edited = check();
    assert_eq!(edited["confidence"], "likely");
    assert!(!edited["message"].as_str().unwrap().contains("Confirmed"), "{edited}");
}

#[test]
fn what_stands_where_results_are_kept_and_is_none_proves_nothing() {
    let project = project("passes");
    fs::write(project.path().join("tests/test_a.py"), DRAWN).unwrap();
    let kept = project.path().join(".flakeless/reproduced");
    fs::create_dir_all(&kept).unwrap();
    let row = r#"{"axis": "fresh", "runs": 20, "failures": 5, "first": null, "cut_short": false}"#;
    let of = |seen: &str| {
        format!(
            r#"{{"version": 1, "test": "{TEST}", "seen": [{seen}], "found": {{"axes": [{row}], "polluter": null, "cut_short": false}}}}"#
        )
    };
    let of_another_text = of(&format!(r#"{{"test": "{TEST}", "text": "0"}}"#));
    for (name, text) in [("a.json", "{"), ("b.json", "[]"), ("c.json", &of("")), ("d.json", &of_another_text)]
    {
        fs::write(kept.join(name), text).unwrap();
    }
    fs::create_dir(kept.join("e.json")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", kept.join("f.json")).unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_flakeless"));
    let output = check.args(["check", "--no-cache"]).current_dir(project.path()).output().unwrap();
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(1), &b""[..]), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("unseeded-random") && !text.contains("Confirmed"), "{text}");
}
