//! A rule that fails on one file, made to by a variable that debug builds obey.
#![cfg(debug_assertions)]

use std::process::Command;

use serde_json::{Value, json};

use crate::client::{Server, uri};
use crate::project::{BAD, Project, able};

const BOTH: &str = "import pytest\n\n\n@pytest.mark.parametrize(\"word\", {\"a\", \"b\"})\ndef test_word(word):\n    open('/tmp/b.txt', 'w').close()\n";

fn stumbling(project: &Project) -> Server {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flakeless"));
    command.arg("server").env("FLAKELESS_STUMBLE", "unisolated-file@test_a.py").env("RUST_BACKTRACE", "0");
    let start = json!({"processId": null, "rootUri": uri(project.path()), "capabilities": able()});
    Server::spawn_by(&mut command).initialize(start).0
}

/// The words of the diagnostics that are shown for a document.
fn shown(server: &mut Server, document: &str, version: i32) -> Vec<String> {
    let set = server.wait_for(|message| {
        message["method"] == "textDocument/publishDiagnostics"
            && message["params"]["uri"] == document
            && message["params"]["version"] == version
    });
    let diagnostics = set["params"]["diagnostics"].as_array().unwrap();
    diagnostics.iter().map(|it| it["code"].as_str().or(it["message"].as_str()).unwrap().to_owned()).collect()
}

#[test]
fn it_is_one_line_in_the_log_and_one_notice_and_every_other_hint_is_there() {
    let project = Project::new(&[("test_a.py", BOTH), ("test_b.py", BAD)]);
    let (a, b) = (project.uri("test_a.py"), project.uri("test_b.py"));
    let mut server = stumbling(&project);
    server.open(&a, 1, BOTH);
    server.open(&b, 1, BAD);
    let notice =
        "The rule `unisolated-file` failed on this file, so its hints are missing here; please report it.";
    assert_eq!(shown(&mut server, &a, 1), [notice, "unstable-parametrize"]);
    assert_eq!(shown(&mut server, &b, 1), ["unisolated-file"]);
    for version in 2..20 {
        let text = format!("{}{BOTH}", "\n".repeat(version as usize));
        server.replace(&a, version, &text);
        assert_eq!(shown(&mut server, &a, version), [notice, "unstable-parametrize"]);
    }
    // What it offers for the other hint is there too.
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 40, "character": 0}});
    let params = json!({"textDocument": {"uri": a}, "range": whole, "context": {"diagnostics": []}});
    let offered = server.ask("textDocument/codeAction", params);
    assert!(offered.to_string().contains("sorted("), "{offered}");
    server.settle();
    let said = |message: &Value| message["method"].as_str().is_some_and(|it| it.starts_with("window/"));
    let said = server.take_unread(said);
    let mistakes: Vec<&Value> =
        said.iter().filter(|it| it.to_string().contains("was made to fail")).collect();
    assert_eq!(mistakes.len(), 1, "{said:#?}");
    assert_eq!(mistakes[0]["method"], "window/logMessage");
    assert_eq!(said.iter().filter(|it| it["method"] == "window/showMessage").count(), 0, "{said:#?}");
    server.stop();
}
