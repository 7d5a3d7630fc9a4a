//! Two servers and many runs of `check` on one workspace, with one cache, while files change.

use std::path::Path;
use std::process::Command;
use std::thread;

use serde_json::{Value, json};

use crate::client::Server;
use crate::project::{BAD, Project, pulling};

const FILES: usize = 24;
const ROUNDS: usize = 6;
const GOOD: &str = "def test_a():\n    assert 1 + 1 == 2\n";

fn check(folder: &Path, cache: &Path, arguments: &[&str]) -> (Option<i32>, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flakeless"));
    command.args(["check", "--output-format", "json"]).args(arguments).current_dir(folder);
    let output = command.env("XDG_CACHE_HOME", cache).output().unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), serde_json::from_slice(&output.stdout).unwrap())
}

fn hints(server: &mut Server, project: &Project, number: usize) -> usize {
    server.pull(&project.uri(&format!("test_{number}.py")), None)["items"].as_array().unwrap().len()
}

#[test]
fn two_servers_and_checks_agree() {
    let project = Project::new(&[]);
    let cache = tempfile::tempdir().unwrap();
    let text = |round: usize, number: usize| if (round + number).is_multiple_of(3) { BAD } else { GOOD };
    (0..FILES).for_each(|number| project.write(&format!("test_{number}.py"), text(0, number)));
    let mut servers = [project.serve(pulling()), project.serve(pulling())];
    for server in &mut servers {
        (0..FILES)
            .for_each(|number| server.open(&project.uri(&format!("test_{number}.py")), 1, text(0, number)));
    }
    for round in 1..=ROUNDS {
        thread::scope(|scope| {
            for _ in 0..3 {
                // What they say while files change is of the one state or the other; they must not fail.
                scope.spawn(|| check(project.path(), cache.path(), &[]));
            }
            for number in 0..FILES {
                project.write(&format!("test_{number}.py"), text(round, number));
                for server in &mut servers {
                    server.replace(
                        &project.uri(&format!("test_{number}.py")),
                        round as i32 + 1,
                        text(round, number),
                    );
                }
            }
        });
        let expected: Vec<usize> = (0..FILES).map(|number| usize::from(text(round, number) == BAD)).collect();
        for server in &mut servers {
            let found: Vec<usize> = (0..FILES).map(|number| hints(server, &project, number)).collect();
            assert_eq!(found, expected, "round {round}");
        }
        for arguments in [&[][..], &[], &["--no-cache"]] {
            let (code, said) = check(project.path(), cache.path(), arguments);
            assert_eq!(code, Some(1));
            assert_eq!(
                said["hints"].as_array().unwrap().len(),
                expected.iter().sum::<usize>(),
                "round {round} {arguments:?}"
            );
        }
    }
    let kept: Vec<_> = std::fs::read_dir(cache.path().join("flakeless")).unwrap().flatten().collect();
    let unfinished =
        kept.iter().filter(|entry| entry.file_name().to_string_lossy().starts_with(".flakeless-"));
    assert_eq!(unfinished.count(), 0);
    servers.into_iter().for_each(Server::stop);
}

/// A file that `check --fix` rewrites under two editors is what each of them hears of.
#[test]
fn a_fix_on_disk_reaches_both_servers() {
    let unsorted = "import pytest\n\n\n@pytest.mark.parametrize(\"word\", {\"a\", \"b\"})\ndef test_word(word):\n    assert word\n";
    let project = Project::new(&[("conftest.py", ""), ("test_a.py", unsorted)]);
    let cache = tempfile::tempdir().unwrap();
    let uri = project.uri("test_a.py");
    let mut servers = [project.serve(pulling()), project.serve(pulling())];
    for server in &mut servers {
        server.open(&uri, 1, unsorted);
        assert_eq!(server.pull(&uri, None)["items"].as_array().unwrap().len(), 1);
        server.close(&uri);
    }
    check(project.path(), cache.path(), &["--fix"]);
    let fixed = std::fs::read_to_string(project.file("test_a.py")).unwrap();
    assert!(fixed.contains("sorted("), "{fixed}");
    for server in &mut servers {
        let changes = json!({"changes": [{"uri": uri, "type": 2}]});
        server.notify("workspace/didChangeWatchedFiles", changes);
        server.open(&uri, 1, &fixed);
        assert_eq!(server.pull(&uri, None)["items"].as_array().unwrap().len(), 0);
    }
    servers.into_iter().for_each(Server::stop);
}
