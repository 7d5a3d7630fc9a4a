//! Messages about documents that make no sense: told to the person once, then to the log; the rest goes on.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::Server;

const URI: &str = "file:///ws/test_a.py";

fn start() -> Server {
    Server::initialized(Path::new("/ws"), json!({})).0
}

fn change(server: &mut Server, uri: &str, version: i32) {
    let params = json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [{"text": ""}]});
    server.notify("textDocument/didChange", params);
}

fn open(server: &mut Server, uri: &str, version: i32) {
    let document = json!({"uri": uri, "languageId": "python", "version": version, "text": ""});
    server.notify("textDocument/didOpen", json!({"textDocument": document}));
}

fn words(params: &Value) -> &str {
    params["message"].as_str().expect("a message")
}

#[test]
fn a_change_of_a_document_that_was_never_opened_is_told() {
    let mut server = start();
    change(&mut server, URI, 2);
    let shown = server.notification("window/showMessage");
    assert!(words(&shown).contains("has not opened (/ws/test_a.py)"), "{shown}");
    change(&mut server, URI, 3);
    let logged = server.notification("window/logMessage");
    assert!(words(&logged).contains("has not opened"), "{logged}");
    server.stop();
}

#[test]
fn a_version_that_goes_back_is_told() {
    let mut server = start();
    open(&mut server, URI, 5);
    change(&mut server, URI, 4);
    let shown = server.notification("window/showMessage");
    assert!(words(&shown).contains("version 4 after version 5"), "{shown}");
    server.stop();
}

#[test]
fn documents_of_other_schemes_are_passed_over_in_silence() {
    let mut server = start();
    let notebook = "vscode-notebook-cell:/ws/a.ipynb#W0";
    open(&mut server, notebook, 1);
    change(&mut server, notebook, 2);
    change(&mut server, URI, 2);
    let shown = server.notification("window/showMessage");
    assert!(words(&shown).contains("/ws/test_a.py"), "{shown}");
    server.stop();
}
