//! Actions whose edit is asked for when they are chosen, and edits of several files.

use serde_json::{Value, json};

use crate::answers::{apply, apply_all};
use crate::client::Server;
use crate::project::{BAD, Project, RELOADED, able};

fn resolving(document_changes: bool) -> Value {
    let mut capabilities = able();
    let actions = &mut capabilities["textDocument"]["codeAction"];
    actions["dataSupport"] = json!(true);
    actions["resolveSupport"] = json!({"properties": ["edit"]});
    capabilities["workspace"]["workspaceEdit"]["documentChanges"] = json!(document_changes);
    capabilities
}

fn preferred(server: &mut Server, uri: &str, line: u32) -> Value {
    let actions = server.actions(uri, line, None);
    actions.into_iter().find(|action| action["isPreferred"] == true).expect("a preferred action")
}

fn refusal(server: &mut Server, action: Value) -> i64 {
    let id = server.request("codeAction/resolve", action);
    server.answer(id).unwrap_err().code
}

#[test]
fn the_edit_comes_when_the_action_is_chosen() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve(resolving(true));
    server.open(&uri, 1, BAD);
    let action = preferred(&mut server, &uri, 1);
    assert_eq!(action.get("edit"), None);
    let resolved = server.ask("codeAction/resolve", action.clone());
    for member in ["title", "kind", "isPreferred", "diagnostics"] {
        assert_eq!(resolved[member], action[member]);
    }
    let cured = apply(&resolved["edit"], &uri, BAD);
    assert!(cured.contains("tmp_path"), "{cured}");
    server.stop();
}

#[test]
fn an_action_for_another_version_is_stale() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve(resolving(true));
    server.open(&uri, 1, BAD);
    let action = preferred(&mut server, &uri, 1);
    server.replace(&uri, 2, &format!("\n{BAD}"));
    assert_eq!(refusal(&mut server, action.clone()), -32801);
    let again = preferred(&mut server, &uri, 2);
    assert!(server.ask("codeAction/resolve", again.clone())["edit"].is_object());
    server.close(&uri);
    assert_eq!(refusal(&mut server, again), -32801);
    server.stop();
}

#[test]
fn an_action_whose_reason_went_away_elsewhere_is_stale() {
    let project = Project::new(&RELOADED);
    let (test, conftest) = (project.uri(RELOADED[2].0), project.uri(RELOADED[1].0));
    let mut server = project.serve(resolving(true));
    server.open(&test, 1, RELOADED[2].1);
    server.open(&conftest, 1, RELOADED[1].1);
    let action = preferred(&mut server, &test, 5);
    server.replace(&conftest, 2, "");
    assert_eq!(refusal(&mut server, action), -32801);
    server.stop();
}

#[test]
fn an_action_of_somebody_else_is_refused() {
    let project = Project::new(&[]);
    let mut server = project.serve(resolving(true));
    for action in [
        json!({"title": "x"}),
        json!({"title": "x", "data": {"uri": 7}}),
        json!({"title": "x", "data": null}),
    ] {
        assert_eq!(refusal(&mut server, action), -32602);
    }
    let data = json!({"uri": "file:///none/test_a.py", "version": null, "what": "all"});
    assert_eq!(refusal(&mut server, json!({"title": "x", "data": data})), -32801);
    server.stop();
}

#[test]
fn all_safe_fixes_are_asked_for_later_too() {
    let project = Project::new(&RELOADED);
    let (name, text) = RELOADED[2];
    let uri = project.uri(name);
    let mut server = project.serve(resolving(true));
    server.open(&uri, 1, text);
    let action = server.actions(&uri, 0, Some("source.fixAll")).remove(0);
    assert_eq!(action.get("edit"), None);
    let resolved = server.ask("codeAction/resolve", action);
    assert!(apply(&resolved["edit"], &uri, text).contains("    from shop import Cart\n"));
    server.stop();
}

const STRICT: &str = "[pytest]\n# Strict: each marker is listed.\naddopts = --strict-markers\nmarkers =\n    slow: takes its time\n";

/// Under strict markers the marker's fix also registers it, in another file.
#[test]
fn a_fix_of_two_files_is_one_edit_in_the_form_that_the_client_takes() {
    let project = Project::new(&[("test_a.py", BAD), ("pytest.ini", STRICT)]);
    let [test, config] = ["test_a.py", "pytest.ini"].map(|name| project.uri(name));
    for document_changes in [true, false] {
        let mut server = project.serve(resolving(document_changes));
        server.open(&test, 3, BAD);
        server.open(&config, 5, STRICT);
        let actions = server.actions(&test, 0, None);
        let mark =
            actions.into_iter().find(|action| action["title"].as_str().unwrap().contains("no_parallel"));
        let resolved = server.ask("codeAction/resolve", mark.expect("the marker"));
        let edit = &resolved["edit"];
        assert_eq!(edit.get("changes").is_some(), !document_changes);
        if document_changes {
            let versions: Vec<&Value> = edit["documentChanges"]
                .as_array()
                .unwrap()
                .iter()
                .map(|file| &file["textDocument"]["version"])
                .collect();
            assert_eq!(versions, [&json!(5), &json!(3)]);
        }
        let edited = apply_all(edit, &[(&test, BAD), (&config, STRICT)]);
        assert!(
            edited[0].contains("import pytest\n")
                && edited[0].contains("@pytest.mark.no_parallel\ndef test_a")
        );
        assert!(
            edited[1].starts_with(STRICT.trim_end()) && edited[1].contains("    no_parallel"),
            "{}",
            edited[1]
        );
        server.stop();
    }
}
