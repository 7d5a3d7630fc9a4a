//! A large project is read before its first hints: shown, and stopped when a person wants it.

use serde_json::{Value, json};

use crate::client::Server;
use crate::project::{BAD, MOVES, Project, RELATIVE, RELOADED, able, pulling};

/// A project whose evidence lies in files that have to be read.
fn large() -> Project {
    let project = Project::new(&RELOADED);
    for number in 0..600 {
        project.write(&format!("tests/test_{number:03}.py"), "def test_a():\n    pass\n");
    }
    project
}

fn showing(mut capabilities: Value) -> Value {
    capabilities["window"] = json!({"workDoneProgress": true});
    capabilities
}

fn kinds(server: &mut Server, token: &Value) -> Vec<String> {
    let said = server.take_unread(|message| message["params"]["token"] == *token);
    said.iter().map(|it| it["params"]["value"]["kind"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn it_begins_when_the_client_agrees_and_ends_before_the_hints() {
    let project = large();
    let (name, text) = RELOADED[2];
    let uri = project.uri(name);
    let mut server = project.serve(showing(able()));
    server.open(&uri, 1, text);
    let token = server.agree("window/workDoneProgress/create")["token"].clone();
    server.published(&uri).one();
    server.settle();
    // The agreement may come when all is read: then nothing is shown.
    let kinds = kinds(&mut server, &token);
    assert!(kinds.is_empty() || (kinds[0] == "begin" && kinds[kinds.len() - 1] == "end"), "{kinds:?}");
    server.stop();
}

#[test]
fn a_client_that_never_agrees_is_shown_nothing_and_gets_its_hints() {
    let project = large();
    let (name, text) = RELOADED[2];
    let uri = project.uri(name);
    for capabilities in [showing(able()), able()] {
        let mut server = project.serve(capabilities);
        server.open(&uri, 1, text);
        server.published(&uri).one();
        server.settle();
        assert_eq!(server.take_unread(|message| message["method"] == "$/progress").len(), 0);
        server.stop();
    }
}

#[test]
fn a_small_project_is_not_worth_showing() {
    let project = Project::new(&RELOADED);
    let (name, text) = RELOADED[2];
    let uri = project.uri(name);
    let mut server = project.serve(showing(able()));
    server.open(&uri, 1, text);
    server.published(&uri).one();
    server.settle();
    assert_eq!(server.take_unread(|message| message["method"] == "window/workDoneProgress/create").len(), 0);
    server.stop();
}

#[test]
fn a_pull_waits_until_all_is_read_and_can_be_cancelled_meanwhile() {
    let project = large();
    let (name, text) = RELOADED[2];
    let uri = project.uri(name);
    let mut server = project.serve(showing(pulling()));
    let params = json!({"textDocument": {"uri": uri}});
    let mut ids = [0; 2];
    server.together(|server| {
        server.open(&uri, 1, text);
        ids = [(); 2].map(|()| server.request("textDocument/diagnostic", params.clone()));
        server.notify("$/cancelRequest", json!({"id": ids[0]}));
    });
    match server.answer(ids[0]) {
        Err(refused) => assert_eq!(refused.code, -32800),
        Ok(report) => assert_eq!(report["kind"], "full"),
    }
    assert_eq!(server.answer(ids[1]).unwrap()["items"].as_array().unwrap().len(), 1);
    server.stop();
}

/// A server that was stopped while it read the project around a document that it was told of.
fn stopped(project: &Project, uri: &str) -> Option<Server> {
    let mut server = project.serve(showing(able()));
    server.open(uri, 1, RELATIVE);
    let asked = server.wait_for(|message| message["method"] == "window/workDoneProgress/create");
    server.notify("window/workDoneProgress/cancel", json!({"token": asked["params"]["token"]}));
    server.settle();
    let said = server.take_unread(|message| message["method"] == "window/logMessage");
    let was_stopped =
        said.iter().any(|it| it["params"]["message"].as_str().unwrap().contains("stopped reading"));
    was_stopped.then_some(server)
}

#[test]
fn when_it_is_stopped_what_is_open_and_above_counts() {
    let project = large();
    project.write("tests/deep/conftest.py", MOVES);
    let uri = project.uri("tests/deep/test_a.py");
    // The server may be faster than the person, but not every time.
    let mut server = (0..50).find_map(|_| stopped(&project, &uri)).expect("a server that was stopped");
    assert!(server.published(&uri).is_empty(), "the conftest above is known");
    // A document that is opened later is seen with what lies above it.
    let other = project.uri("test_b.py");
    server.open(&other, 1, BAD);
    server.published(&other).one();
    // New settings mean that a person has come back to it.
    server.notify("workspace/didChangeConfiguration", json!({"settings": {"min-confidence": "possible"}}));
    let (name, text) = RELOADED[2];
    let reloaded = project.uri(name);
    server.open(&reloaded, 1, text);
    server.published(&reloaded).one();
    server.stop();
}
