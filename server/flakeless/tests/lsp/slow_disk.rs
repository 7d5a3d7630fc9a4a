//! A disk that takes its time: `strace` holds each opening of a file up.

use std::process::Command;

use serde_json::{Value, json};

use crate::client::{LONG, Server, uri};
use crate::project::{BAD, Project, able, pulling};

/// So many that reading them all takes seconds.
const FILES: usize = 300;
const MICROSECONDS: u32 = 30_000;

fn project() -> Project {
    let project = Project::new(&[]);
    (0..FILES).for_each(|number| project.write(&format!("test_{number}.py"), BAD));
    project
}

/// A server on a slow disk, for a client that shows long work; `None` where that cannot be had.
fn slow(project: &Project, mut capabilities: Value) -> Option<Server> {
    if !testkit::can_trace() {
        return None;
    }
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "/dev/null", "-e", "trace=openat", "-e"]);
    command.arg(format!("inject=openat:delay_enter={MICROSECONDS}"));
    command.args([env!("CARGO_BIN_EXE_flakeless"), "server"]);
    capabilities["window"] = json!({"workDoneProgress": true});
    let start = json!({"processId": null, "rootUri": uri(project.path()), "capabilities": capabilities});
    Some(Server::spawn_by(&mut command).initialize(start).0)
}

fn is_end(message: &Value) -> bool {
    message["method"] == "$/progress" && message["params"]["value"]["kind"] == "end"
}

/// Waits until the reading has begun, and gives the token under which it is shown.
fn begun(server: &mut Server) -> Value {
    let asked = server.wait_for(|message| message["method"] == "window/workDoneProgress/create");
    server.reply(&asked["id"], Value::Null);
    asked["params"]["token"].clone()
}

/// The answer to a question that rests on no file, unless all is read before it.
#[track_caller]
fn assert_answered_meanwhile(server: &mut Server, id: i64) {
    let first = server
        .wait_for(|message| is_end(message) || (message["id"] == id && message.get("method").is_none()));
    assert!(!is_end(&first), "all was read first");
}

#[test]
fn while_files_are_read_slowly_the_editor_is_answered() {
    let project = project();
    let Some(mut server) = slow(&project, pulling()) else { return };
    let document = project.uri("test_0.py");
    server.open(&document, 1, BAD);
    begun(&mut server);
    let place = json!({"textDocument": {"uri": document}, "position": {"line": 1, "character": 12}});
    // This one rests on all of them.
    let hover = server.request("textDocument/hover", place.clone());
    let cancelled = server.request("textDocument/hover", place.clone());
    server.notify("$/cancelRequest", json!({"id": cancelled}));
    assert_answered_meanwhile(&mut server, cancelled);
    let rules = server.request("workspace/executeCommand", json!({"command": "flakeless.listRules"}));
    assert_answered_meanwhile(&mut server, rules);
    // A place in a text that is another one now is none.
    server.replace(&document, 2, &format!("\n{BAD}"));
    assert_answered_meanwhile(&mut server, hover);
    let now = server.ask(
        "textDocument/hover",
        json!({"textDocument": {"uri": document}, "position": {"line": 2, "character": 12}}),
    );
    assert_eq!(now["range"]["start"]["line"], 2);
    server.stop();
}

#[test]
fn what_points_into_an_older_text_is_refused() {
    let project = project();
    let Some(mut server) = slow(&project, pulling()) else { return };
    let document = project.uri("test_0.py");
    server.open(&document, 1, BAD);
    begun(&mut server);
    let id = server.request(
        "textDocument/hover",
        json!({"textDocument": {"uri": document}, "position": {"line": 1, "character": 12}}),
    );
    server.replace(&document, 2, &format!("\n{BAD}"));
    // LSP's `ContentModified`.
    assert_eq!(server.answer(id).unwrap_err().code, -32801);
    server.stop();
}

/// A person who does not want to wait stops it, and is answered from what is open.
#[test]
fn reading_slowly_can_be_stopped() {
    let project = project();
    let Some(mut server) = slow(&project, able()) else { return };
    let document = project.uri("test_0.py");
    server.open(&document, 1, BAD);
    let token = begun(&mut server);
    let hover = server.request(
        "textDocument/hover",
        json!({"textDocument": {"uri": document}, "position": {"line": 1, "character": 12}}),
    );
    server.notify("window/workDoneProgress/cancel", json!({"token": token}));
    assert_eq!(server.answer(hover).unwrap()["range"]["start"]["line"], 1);
    server.published(&document).one();
    server.stop();
}

/// Nobody waits for the disk of a client that goes.
#[test]
fn the_end_does_not_wait_for_the_disk() {
    let project = project();
    let Some(mut server) = slow(&project, pulling()) else { return };
    server.open(&project.uri("test_0.py"), 1, BAD);
    begun(&mut server);
    let begun = std::time::Instant::now();
    server.stop();
    assert!(begun.elapsed() < LONG / 10, "{:?}", begun.elapsed());
}

/// So many folders that listing them takes seconds, and no reading is worth showing.
fn wide_project() -> Project {
    let project = Project::new(&[("test_a.py", BAD)]);
    (0..FILES / 5).for_each(|number| project.write(&format!("folder_{number}/test_{number}.py"), BAD));
    project
}

fn is_refresh(message: &Value) -> bool {
    message["method"] == "workspace/diagnostic/refresh"
}

/// Nothing is known of the project yet: what rests on it waits, and everything else is answered.
#[test]
fn while_files_are_listed_slowly_the_editor_is_answered() {
    let project = wide_project();
    let Some(mut server) = slow(&project, pulling()) else { return };
    let document = project.uri("test_a.py");
    server.open(&document, 1, BAD);
    let of_document = json!({"textDocument": {"uri": document}});
    let place = json!({"textDocument": {"uri": document}, "position": {"line": 1, "character": 12}});
    let hover = server.request("textDocument/hover", place);
    let pulled = server.request("textDocument/diagnostic", of_document);
    let rules = server.request("workspace/executeCommand", json!({"command": "flakeless.listRules"}));
    server.replace(&document, 2, &format!("\n{BAD}"));
    let mut answered = Vec::new();
    while !answered.contains(&pulled) {
        let message = server.wait_for(|message| message.get("method").is_none());
        answered.push(message["id"].as_i64().unwrap());
        if message["id"] == pulled {
            assert_eq!(message["result"]["items"][0]["range"]["start"]["line"], 2, "{message}");
        }
    }
    assert_eq!(answered, [rules, hover, pulled], "in the order in which they could be answered");
    server.stop();
}

/// What is known counts until the files are listed again.
#[test]
fn while_files_are_listed_again_slowly_an_edit_is_answered() {
    let project = wide_project();
    let Some(mut server) = slow(&project, pulling()) else { return };
    let document = project.uri("test_a.py");
    server.open(&document, 1, BAD);
    let items = |server: &mut Server| server.pull(&document, None)["items"].as_array().unwrap().clone();
    assert_eq!(items(&mut server).len(), 1);
    project.write("flakeless.toml", "ignore = [\"unisolated-file\"]\n");
    let created = json!({"changes": [{"uri": project.uri("flakeless.toml"), "type": 1}]});
    server.notify("workspace/didChangeWatchedFiles", created);
    // The listing has begun by then.
    std::thread::sleep(std::time::Duration::from_millis(200));
    server.replace(&document, 2, &format!("\n{BAD}"));
    let now = items(&mut server);
    assert_eq!(now.len(), 1, "as the files were when they were listed");
    assert_eq!(now[0]["range"]["start"]["line"], 2);
    let asked = server.wait_for(is_refresh);
    server.reply(&asked["id"], Value::Null);
    assert_eq!(items(&mut server), [json!(null); 0]);
    server.stop();
}

#[test]
fn the_end_does_not_wait_for_a_listing() {
    let project = wide_project();
    let Some(mut server) = slow(&project, pulling()) else { return };
    server.open(&project.uri("test_a.py"), 1, BAD);
    let waiting =
        server.request("textDocument/diagnostic", json!({"textDocument": {"uri": project.uri("test_a.py")}}));
    let begun = std::time::Instant::now();
    let end = server.request("shutdown", Value::Null);
    server.answer(end).unwrap();
    assert_eq!(server.answer(waiting).unwrap_err().code, -32800);
    server.notify("exit", Value::Null);
    assert_eq!(server.exit_code(), Some(0));
    assert!(begun.elapsed() < LONG / 10, "{:?}", begun.elapsed());
}
