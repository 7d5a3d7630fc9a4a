//! What the server says of itself: in the log, and in the trace that a client asks for.

use serde_json::{Value, json};

use crate::client::Server;
use crate::project::{BAD, Project, able, pulling};

fn traces(server: &mut Server) -> Vec<Value> {
    server.settle();
    server.take_unread(|message| message["method"] == "$/logTrace")
}

#[test]
fn the_log_begins_with_what_was_agreed() {
    let project = Project::new(&[]);
    let mut server = project.serve(able());
    server.logged("positions in UTF-8, hints pushed");
    server.stop();
    let mut server = project.serve(pulling());
    server.logged("hints pulled");
    server.stop();
}

#[test]
fn the_trace_follows_what_the_client_says() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    server.published(&uri).one();
    assert_eq!(traces(&mut server).len(), 0);
    server.notify("$/setTrace", json!({"value": "messages"}));
    server.replace(&uri, 2, &format!("\n{BAD}"));
    server.published_for(&uri, 2);
    let told = traces(&mut server);
    let message = told[0]["params"]["message"].as_str().unwrap();
    assert!(message.contains("test_a.py (version 2): 1 hints in "), "{message}");
    assert_eq!(told[0]["params"].get("verbose"), None);
    server.notify("$/setTrace", json!({"value": "verbose"}));
    server.replace(&uri, 3, BAD);
    server.published_for(&uri, 3);
    assert_eq!(traces(&mut server)[0]["params"]["verbose"], "line 2: unisolated-file");
    server.notify("$/setTrace", json!({"value": "off"}));
    server.notify("$/setTrace", json!({"value": "loud"}));
    server.replace(&uri, 4, "");
    server.published_for(&uri, 4);
    assert_eq!(traces(&mut server).len(), 0);
    server.stop();
}

#[test]
fn the_trace_may_be_wanted_from_the_start() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let (mut server, _) = Server::initialized_with(json!({"capabilities": pulling(), "trace": "messages"}));
    server.open(&uri, 1, BAD);
    server.pull(&uri, None);
    assert_eq!(traces(&mut server).len(), 1);
    server.stop();
}
