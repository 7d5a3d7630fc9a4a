//! `--output-file`.

use crate::project::{FLAKY, Project, STEADY};

#[test]
fn the_file_holds_what_would_be_printed() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    for format in ["full", "concise", "json", "github", "sarif", "junit"] {
        let arguments = ["check", "--output-format", format];
        let printed = project.run(&arguments).ends_with(1).out;
        let run = project.run(&[&arguments[..], &["--output-file", "report"]].concat()).ends_with(1);
        assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""));
        assert_eq!(project.read("report"), printed, "{format}");
    }
    let coloured = project.command(&["check", "--output-file", "report"]).env("CLICOLOR_FORCE", "1").output();
    assert_eq!(coloured.unwrap().status.code(), Some(1));
    assert!(!project.read("report").contains('\u{1b}'));
}

#[test]
fn a_check_that_fails_leaves_the_file_alone() {
    let project = Project::new(&[("test_a.py", STEADY), ("report", "old")]);
    project.run(&["check", "nowhere", "--output-file", "report"]).ends_with(2);
    assert_eq!(project.read("report"), "old");
    project.run(&["check", "--diff", "--output-file", "report"]).ends_with(2).warns("--diff");
    let run = project.run(&["check", "--output-file", "no/such/folder"]).ends_with(2);
    run.warns("error: no/such/folder: ");
}

#[test]
fn fixed_text_and_its_report_part_ways() {
    let project = Project::new(&[("test_a.py", STEADY)]);
    let input = ["check", "--stdin-filename", "test_a.py", "--fix", "--output-file", "report"];
    let run = project.run_with_input(&input, FLAKY.as_bytes()).ends_with(1);
    assert_eq!((run.out.as_str(), run.err.as_str()), (FLAKY, ""));
    assert!(project.read("report").contains("unisolated-file"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_pipes_are_written_to() {
    let project = Project::new(&[("test_a.py", STEADY), ("real", "old")]);
    std::os::unix::fs::symlink("real", project.path("report")).unwrap();
    project.run(&["check", "--output-file", "report"]).ends_with(0);
    assert!(project.read("real").starts_with("No hints"));
    assert!(project.path("report").is_symlink());
    let run = project.run(&["check", "--output-file", "/dev/stdout"]).ends_with(0);
    assert_eq!(run.out, "No hints: 1 test in 1 file.\n");
}
