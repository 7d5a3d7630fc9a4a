//! Messages about documents that make no sense: told to the person once, then to the log; the rest goes on.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::Server;
use crate::project::BAD;

const URI: &str = "file:///ws/test_a.py";

fn start() -> Server {
    Server::initialized(Path::new("/ws"), json!({})).0
}

fn words(params: &Value) -> &str {
    params["message"].as_str().expect("a message")
}

#[test]
fn a_change_of_a_document_that_was_never_opened_is_told() {
    let mut server = start();
    server.replace(URI, 2, "");
    let shown = server.notification("window/showMessage");
    assert!(words(&shown).contains("has not opened (/ws/test_a.py)"), "{shown}");
    server.replace(URI, 3, "");
    server.logged("has not opened");
    server.stop();
}

#[test]
fn a_folder_that_is_not_there_is_nothing_to_tell_of() {
    let mut server = start();
    server.open(URI, 1, BAD);
    assert_eq!(server.published(URI).list().len(), 1);
    server.settle();
    let shown = server.take_unread(|message| message["method"] == "window/showMessage");
    assert_eq!(shown, Vec::<Value>::new());
    server.stop();
}

#[test]
fn a_version_that_goes_back_is_told() {
    let mut server = start();
    server.open(URI, 5, "");
    server.replace(URI, 4, "");
    let shown = server.notification("window/showMessage");
    assert!(words(&shown).contains("version 4 after version 5"), "{shown}");
    server.stop();
}

#[test]
fn documents_of_other_schemes_are_passed_over_in_silence() {
    let mut server = start();
    let notebook = "vscode-notebook-cell:/ws/a.ipynb#W0";
    server.open(notebook, 1, "");
    server.replace(notebook, 2, "");
    server.replace(URI, 2, "");
    let shown = server.notification("window/showMessage");
    assert!(words(&shown).contains("/ws/test_a.py"), "{shown}");
    server.stop();
}
