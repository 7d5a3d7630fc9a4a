//! Pulled diagnostics: with result ids, and never beside pushed ones.

use serde_json::{Value, json};

use crate::client::Server;
use crate::project::{BAD, MOVES, Project, RELATIVE, RELOADED, able, pulling, range};

/// Answers whatever the server asks for until it has nothing more to say, and returns what it has published.
fn published_until_now(server: &mut Server) -> Vec<Value> {
    server.settle();
    server.take_unread(|message| message["method"] == "textDocument/publishDiagnostics")
}

#[test]
fn a_document_is_pulled_and_nothing_is_pushed() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let (mut server, announced) = Server::initialized(project.path(), pulling());
    assert_eq!(
        announced["capabilities"]["diagnosticProvider"],
        json!({"identifier": "flakeless", "interFileDependencies": true, "workspaceDiagnostics": true})
    );
    server.open(&uri, 1, BAD);
    let report = server.pull(&uri, None);
    assert_eq!(report["kind"], "full");
    assert_eq!(range(&report["items"][0]), "1:9-1:21");
    assert_eq!(report["items"][0]["code"], "unisolated-file");
    assert_eq!(published_until_now(&mut server), [Value::Null; 0]);
    server.stop();
}

#[test]
fn what_did_not_change_is_not_sent_again() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve(pulling());
    server.open(&uri, 1, BAD);
    let first = server.pull(&uri, None);
    let id = first["resultId"].as_str().unwrap();
    assert_eq!(server.pull(&uri, Some(id)), json!({"kind": "unchanged", "resultId": id}));
    let end = json!({"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 0}});
    server.change(&uri, 2, json!([{"range": end, "text": "# nothing new\n"}]));
    assert_eq!(server.pull(&uri, Some(id))["kind"], "unchanged");
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    server.change(&uri, 3, json!([{"range": start, "text": "\n"}]));
    let moved = server.pull(&uri, Some(id));
    assert_eq!((moved["kind"].as_str(), range(&moved["items"][0]).as_str()), (Some("full"), "2:9-2:21"));
    assert_ne!(moved["resultId"], id);
    server.stop();
    // The ids hold from one server to the next: VS Code keeps them over a restart.
    let mut server = project.serve(pulling());
    server.open(&uri, 1, BAD);
    assert_eq!(server.pull(&uri, Some(id))["kind"], "unchanged");
    server.stop();
}

/// An editor drops the mark with the text, and does not bring it back with an undo.
#[test]
fn what_was_cut_and_put_back_is_told_again() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let line = json!({"start": {"line": 1, "character": 0}, "end": {"line": 2, "character": 0}});
    let gone = json!({"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 0}});
    let cut_and_put_back = |server: &mut Server| {
        server.together(|server| {
            server.change(&uri, 2, json!([{"range": line, "text": ""}]));
            server.change(
                &uri,
                3,
                json!([{"range": gone, "text": BAD.lines().nth(1).unwrap().to_owned() + "\n"}]),
            );
        });
    };
    let mut server = project.serve(pulling());
    server.open(&uri, 1, BAD);
    let first = server.pull(&uri, None);
    cut_and_put_back(&mut server);
    let again = server.pull(&uri, first["resultId"].as_str());
    assert_eq!((&again["kind"], &again["items"]), (&json!("full"), &first["items"]));
    assert_eq!(server.pull(&uri, again["resultId"].as_str())["kind"], "unchanged");
    server.stop();
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    server.published_for(&uri, 1).one();
    cut_and_put_back(&mut server);
    server.published_for(&uri, 3).one();
    server.stop();
}

/// VS Code drops what it is answered about a file that it has closed, and waits for the workspace's report.
#[test]
fn the_hints_of_a_closed_file_are_taken_back_by_the_workspaces_report() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve(pulling());
    let taken_back = |server: &mut Server, id: i64| {
        let report = server.answer(id).unwrap();
        let items = report["items"].as_array().unwrap().clone();
        assert_eq!(items.iter().map(|item| &item["uri"]).collect::<Vec<_>>(), [&json!(uri)]);
        assert_eq!(items[0]["items"], json!([]));
    };
    let ask = |server: &mut Server| server.request("workspace/diagnostic", json!({"previousResultIds": []}));
    let held = ask(&mut server);
    server.open(&uri, 1, BAD);
    assert_eq!(server.pull(&uri, None)["items"].as_array().unwrap().len(), 1);
    server.close(&uri);
    taken_back(&mut server, held);
    let held = ask(&mut server);
    assert_eq!(server.pull(&uri, None)["items"], json!([]));
    taken_back(&mut server, held);
    let held = ask(&mut server);
    server.settle();
    assert_eq!(server.take_unread(|message| message["id"] == held).len(), 0, "once is enough");
    server.stop();
}

#[test]
fn the_client_is_told_once_to_ask_again_when_a_conftest_changes_what_it_shows() {
    let project =
        Project::new(&[("conftest.py", ""), ("tests/test_a.py", RELATIVE), ("tests/test_b.py", BAD)]);
    let [conftest, a, b] =
        ["conftest.py", "tests/test_a.py", "tests/test_b.py"].map(|name| project.uri(name));
    let mut server = project.serve(pulling());
    for (uri, text) in [(&conftest, ""), (&a, RELATIVE), (&b, BAD)] {
        server.open(uri, 1, text);
    }
    let ids = [&a, &b].map(|uri| server.pull(uri, None)["resultId"].as_str().unwrap().to_owned());
    server.replace(&conftest, 2, MOVES);
    server.agree("workspace/diagnostic/refresh");
    assert_eq!(server.pull(&a, Some(&ids[0]))["items"], json!([]));
    assert_eq!(server.pull(&b, Some(&ids[1]))["kind"], "unchanged");
    assert_eq!(server.pull(&conftest, None)["items"], json!([]));
    // A comment changes nothing that is shown.
    server.replace(&conftest, 3, &format!("# why\n{MOVES}"));
    server.settle();
    assert_eq!(server.take_unread(|message| message["method"] == "workspace/diagnostic/refresh").len(), 0);
    server.stop();
}

/// A keystroke in a conftest must not make the client ask for everything again because of the conftest itself.
#[test]
fn the_client_is_not_told_to_ask_for_what_it_has_edited_itself() {
    let text = "import os\n\n\ndef pytest_runtest_setup():\n    os.chdir('/tmp')\n";
    let project = Project::new(&[("conftest.py", text), ("test_a.py", "def test_a():\n    pass\n")]);
    let [conftest, test] = ["conftest.py", "test_a.py"].map(|name| project.uri(name));
    let mut server = project.serve(pulling());
    server.open(&test, 1, "def test_a():\n    pass\n");
    server.open(&conftest, 1, text);
    for uri in [&test, &conftest] {
        server.pull(uri, None);
    }
    server.replace(&conftest, 2, &format!("{text}\n\ndef pytest_configure():\n    open('/tmp/x', 'w')\n"));
    server.pull(&conftest, None);
    server.settle();
    assert_eq!(server.take_unread(|message| message["method"] == "workspace/diagnostic/refresh").len(), 0);
    server.stop();
}

#[test]
fn evidence_that_moves_is_news() {
    let project = Project::new(&RELOADED);
    let (test, conftest) = (project.uri(RELOADED[2].0), project.uri(RELOADED[1].0));
    let mut server = project.serve(pulling());
    server.open(&test, 1, RELOADED[2].1);
    server.open(&conftest, 1, RELOADED[1].1);
    let evidence = |report: &Value| range(&report["items"][0]["relatedInformation"][0]["location"]);
    assert_eq!(evidence(&server.pull(&test, None)), "9:4-9:26");
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    server.change(&conftest, 2, json!([{"range": start, "text": "# above\n"}]));
    server.agree("workspace/diagnostic/refresh");
    assert_eq!(evidence(&server.pull(&test, None)), "10:4-10:26");
    server.stop();
}

#[test]
fn a_client_that_cannot_be_told_to_ask_again_is_pushed_to() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut capabilities = able();
    capabilities["textDocument"]["diagnostic"] = json!({});
    let (mut server, announced) = Server::initialized(project.path(), capabilities);
    assert_eq!(announced["capabilities"].get("diagnosticProvider"), None);
    server.open(&uri, 1, BAD);
    server.published(&uri).one();
    server.stop();
}

#[test]
fn the_ability_to_ask_again_is_known_by_either_name() {
    for name in ["diagnostics", "diagnostic"] {
        let mut capabilities = able();
        capabilities["textDocument"]["diagnostic"] = json!({});
        capabilities["workspace"][name] = json!({"refreshSupport": true});
        let (server, announced) = Server::initialized(std::path::Path::new("/"), capabilities);
        assert!(announced["capabilities"]["diagnosticProvider"].is_object(), "{name}");
        server.stop();
    }
}

#[test]
fn what_is_wrong_with_a_closed_configuration_is_pushed_until_it_is_opened() {
    let project = Project::new(&[("test_a.py", BAD), ("flakeless.toml", "colour = 'red'\n")]);
    let (test, config) = (project.uri("test_a.py"), project.uri("flakeless.toml"));
    let mut server = project.serve(pulling());
    server.open(&test, 1, BAD);
    assert!(server.published(&config).one()["message"].as_str().unwrap().contains("colour"));
    server.open(&config, 1, "colour = 'red'\n");
    assert!(server.published(&config).is_empty());
    assert!(server.pull(&config, None)["items"][0]["message"].as_str().unwrap().contains("colour"));
    server.close(&config);
    server.published(&config).one();
    server.stop();
}

#[test]
fn hints_on_a_configuration_file_are_pushed_pulled_explained_and_fixed() {
    let settings = "severity.blanket-retries = 'warning'\n";
    let text = "[pytest]\naddopts = -ra --reruns 9\n";
    let files = [("test_a.py", BAD), ("flakeless.toml", settings), ("pytest.ini", text)];
    let project = Project::new(&files);
    let (test, config) = (project.uri("test_a.py"), project.uri("pytest.ini"));
    let mut server = project.serve(pulling());
    server.open(&test, 1, BAD);
    assert_eq!(server.published(&config).one()["code"], "blanket-retries");
    server.open(&config, 1, text);
    assert!(server.published(&config).is_empty());
    assert_eq!(range(&server.pull(&config, None)["items"][0]), "1:14-1:24");
    let at = json!({"textDocument": {"uri": config}, "position": {"line": 1, "character": 16}});
    let hover = server.ask("textDocument/hover", at);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("up to 9 times"));
    let actions = server.actions(&config, 1, None);
    let titles: Vec<&str> = actions.iter().filter_map(|action| action["title"].as_str()).collect();
    assert!(titles[0].starts_with("Do not retry"), "{titles:?}");
    server.replace(&config, 2, "[pytest]\n# flakeless: ignore[blanket-retries]\naddopts = --reruns 9\n");
    assert_eq!(server.pull(&config, None)["items"], json!([]));
    server.stop();
}

#[test]
fn a_document_that_was_closed_has_no_hints() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve(pulling());
    server.open(&uri, 1, BAD);
    assert_eq!(server.pull(&uri, None)["items"].as_array().unwrap().len(), 1);
    server.close(&uri);
    assert_eq!(server.pull(&uri, None)["items"], json!([]));
    assert_eq!(server.pull("git:/test_a.py", None)["items"], json!([]));
    server.stop();
}

#[test]
fn a_request_that_was_cancelled_is_answered_so() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let mut server = project.serve(pulling());
    let id = server.request("workspace/diagnostic", json!({"previousResultIds": []}));
    server.notify("$/cancelRequest", json!({"id": id}));
    assert_eq!(server.answer(id).unwrap_err().code, -32800);
    server.stop();
}
