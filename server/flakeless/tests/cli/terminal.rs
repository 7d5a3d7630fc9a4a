//! A terminal obeys nothing that stands in a file or in its name, in whatever form it is printed.

use std::process::Command;

use crate::project::{FLAKY, Project, Run, UNSORTED};

/// What does something to a terminal, or turns what stands around it: blinking, a title, BEL, BS, DEL, the two again in one
/// character each, ALM, LRM, a line separator, RLO, RLI.
const HOSTILE: &str =
    "\u{1b}[5m\u{1b}]0;x\u{7}\u{8}\u{7f}\u{9b}5m\u{9d}0;x\u{61c}\u{200e}\u{2028}\u{202e}\u{2067}";

/// What of a text a terminal would obey, but for line ends and our own colours; nothing of ours blinks.
fn obeyed(text: &str) -> String {
    let mut found = String::new();
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        let colour = rest.as_str().strip_prefix('[').and_then(|after| after.split_once('m'));
        match (c, colour) {
            ('\n' | '\t', _) => {}
            ('\u{1b}', Some((codes, after))) if codes.split(';').all(is_ours) => {
                rest = after.chars();
            }
            (c, _) if c.is_control() || HOSTILE.contains(c) && !c.is_ascii() => found.push(c),
            _ => {}
        }
    }
    found
}

fn is_ours(code: &str) -> bool {
    code.bytes().all(|byte| byte.is_ascii_digit()) && code != "5"
}

#[track_caller]
fn assert_shown(run: &Run, what: &str) {
    let said = format!("{}{}", run.out, run.err);
    assert_eq!(obeyed(&said), "", "{what}: {said:?}");
    assert!(said.contains("202e"), "nothing of the kind was to be said: {what}: {said:?}");
}

/// Hostile names of folders and files, hostile words in targets, comments, settings and configuration.
fn hostile() -> Project {
    let written = FLAKY
        .replace("out.txt", &format!("o{HOSTILE}.txt"))
        .replace("as report:", &format!("as report:  # {HOSTILE}"));
    let unsorted = UNSORTED.replace("\"b\"", &format!("\"b{HOSTILE}\""));
    let project = Project::new(&[]);
    project.write(&format!("t{HOSTILE}/test_a{HOSTILE}.py"), written);
    project.write(&format!("t{HOSTILE}/test_b.py"), unsorted);
    let escaped: String = HOSTILE.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
    project.write("flakeless.toml", format!("ignore = [\"no{escaped}rule\"]\n\"key{escaped}\" = 1\n"));
    project.write("pytest.ini", format!("[pytest]\naddopts = -p p{HOSTILE}\nno{HOSTILE} = 1\n{HOSTILE}\n"));
    project
}

fn coloured(project: &Project, arguments: &[&str]) -> Run {
    Run::of(&project.command(arguments).env("CLICOLOR_FORCE", "1").output().unwrap())
}

#[test]
fn what_would_be_obeyed_is_found() {
    assert_eq!(obeyed("\u{1b}[1;31mred\u{1b}[0m\n\ta"), "");
    for hostile in [
        "\u{1b}[5m",
        "\u{1b}]0;x\u{7}",
        "\u{1b}c",
        "a\u{1b}",
        "\r",
        "\u{9b}",
        "\u{202e}",
        "\u{2028}",
        "\u{61c}",
    ] {
        assert_ne!(obeyed(hostile), "", "{hostile:?}");
    }
}

#[test]
fn every_form_of_check() {
    let project = hostile();
    for format in ["full", "concise", "json", "github", "sarif", "junit"] {
        for confidence in ["likely", "possible"] {
            let arguments = ["check", "--output-format", format, "--min-confidence", confidence];
            assert_shown(&coloured(&project, &arguments).ends_with(1), format);
            assert_shown(&project.run(&arguments).ends_with(1), format);
        }
    }
    project.run(&["check"]).says("test_a\\u{1b}[5m");
}

#[test]
fn the_project_and_its_json() {
    let project = hostile();
    assert_shown(&coloured(&project, &["project"]).ends_with(0), "project");
    assert_shown(&coloured(&project, &["project", "--json"]).ends_with(0), "project --json");
}

#[test]
fn messages_about_paths_and_fixes_that_are_left_out() {
    let project = hostile();
    let folder = format!("t{HOSTILE}");
    assert_shown(
        &coloured(&project, &["check", &format!("{folder}/none{HOSTILE}.py")]).ends_with(2),
        "a path that is not there",
    );
    let elsewhere = Project::new(&[]);
    elsewhere.write(&format!("b{HOSTILE}.py"), UNSORTED);
    std::os::unix::fs::symlink(
        elsewhere.path(&format!("b{HOSTILE}.py")),
        project.path(&format!("{folder}/test_c.py")),
    )
    .unwrap();
    let arguments = ["check", "--fix", &folder, &format!("{folder}/test_c.py")];
    assert_shown(&coloured(&project, &arguments).ends_with(1), "a fix that is left out");
    std::fs::create_dir(project.path(&format!("out{HOSTILE}"))).unwrap();
    let output = format!("out{HOSTILE}");
    assert_shown(
        &coloured(&project, &["check", "--output-file", &output]).ends_with(2),
        "an output that cannot be written",
    );
    assert_shown(&coloured(&project, &["check", "--since", HOSTILE]).ends_with(2), "a commit");
}

#[test]
fn a_diff_with_colour() {
    let project = hostile();
    assert_shown(&coloured(&project, &["check", "--diff", "--unsafe-fixes"]).ends_with(1), "--diff");
}

/// Where there is no colour, a terminal is still one.
#[cfg(target_os = "linux")]
#[test]
fn a_diff_on_a_terminal_without_colour() {
    let project = hostile();
    let flakeless = project.command(&["check", "--diff", "--unsafe-fixes"]);
    let line = format!("exec '{}' check --diff --unsafe-fixes", flakeless.get_program().display());
    let mut script = Command::new("script");
    script.args(["-qec", &line, "/dev/null"]).current_dir(&project).env("NO_COLOR", "1");
    let Ok(output) = script.output() else {
        eprintln!("not tested: there is no program `script`, which makes a terminal");
        return;
    };
    // A terminal ends lines in this way.
    let shown = String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n");
    assert!(shown.contains("@@ ") && shown.contains("\\u{202e}"), "{shown:?}");
    assert_eq!(obeyed(&shown), "", "{shown:?}");
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
}

/// For `patch`, a diff is what stands in the files.
#[test]
fn a_diff_for_a_program_is_byte_for_byte() {
    let project = hostile();
    project.run(&["check", "--diff"]).ends_with(1).says(&format!("\"b{HOSTILE}\""));
}
