//! Many messages at once: answers belong to the text before them, and nobody waits for somebody else.

use serde_json::{Value, json};

use crate::project::{BAD, MOVES, Project, RELATIVE, able, pulling, range};

#[test]
fn three_hundred_interleaved_edits_and_requests() {
    let project = Project::new(&[("test_a.py", "")]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    // Until the project is listed an edit refuses the questions before it.
    server.published_for(&uri, 1).one();
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
fn three_hundred_interleaved_edits_and_questions_of_every_kind() {
    let project = Project::new(&[("test_a.py", "")]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve(pulling());
    server.open(&uri, 1, BAD);
    server.pull(&uri, None);
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    let mut expected = Vec::new();
    for version in 2..=301u32 {
        server.change(&uri, version as i32, json!([{"range": start, "text": "# line\n"}]));
        let line = version;
        let place = json!({"line": line, "character": 12});
        let document = json!({"uri": uri});
        let id = match version % 3 {
            0 => server.request("textDocument/hover", json!({"textDocument": document, "position": place})),
            1 => server.request("textDocument/diagnostic", json!({"textDocument": document})),
            _ => server.request(
                "textDocument/codeAction",
                json!({"textDocument": document, "range": {"start": place, "end": place}, "context": {"diagnostics": []}}),
            ),
        };
        expected.push((id, version));
    }
    for (id, version) in expected {
        let answer = server.answer(id).unwrap();
        let place = format!("{version}:9-{version}:21");
        match version % 3 {
            0 => assert_eq!(range(&answer), place),
            1 => assert_eq!(range(&answer["items"][0]), place),
            _ => {
                let edits = &answer[0]["edit"]["documentChanges"][0];
                assert_eq!(edits["textDocument"]["version"], version);
                assert_eq!(range(&answer[0]["diagnostics"][0]), place);
            }
        }
    }
    server.stop();
}

#[test]
fn while_the_session_works_the_rest_is_answered() {
    let project = Project::new(&[]);
    for number in 0..1000 {
        project.write(&format!("test_{number:04}.py"), BAD);
    }
    // It may have read them all before the next message came, but not every time.
    assert!((0..50).any(|_| answers_while_it_reads(&project)));
}

/// Whether an unknown method was answered before the hints of a large project.
fn answers_while_it_reads(project: &Project) -> bool {
    let uri = project.uri("test_0000.py");
    let mut server = project.serve(pulling());
    let mut ids = (0, 0);
    server.together(|server| {
        server.open(&uri, 1, BAD);
        ids.0 = server.request("textDocument/diagnostic", json!({"textDocument": {"uri": uri}}));
        ids.1 = server.request("no/such", json!({}));
    });
    let first = server.wait_for(|message| message.get("method").is_none());
    server.answer(if first["id"] == ids.0 { ids.1 } else { ids.0 }).ok();
    server.stop();
    first["id"] == ids.1
}

#[test]
fn a_flood_of_edits_ends_in_the_hints_of_the_last() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    server.together(|server| {
        for version in 2..=5000 {
            server.change(&uri, version, json!([{"range": start, "text": "\n"}]));
        }
    });
    assert_eq!(range(server.published_for(&uri, 5000).one()), "5000:9-5000:21");
    server.stop();
}

#[test]
fn a_client_that_floods_and_never_answers_is_served() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut capabilities = pulling();
    capabilities["workspace"]["configuration"] = json!(true);
    let mut server = project.serve(capabilities);
    server.open(&uri, 1, BAD);
    for _ in 0..500 {
        server.notify("workspace/didChangeConfiguration", json!({"settings": {}}));
    }
    assert_eq!(server.pull(&uri, None)["items"].as_array().unwrap().len(), 1);
    server.settle();
    let asked = server.take_unread(|message| message["method"] == "workspace/configuration");
    assert_eq!(asked.len(), 501);
    // An answer to the first comes too late, one to the last does not.
    server.reply(&asked[0]["id"], json!([{"ignore": ["unisolated-file"]}]));
    assert_eq!(server.pull(&uri, None)["items"].as_array().unwrap().len(), 1);
    server.reply(&asked[500]["id"], json!([{"ignore": ["unisolated-file"]}]));
    assert_eq!(server.pull(&uri, None)["items"].as_array().unwrap().len(), 0);
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
