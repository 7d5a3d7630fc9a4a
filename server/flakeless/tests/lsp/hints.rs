//! Hints: published with their version, again when something changes, and not when nothing does.

use serde_json::{Value, json};

use crate::project::{BAD, MOVES, Project, RELATIVE, able, range};

#[test]
fn a_hint_has_all_that_a_client_shows() {
    let project = Project::new(&[("test_a.py", "")]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 7, BAD);
    let published = server.published(&uri);
    assert_eq!(published.version(), Some(7));
    let hint = published.one();
    assert_eq!(range(hint), "1:9-1:21");
    assert_eq!(hint["source"], "flakeless");
    assert_eq!(hint["code"], "unisolated-file");
    assert_eq!(hint["severity"], 2);
    let page = hint["codeDescription"]["href"].as_str().unwrap();
    assert!(page.starts_with("https://") && page.ends_with("/rules/unisolated-file.md"), "{page}");
    server.stop();
}

#[test]
fn a_suppression_that_silences_nothing_is_faded() {
    let text = "def test_a():\n    pass  # flakeless: ignore[unisolated-file] once\n";
    let project = Project::new(&[]);
    let uri = project.uri("test_a.py");
    for (tags, shown) in [(json!({"valueSet": [1]}), json!([1])), (json!({"valueSet": []}), json!(null))] {
        let mut capabilities = able();
        capabilities["textDocument"]["publishDiagnostics"]["tagSupport"] = tags;
        let mut server = project.serve(capabilities);
        server.open(&uri, 1, text);
        let published = server.published(&uri);
        assert_eq!(published.one()["code"], "unused-suppression");
        assert_eq!(published.one().get("tags").cloned().unwrap_or_default(), shown);
        server.stop();
    }
}

#[test]
fn a_file_without_hints_is_told_to_have_none() {
    let project = Project::new(&[]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, "def test_a():\n    assert 1\n");
    let published = server.published(&uri);
    assert_eq!((published.version(), published.is_empty()), (Some(1), true));
    server.stop();
}

#[test]
fn edits_move_remove_and_bring_back_hints() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    assert_eq!(range(server.published(&uri).one()), "1:9-1:21");
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    server.change(&uri, 2, json!([{"range": start, "text": "\n\n"}]));
    assert_eq!(range(server.published_for(&uri, 2).one()), "3:9-3:21");
    let mode = json!({"start": {"line": 3, "character": 24}, "end": {"line": 3, "character": 25}});
    server.change(&uri, 3, json!([{"range": mode, "text": "r"}]));
    assert!(server.published_for(&uri, 3).is_empty());
    server.change(&uri, 4, json!([{"range": mode, "text": "w"}]));
    assert_eq!(range(server.published_for(&uri, 4).one()), "3:9-3:21");
    server.stop();
}

#[test]
fn an_equal_set_is_not_sent_again() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    server.published(&uri);
    let end = json!({"start": {"line": 2, "character": 0}, "end": {"line": 2, "character": 0}});
    for version in 2..=9 {
        server.change(&uri, version, json!([{"range": end, "text": "#"}]));
        server.settle();
    }
    server.replace(&uri, 10, "def test_b():\n    pass\n");
    assert_eq!(server.published(&uri).version(), Some(10));
    server.stop();
}

#[test]
fn the_last_of_many_edits_wins() {
    let project = Project::new(&[("test_a.py", "")]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, "");
    let zero = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    for (version, letter) in (2..).zip(BAD.chars().rev()) {
        server.change(&uri, version, json!([{"range": zero, "text": letter.to_string()}]));
    }
    let last = 1 + BAD.chars().count() as i32;
    assert_eq!(range(server.published_for(&uri, last).one()), "1:9-1:21");
    server.stop();
}

#[test]
fn positions_past_the_end_are_clamped() {
    let project = Project::new(&[("test_a.py", "")]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, "def test_a():");
    let beyond = json!({"start": {"line": 0, "character": 999}, "end": {"line": 0, "character": 9999}});
    server.change(&uri, 2, json!([{"range": beyond, "text": "\n    open('/tmp/a.txt', 'w')"}]));
    assert_eq!(range(server.published_for(&uri, 2).one()), "1:9-1:21");
    let nowhere =
        json!({"start": {"line": 500, "character": 0}, "end": {"line": u32::MAX, "character": u32::MAX}});
    server.change(&uri, 3, json!([{"range": nowhere, "text": ".close()"}, {"range": nowhere, "text": "\n\ndef test_b():\n    open('/tmp/b.txt', 'w')\n"}]));
    let published = server.published_for(&uri, 3);
    assert_eq!(published.list().iter().map(range).collect::<Vec<_>>(), ["1:9-1:21", "4:9-4:21"]);
    assert!(server.hover(&uri, 500, 500).is_null());
    assert!(server.actions(&uri, 500, None).is_empty());
    server.stop();
}

#[test]
fn a_refused_change_leaves_text_and_hints_alone() {
    let project = Project::new(&[("test_a.py", "")]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 5, BAD);
    server.published(&uri);
    server.replace(&uri, 4, "");
    server.notification("window/showMessage");
    let end = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    server.change(&uri, 6, json!([{"range": end, "text": "\n"}]));
    assert_eq!(range(server.published_for(&uri, 6).one()), "2:9-2:21");
    server.stop();
}

#[test]
fn hints_of_a_closed_document_are_taken_back() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    server.published(&uri);
    server.close(&uri);
    assert!(server.published(&uri).is_empty());
    server.open(&uri, 1, BAD);
    assert_eq!(range(server.published(&uri).one()), "1:9-1:21");
    server.stop();
}

#[test]
fn hints_of_a_document_that_is_closed_right_behind_an_edit_are_taken_back() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    server.published(&uri).one();
    server.together(|server| {
        server.replace(&uri, 2, BAD);
        server.close(&uri);
    });
    // The edit may have been looked at before the end was read: then its hints come first.
    let first = server.published(&uri);
    if !first.is_empty() {
        assert_eq!(first.version(), Some(2));
        assert!(server.published(&uri).is_empty());
    }
    server.settle();
    server.stop();
}

#[test]
fn unsaved_text_of_a_conftest_counts_until_it_is_closed() {
    let project = Project::new(&[("conftest.py", ""), ("tests/test_a.py", RELATIVE)]);
    let (test, conftest) = (project.uri("tests/test_a.py"), project.uri("conftest.py"));
    let mut server = project.serve_able();
    server.open(&test, 1, RELATIVE);
    server.published(&test).one();
    server.open(&conftest, 1, "");
    server.replace(&conftest, 2, MOVES);
    assert!(server.published(&test).is_empty());
    server.close(&conftest);
    let published = server.published(&test);
    assert_eq!((published.version(), published.list().len()), (Some(1), 1));
    server.stop();
}

#[test]
fn unsaved_text_of_a_configuration_counts_until_it_is_closed() {
    let project = Project::new(&[("check_a.py", BAD)]);
    let (test, config) = (project.uri("check_a.py"), project.uri("pytest.ini"));
    let mut server = project.serve_able();
    server.open(&test, 1, BAD);
    assert!(server.published(&test).is_empty());
    server.open(&config, 1, "[pytest]\npython_files = check_*.py\n");
    server.published(&test).one();
    server.close(&config);
    assert!(server.published(&test).is_empty());
    server.stop();
}

#[test]
fn what_a_person_chose_counts() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    assert_eq!(server.published(&uri).one()["severity"], 2);
    project.write("flakeless.toml", "severity.unisolated-file = 'error'\n");
    server.notify(
        "workspace/didChangeWatchedFiles",
        json!({"changes": [{"uri": project.uri("flakeless.toml"), "type": 1}]}),
    );
    assert_eq!(server.published(&uri).one()["severity"], 1);
    server.notify(
        "workspace/didChangeConfiguration",
        json!({"settings": {"flakeless": {"ignore": ["unisolated-file"]}}}),
    );
    assert!(server.published(&uri).is_empty());
    server.notify("workspace/didChangeConfiguration", json!({"settings": {"flakeless": {"colour": "red"}}}));
    assert_eq!(server.published(&uri).one()["severity"], 1);
    let shown = server.notification("window/showMessage");
    assert!(shown["message"].as_str().unwrap().contains("colour"), "{shown}");
    server.stop();
}

#[test]
fn uris_come_back_as_they_were_sent() {
    let project = Project::new(&[("a b/#日 test/test_a.py", BAD)]);
    let folder = project.path().display();
    for uri in [
        format!("file://{folder}/a%20b/%23%E6%97%A5%20test/test_a.py"),
        format!("file://{folder}/a b/%23日 test/test_a.py"),
        format!("file://localhost{folder}/a%20b/%23%e6%97%a5%20test/test%5Fa.py"),
    ] {
        let mut server = project.serve_able();
        server.open(&uri, 1, BAD);
        server.published(&uri).one();
        let action = server.actions(&uri, 1, None).remove(0);
        assert_eq!(action["edit"]["documentChanges"][0]["textDocument"]["uri"], Value::from(uri));
        server.stop();
    }
}

#[test]
fn a_drive_letter_keeps_its_escape() {
    let project = Project::new(&[]);
    let uri = "file:///c%3A/ws/test_a.py";
    let mut server = project.serve_able();
    server.open(uri, 1, BAD);
    server.published(uri).one();
    server.stop();
}

#[test]
fn a_file_in_a_folder_that_is_not_there_is_analysed_alone() {
    let project = Project::new(&[]);
    let uri = project.uri("later/test_new.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    server.published(&uri).one();
    server.stop();
}

#[test]
fn a_document_that_is_too_large_is_passed_over_and_said() {
    let project = Project::new(&[]);
    let uri = project.uri("test_a.py");
    let large = format!("{BAD}#{}\n", "x".repeat(3_000_000));
    let mut server = project.serve_able();
    server.open(&uri, 1, &large);
    let published = server.published(&uri);
    let told = published.one();
    assert_eq!(told["range"]["start"], json!({"line": 0, "character": 0}));
    assert!(told["message"].as_str().unwrap().contains("passed over"), "{told}");
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    let rest = json!({"start": {"line": 3, "character": 0}, "end": {"line": 9, "character": 0}});
    server.change(&uri, 2, json!([{"range": start, "text": "\n"}, {"range": rest, "text": ""}]));
    assert_eq!(range(server.published_for(&uri, 2).one()), "2:9-2:21");
    let end = json!({"start": {"line": 9, "character": 0}, "end": {"line": 9, "character": 0}});
    let comment = format!("#{}\n", "x".repeat(3_000_000));
    server.change(&uri, 3, json!([{"range": end, "text": comment}, {"range": start, "text": "\n"}]));
    assert!(server.published_for(&uri, 3).one()["message"].as_str().unwrap().contains("passed over"));
    server.change(&uri, 4, json!([{"range": {"start": {"line": 4, "character": 0}, "end": {"line": 5, "character": 0}}, "text": ""}]));
    assert_eq!(range(server.published_for(&uri, 4).one()), "3:9-3:21");
    server.stop();
}
