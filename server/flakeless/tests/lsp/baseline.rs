//! Hints that are accepted are hidden, and their fixes are still offered.

use std::process::Command;

use serde_json::{Value, json};

use crate::client::Server;
use crate::project::{BAD, Project, able, pulling};

const FILE: &str = "flakeless-baseline.json";
const EMPTY: &str = "{\"version\": 1, \"hints\": []}";

/// Two tests that write to the same file.
const TWO: &str = "def test_a():\n    open('/tmp/a.txt', 'w').close()\n\n\ndef test_b():\n    open('/tmp/a.txt', 'w').close()\n";

/// Accepts what is on disk, as a person in a terminal does.
fn accept(project: &Project) {
    let run = Command::new(env!("CARGO_BIN_EXE_flakeless"))
        .args(["check", "--no-cache", "--baseline=write"])
        .current_dir(project.path())
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
}

fn changed(server: &mut Server, project: &Project, name: &str) {
    let change = json!({"uri": project.uri(name), "type": 2});
    server.notify("workspace/didChangeWatchedFiles", json!({"changes": [change]}));
}

fn titles(server: &mut Server, uri: &str, line: u32) -> Vec<String> {
    let actions = server.actions(uri, line, None);
    actions.iter().map(|action| action["title"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn what_is_accepted_is_hidden_and_its_fix_is_offered() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    server.published(&uri).one();
    let offered = titles(&mut server, &uri, 1);
    server.stop();
    accept(&project);
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    assert!(server.published(&uri).is_empty());
    assert_eq!(titles(&mut server, &uri, 1), offered);
    let hover = server.hover(&uri, 1, 12);
    assert!(hover["contents"]["value"].as_str().unwrap().contains("unisolated-file"), "{hover}");
    assert_eq!(server.actions(&uri, 1, Some("source.fixAll.flakeless")), [Value::Null; 0]);
    server.stop();
}

#[test]
fn what_is_typed_anew_is_shown_and_what_moves_is_not() {
    let project = Project::new(&[("test_a.py", BAD)]);
    accept(&project);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    assert!(server.published(&uri).is_empty());
    let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    server.change(&uri, 2, json!([{"range": start, "text": "# above\n"}]));
    server.replace(&uri, 3, TWO);
    let published = server.published_for(&uri, 3);
    assert_eq!(published.one()["range"]["start"]["line"], 5);
    server.stop();
}

#[test]
fn hints_come_and_go_as_the_file_changes() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, BAD);
    server.published(&uri).one();
    accept(&project);
    changed(&mut server, &project, FILE);
    assert!(server.published(&uri).is_empty());
    project.write(FILE, EMPTY);
    changed(&mut server, &project, FILE);
    server.published(&uri).one();
    accept(&project);
    // Nobody tells: saving is a look.
    server.save(&uri);
    assert!(server.published(&uri).is_empty());
    project.remove(FILE);
    server.save(&uri);
    server.published(&uri).one();
    server.stop();
}

#[test]
fn a_client_that_pulls_is_told_to_ask_again() {
    let project = Project::new(&[("test_a.py", BAD), ("test_b.py", BAD)]);
    let (a, b) = (project.uri("test_a.py"), project.uri("test_b.py"));
    let params = json!({
        "capabilities": pulling(),
        "workspaceFolders": [{"uri": crate::client::uri(project.path()), "name": "project"}],
        "initializationOptions": {"diagnostic-mode": "workspace"},
    });
    let (mut server, _) = Server::initialized_with(params);
    server.open(&a, 1, BAD);
    let shown = server.pull(&a, None);
    assert_eq!(shown["items"].as_array().unwrap().len(), 1);
    let all = server.ask("workspace/diagnostic", json!({"previousResultIds": []}));
    let of_b = all["items"].as_array().unwrap().iter().find(|report| report["uri"] == b).unwrap();
    let known = json!([{"uri": b, "value": of_b["resultId"]}]);
    let waiting = server.request("workspace/diagnostic", json!({"previousResultIds": known}));
    accept(&project);
    changed(&mut server, &project, FILE);
    server.agree("workspace/diagnostic/refresh");
    assert_eq!(server.pull(&a, shown["resultId"].as_str())["items"], json!([]));
    let news = server.answer(waiting).unwrap();
    let of_b = news["items"].as_array().unwrap().iter().find(|report| report["uri"] == b).unwrap();
    assert_eq!(of_b["items"], json!([]));
    server.stop();
}

#[test]
fn one_that_cannot_be_obeyed_is_said_once_and_hides_nothing() {
    let project = Project::new(&[("test_a.py", BAD), (FILE, "{\n<<<<<<< HEAD\n")]);
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    let shown = |message: &Value| message["method"] == "window/showMessage";
    server.open(&uri, 1, BAD);
    server.published(&uri).one();
    let said = server.wait_for(shown)["params"]["message"].clone();
    let said = said.as_str().unwrap();
    assert!(said.contains(FILE) && said.contains("line 2 is the mark of a merge conflict"), "{said}");
    server.replace(&uri, 2, &format!("\n{BAD}"));
    server.published_for(&uri, 2).one();
    server.settle();
    assert_eq!(server.take_unread(shown).len(), 0);
    project.write(FILE, "{\"version\": 2}");
    changed(&mut server, &project, FILE);
    assert!(server.wait_for(shown)["params"]["message"].as_str().unwrap().contains("its version is 2"));
    project.remove(FILE);
    accept(&project);
    changed(&mut server, &project, FILE);
    assert!(server.published(&uri).is_empty());
    server.stop();
}

#[test]
fn it_is_watched_by_whatever_name() {
    let project = Project::new(&[("test_a.py", BAD), ("flakeless.toml", "baseline = 'accepted.json'\n")]);
    let mut capabilities = able();
    capabilities["workspace"]["didChangeWatchedFiles"] =
        json!({"dynamicRegistration": true, "relativePatternSupport": true});
    let mut server = project.serve(capabilities);
    let uri = project.uri("test_a.py");
    server.open(&uri, 1, BAD);
    let mut watched = String::new();
    while !(watched.contains("**/flakeless-baseline.json") && watched.contains("\"accepted.json\"")) {
        watched.push_str(&server.agree("client/registerCapability").to_string());
    }
    server.published(&uri).one();
    accept(&project);
    changed(&mut server, &project, "accepted.json");
    assert!(server.published(&uri).is_empty());
    server.stop();
}

#[test]
fn the_command_accepts_what_is_shown_and_check_obeys_it() {
    let files = [
        ("one/flakeless.toml", ""),
        ("one/pytest.ini", "[pytest]\n"),
        ("one/test_a.py", BAD),
        ("test_b.py", BAD),
    ];
    let project = Project::new(&files);
    let [a, b] = ["one/test_a.py", "test_b.py"].map(|name| project.uri(name));
    let mut server = project.serve_able();
    for uri in [&a, &b] {
        server.open(uri, 1, BAD);
        server.published(uri).one();
    }
    let write = |server: &mut Server, arguments: Value| {
        server.ask(
            "workspace/executeCommand",
            json!({"command": "flakeless.writeBaseline", "arguments": arguments}),
        )
    };
    let inner = project.file("one/flakeless-baseline.json");
    assert_eq!(write(&mut server, json!([a])), json!({"path": inner, "paths": [inner], "hints": 1}));
    assert!(server.published(&a).is_empty());
    assert!(!project.file(FILE).exists());
    let outer = project.file(FILE);
    assert_eq!(write(&mut server, json!([])), json!({"path": outer, "paths": [outer, inner], "hints": 2}));
    assert!(server.published(&b).is_empty());
    server.stop();
    let check = Command::new(env!("CARGO_BIN_EXE_flakeless"))
        .args(["check", "--no-cache", "--min-confidence", "possible", "--strict-baseline"])
        .current_dir(project.path())
        .status();
    assert_eq!(check.unwrap().code(), Some(0));
}

#[test]
fn the_command_says_why_it_cannot_write() {
    let project = Project::new(&[("test_a.py", BAD), (FILE, "[]")]);
    let mut server = project.serve_able();
    let id = server.request(
        "workspace/executeCommand",
        json!({"command": "flakeless.writeBaseline", "arguments": [project.uri("test_a.py")]}),
    );
    let refused = server.answer(id).unwrap_err();
    assert_eq!(refused.code, -32803);
    assert!(refused.message.contains(FILE) && refused.message.contains("damaged"), "{}", refused.message);
    assert_eq!(std::fs::read_to_string(project.file(FILE)).unwrap(), "[]");
    server.stop();
}
