//! A disk on which nothing more can be written: no file may become longer than nothing.

use std::fs;
use std::process::{Command, Stdio};

use crate::project::{FLAKY, Project, Run, SORTED, UNSORTED};

/// Runs the binary where each write to a file fails.
fn on_full_disk(project: &Project, arguments: &[&str]) -> Run {
    let flakeless = project.command(arguments);
    let mut command = Command::new("sh");
    // Without the trap, the system would end the program instead.
    command
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
        .arg(flakeless.get_program())
        .args(arguments);
    command.current_dir(project).stdin(Stdio::null());
    for (name, value) in flakeless.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Run::of(&command.output().unwrap())
}

fn project(files: &[(&str, &str)]) -> Project {
    let project = Project::new(&[("test_a.py", FLAKY), ("test_b.py", UNSORTED)]);
    files.iter().for_each(|(name, text)| project.write(name, text));
    project
}

#[test]
fn the_users_cache_is_nobodys_concern() {
    let project = project(&[]);
    let plain = project.run(&["check", "--no-cache"]);
    assert_eq!(on_full_disk(&project, &["check"]), plain);
    assert_eq!(project.kept().len(), 0);
    // What was kept before still counts, and is not lost.
    project.run(&["check"]);
    let kept = project.kept();
    let bytes = fs::read(&kept[0]).unwrap();
    project.write("test_b.py", SORTED);
    on_full_disk(&project, &["check"]).ends_with(1).says("1 hint: 2 tests in 2 files.");
    assert_eq!((project.kept(), fs::read(&kept[0]).unwrap()), (kept, bytes));
}

#[test]
fn a_chosen_cache_is_said_and_nothing_unfinished_stays() {
    let project = project(&[("flakeless.toml", "cache-dir = \"kept\"\n")]);
    let run = on_full_disk(&project, &["check"]).ends_with(1);
    assert_eq!(run.err.matches("nothing is kept in kept").count(), 1, "{}", run.err);
    let left: Vec<_> =
        project.files().into_iter().filter(|path| path.starts_with(project.path("kept"))).collect();
    assert!(left.iter().all(|path| fs::metadata(path).unwrap().len() == 0), "{left:?}");
    let run = project.run(&["check"]).ends_with(1);
    assert_eq!(run.err, "");
    assert!(project.files().iter().any(|path| path.extension().is_some_and(|it| it == "kept")));
}

#[test]
fn a_file_that_cannot_be_fixed_is_as_it_was() {
    let project = project(&[]);
    let before = project.files();
    let run =
        on_full_disk(&project, &["check", "--fix"]).ends_with(1).warns("warning: test_b.py: not fixed: ");
    run.says("2 hints: 2 tests in 2 files.").never_says("Fixed");
    assert_eq!((project.files(), project.read("test_b.py")), (before, UNSORTED.to_owned()));
}

#[test]
fn a_baseline_and_an_output_are_as_they_were() {
    let project = project(&[]);
    project.run(&["check", "--baseline=write", "test_a.py"]).ends_with(0);
    let baseline = project.read("flakeless-baseline.json");
    project.write("out.json", "before");
    let before = project.files();
    on_full_disk(&project, &["check", "--baseline=write"])
        .ends_with(2)
        .warns("flakeless-baseline.json is not written: ");
    on_full_disk(&project, &["check", "--output-file", "out.json"]).ends_with(2).warns("error: out.json: ");
    on_full_disk(&project, &["check", "--output-file", "new.json"]).ends_with(2).warns("error: new.json: ");
    assert_eq!(project.files(), before);
    assert_eq!(
        (project.read("flakeless-baseline.json"), project.read("out.json")),
        (baseline, "before".to_owned())
    );
}

#[cfg(target_os = "linux")]
#[test]
fn an_answer_that_cannot_be_printed_is_an_error() {
    let project = project(&[]);
    for format in ["full", "json", "sarif", "junit"] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = project.command(&["check", "--output-format", format]).stdout(full).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with("error: "), "{said}");
    }
}
