//! `--baseline`: hints that were accepted are left out, wherever they stand now.

use serde_json::Value;

use crate::project::{FLAKY, Project, SORTED, STEADY, UNSORTED};

const FILE: &str = "flakeless-baseline.json";
const WRITE: [&str; 2] = ["check", "--baseline=write"];
const PRUNE: [&str; 2] = ["check", "--baseline=prune"];
const CONCISE: [&str; 3] = ["check", "--output-format", "concise"];

/// Two hints that look alike, in one test.
const TWICE: &str = "\
import pytest


@pytest.mark.parametrize(\"a\", {\"a\", \"b\"})
@pytest.mark.parametrize(\"b\", {\"a\", \"b\"})
def test_words(a, b):
    assert a + b
";

/// A hint that is only possible: nothing is seen to read what is left behind.
const POSSIBLE: &str = "\
import shop


def test_closed():
    shop.OPEN = False
";

/// A project whose hints are accepted.
fn accepted(files: &[(&str, &str)]) -> Project {
    let project = Project::new(files);
    project.run(&WRITE).ends_with(0);
    project
}

#[test]
fn what_is_accepted_is_left_out_and_what_is_new_is_not() {
    let project = Project::new(&[("tests/test_a.py", FLAKY), ("tests/test_b.py", UNSORTED)]);
    let run = project.run(&WRITE).ends_with(0);
    assert_eq!(run.err, "flakeless-baseline.json: accepted 2 hints\n");
    run.says("No new hints, 2 more in flakeless-baseline.json: 2 tests in 2 files.\n");
    project.run(&["check"]).ends_with(0);
    project.write("tests/test_c.py", FLAKY);
    let run = project.run(&CONCISE).ends_with(1);
    run.says("1 hint, 2 more in flakeless-baseline.json: 3 tests in 3 files.\n").never_says("test_a.py:");
    project.run(&["check", "tests/test_a.py"]).ends_with(0);
    project
        .run(&["check", "--baseline=ignore", "--statistics"])
        .ends_with(1)
        .says("3 hints: 3 tests in 3 files.");
}

#[test]
fn every_entry_has_its_own_line_and_a_second_write_changes_nothing() {
    let project = accepted(&[("tests/test_b.py", TWICE), ("tests/test_a.py", FLAKY), ("test_c.py", STEADY)]);
    let text = project.read(FILE);
    let entries: Vec<&str> = text.lines().filter(|line| line.contains("\"path\"")).collect();
    let [a, b] = entries.as_slice() else { panic!("{text}") };
    assert!(a.contains("\"tests/test_a.py\"") && a.ends_with("\"count\": 1},"), "{a}");
    assert!(a.contains("\"test\": \"test_report\", \"text\": \"'out.txt'\""), "{a}");
    assert!(b.contains("\"tests/test_b.py\"") && b.ends_with("\"count\": 2},"), "{b}");
    project.run(&WRITE).ends_with(0);
    assert_eq!(project.read(FILE), text);
    assert_eq!(project.files().len(), 5, "nothing is left behind: {:?}", project.files());
}

#[test]
fn lines_layout_and_line_ends_do_not_matter_but_the_expression_does() {
    let project = accepted(&[("test_a.py", UNSORTED)]);
    let above = format!("# above\n\n\n{UNSORTED}");
    let broken = UNSORTED.replace("{\"a\", \"b\"}", "{\n        \"a\",\n        \"b\",\n    }");
    let windows = UNSORTED.replace('\n', "\r\n");
    for text in [above, broken, windows.replace("{\"a\", ", "{\r\n    \"a\",\r\n    "), windows] {
        project.write("test_a.py", &text);
        project.run(&["check", "--strict-baseline"]).ends_with(0);
    }
    project.write("test_a.py", UNSORTED.replace("\"b\"", "\"c\""));
    project.run(&["check"]).ends_with(1).says("1 hint: ").warns("1 accepted hint is gone");
    project.write("test_a.py", UNSORTED.replace("test_word", "test_other"));
    project.run(&["check"]).ends_with(1);
}

#[test]
fn of_hints_that_look_alike_the_last_is_new() {
    let project = accepted(&[("test_a.py", TWICE)]);
    let (first, last) = (
        "@pytest.mark.parametrize(\"a\", {\"a\", \"b\"})\n",
        "@pytest.mark.parametrize(\"c\", {\"a\", \"b\"})\n",
    );
    project.write("test_a.py", TWICE.replace("def ", &format!("{last}def ")));
    let run = project.run(&CONCISE).ends_with(1).says("1 hint, 2 more in ");
    assert!(run.out.starts_with("test_a.py:6:"), "{}", run.out);
    project.write("test_a.py", TWICE.replace(first, ""));
    project.run(&["check"]).ends_with(0).warns("1 accepted hint is gone");
}

/// An editor shows what is possible: it must be quiet too.
#[test]
fn what_is_only_possible_is_accepted_too() {
    let files = [("test_a.py", POSSIBLE), ("shop.py", "OPEN = True\n"), ("test_b.py", FLAKY)];
    let project = Project::new(&files);
    let run = project.run(&WRITE).ends_with(0).says("No new hints, 1 more in ");
    assert_eq!(
        run.err,
        "flakeless-baseline.json: accepted 2 hints, 1 of them only possible, as editors show them\n"
    );
    let run = project.run(&["check", "--min-confidence", "possible"]).ends_with(0);
    run.says("No new hints, 2 more in ");
}

#[test]
fn what_is_gone_is_said_dropped_and_fails_only_where_that_is_asked_for() {
    let project = accepted(&[("tests/test_a.py", FLAKY), ("tests/test_b.py", UNSORTED)]);
    project.write("tests/test_a.py", STEADY);
    std::fs::remove_file(project.path("tests/test_b.py")).unwrap();
    let run = project.run(&["check"]).ends_with(0);
    assert_eq!(
        run.err,
        "warning: flakeless-baseline.json: 2 accepted hints are gone; `--baseline=prune` drops what is gone\n"
    );
    assert_eq!(run.out, "No hints: 1 test in 1 file.\n");
    project.run(&["check", "--strict-baseline"]).ends_with(1);
    project.run(&["check", "--strict-baseline", "--exit-zero"]).ends_with(0);
    let run = project.run(&PRUNE).ends_with(0);
    assert_eq!(run.err, "flakeless-baseline.json: dropped 2 accepted hints, 0 stay\n");
    project.run(&["check", "--strict-baseline"]).ends_with(0);
    let run = project.run(&PRUNE).ends_with(0);
    assert_eq!(run.err, "flakeless-baseline.json: nothing is gone, 0 accepted hints stay\n");
}

#[test]
fn paths_and_rules_that_are_left_out_are_not_judged() {
    let project = accepted(&[("tests/test_a.py", FLAKY), ("tests/test_b.py", UNSORTED)]);
    let whole = project.read(FILE);
    project.write("tests/test_a.py", STEADY);
    project.write("tests/test_b.py", STEADY);
    let steady_b = ["check", "tests/test_b.py", "--strict-baseline"];
    project.run(&steady_b).ends_with(1).warns("1 accepted hint is gone");
    project.run(&["check", "--strict-baseline", "--select", "module-reload"]).ends_with(0);
    for others in [&["--select", "module-reload"][..], &["--ignore", "unisolated-file,unstable-parametrize"]]
    {
        project.run(&[&PRUNE[..], others].concat()).ends_with(0);
        project.run(&[&WRITE[..], others].concat()).ends_with(0);
        assert_eq!(project.read(FILE), whole);
    }
    project.run(&[&PRUNE[..], &["tests/test_b.py"]].concat()).ends_with(0);
    assert!(project.read(FILE).contains("test_a.py") && !project.read(FILE).contains("test_b.py"));
    project.write("tests/test_c.py", FLAKY);
    project.run(&[&WRITE[..], &["tests/test_c.py"]].concat()).ends_with(0).warns("it holds 2");
    assert!(project.read(FILE).contains("test_a.py") && project.read(FILE).contains("test_c.py"));
    project.run(&WRITE).ends_with(0);
    assert!(!project.read(FILE).contains("test_a.py") && project.read(FILE).contains("test_c.py"));
}

/// What does not parse for the moment is not gone.
#[test]
fn a_file_that_was_not_looked_at_whole_keeps_what_is_accepted() {
    let project = accepted(&[("test_a.py", FLAKY)]);
    let whole = project.read(FILE);
    for broken in [&b"# \xff\n"[..], b"def test_report(:\n    open(\"out.txt\", \"w\").close()\n"] {
        std::fs::write(project.path("test_a.py"), broken).unwrap();
        project.run(&["check", "--strict-baseline"]).ends_with(0).never_says("gone");
        project.run(&PRUNE).ends_with(0);
        project.run(&WRITE).ends_with(0);
        assert_eq!(project.read(FILE), whole);
    }
}

#[test]
fn a_file_that_was_renamed_is_said() {
    let project = accepted(&[("tests/test_a.py", TWICE)]);
    std::fs::rename(project.path("tests/test_a.py"), project.path("tests/test_b.py")).unwrap();
    let run = project.run(&["check"]).ends_with(1);
    run.warns("2 accepted hints of tests/test_a.py stand in tests/test_b.py now; `--baseline=write` accepts");
    project.run(&WRITE).ends_with(0);
    assert!(!project.read(FILE).contains("test_a.py"));
    project.run(&["check", "--strict-baseline"]).ends_with(0);
}

#[test]
fn fixes_leave_accepted_hints_alone() {
    let project = accepted(&[("test_a.py", UNSORTED)]);
    project.write("test_b.py", UNSORTED);
    project.run(&["check", "--fix"]).ends_with(0).says("Fixed 1 hint in 1 file.\n");
    assert_eq!(
        (project.read("test_a.py"), project.read("test_b.py")),
        (UNSORTED.to_owned(), SORTED.to_owned())
    );
    assert_eq!(project.run(&["check", "--diff"]).ends_with(0).out, "");
    project.run(&["check", "--fix", "--baseline=ignore"]).ends_with(0).says("Fixed 1 hint in 1 file.\n");
    project
        .run(&["check", "--fix", "--baseline=prune"])
        .ends_with(0)
        .warns("dropped 1 accepted hint, 0 stay");
}

#[test]
fn json_counts_what_is_accepted_and_what_is_gone() {
    let project = accepted(&[("test_a.py", FLAKY), ("test_b.py", FLAKY)]);
    project.write("test_b.py", STEADY);
    project.write("test_c.py", UNSORTED);
    let run = project.run(&["check", "--output-format", "json"]).ends_with(1);
    let document: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((&document["accepted"], &document["stale"]), (&1.into(), &1.into()));
    assert_eq!(document["hints"].as_array().unwrap().len(), 1);
    assert_eq!(document["hints"][0]["path"], "test_c.py");
}

#[test]
fn standard_input_is_matched_as_the_file_that_it_stands_for() {
    let project = accepted(&[("test_a.py", FLAKY)]);
    let named = ["check", "--stdin-filename", "test_a.py"];
    project.run_with_input(&named, format!("\n\n{FLAKY}").as_bytes()).ends_with(0);
    project.run_with_input(&named, UNSORTED.as_bytes()).ends_with(1);
    let writes = [&named[..], &["--baseline=write"]].concat();
    project.run_with_input(&writes, FLAKY.as_bytes()).ends_with(2).warns("does not go with");
    project.run(&["check", "--diff", "--baseline=prune"]).ends_with(2).warns("does not go with `--diff`");
}

#[test]
fn it_stands_where_the_settings_say() {
    let files = [
        ("flakeless.toml", "baseline = 'ci/accepted.json'\n"),
        ("ci/notes", ""),
        ("tests/test_a.py", FLAKY),
        ("sub/pytest.ini", "[pytest]\n"),
        ("sub/flakeless.toml", ""),
        ("sub/test_b.py", FLAKY),
    ];
    let project = Project::new(&files);
    let run = project.run(&WRITE).ends_with(0);
    run.warns("ci/accepted.json: accepted 1 hint\n").warns("sub/flakeless-baseline.json: accepted 1 hint\n");
    assert!(project.read("ci/accepted.json").contains("\"path\": \"../tests/test_a.py\""));
    assert!(project.read("sub/flakeless-baseline.json").contains("\"path\": \"test_b.py\""));
    let run = project.run(&["check", "--strict-baseline"]).ends_with(0);
    run.says("2 more in ci/accepted.json and sub/flakeless-baseline.json: ");
    // From any folder it is the same.
    let mut from_below = project.command(&["check", ".", "../tests", "--strict-baseline"]);
    assert_eq!(from_below.current_dir(project.path("sub")).status().unwrap().code(), Some(0));
    // Another baseline speaks about a file from now on.
    std::fs::remove_file(project.path("sub/flakeless.toml")).unwrap();
    project.run(&WRITE).ends_with(0);
    assert!(project.read("ci/accepted.json").contains("\"path\": \"../sub/test_b.py\""));
}

#[test]
fn one_that_cannot_be_obeyed_is_two_and_is_left_as_it_is() {
    let project = accepted(&[("test_a.py", FLAKY), ("test_b.py", FLAKY)]);
    let whole = project.read(FILE);
    let conflict = whole.replace("    {\"path\": \"test_b", "<<<<<<< HEAD\n    {\"path\": \"test_b");
    for (text, word) in [
        (conflict, "line 5 is the mark of a merge conflict"),
        (whole[..80].to_owned(), "it is damaged"),
        (String::new(), "it is damaged"),
        (whole.replace("\"version\": 1", "\"version\": 9"), "its version is 9"),
    ] {
        project.write(FILE, &text);
        for arguments in [&["check"][..], &["check", "--fix"], &["check", "--exit-zero"], &WRITE, &PRUNE] {
            let run =
                project.run(arguments).ends_with(2).warns(word).warns("error: flakeless-baseline.json: ");
            assert_eq!(run.out, "");
        }
        assert_eq!(project.read(FILE), text);
        project.run(&["check", "--baseline=ignore"]).ends_with(1);
    }
}

#[test]
fn one_that_is_asked_for_and_not_there_is_said() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    for arguments in [&["check", "--baseline"][..], &PRUNE] {
        project.run(arguments).ends_with(1).warns("there is no flakeless-baseline.json; `--baseline=write`");
    }
    assert_eq!(project.run(&["check"]).ends_with(1).err, "");
    // The value stands behind `=`: a path is a path.
    project.run(&["check", "--baseline", "test_a.py"]).ends_with(1).says("1 hint: 1 test in 1 file.");
}

/// As the README has it in `.gitattributes`.
#[test]
fn branches_that_accept_neighbours_merge() {
    let attributes = "flakeless-baseline.json merge=union\n";
    let project = Project::committed(&[(".gitattributes", attributes), ("test_c.py", FLAKY)]);
    let accept = |name: &str| {
        project.write(name, FLAKY);
        project.run(&WRITE).ends_with(0);
        project.commit();
    };
    accept("test_d.py");
    project.git(&["checkout", "-q", "-b", "other"]);
    accept("test_a.py");
    project.git(&["checkout", "-q", "main"]);
    accept("test_b.py");
    project.git(&["merge", "-q", "other"]);
    project.run(&["check", "--strict-baseline"]).ends_with(0).says("4 more in ");
}
