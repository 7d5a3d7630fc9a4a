//! `--add-ignores`: the hints that there are, accepted in the source.

use crate::project::{FLAKY, Project, STEADY, UNSORTED};

const ADD: [&str; 2] = ["check", "--add-ignores"];

#[test]
fn every_hint_gets_its_comment_and_nothing_else_changes() {
    let project = Project::new(&[("test_a.py", FLAKY), ("test_b.py", UNSORTED), ("test_c.py", STEADY)]);
    let run = project.run(&ADD).ends_with(0);
    assert_eq!(run.out, "Silenced 2 hints in 2 files.\nNo hints: 3 tests in 3 files.\n");
    let ignored = |text: &str, line: &str, rule: &str| {
        text.replace(line, &format!("{line}  # flakeless: ignore[{rule}]"))
    };
    assert_eq!(project.read("test_a.py"), ignored(FLAKY, "as report:", "unisolated-file"));
    assert_eq!(project.read("test_b.py"), ignored(UNSORTED, "{\"a\", \"b\"})", "unstable-parametrize"));
    assert_eq!(project.read("test_c.py"), STEADY);
    project.run(&["check", "--min-confidence", "possible"]).ends_with(0);
}

#[test]
fn two_rules_of_one_line_share_a_comment() {
    let line = "    os.environ[\"STAGE\"] = \"x\"; open(\"out.txt\", \"w\").close()";
    let text = format!(
        "import os\n\n\ndef test_stage():\n{line}\n\n\ndef test_read():\n    assert os.environ[\"STAGE\"]\n"
    );
    let wide = ("pyproject.toml", "[tool.black]\nline-length = 120\n");
    let project = Project::new(&[("test_a.py", text.as_str()), wide]);
    project
        .run(&["check", "test_a.py", "--select", "shared-state-leak,unisolated-file"])
        .ends_with(1)
        .says("2 hints");
    let add = [&ADD[..], &["--select", "shared-state-leak,unisolated-file"]].concat();
    project.run(&add).ends_with(0).says("Silenced 2 hints in 1 file.");
    let silenced = project.read("test_a.py");
    let comments: Vec<&str> = silenced.lines().filter(|line| line.contains("# flakeless")).collect();
    let [comment] = comments.as_slice() else { panic!("{silenced}") };
    assert!(comment.starts_with(line), "{comment}");
    assert!(
        comment.contains("shared-state-leak")
            && comment.contains(", ")
            && comment.contains("unisolated-file")
    );
    assert_eq!(project.run(&add).ends_with(0).out, "No hints: 2 tests in 1 file.\n");
    assert_eq!(project.read("test_a.py"), silenced);
}

#[test]
fn only_what_would_be_reported_is_silenced() {
    let project = Project::committed(&[("test_a.py", FLAKY), ("test_b.py", UNSORTED)]);
    let diff = project.run(&["check", "--add-ignores", "--diff"]).ends_with(1).out;
    assert!(
        diff.contains("+    with open(\"out.txt\", \"w\") as report:  # flakeless: ignore[unisolated-file]"),
        "{diff}"
    );
    assert_eq!(project.read("test_a.py"), FLAKY);
    project.run(&["check", "--add-ignores", "--since", "HEAD"]).ends_with(0).says("No hints on lines");
    project.run(&["check", "--add-ignores", "test_b.py"]).ends_with(0).says("Silenced 1 hint in 1 file.");
    project.run(&["check", "--baseline=write"]).ends_with(0);
    assert_eq!(
        project.run(&ADD).ends_with(0).out,
        "No new hints, 1 more in flakeless-baseline.json: 2 tests in 2 files.\n"
    );
    assert_eq!(project.read("test_a.py"), FLAKY);
    project.run(&["check", "--add-ignores", "--baseline=ignore"]).ends_with(0).says("Silenced 1 hint");
    project.run(&["check", "--add-ignores", "--fix"]).ends_with(2);
}

#[test]
fn configuration_files_and_line_ends() {
    let files = [
        ("flakeless.toml", "severity.blanket-retries = 'warning'\n"),
        ("pytest.ini", "[pytest]\r\naddopts = --reruns 9\r\n"),
        ("test_a.py", &FLAKY.replace('\n', "\r\n")),
    ];
    let project = Project::new(&files);
    project.run(&ADD).ends_with(0).says("Silenced 2 hints in 2 files.");
    let ini = "[pytest]\r\n# flakeless: ignore[blanket-retries]\r\naddopts = --reruns 9\r\n";
    assert_eq!(project.read("pytest.ini"), ini);
    let test = project.read("test_a.py");
    assert_eq!(test.matches('\n').count(), test.matches("\r\n").count());
    assert!(test.contains("report:  # flakeless: ignore[unisolated-file]\r\n"), "{test}");
}

/// A formatter would break a line that the comment makes too long.
#[test]
fn a_comment_that_makes_a_line_too_long_stands_above_it() {
    let text = "def test_report():\n    with open(\"out-of-a-program-with-a-long-name.txt\", \"w\") as report:\n        report.write(\"x\")\n";
    let line = "    with open(\"out-of-a-program-with-a-long-name.txt\", \"w\") as report:";
    let comment = "# flakeless: ignore[unisolated-file]";
    let project = Project::new(&[("test_a.py", text)]);
    project.run(&ADD).ends_with(0).says("Silenced 1 hint in 1 file.");
    let above = text.replace(line, &format!("    {comment}\n{line}"));
    assert_eq!(project.read("test_a.py"), above);
    assert_eq!(project.run(&ADD).ends_with(0).out, "No hints: 1 test in 1 file.\n");
    let wide = ("pyproject.toml", "[tool.ruff]\nline-length = 120\n");
    let project = Project::new(&[("test_a.py", text), wide]);
    project.run(&ADD).ends_with(0).says("Silenced 1 hint in 1 file.");
    assert_eq!(project.read("test_a.py"), text.replace(line, &format!("{line}  {comment}")));
}

#[test]
fn rules_above_a_line_share_a_comment() {
    let line = "    os.environ[\"STAGE\"] = \"a-value-with-some-length\"; open(\"out.txt\", \"w\").close()";
    let text = format!(
        "import os\r\n\r\n\r\ndef test_stage():\r\n{line}\r\n\r\n\r\ndef test_read():\r\n    assert os.environ[\"STAGE\"]\r\n"
    );
    let project = Project::new(&[("test_a.py", text.as_str())]);
    let add = [&ADD[..], &["--select", "shared-state-leak,unisolated-file"]].concat();
    project.run(&add).ends_with(0).says("Silenced 2 hints in 1 file.");
    let above = "    # flakeless: ignore[shared-state-leak, unisolated-file]\r\n";
    assert_eq!(project.read("test_a.py"), text.replace(line, &format!("{above}{line}")));
}

/// A comment that silences nothing is not silenced by one more.
#[test]
fn an_unused_comment_stays_a_hint() {
    let text = format!("{STEADY}\n\nVALUE = 1  # flakeless: ignore[unisolated-file]\n");
    let project = Project::new(&[("test_a.py", text.as_str())]);
    project.run(&ADD).ends_with(1).says("unused-suppression");
    assert_eq!(project.read("test_a.py"), text);
}

#[test]
fn the_text_on_standard_input_is_printed() {
    let project = Project::new(&[("test_a.py", STEADY)]);
    let arguments = ["check", "--add-ignores", "--stdin-filename", "test_a.py"];
    let run = project.run_with_input(&arguments, FLAKY.as_bytes()).ends_with(0);
    assert!(
        run.out.starts_with("def test_report") && run.out.contains("ignore[unisolated-file]"),
        "{}",
        run.out
    );
    run.warns("Silenced 1 hint in 1 file.");
}
