//! Settings: with `initialize`, asked for, sent, and of several folders.

use serde_json::{Value, json};

use crate::client::{Server, uri};
use crate::project::{BAD, Project, able};

fn telling() -> Value {
    let mut capabilities = able();
    capabilities["workspace"]["configuration"] = json!(true);
    capabilities["workspace"]["workspaceFolders"] = json!(true);
    capabilities
}

fn folders(projects: &[&Project]) -> Value {
    projects.iter().map(|project| json!({"uri": uri(project.path()), "name": "a folder"})).collect()
}

/// Waits until the client is asked for settings, says what they are, and returns what it was asked.
fn tell(server: &mut Server, values: Value) -> Value {
    let asked = server.wait_for(|message| message["method"] == "workspace/configuration");
    server.reply(&asked["id"], values);
    asked["params"]["items"].clone()
}

#[test]
fn they_are_asked_for_where_the_client_tells_them() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve(telling());
    let asked = server.wait_for(|message| message["method"] == "workspace/configuration");
    let folder = crate::client::uri(project.path());
    assert_eq!(asked["params"]["items"], json!([{"scopeUri": folder, "section": "flakeless"}]));
    server.open(&uri, 1, BAD);
    server.published(&uri).one();
    server.reply(&asked["id"], json!([{"ignore": ["unisolated-file"]}]));
    assert!(server.published(&uri).is_empty());
    server.notify("workspace/didChangeConfiguration", json!({"settings": null}));
    tell(&mut server, json!([null]));
    server.published(&uri).one();
    server.stop();
}

#[test]
fn what_came_with_initialize_holds_where_nothing_else_is_said() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let options = json!({"ignore": ["unisolated-file"]});
    let params = json!({"capabilities": telling(), "initializationOptions": options});
    let (mut server, _) = Server::initialized_with(params);
    assert_eq!(tell(&mut server, json!([null])), json!([{"section": "flakeless"}]));
    server.open(&uri, 1, BAD);
    assert!(server.published(&uri).is_empty());
    server.notify("workspace/didChangeConfiguration", json!({"settings": {}}));
    tell(&mut server, json!([{"min-confidence": "likely", "select": null}]));
    server.settle();
    server.notify("workspace/didChangeConfiguration", json!({"settings": {}}));
    tell(&mut server, json!([{"ignore": []}]));
    server.published(&uri).one();
    server.stop();
}

#[test]
fn each_folder_has_its_own_and_the_rest_those_of_no_folder() {
    let projects = [(); 3].map(|()| Project::new(&[("test_a.py", BAD)]));
    let [first, second, _] = &projects;
    let params = json!({"capabilities": telling(), "workspaceFolders": folders(&[first, second])});
    let (mut server, _) = Server::initialized_with(params);
    let items = tell(
        &mut server,
        json!([{"severity": {"unisolated-file": "info"}}, {}, {"ignore": ["unisolated-file"]}]),
    );
    let scopes: Vec<&Value> = items.as_array().unwrap().iter().map(|item| &item["scopeUri"]).collect();
    assert_eq!(scopes, [&Value::Null, &json!(uri(first.path())), &json!(uri(second.path()))]);
    server.settle();
    let [in_first, in_second, in_none] = projects.each_ref().map(|project| project.uri("test_a.py"));
    for uri in [&in_first, &in_second, &in_none] {
        server.open(uri, 1, BAD);
    }
    assert_eq!(server.published(&in_first).one()["severity"], 2);
    assert!(server.published(&in_second).is_empty());
    assert_eq!(server.published(&in_none).one()["severity"], 3);
    server.stop();
}

#[test]
fn a_folder_that_goes_takes_its_settings_along() {
    let (first, second) = (Project::new(&[]), Project::new(&[("test_a.py", BAD)]));
    let uri = second.uri("test_a.py");
    let params = json!({"capabilities": telling(), "workspaceFolders": folders(&[&first, &second])});
    let (mut server, _) = Server::initialized_with(params);
    tell(&mut server, json!([{}, {}, {"ignore": ["unisolated-file"]}]));
    server.settle();
    server.open(&uri, 1, BAD);
    assert!(server.published(&uri).is_empty());
    let event = json!({"added": [], "removed": folders(&[&second])});
    server.notify("workspace/didChangeWorkspaceFolders", json!({"event": event}));
    assert_eq!(tell(&mut server, json!([{}])).as_array().unwrap().len(), 1);
    server.published(&uri).one();
    server.stop();
}

#[test]
fn what_is_excluded_in_the_editor_is_left_out() {
    let project = Project::new(&[("old/test_old.py", BAD)]);
    let uri = project.uri("old/test_old.py");
    let params = json!({
        "capabilities": able(),
        "rootUri": crate::client::uri(project.path()),
        "initializationOptions": {"diagnostic-mode": "workspace"},
    });
    let (mut server, _) = Server::initialized_with(params);
    server.published(&uri).one();
    let settings = |exclude: Value| json!({"settings": {"flakeless": {"exclude": exclude}}});
    server.notify("workspace/didChangeConfiguration", settings(json!(["old"])));
    assert!(server.published(&uri).is_empty());
    server.notify("workspace/didChangeConfiguration", settings(json!([])));
    server.published(&uri).one();
    server.stop();
}

#[test]
fn answers_of_the_wrong_kind_change_nothing() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    for answer in [json!(null), json!([]), json!({"flakeless": {}}), json!([[]]), json!([7]), json!("no")] {
        let mut server = project.serve(telling());
        tell(&mut server, answer);
        server.open(&uri, 1, BAD);
        server.published(&uri).one();
        server.stop();
    }
}
