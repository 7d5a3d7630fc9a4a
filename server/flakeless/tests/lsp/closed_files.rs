//! Hints of closed files, where a person wants them.

use serde_json::{Value, json};

use crate::client::Server;
use crate::project::{BAD, MOVES, Project, RELATIVE, able, pulling};

fn with_mode(capabilities: Value, project: &Project, mode: &str) -> Server {
    let params = json!({
        "capabilities": capabilities,
        "workspaceFolders": [{"uri": crate::client::uri(project.path()), "name": "project"}],
        "initializationOptions": {"diagnostic-mode": mode},
    });
    Server::initialized_with(params).0
}

fn tell(server: &mut Server, uri: &str, kind: u8) {
    server.notify("workspace/didChangeWatchedFiles", json!({"changes": [{"uri": uri, "type": kind}]}));
}

/// Asks for the workspace's diagnostics, of which the client knows these.
fn ask(server: &mut Server, known: &[(&str, &str)]) -> i64 {
    let known: Vec<Value> = known.iter().map(|(uri, id)| json!({"uri": uri, "value": id})).collect();
    server.request("workspace/diagnostic", json!({"identifier": "flakeless", "previousResultIds": known}))
}

/// The documents of a report with how many diagnostics each has, and the id of the first.
fn summary(report: &Value) -> Vec<(String, usize)> {
    let items = report["items"].as_array().unwrap();
    let mut summary: Vec<_> = items
        .iter()
        .map(|item| {
            assert_eq!((&item["kind"], &item["version"]), (&json!("full"), &Value::Null));
            (item["uri"].as_str().unwrap().to_owned(), item["items"].as_array().unwrap().len())
        })
        .collect();
    summary.sort();
    summary
}

#[test]
fn closed_files_are_published_without_a_version_and_taken_back() {
    let project = Project::new(&[("tests/test_a.py", BAD), ("tests/test_b.py", RELATIVE), ("good.py", "")]);
    let [a, b] = ["tests/test_a.py", "tests/test_b.py"].map(|name| project.uri(name));
    let mut server = with_mode(able(), &project, "workspace");
    for uri in [&a, &b] {
        let published = server.published(uri);
        assert_eq!((published.version(), published.list().len()), (None, 1));
    }
    server.open(&a, 4, BAD);
    assert_eq!(server.published(&a).version(), Some(4));
    project.write("conftest.py", MOVES);
    tell(&mut server, &project.uri("conftest.py"), 1);
    assert!(server.published(&b).is_empty());
    project.remove("conftest.py");
    tell(&mut server, &project.uri("conftest.py"), 3);
    server.published(&b).one();
    project.remove("tests/test_b.py");
    tell(&mut server, &b, 3);
    assert!(server.published(&b).is_empty());
    server.stop();
}

#[test]
fn a_document_that_is_closed_goes_on_being_looked_at() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = with_mode(able(), &project, "workspace");
    server.published(&uri).one();
    server.open(&uri, 1, "");
    assert!(server.published_for(&uri, 1).is_empty());
    server.close(&uri);
    server.published(&uri).one();
    server.stop();
}

#[test]
fn the_setting_can_be_changed_and_stand_in_a_file() {
    let project = Project::new(&[("test_a.py", BAD), ("flakeless.toml", "diagnostic-mode = 'workspace'\n")]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.published(&uri).one();
    let set = |server: &mut Server, mode: &str| {
        let settings = json!({"flakeless": {"diagnostic-mode": mode}});
        server.notify("workspace/didChangeConfiguration", json!({"settings": settings}));
    };
    set(&mut server, "open-files");
    assert!(server.published(&uri).is_empty());
    set(&mut server, "workspace");
    server.published(&uri).one();
    server.stop();
}

#[test]
fn only_what_lies_in_a_folder_of_the_editor_is_looked_at() {
    let project = Project::new(&[("part/test_a.py", BAD), ("other/test_b.py", BAD)]);
    let params = json!({
        "capabilities": able(),
        "rootUri": project.uri("part"),
        "initializationOptions": {"diagnostic-mode": "workspace"},
    });
    let (mut server, _) = Server::initialized_with(params);
    server.published(&project.uri("part/test_a.py")).one();
    server.settle();
    let other = project.uri("other/test_b.py");
    assert_eq!(server.take_unread(|message| message["params"]["uri"] == other.as_str()).len(), 0);
    server.stop();
}

#[test]
fn a_pull_is_answered_with_what_the_client_does_not_know_and_then_waits_for_news() {
    let project = Project::new(&[("test_a.py", BAD), ("test_b.py", RELATIVE), ("test_c.py", "")]);
    let [a, b] = ["test_a.py", "test_b.py"].map(|name| project.uri(name));
    let mut server = with_mode(pulling(), &project, "workspace");
    let id = ask(&mut server, &[]);
    let report = server.answer(id).unwrap();
    assert_eq!(summary(&report), [(a.clone(), 1), (b.clone(), 1)]);
    let items = report["items"].as_array().unwrap();
    let result_id =
        |uri: &str| items.iter().find(|item| item["uri"] == uri).unwrap()["resultId"].as_str().unwrap();
    let known = [(a.as_str(), result_id(&a)), (b.as_str(), result_id(&b))];
    let id = ask(&mut server, &known);
    server.settle();
    assert_eq!(server.take_unread(|message| message["id"] == id).len(), 0, "it waits");
    project.write("conftest.py", MOVES);
    tell(&mut server, &project.uri("conftest.py"), 1);
    assert_eq!(summary(&server.answer(id).unwrap()), [(b.clone(), 0)]);
    server.stop();
}

#[test]
fn open_documents_belong_to_their_own_request() {
    let project = Project::new(&[("test_a.py", BAD), ("test_b.py", BAD)]);
    let [a, b] = ["test_a.py", "test_b.py"].map(|name| project.uri(name));
    let mut server = with_mode(pulling(), &project, "workspace");
    server.open(&a, 1, BAD);
    let id = ask(&mut server, &[]);
    assert_eq!(summary(&server.answer(id).unwrap()), [(b.clone(), 1)]);
    assert_eq!(server.pull(&a, None)["items"].as_array().unwrap().len(), 1);
    let id = ask(&mut server, &[(&b, "old")]);
    assert_eq!(summary(&server.answer(id).unwrap()), [(b.clone(), 1)]);
    server.close(&a);
    // VS Code asks a last time for what it has closed.
    assert_eq!(server.pull(&a, None)["items"].as_array().unwrap().len(), 1);
    assert_eq!(server.take_unread(|message| message["method"] == "textDocument/publishDiagnostics").len(), 0);
    server.stop();
}

#[test]
fn where_closed_files_are_not_wanted_the_request_waits_until_they_are() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = with_mode(pulling(), &project, "open-files");
    let id = ask(&mut server, &[]);
    server.settle();
    assert_eq!(server.take_unread(|message| message["id"] == id).len(), 0, "it waits");
    let settings = json!({"flakeless": {"diagnostic-mode": "workspace"}});
    server.notify("workspace/didChangeConfiguration", json!({"settings": settings}));
    let report = server.answer(id).unwrap();
    assert_eq!(summary(&report), [(uri.clone(), 1)]);
    let known = report["items"][0]["resultId"].as_str().unwrap().to_owned();
    let id = ask(&mut server, &[(&uri, &known)]);
    let settings = json!({"flakeless": {"diagnostic-mode": "open-files"}});
    server.notify("workspace/didChangeConfiguration", json!({"settings": settings}));
    assert_eq!(summary(&server.answer(id).unwrap()), [(uri, 0)]);
    let id = ask(&mut server, &[]);
    server.ask("shutdown", Value::Null);
    assert_eq!(server.answer(id).unwrap_err().code, -32800);
}

#[test]
fn results_are_sent_as_they_come_where_the_client_wants_them_so() {
    let names: Vec<String> = (0..100).map(|number| format!("test_{number:03}.py")).collect();
    let project = Project::new(&[]);
    names.iter().for_each(|name| project.write(name, BAD));
    let mut server = with_mode(pulling(), &project, "workspace");
    let params = json!({"previousResultIds": [], "partialResultToken": "parts", "workDoneToken": 7});
    let id = server.request("workspace/diagnostic", params);
    assert_eq!(server.answer(id).unwrap(), json!({"items": []}));
    let progress = server.take_unread(|message| message["method"] == "$/progress");
    let of = |token: Value| progress.iter().filter(move |it| it["params"]["token"] == token);
    let parts: Vec<usize> =
        of(json!("parts")).map(|it| it["params"]["value"]["items"].as_array().unwrap().len()).collect();
    assert!(parts.len() > 1 && parts.iter().sum::<usize>() == 100, "{parts:?}");
    let kinds: Vec<&str> = of(json!(7)).map(|it| it["params"]["value"]["kind"].as_str().unwrap()).collect();
    assert_eq!((kinds.first(), kinds.last()), (Some(&"begin"), Some(&"end")));
    server.stop();
}

#[test]
fn a_person_who_stops_it_is_left_alone_until_the_settings_change() {
    let names: Vec<String> = (0..600).map(|number| format!("test_{number:03}.py")).collect();
    let project = Project::new(&[]);
    names.iter().for_each(|name| project.write(name, BAD));
    let mut server = with_mode(pulling(), &project, "workspace");
    let mut params = json!({"previousResultIds": [], "workDoneToken": "mine"});
    // Both at once: the server hears of it before it is done.
    let mut id = 0;
    server.together(|server| {
        id = server.request("workspace/diagnostic", params.clone());
        server.notify("window/workDoneProgress/cancel", json!({"token": "none of these"}));
    });
    server.wait_for(|message| message["params"]["token"] == "mine");
    server.notify("window/workDoneProgress/cancel", json!({"token": "mine"}));
    let refused = server.answer(id);
    // It may have been faster than the person.
    if let Err(refused) = refused {
        assert_eq!(refused.code, -32802);
        params["workDoneToken"] = Value::Null;
        let id = server.request("workspace/diagnostic", params);
        server.settle();
        assert_eq!(server.take_unread(|message| message["id"] == id).len(), 0, "it waits");
        server.notify(
            "workspace/didChangeConfiguration",
            json!({"settings": {"diagnostic-mode": "workspace"}}),
        );
        assert_eq!(server.answer(id).unwrap()["items"].as_array().unwrap().len(), 600);
    }
    server.stop();
}

#[test]
fn the_first_look_at_many_is_shown() {
    let names: Vec<String> = (0..300).map(|number| format!("test_{number:03}.py")).collect();
    let project = Project::new(&[]);
    names.iter().for_each(|name| project.write(name, "def test_a():\n    pass\n"));
    project.write("test_300.py", BAD);
    let mut capabilities = able();
    capabilities["window"] = json!({"workDoneProgress": true});
    let mut server = with_mode(capabilities, &project, "workspace");
    let token = server.agree("window/workDoneProgress/create")["token"].clone();
    server.published(&project.uri("test_300.py")).one();
    server.settle();
    // An agreement that comes too late shows nothing any more; one in time shows a begin and an end.
    let kinds: Vec<Value> = server
        .take_unread(|message| message["params"]["token"] == token)
        .iter()
        .map(|message| message["params"]["value"]["kind"].clone())
        .collect();
    assert_eq!(
        kinds.first().map(|kind| kind == "begin"),
        kinds.last().map(|kind| kind == "end" || kind == "report")
    );
    server.stop();
}
