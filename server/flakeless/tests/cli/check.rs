//! What `check` prints, and how it ends.

use std::io::Read as _;
use std::process::Stdio;

use crate::project::{FLAKY, Project, STEADY, UNSORTED};

#[test]
fn nothing_to_report_is_zero() {
    let project = Project::new(&[("tests/test_a.py", STEADY)]);
    let run = project.run(&["check"]).ends_with(0);
    assert_eq!(run.out, "No hints: 1 test in 1 file.\n");
    assert_eq!(run.err, "");
}

#[test]
fn a_hint_is_one_and_has_a_frame() {
    let project = Project::new(&[("tests/test_a.py", FLAKY)]);
    let run = project.run(&["check"]).ends_with(1);
    run.says("likely[unisolated-file]: ")
        .says("--> tests/test_a.py:2:")
        .says("2 |     with open(\"out.txt\", \"w\") as report:")
        .says("^^^")
        .says("\nhelp: ")
        .says("1 hint: 1 test in 1 file.\n")
        .says("1 fixable with `--fix --unsafe-fixes`")
        .never_says("\u{1b}");
}

#[test]
fn concise_is_one_line_for_each_hint() {
    let project = Project::new(&[("tests/test_a.py", FLAKY), ("tests/test_b.py", FLAKY)]);
    let run = project.run(&["check", "--output-format", "concise"]).ends_with(1);
    let lines: Vec<&str> = run.out.lines().filter(|line| line.starts_with("tests/")).collect();
    assert_eq!(lines.len(), 2, "{}", run.out);
    assert!(lines[0].starts_with("tests/test_a.py:2:"), "{}", lines[0]);
    assert!(lines[0].contains(": unisolated-file [likely] "), "{}", lines[0]);
    assert!(lines[1].starts_with("tests/test_b.py:2:"), "{}", lines[1]);
}

/// What the paths choose is reported: the configuration file lies in the folder, and beside the test that is named.
#[test]
fn hints_on_the_configuration_are_reported_and_fixed() {
    let settings = "severity.blanket-retries = 'warning'\n";
    let config = "[pytest]\naddopts = -ra --reruns 9  \n";
    let files = [("flakeless.toml", settings), ("pytest.ini", config), ("tests/test_a.py", STEADY)];
    let project = Project::new(&files);
    let run = project.run(&["check", "--output-format", "concise"]).ends_with(1);
    run.says("pytest.ini:2:15: blanket-retries [likely] ").says("1 hint: 1 test in 1 file.\n");
    project.run(&["check", "pytest.ini"]).ends_with(1);
    project.run(&["check", "tests"]).ends_with(0);
    project.run(&["check", "--fix", "--unsafe-fixes"]).ends_with(0);
    assert_eq!(project.read("pytest.ini"), "[pytest]\naddopts = -ra  \n");
}

#[test]
fn annotations_for_github_are_escaped() {
    let settings = "severity.unisolated-file = 'error'\n";
    let files = [("flakeless.toml", settings), ("tests/a,b/test_a.py", FLAKY), ("tests/test_b.py", UNSORTED)];
    let project = Project::new(&files);
    let run = project.run(&["check", "--output-format", "github"]).ends_with(1);
    let lines: Vec<&str> = run.out.lines().filter(|line| line.starts_with("::")).collect();
    assert_eq!(lines.len(), 2, "{}", run.out);
    assert!(lines[0].starts_with("::error file=tests/a%2Cb/test_a.py,line=2,col="), "{}", lines[0]);
    assert!(lines[0].contains(",title=flakeless (unisolated-file)::"), "{}", lines[0]);
    assert!(lines[1].starts_with("::warning file=tests/test_b.py,line="), "{}", lines[1]);
}

#[test]
fn exit_zero_still_reports() {
    let project = Project::new(&[("tests/test_a.py", FLAKY)]);
    project.run(&["check", "--exit-zero"]).ends_with(0).says("unisolated-file");
    project.run(&["check", "--exit-zero", "--diff", "--unsafe-fixes"]).ends_with(0).says("+++ ");
    project.run(&["check", "--exit-zero", "nowhere"]).ends_with(2);
}

#[test]
fn statistics_count_by_rule() {
    let project = Project::new(&[("test_a.py", FLAKY), ("test_b.py", FLAKY), ("test_c.py", UNSORTED)]);
    let run = project.run(&["check", "--statistics"]).ends_with(1);
    assert!(run.out.starts_with("2  unisolated-file\n1  unstable-parametrize\n3 hints: "), "{}", run.out);
}

#[test]
fn the_summary_counts_what_flags_would_fix() {
    let project = Project::new(&[("test_a.py", FLAKY), ("test_b.py", UNSORTED)]);
    project
        .run(&["check"])
        .ends_with(1)
        .says("2 hints: 2 tests in 2 files.\n")
        .says("1 fixable with `--fix`.\n")
        .says("2 fixable with `--fix --unsafe-fixes`");
}

#[test]
fn two_runs_say_the_same() {
    let files: Vec<(String, &str)> =
        (0..40).map(|n| (format!("tests/d{}/test_{n}.py", n % 7), FLAKY)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let project = Project::new(&files);
    for format in ["full", "concise", "json"] {
        let first = project.run(&["check", "--output-format", format]).ends_with(1);
        let second = project.run(&["check", "--output-format", format]).ends_with(1);
        assert_eq!(first.out, second.out);
    }
}

#[test]
fn colour_is_for_terminals() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    let forced = project.command(&["check"]).env("CLICOLOR_FORCE", "1").output().unwrap();
    assert!(forced.stdout.contains(&0x1b));
    let refused = project.command(&["check"]).env("NO_COLOR", "1").output().unwrap();
    assert!(!refused.stdout.contains(&0x1b));
}

#[test]
fn control_characters_are_not_passed_on() {
    let source =
        format!("{FLAKY}    # \u{1b}[31m \u{9b}31m\n").replace("\"x\")", "\"x\")  # \u{1b}[31m \u{9b}31m");
    let source = source.replace("\"w\") as report:", "\"w\") as report:  # \u{1b}[31m \u{9b}31m");
    let project = Project::new(&[("tests/test_\u{1b}[31m.py", source.as_str())]);
    for format in ["full", "concise", "json"] {
        let run = project.run(&["check", "--output-format", format]).ends_with(1);
        run.never_says("\u{1b}").never_says("\u{9b}[");
    }
    project.run(&["check"]).says("tests/test_\\u{1b}[31m.py").never_says("\u{9b}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let files: Vec<(String, &str)> = (0..300).map(|n| (format!("test_{n}.py"), FLAKY)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let project = Project::new(&files);
    let mut child =
        project.command(&["check"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 16];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn usage_errors_are_two() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    project.run(&["check", "--no-such-flag"]).ends_with(2).warns("--no-such-flag");
    project.run(&["check", "--output-format", "xml"]).ends_with(2).warns("concise");
    project.run(&["check", "--min-confidence", "sure"]).ends_with(2).warns("likely");
    project
        .run(&["check", "--select", "unisolated-files"])
        .ends_with(2)
        .warns("did you mean `unisolated-file`?");
    project.run(&[]).ends_with(2);
}
