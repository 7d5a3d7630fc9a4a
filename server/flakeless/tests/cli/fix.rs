//! `--fix` and `--diff` on real files.

use std::fs;

use crate::project::{FLAKY, Project, SORTED, STEADY, UNSORTED};

const SAFE: [&str; 2] = ["check", "--fix"];
const UNSAFE: [&str; 3] = ["check", "--fix", "--unsafe-fixes"];

#[test]
fn fix_applies_safe_fixes_only() {
    let project = Project::new(&[("test_a.py", FLAKY), ("test_b.py", UNSORTED)]);
    project.run(&SAFE).ends_with(1).says("Fixed 1 hint in 1 file.\n").says("1 hint: 2 tests in 2 files.");
    assert_eq!(project.read("test_a.py"), FLAKY);
    assert_eq!(project.read("test_b.py"), SORTED);
}

#[test]
fn unsafe_fixes_apply_the_preferred_cure() {
    let project = Project::new(&[("test_a.py", FLAKY), ("test_b.py", UNSORTED)]);
    project.run(&UNSAFE).ends_with(0).says("Fixed 2 hints in 2 files.\n");
    let fixed = project.read("test_a.py");
    assert!(fixed.contains("def test_report(tmp_path):"), "{fixed}");
    project.run(&["check", "--min-confidence", "possible"]).ends_with(0);
    let files = project.files();
    project.run(&UNSAFE).ends_with(0);
    assert_eq!(project.files(), files);
    assert_eq!(project.read("test_a.py"), fixed);
}

#[test]
fn many_fixes_in_one_file_converge() {
    let text: String = (0..30)
        .map(|n| format!("def test_{n}():\n    with open(\"out.txt\", \"w\") as report:\n        report.write(\"x\")\n\n\n"))
        .collect();
    let project = Project::new(&[("test_a.py", text.trim_end()), ("test_b.py", FLAKY)]);
    project.run(&UNSAFE).ends_with(0).says("Fixed 31 hints in 2 files.\n");
    assert_eq!(project.read("test_a.py").matches("(tmp_path):").count(), 30);
}

#[test]
fn a_diff_writes_nothing_and_is_one() {
    let project = Project::new(&[("tests/test_a.py", FLAKY), ("tests/test_b.py", UNSORTED)]);
    let run = project.run(&["check", "--diff"]).ends_with(1);
    assert!(run.out.starts_with("--- tests/test_b.py\n+++ tests/test_b.py\n@@ "), "{}", run.out);
    run.never_says("test_a.py");
    project.run(&["check", "--diff", "--unsafe-fixes"]).ends_with(1).says("+def test_report(tmp_path):");
    project.run(&["check", "--diff", "--fix"]).ends_with(1);
    assert_eq!(project.read("tests/test_a.py"), FLAKY);
    assert_eq!(project.read("tests/test_b.py"), UNSORTED);
}

#[test]
fn no_diff_is_zero() {
    let project = Project::new(&[("test_a.py", FLAKY)]);
    let run = project.run(&["check", "--diff"]).ends_with(0);
    assert_eq!(run.out, "");
}

#[test]
fn the_diff_is_what_fix_does() {
    let project = Project::new(&[("tests/test_a.py", FLAKY), ("tests/test_b.py", UNSORTED)]);
    let diff = project.run(&["check", "--diff", "--unsafe-fixes"]).ends_with(1).out;
    project.run(&UNSAFE).ends_with(0);
    for (path, before) in [("tests/test_a.py", FLAKY), ("tests/test_b.py", UNSORTED)] {
        let after = project.read(path);
        let same = |line: &&str| after.lines().any(|other| other == *line);
        for line in before.lines().filter(|line| !same(line)) {
            assert!(diff.contains(&format!("\n-{line}\n")), "{line}: {diff}");
        }
        for line in after.lines().filter(|line| !before.lines().any(|other| other == *line)) {
            assert!(diff.contains(&format!("\n+{line}\n")), "{line}: {diff}");
        }
    }
}

#[test]
fn line_ends_and_the_byte_order_mark_are_kept() {
    let text = format!("\u{feff}{}", UNSORTED.replace('\n', "\r\n"));
    let project = Project::new(&[("test_a.py", text.as_str())]);
    project.run(&SAFE).ends_with(0);
    assert_eq!(project.read("test_a.py"), format!("\u{feff}{}", SORTED.replace('\n', "\r\n")));
}

#[test]
fn nothing_is_left_behind() {
    let project = Project::new(&[("test_a.py", UNSORTED), ("sub/test_b.py", FLAKY)]);
    let before = project.files();
    project.run(&UNSAFE).ends_with(0);
    assert_eq!(project.files(), before);
}

#[cfg(unix)]
#[test]
fn the_mode_is_kept() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::new(&[("test_a.py", UNSORTED)]);
    let path = project.path("test_a.py");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o754)).unwrap();
    project.run(&SAFE).ends_with(0);
    assert_eq!(project.read("test_a.py"), SORTED);
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o7777, 0o754);
}

#[cfg(unix)]
#[test]
fn a_link_inside_the_project_stays_a_link() {
    let project = Project::new(&[("shared/body.py", UNSORTED), ("tests/test_b.py", STEADY)]);
    std::os::unix::fs::symlink("../shared/body.py", project.path("tests/test_a.py")).unwrap();
    project.run(&SAFE).ends_with(0);
    assert!(fs::symlink_metadata(project.path("tests/test_a.py")).unwrap().is_symlink());
    assert_eq!(project.read("shared/body.py"), SORTED);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_project_is_not_written_through() {
    let elsewhere = Project::new(&[("body.py", UNSORTED)]);
    let project = Project::new(&[("test_b.py", UNSORTED)]);
    std::os::unix::fs::symlink(elsewhere.path("body.py"), project.path("test_a.py")).unwrap();
    let unnamed =
        project.run(&SAFE).ends_with(0).warns("test_a.py: passed over: a symlink out of the project");
    unnamed.never_says("fix left out");
    project
        .run(&["check", "--fix", "test_a.py"])
        .ends_with(1)
        .warns("test_a.py:4: unstable-parametrize: fix left out")
        .warns("outside of the project");
    assert_eq!(elsewhere.read("body.py"), UNSORTED);
    assert_eq!(project.read("test_b.py"), SORTED);
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_is_said() {
    use std::os::unix::fs::PermissionsExt as _;
    let project = Project::new(&[("locked/test_a.py", UNSORTED), ("test_b.py", UNSORTED)]);
    let locked = project.path("locked");
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
    // Permission bits do not bind the superuser: then there is nothing to refuse.
    let bound = fs::write(project.path("locked/probe"), "").is_err();
    let run = project.run(&SAFE);
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(project.read("test_b.py"), SORTED);
    if bound {
        run.ends_with(1).warns("locked/test_a.py: not fixed: ").says("Fixed 1 hint in 1 file.");
        assert_eq!(project.read("locked/test_a.py"), UNSORTED);
    }
}
