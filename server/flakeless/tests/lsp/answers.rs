//! Hover and code actions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::project::{BAD, Project, RELOADED, able, range};

/// Applies a workspace edit of one file as an editor does, for text in which characters are bytes.
pub(crate) fn apply(edit: &Value, uri: &str, text: &str) -> String {
    apply_all(edit, &[(uri, text)]).remove(0)
}

/// Applies a workspace edit that touches no other files than these, and each of them.
pub(crate) fn apply_all(edit: &Value, files: &[(&str, &str)]) -> Vec<String> {
    let mut edits: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for file in edit["documentChanges"].as_array().into_iter().flatten() {
        let uri = file["textDocument"]["uri"].as_str().unwrap();
        edits.insert(uri.to_owned(), file["edits"].as_array().unwrap().clone());
    }
    for (uri, of_file) in edit["changes"].as_object().into_iter().flatten() {
        edits.insert(uri.clone(), of_file.as_array().unwrap().clone());
    }
    let edited = files.iter().map(|(uri, text)| edited(text, &edits.remove(*uri).unwrap())).collect();
    assert!(edits.is_empty(), "other files are edited: {edits:?}");
    edited
}

fn edited(text: &str, edits: &[Value]) -> String {
    let starts: Vec<usize> =
        std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let offset = |place: &Value| {
        starts[place["line"].as_u64().unwrap() as usize] + place["character"].as_u64().unwrap() as usize
    };
    let mut edits: Vec<_> = edits
        .iter()
        .map(|edit| {
            let new = edit["newText"].as_str().unwrap().to_owned();
            (offset(&edit["range"]["start"])..offset(&edit["range"]["end"]), new)
        })
        .collect();
    edits.sort_by_key(|(range, _)| range.start);
    let mut text = text.to_owned();
    for (range, new) in edits.into_iter().rev() {
        text.replace_range(range, &new);
    }
    text
}

const CURED: &str = "def test_a(tmp_path):\n    open(tmp_path / 'a.txt', 'w').close()\n";

#[test]
fn a_client_that_shows_messages_on_hover_is_not_told_them_again() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let hover = |experimental: Value| {
        let mut capabilities = able();
        capabilities["experimental"] = experimental;
        let mut server = project.serve(capabilities);
        server.open(&uri, 1, BAD);
        let message = server.published(&uri).one()["message"].as_str().unwrap().to_owned();
        let hover = server.hover(&uri, 1, 12)["contents"]["value"].as_str().unwrap().to_owned();
        server.stop();
        (hover.contains(&message), hover)
    };
    let (repeats, whole) = hover(json!({}));
    assert!(repeats, "{whole}");
    let (repeats, rest) = hover(json!({"flakeless": {"diagnosticsOnHover": true}}));
    assert!(!repeats && rest.starts_with("**unisolated-file** (likely)\n\n"), "{rest}");
    assert!(rest.contains("## Why it makes tests flaky") && rest.len() < whole.len());
}

#[test]
fn the_hover_on_a_hint_is_its_page() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    let hover = server.hover(&uri, 1, 12);
    assert_eq!(hover["contents"]["kind"], "markdown");
    assert!(hover["contents"]["value"].as_str().unwrap().contains("## Why it makes tests flaky"));
    assert_eq!(range(&hover), "1:9-1:21");
    server.stop();
}

#[test]
fn a_client_that_knows_plain_text_gets_that() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve(json!({"textDocument": {"hover": {"contentFormat": ["plaintext"]}}}));
    server.open(&uri, 1, BAD);
    assert_eq!(server.hover(&uri, 1, 12)["contents"]["kind"], "plaintext");
    server.stop();
}

#[test]
fn the_preferred_action_cures_the_hint() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 3, BAD);
    let hint = server.published(&uri).one().clone();
    let actions = server.actions(&uri, 1, Some("quickfix"));
    let preferred: Vec<&Value> = actions.iter().filter(|action| action["isPreferred"] == true).collect();
    assert_eq!(preferred.len(), 1, "{actions:#?}");
    let action = preferred[0];
    assert_eq!(action["kind"], "quickfix");
    assert_eq!(action["diagnostics"], json!([hint]));
    let document = &action["edit"]["documentChanges"][0]["textDocument"];
    assert_eq!(*document, json!({"uri": uri, "version": 3}));
    let cured = apply(&action["edit"], &uri, BAD);
    assert_eq!(cured, CURED);
    server.replace(&uri, 4, &cured);
    assert!(server.published_for(&uri, 4).is_empty());
    server.stop();
}

#[test]
fn a_client_without_document_changes_gets_changes() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut capabilities = able();
    capabilities["workspace"] = json!({});
    let mut server = project.serve(capabilities);
    server.open(&uri, 1, BAD);
    let action = server.actions(&uri, 1, None).remove(0);
    assert_eq!(action["edit"].get("documentChanges"), None);
    assert_eq!(apply(&action["edit"], &uri, BAD), CURED);
    server.stop();
}

#[test]
fn actions_follow_the_place_and_the_kind_that_is_asked_for() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let text = format!("{BAD}\n\ndef test_b():\n    pass\n");
    let mut server = project.serve_able();
    server.open(&uri, 1, &text);
    let kinds = |actions: Vec<Value>| -> Vec<String> {
        let mut kinds: Vec<String> =
            actions.iter().map(|it| it["kind"].as_str().unwrap().to_owned()).collect();
        kinds.dedup();
        kinds
    };
    assert!(server.actions(&uri, 5, None).is_empty());
    assert!(server.actions(&uri, 1, Some("refactor")).is_empty());
    assert_eq!(kinds(server.actions(&uri, 1, Some("quickfix"))), ["quickfix"]);
    assert!(!kinds(server.actions(&uri, 1, Some("source"))).contains(&"quickfix".to_owned()));
    server.stop();
}

#[test]
fn evidence_is_in_the_message_where_the_client_does_not_show_it() {
    let project = Project::new(&RELOADED);
    let (name, text) = RELOADED[2];
    let uri = project.uri(name);
    let mut server = project.serve_able();
    server.open(&uri, 1, text);
    let shown = server.published(&uri).one().clone();
    server.stop();
    let mut server = project.serve(json!({}));
    server.open(&uri, 1, text);
    let told = server.published(&uri).one().clone();
    server.stop();
    let related = &shown["relatedInformation"][0];
    assert_eq!(related["location"]["uri"], project.uri("conftest.py"));
    assert_eq!(told.get("relatedInformation"), None);
    let words = format!("\n• conftest.py:10: {}", related["message"].as_str().unwrap());
    assert!(told["message"].as_str().unwrap().ends_with(&words), "{told}");
}

#[test]
fn evidence_moves_with_an_edit_of_its_file() {
    let project = Project::new(&RELOADED);
    let (test, conftest) = (project.uri(RELOADED[2].0), project.uri(RELOADED[1].0));
    let mut server = project.serve_able();
    server.open(&test, 1, RELOADED[2].1);
    server.open(&conftest, 1, RELOADED[1].1);
    let evidence = |hint: &Value| range(&hint["relatedInformation"][0]["location"]);
    assert_eq!(evidence(server.published(&test).one()), "9:4-9:26");
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    server.change(&conftest, 2, json!([{"range": start, "text": "# above\n"}]));
    assert_eq!(evidence(server.published(&test).one()), "10:4-10:26");
    server.stop();
}

#[test]
fn all_safe_fixes_of_a_file_are_one_action() {
    let project = Project::new(&RELOADED);
    let (name, text) = RELOADED[2];
    let uri = project.uri(name);
    let mut server = project.serve_able();
    server.open(&uri, 1, text);
    for only in ["source.fixAll.flakeless", "source.fixAll", "source"] {
        let actions = server.actions(&uri, 0, Some(only));
        assert_eq!(actions.len(), 1, "{only}: {actions:#?}");
        assert_eq!(actions[0]["kind"], "source.fixAll.flakeless");
        let fixed = apply(&actions[0]["edit"], &uri, text);
        assert_eq!(
            fixed,
            "from shop import new_cart\n\n\ndef test_new_cart():\n    from shop import Cart\n\n    cart = new_cart()\n    assert isinstance(cart, Cart)\n"
        );
    }
    server.stop();
}
