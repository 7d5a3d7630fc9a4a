//! Commands that a client runs by name.

use serde_json::{Value, json};

use crate::client::Server;
use crate::project::{BAD, Project, RELATIVE, able, pulling};

fn run(server: &mut Server, command: &str, arguments: Value) -> Value {
    server.ask("workspace/executeCommand", json!({"command": command, "arguments": arguments}))
}

fn refused(server: &mut Server, command: &str, arguments: Value) -> String {
    let params = json!({"command": command, "arguments": arguments});
    let id = server.request("workspace/executeCommand", params);
    let refused = server.answer(id).unwrap_err();
    assert_eq!(refused.code, -32602);
    refused.message
}

#[test]
fn every_announced_command_does_something() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let (mut server, announced) = Server::initialized(project.path(), able());
    let names = announced["capabilities"]["executeCommandProvider"]["commands"].as_array().unwrap().clone();
    assert!(names.len() >= 4);
    for name in names {
        // What runs a test needs to know which: `reproduce` has it.
        if name == "flakeless.reproduce" || name == "flakeless.findPolluter" {
            continue;
        }
        let argument = if name == "flakeless.explainRule" { json!("unisolated-file") } else { Value::Null };
        run(&mut server, name.as_str().unwrap(), json!([argument]));
    }
    server.stop();
}

#[test]
fn a_rule_is_explained_and_rules_are_listed() {
    let project = Project::new(&[]);
    let mut server = project.serve_able();
    let rules = run(&mut server, "flakeless.listRules", json!([]));
    let names: Vec<&str> =
        rules.as_array().unwrap().iter().map(|rule| rule["name"].as_str().unwrap()).collect();
    assert!(names.contains(&"shared-state-leak"));
    for name in names {
        let page = run(&mut server, "flakeless.explainRule", json!([name]));
        assert!(page["markdown"].as_str().unwrap().starts_with(&format!("# {name}\n")), "{page}");
    }
    let near = refused(&mut server, "flakeless.explainRule", json!(["shared-state-leek"]));
    assert!(near.contains("did you mean `shared-state-leak`"), "{near}");
    assert!(refused(&mut server, "flakeless.explainRule", json!([])).contains("needs the name of a rule"));
    assert!(refused(&mut server, "flakeless.sing", json!([])).contains("no command `flakeless.sing`"));
    assert!(refused(&mut server, "flakeless.projectModel", json!([7])).contains("not the URI"));
    server.stop();
}

#[test]
fn the_project_model_is_told_of_the_folder_around_a_document() {
    let project =
        Project::new(&[("one/pytest.ini", "[pytest]\n"), ("one/test_a.py", BAD), ("two/test_b.py", BAD)]);
    let mut server = project.serve_able();
    let model = run(&mut server, "flakeless.projectModel", json!([project.uri("one/test_a.py")]));
    let all = run(&mut server, "flakeless.projectModel", json!([]));
    assert_eq!(model, all, "one folder is open");
    let text = model["text"].as_str().unwrap();
    assert!(text.contains("Project one") && text.contains("Project .") && !text.contains('\u{1b}'), "{text}");
    server.stop();
}

#[test]
fn the_workspace_is_checked_open_or_closed_and_shown_from_then_on() {
    let project = Project::new(&[("test_a.py", BAD), ("test_b.py", RELATIVE), ("test_c.py", "")]);
    let [a, b, c] = ["test_a.py", "test_b.py", "test_c.py"].map(|name| project.uri(name));
    let mut server = project.serve_able();
    server.open(&a, 1, "def test_a():\n    pass\n");
    server.open(&c, 1, BAD);
    server.published(&c).one();
    let checked = run(&mut server, "flakeless.checkWorkspace", json!([]));
    let with_hints: Vec<&str> =
        checked["diagnostics"].as_array().unwrap().iter().map(|it| it["uri"].as_str().unwrap()).collect();
    assert_eq!(with_hints, [&b, &c]);
    assert_eq!((&checked["files"], &checked["tests"]), (&json!(3), &json!(3)), "{checked}");
    server.published(&b).one();
    project.write("test_b.py", "");
    let checked = run(&mut server, "flakeless.checkWorkspace", json!([]));
    assert_eq!(checked["diagnostics"].as_array().unwrap().len(), 1, "a client that watches nothing");
    server.stop();
}

#[test]
fn a_client_that_pulls_is_answered_with_closed_files_from_then_on() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let mut server = project.serve(pulling());
    let id = server.request("workspace/diagnostic", json!({"previousResultIds": []}));
    server.settle();
    assert_eq!(server.take_unread(|message| message["id"] == id).len(), 0, "it waits");
    run(&mut server, "flakeless.checkWorkspace", json!([]));
    let report = server.answer(id).unwrap();
    assert_eq!(report["items"][0]["uri"], project.uri("test_a.py"));
    server.stop();
}

#[test]
fn what_was_pushed_of_a_configuration_file_is_taken_back_where_closed_files_are_pulled() {
    let settings = "severity.blanket-retries = 'warning'\n";
    let pytest = "[pytest]\naddopts = --reruns 9\n";
    let project = Project::new(&[("test_a.py", ""), ("flakeless.toml", settings), ("pytest.ini", pytest)]);
    let config = project.uri("pytest.ini");
    let mut server = project.serve(pulling());
    server.open(&project.uri("test_a.py"), 1, "");
    server.published(&config).one();
    run(&mut server, "flakeless.checkWorkspace", json!([]));
    assert!(server.published(&config).is_empty());
    let report = server.ask("workspace/diagnostic", json!({"previousResultIds": []}));
    assert_eq!(report["items"][0]["uri"], config);
    server.stop();
}

#[test]
fn how_far_it_is_is_shown_as_the_client_asked_and_it_can_be_stopped() {
    let project = Project::new(&[]);
    (0..100).for_each(|number| project.write(&format!("test_{number:03}.py"), BAD));
    let mut server = project.serve_able();
    let params = json!({"command": "flakeless.checkWorkspace", "workDoneToken": "mine"});
    server.ask("workspace/executeCommand", params.clone());
    let said = server.take_unread(|message| message["params"]["token"] == "mine");
    let kinds: Vec<&str> = said.iter().map(|it| it["params"]["value"]["kind"].as_str().unwrap()).collect();
    assert!(kinds.len() > 3 && kinds[0] == "begin" && kinds[kinds.len() - 1] == "end", "{kinds:?}");
    let stopped = server.request("workspace/executeCommand", params);
    server.notify("window/workDoneProgress/cancel", json!({"token": "mine"}));
    // It may have been done before the word came.
    if let Err(refused) = server.answer(stopped) {
        assert_eq!(refused.code, -32800);
    }
    server.stop();
}
