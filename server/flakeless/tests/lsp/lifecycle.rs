//! How a session begins and ends.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::client::Server;
use crate::project::{BAD, Project, able};

fn capabilities_with(encodings: Value) -> Value {
    json!({"general": {"positionEncodings": encodings}})
}

#[test]
fn requests_wait_for_their_time() {
    let mut server = Server::spawn();
    let id = server.request("textDocument/hover", json!({}));
    assert_eq!(server.answer(id).unwrap_err().code, -32002);
    server.ask("initialize", json!({"capabilities": {}}));
    let id = server.request("initialize", json!({"capabilities": {}}));
    assert_eq!(server.answer(id).unwrap_err().code, -32600);
    server.ask("shutdown", Value::Null);
    let id = server.request("textDocument/hover", json!({}));
    assert_eq!(server.answer(id).unwrap_err().code, -32600);
}

#[test]
fn exit_after_shutdown_is_success_though_the_input_is_open() {
    let (server, _) = Server::initialized(Path::new("/"), json!({}));
    server.stop();
}

#[test]
fn exit_without_shutdown_is_failure() {
    let (mut server, _) = Server::initialized(Path::new("/"), json!({}));
    server.notify("exit", Value::Null);
    assert_eq!(server.exit_code(), Some(1));
    let mut server = Server::spawn();
    server.notify("exit", Value::Null);
    assert_eq!(server.exit_code(), Some(1));
}

#[test]
fn the_end_of_the_input_ends_the_server() {
    let (mut server, _) = Server::initialized(Path::new("/"), json!({}));
    server.hang_up();
    assert_eq!(server.exit_code(), Some(1));
}

#[test]
fn a_client_that_goes_while_a_project_is_read_ends_the_server() {
    let project = Project::new(&[]);
    for number in 0..2000 {
        project.write(&format!("test_{number:04}.py"), BAD);
    }
    let options = json!({"diagnostic-mode": "workspace"});
    let params = json!({
        "capabilities": able(), "rootUri": crate::client::uri(project.path()), "initializationOptions": options,
    });
    let (mut server, _) = Server::initialized_with(params);
    server.open(&project.uri("test_0000.py"), 1, BAD);
    server.hang_up();
    assert_eq!(server.exit_code(), Some(1));
}

#[test]
#[cfg(target_os = "linux")]
fn the_death_of_the_client_ends_the_server_though_the_input_is_open() {
    let mut editor = Command::new("sleep").arg("1000").spawn().unwrap();
    let (mut server, _) = Server::initialized_with(json!({"processId": editor.id(), "capabilities": {}}));
    editor.kill().unwrap();
    editor.wait().unwrap();
    assert_eq!(server.exit_code(), Some(1));
}

#[test]
fn a_client_that_cannot_be_seen_is_not_taken_for_dead() {
    let (server, _) = Server::initialized_with(json!({"processId": u32::MAX, "capabilities": {}}));
    server.stop();
}

#[test]
fn utf8_is_preferred_and_utf16_is_the_rest() {
    for (offered, taken) in [
        (json!(["utf-32", "utf-8", "utf-16"]), "utf-8"),
        (json!(["utf-16"]), "utf-16"),
        (json!(["utf-32"]), "utf-16"),
        (Value::Null, "utf-16"),
    ] {
        let (server, announced) = Server::initialized(Path::new("/"), capabilities_with(offered));
        assert_eq!(announced["capabilities"]["positionEncoding"], taken);
        server.stop();
    }
}

#[test]
fn the_server_says_who_it_is_and_what_it_does() {
    let mut server = Server::spawn();
    let literals = json!({"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}});
    let announced = server.ask(
        "initialize",
        json!({"capabilities": {"textDocument": {"codeAction": literals}}, "processId": null}),
    );
    assert_eq!(announced["serverInfo"]["name"], "flakeless");
    let capabilities = &announced["capabilities"];
    assert_eq!(capabilities["textDocumentSync"]["openClose"], true);
    assert_eq!(capabilities["textDocumentSync"]["change"], 2);
    assert_eq!(capabilities["hoverProvider"], true);
    assert_eq!(
        capabilities["codeActionProvider"]["codeActionKinds"],
        json!(["quickfix", "source.fixAll.flakeless"])
    );
}
