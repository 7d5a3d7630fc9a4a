//! Many messages at once: answers belong to the text before them, and nobody waits for somebody else.

use serde_json::{Value, json};

use crate::project::{BAD, MOVES, Project, RELATIVE, able, range};

#[test]
fn three_hundred_interleaved_edits_and_requests() {
    let project = Project::new(&[("test_a.py", "")]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    let first_line = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}});
    let (mut above, mut expected) = (0, Vec::new());
    for version in 2..=301 {
        // Up and down by one line, with no regularity.
        if above == 0 || version * 7 % 11 < 6 {
            server.change(&uri, version, json!([{"range": start, "text": "# line\n"}]));
            above += 1;
        } else {
            server.change(&uri, version, json!([{"range": first_line, "text": ""}]));
            above -= 1;
        }
        let position = json!({"line": above + 1, "character": 12});
        let params = json!({"textDocument": {"uri": uri}, "position": position});
        expected.push((server.request("textDocument/hover", params), format!("{0}:9-{0}:21", above + 1)));
    }
    for (id, place) in expected {
        assert_eq!(range(&server.answer(id).unwrap()), place, "request {id}");
    }
    assert_eq!(range(server.published_for(&uri, 301).one()), format!("{0}:9-{0}:21", above + 1));
    server.stop();
}

#[test]
fn a_client_that_never_answers_is_served() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut capabilities = able();
    capabilities["workspace"]["configuration"] = json!(true);
    capabilities["workspace"]["didChangeWatchedFiles"] = json!({"dynamicRegistration": true});
    let mut server = project.serve(capabilities);
    server.open(&uri, 1, BAD);
    for version in 2..50 {
        server.notify("workspace/didChangeConfiguration", json!({"settings": null}));
        server.replace(&uri, version, &format!("{}{BAD}", "\n".repeat(version as usize)));
    }
    assert_eq!(range(server.published_for(&uri, 49).one()), "50:9-50:21");
    server.stop();
}

#[test]
fn a_cancelled_request_is_answered_once() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    let mut ids = Vec::new();
    for _ in 0..50 {
        let params = json!({"textDocument": {"uri": uri}, "position": {"line": 1, "character": 12}});
        let id = server.request("textDocument/hover", params);
        server.notify("$/cancelRequest", json!({"id": id}));
        ids.push(id);
    }
    for id in ids {
        match server.answer(id) {
            Ok(hover) => assert_eq!(range(&hover), "1:9-1:21"),
            Err(refused) => assert_eq!(refused.code, -32800),
        }
    }
    server.stop();
}

#[test]
fn what_is_edited_does_not_wait_for_what_is_refreshed() {
    let tests: Vec<String> = (0..40).map(|number| format!("test_{number}.py")).collect();
    let project = Project::new(&[("conftest.py", "")]);
    let mut server = project.serve_able();
    let conftest = project.uri("conftest.py");
    server.open(&conftest, 1, "");
    let uris: Vec<String> = tests.iter().map(|name| project.uri(name)).collect();
    for uri in &uris {
        server.open(uri, 1, RELATIVE);
        server.published(uri).one();
    }
    let last = uris.last().unwrap();
    server.together(|server| {
        server.replace(&conftest, 2, MOVES);
        server.replace(last, 2, &format!("\n{BAD}"));
    });
    let mut order = Vec::new();
    while order.len() < uris.len() {
        let message = server.wait_for(|message| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"].as_str() != Some(&conftest)
        });
        order.push(message["params"]["uri"].as_str().unwrap().to_owned());
    }
    let place = order.iter().position(|uri| uri == last).unwrap();
    assert!(place < order.len() / 2, "it came as number {place}");
    server.stop();
}

#[test]
fn a_flood_of_requests_is_answered() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    let params = json!({"textDocument": {"uri": uri}, "position": {"line": 1, "character": 12}});
    let ids: Vec<i64> = (0..1000).map(|_| server.request("textDocument/hover", params.clone())).collect();
    let answers: Vec<Value> = ids.iter().map(|id| server.answer(*id).unwrap()).collect();
    assert!(answers.iter().all(|answer| range(answer) == "1:9-1:21"));
    server.stop();
}
