//! Folders of the editor, files outside of them, and documents without a file.

use serde_json::json;

use crate::answers::apply;
use crate::client::{Server, uri};
use crate::project::{BAD, MOVES, Project, RELATIVE, able};

#[test]
fn folders_come_and_go() {
    let (first, second) = (Project::new(&[("test_a.py", BAD)]), Project::new(&[("test_b.py", BAD)]));
    let (a, b) = (first.uri("test_a.py"), second.uri("test_b.py"));
    let folder = |project: &Project| json!({"uri": uri(project.path()), "name": "x"});
    let mut capabilities = able();
    capabilities["workspace"]["workspaceFolders"] = json!(true);
    let params = json!({
        "capabilities": capabilities,
        "workspaceFolders": [folder(&first)],
        "initializationOptions": {"diagnostic-mode": "workspace"},
    });
    let (mut server, _) = Server::initialized_with(params);
    server.published(&a).one();
    let change = |added, removed| json!({"event": {"added": added, "removed": removed}});
    server.notify("workspace/didChangeWorkspaceFolders", change(json!([folder(&second)]), json!([])));
    server.published(&b).one();
    server.notify("workspace/didChangeWorkspaceFolders", change(json!([]), json!([folder(&first)])));
    assert!(server.published(&a).is_empty());
    server.stop();
}

#[test]
fn a_folder_that_goes_is_not_watched_any_more() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut capabilities = able();
    capabilities["workspace"]["didChangeWatchedFiles"] =
        json!({"dynamicRegistration": true, "relativePatternSupport": true});
    let mut server = project.serve(capabilities);
    server.open(&uri, 1, BAD);
    let registered = server.agree("client/registerCapability")["registrations"][0]["id"].clone();
    server.close(&uri);
    let folder = json!({"uri": crate::client::uri(project.path()), "name": "x"});
    let event = json!({"added": [], "removed": [folder]});
    server.notify("workspace/didChangeWorkspaceFolders", json!({"event": event}));
    let asked = server.agree("client/unregisterCapability");
    assert_eq!(asked["unregisterations"][0]["id"], registered);
    server.stop();
}

#[test]
fn a_file_outside_all_folders_is_told_what_check_would_say() {
    let (inside, outside) =
        (Project::new(&[]), Project::new(&[("conftest.py", MOVES), ("tests/test_a.py", RELATIVE)]));
    let [moved, bad] = ["tests/test_a.py", "test_b.py"].map(|name| outside.uri(name));
    let mut server = inside.serve_able();
    server.open(&moved, 1, RELATIVE);
    assert!(server.published(&moved).is_empty());
    server.open(&bad, 1, BAD);
    server.published(&bad).one();
    server.stop();
}

#[test]
fn of_nested_projects_the_innermost_decides() {
    let project = Project::new(&[
        ("test_a.py", RELATIVE),
        ("inner/pytest.ini", "[pytest]\npython_files = check_*.py\n"),
        ("inner/conftest.py", MOVES),
    ]);
    let mut server = project.serve_able();
    for (name, text, count) in [
        ("test_a.py", RELATIVE, 1),
        ("inner/test_b.py", BAD, 0),
        ("inner/check_c.py", RELATIVE, 0),
        ("inner/check_d.py", BAD, 1),
    ] {
        let uri = project.uri(name);
        server.open(&uri, 1, text);
        assert_eq!(server.published(&uri).list().len(), count, "{name}");
    }
    server.stop();
}

#[test]
fn a_document_without_a_file_is_a_test_file_of_its_own() {
    let project = Project::new(&[("conftest.py", MOVES)]);
    let mut server = project.serve_able();
    let uri = "untitled:Untitled-1";
    server.open(uri, 1, RELATIVE);
    let hint = server.published(uri).one().clone();
    assert_eq!(hint["code"], "unisolated-file");
    let action =
        server.actions(uri, 1, None).into_iter().find(|action| action["isPreferred"] == true).unwrap();
    assert_eq!(action["edit"]["documentChanges"][0]["textDocument"], json!({"uri": uri, "version": 1}));
    server.replace(uri, 2, &apply(&action["edit"], uri, RELATIVE));
    assert!(server.published_for(uri, 2).is_empty());
    // Two of them do not see each other.
    let other = "untitled:Untitled-2";
    server.open(other, 1, BAD);
    server.published(other).one();
    server.close(uri);
    server.replace(other, 2, "");
    assert!(server.published_for(other, 2).is_empty());
    server.stop();
}

#[test]
fn a_new_document_that_has_its_place_belongs_there() {
    let project = Project::new(&[("conftest.py", MOVES)]);
    let file = project.uri("test_new.py");
    let untitled = file.replace("file://", "untitled:");
    let mut server = project.serve_able();
    server.open(&untitled, 1, RELATIVE);
    assert!(server.published(&untitled).is_empty());
    // Saved: the editor opens the file and closes the new document, in either order.
    project.write("test_new.py", BAD);
    server.open(&file, 1, BAD);
    server.published(&file).one();
    server.close(&untitled);
    server.replace(&file, 2, &format!("\n{BAD}"));
    server.published_for(&file, 2).one();
    server.stop();
}

#[test]
fn a_new_document_in_another_language_is_passed_over_in_silence() {
    let project = Project::new(&[]);
    let mut server = project.serve_able();
    let uri = "untitled:Untitled-1";
    let document = json!({"uri": uri, "languageId": "markdown", "version": 1, "text": BAD});
    server.notify("textDocument/didOpen", json!({"textDocument": document}));
    server.replace(uri, 2, RELATIVE);
    server.close(uri);
    server.settle();
    let said = server.take_unread(|message| {
        message["method"] == "textDocument/publishDiagnostics" || message["method"] == "window/showMessage"
    });
    assert_eq!(said.len(), 0, "{said:?}");
    server.stop();
}

#[test]
fn an_older_client_names_one_root() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let options = json!({"diagnostic-mode": "workspace"});
    for params in [
        json!({"capabilities": able(), "rootUri": uri(project.path()), "initializationOptions": options}),
        json!({"capabilities": able(), "rootPath": project.path(), "rootUri": null, "initializationOptions": options}),
    ] {
        let (mut server, _) = Server::initialized_with(params);
        server.published(&project.uri("test_a.py")).one();
        server.stop();
    }
}
