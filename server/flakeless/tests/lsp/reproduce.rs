//! Tests that a person has run from the editor, with a stand-in for the project's Python.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{LONG, Server, uri};
use crate::project::{Project, able};

const TEST: &str = "test_a.py::test_a";
/// A leak, which the test before it reads.
const LEAKY: &str = "import os\n\n\ndef test_reader():\n    assert \"FLAG\" not in os.environ\n\n\ndef test_a():\n    os.environ[\"FLAG\"] = \"1\"\n    assert os.environ[\"FLAG\"]\n";
const DRAWN: &str =
    "import random\n\n\ndef test_a():\n    ripeness = random.random()\n    assert ripeness < 0.9\n";

/// A project with this test file, in which `body` stands for pytest.
fn project(text: &str, body: &str) -> Project {
    let project = Project::new(&[("test_a.py", text)]);
    testkit::stand_in_for_pytest(project.path(), TEST, body).unwrap();
    project
}

fn serve(project: &Project, options: Value) -> (Server, Value) {
    let mut capabilities = able();
    capabilities["window"] = json!({"workDoneProgress": true});
    let params = json!({
        "processId": null, "rootUri": uri(project.path()), "capabilities": capabilities, "initializationOptions": options,
    });
    Server::initialized_with(params)
}

/// `test_reader` passes alone and fails behind `test_a`. The plan names the tests of a search.
const READER_FAILS: &str = r#"
    case "$FLAKELESS_PLAN" in
      *'"tests":["test_a.py::test_a"'*) passes; fails test_a.py::test_reader;;
      *'"reverse":true'*) passes; fails test_a.py::test_reader;;
      *) passes test_a.py::test_reader; passes;;
    esac"#;

/// The server, with the test file open.
fn opened(project: &Project, text: &str) -> (Server, String) {
    let (mut server, _) = serve(project, Value::Null);
    let file = project.uri("test_a.py");
    server.open(&file, 1, text);
    server.published(&file).one();
    (server, file)
}

fn lenses(server: &mut Server, file: &str) -> Vec<Value> {
    let params = json!({"textDocument": {"uri": file}});
    server.ask("textDocument/codeLens", params).as_array().cloned().unwrap_or_default()
}

fn titles(of: &[Value]) -> Vec<&str> {
    of.iter().map(|it| it["command"]["title"].as_str().unwrap()).collect()
}

/// Sends what a lens or an action names. Gives the request's id.
fn choose(server: &mut Server, chosen: &Value) -> i64 {
    let Value::Object(mut command) = chosen["command"].clone() else { panic!("{chosen}") };
    command.remove("title");
    server.request("workspace/executeCommand", command.into())
}

fn shown(server: &mut Server) -> String {
    server.notification("window/showMessage")["message"].as_str().unwrap().to_owned()
}

#[test]
fn tests_with_hints_have_lenses_and_others_have_none() {
    let project = project(LEAKY, "passes");
    let (mut server, file) = opened(&project, LEAKY);
    let found = lenses(&mut server, &file);
    assert_eq!(titles(&found), ["Reproduce", "Find the polluter"]);
    assert_eq!(found[0]["range"]["start"], json!({"line": 7, "character": 4}));
    assert_eq!(found[0]["command"]["arguments"], json!([file, TEST]));
    let in_line = server.actions(&file, 8, None);
    let offered: Vec<&str> = in_line.iter().map(|action| action["title"].as_str().unwrap()).collect();
    assert!(offered.contains(&"Reproduce: run `test_a` with pytest until it fails"), "{offered:?}");
    assert!(offered.contains(&"Find the polluter: run `test_a` behind other tests"), "{offered:?}");
    let fixes = server.actions(&file, 8, Some("quickfix"));
    assert!(fixes.iter().all(|action| action.get("command").is_none()), "{fixes:#?}");
    server
        .notify("workspace/didChangeConfiguration", json!({"settings": {"flakeless": {"code-lens": false}}}));
    assert_eq!(lenses(&mut server, &file), [Value::Null; 0]);
    assert_eq!(server.actions(&file, 8, None).len(), in_line.len());
    assert!(!project.file("calls").exists(), "nothing was run");
    server.stop();
}

#[test]
fn a_test_is_run_until_it_fails_and_what_came_of_it_is_said() {
    let project = project(DRAWN, "[ $((count % 4)) = 0 ] && fails || passes");
    let (mut server, file) = opened(&project, DRAWN);
    let lens = lenses(&mut server, &file).remove(0);
    let asked = choose(&mut server, &lens);
    let token = server.agree("window/workDoneProgress/create")["token"].clone();
    let steps = |message: &Value| message["method"] == "$/progress" && message["params"]["token"] == token;
    server.wait_for(|message| steps(message) && message["params"]["value"]["kind"] == "begin");
    let results = server.answer(asked).unwrap();
    let (told, all) = (shown(&mut server), server.take_unread(steps));
    assert_eq!(
        told,
        format!(
            "{TEST}: Reproduced: it failed 3 of 10 runs alone in fresh processes. To see it again: pytest {TEST}"
        )
    );
    let [_, row] = results["tests"][0]["axes"].as_array().unwrap().as_slice() else { panic!("{results}") };
    assert_eq!((&row["axis"], &row["runs"], &row["failures"]), (&"fresh".into(), &10.into(), &3.into()));
    let said = |step: &Value| step["params"]["value"]["message"].as_str().unwrap_or_default().to_owned();
    assert!(
        all.iter().any(|step| said(step).starts_with("alone in fresh processes: run 5 of 20, ")),
        "{all:#?}"
    );
    assert_eq!(all.last().unwrap()["params"]["value"]["kind"], "end");
    server.stop();
}

#[test]
fn where_a_test_leaves_something_behind_its_reader_is_run_behind_it() {
    let project = project(LEAKY, READER_FAILS);
    let (mut server, file) = opened(&project, LEAKY);
    let lens = lenses(&mut server, &file).remove(1);
    assert_eq!(lens["command"]["command"], "flakeless.findPolluter");
    let asked = choose(&mut server, &lens);
    let results = server.answer(asked).unwrap();
    let tests: Vec<(&Value, &Value)> =
        results["tests"].as_array().unwrap().iter().map(|it| (&it["test"], &it["reproduced"])).collect();
    assert_eq!(tests, [(&json!("test_a.py::test_reader"), &json!(true))]);
    assert_eq!(results["tests"][0]["polluter"]["tests"], json!([TEST]));
    assert_eq!(results["tests"][0]["statements"][0]["line"], 9);
    // Alone and behind it, and twice more both ways.
    assert_eq!(fs::read_to_string(project.file("calls")).unwrap().lines().count(), 6);
    let told = shown(&mut server);
    assert!(
        told.contains("it passes alone and fails behind test_a.py::test_a (seen three times of three"),
        "{told}"
    );
    assert!(told.ends_with("To see it again: pytest test_a.py::test_a test_a.py::test_reader"), "{told}");
    server.stop();
}

/// Runs a test that hangs, together with a child of its own, and waits until it does. Gives the request and the child.
fn hang(project: &Project, server: &mut Server, file: &str) -> (i64, String) {
    let mut lens = lenses(server, file).remove(0);
    lens["command"]["workDoneToken"] = json!("mine");
    let asked = choose(server, &lens);
    let end = Instant::now() + LONG;
    let child = project.file("child");
    while fs::read_to_string(&child).unwrap_or_default().trim().is_empty() {
        assert!(Instant::now() < end, "the test does not run");
        thread::sleep(Duration::from_millis(5));
    }
    (asked, fs::read_to_string(child).unwrap().trim().to_owned())
}

const HANGS: &str = "sleep 600 & echo $! > child.tmp; mv child.tmp child; wait";

fn ends(process: &str) {
    let end = Instant::now() + LONG;
    let stat = format!("/proc/{process}/stat");
    // What nobody has waited for yet is listed as `Z`.
    while fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z ")) {
        assert!(Instant::now() < end, "process {process} lives on");
        thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn what_runs_ends_when_its_progress_is_cancelled() {
    let project = project(DRAWN, HANGS);
    let (mut server, file) = opened(&project, DRAWN);
    let (asked, child) = hang(&project, &mut server, &file);
    server.notify("window/workDoneProgress/cancel", json!({"token": "mine"}));
    let results = server.answer(asked).unwrap();
    assert_eq!(results["tests"][0]["cut_short"], true);
    assert_eq!(shown(&mut server), format!("{TEST}: Stopped before there was anything to see."));
    ends(&child);
    server.stop();
}

#[test]
fn what_runs_ends_when_its_request_is_cancelled() {
    let project = project(DRAWN, HANGS);
    let (mut server, file) = opened(&project, DRAWN);
    let (asked, child) = hang(&project, &mut server, &file);
    server.notify("$/cancelRequest", json!({"id": asked}));
    assert_eq!(server.answer(asked).unwrap_err().code, -32800);
    ends(&child);
    server.stop();
}

#[test]
fn what_runs_ends_with_the_server() {
    for is_polite in [true, false] {
        // Behind what runs, more would be run.
        let project = project(LEAKY, HANGS);
        let (mut server, file) = opened(&project, LEAKY);
        let (_, child) = hang(&project, &mut server, &file);
        if is_polite {
            server.stop();
        } else {
            server.hang_up();
            server.exit_code();
        }
        ends(&child);
        assert_eq!(fs::read_to_string(project.file("calls")).unwrap().lines().count(), 1);
    }
}

#[test]
fn refusals_say_why_and_run_nothing() {
    let project = project(DRAWN, "passes");
    let (mut server, file) = opened(&project, DRAWN);
    let lens = lenses(&mut server, &file).remove(0);
    server.replace(&file, 2, &DRAWN.replace("0.9", "0.8"));
    let asked = choose(&mut server, &lens);
    let refused = server.answer(asked).unwrap();
    assert_eq!(refused["refused"][0]["test"], TEST);
    assert!(shown(&mut server).contains("unsaved edits, and pytest reads what is saved"));
    server.replace(&file, 3, &DRAWN.replace("test_a", "test_b"));
    let asked = choose(&mut server, &lens);
    server.answer(asked).unwrap();
    assert!(shown(&mut server).contains("there is no such test"));
    assert!(!project.file("calls").exists(), "nothing was run");
    server.replace(&file, 4, DRAWN);
    fs::remove_dir_all(project.file(".venv")).unwrap();
    fs::create_dir_all(project.file(".venv/bin")).unwrap();
    fs::write(project.file(".venv/bin/python"), "no program").unwrap();
    let asked = choose(&mut server, &lens);
    server.answer(asked).unwrap();
    let told = shown(&mut server);
    assert!(told.contains("does not run"), "{told}");
    server.stop();
}

#[test]
fn where_the_workspace_is_not_trusted_it_cannot_be_asked_for() {
    let project = project(LEAKY, "passes");
    for options in [json!({"trusted": false}), json!({"flakeless": {"trusted": false}})] {
        let (mut server, announced) = serve(&project, options);
        let capabilities = &announced["capabilities"];
        assert_eq!(capabilities.get("codeLensProvider"), None);
        assert!(!capabilities["executeCommandProvider"]["commands"].to_string().contains("reproduce"));
        let file = project.uri("test_a.py");
        server.open(&file, 1, LEAKY);
        server.published(&file).one();
        assert_eq!(lenses(&mut server, &file), [Value::Null; 0]);
        assert!(!json!(server.actions(&file, 8, None)).to_string().contains("flakeless.reproduce"));
        // A project's own settings trust nobody.
        server.notify(
            "workspace/didChangeConfiguration",
            json!({"settings": {"flakeless": {"trusted": true}}}),
        );
        let command = json!({"command": "flakeless.reproduce", "arguments": [file, TEST]});
        let asked = server.request("workspace/executeCommand", command);
        assert!(server.answer(asked).unwrap_err().message.contains("not trusted"));
        server.stop();
    }
    assert!(!project.file("calls").exists(), "nothing was run");
}

/// The first hint that is published from now on and `is_it`.
fn published(server: &mut Server, file: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    loop {
        let published = server.published(file);
        if let Some(hint) = published.list().iter().find(|hint| is_it(hint)) {
            return hint.clone();
        }
    }
}

fn is_confirmed(hint: &Value) -> bool {
    hint["message"].as_str().unwrap().contains(" Confirmed: ")
}

#[test]
fn what_was_seen_stands_in_the_hint_until_the_test_is_edited() {
    let project = project(DRAWN, "[ $((count % 4)) = 0 ] && fails || passes");
    let (mut server, file) = opened(&project, DRAWN);
    let lens = lenses(&mut server, &file).remove(0);
    let asked = choose(&mut server, &lens);
    server.answer(asked).unwrap();
    let hint = published(&mut server, &file, is_confirmed);
    let message = hint["message"].as_str().unwrap();
    let figures = " Confirmed: it failed 3 of 10 runs alone in fresh processes.";
    assert!(message.ends_with(figures), "{message}");
    let hover = server.hover(&file, 5, 12)["contents"]["value"].as_str().unwrap().to_owned();
    assert!(hover.starts_with("**unseeded-random** (confirmed)"), "{hover}");
    let command = format!("\nTo see it fail again:\n\n    pytest {TEST}\n");
    assert!(hover.find(&command).unwrap() < hover.find("\n---\n").unwrap(), "{hover}");
    let actions = server.actions(&file, 5, Some("quickfix"));
    assert_eq!(actions[0]["diagnostics"], json!([hint]), "the editor finds the hint by what it shows");

    // Above the test nothing of it changes; in it, everything counts anew, and an undo brings it back.
    let start = json!({"line": 0, "character": 0});
    server.change(&file, 2, json!([{"range": {"start": start, "end": start}, "text": "import os\n"}]));
    assert!(is_confirmed(server.published_for(&file, 2).one()));
    let limit = json!({"start": {"line": 6, "character": 22}, "end": {"line": 6, "character": 25}});
    server.change(&file, 3, json!([{"range": limit, "text": "0.8"}]));
    assert!(!is_confirmed(server.published_for(&file, 3).one()));
    server.change(&file, 4, json!([{"range": limit, "text": "0.9"}]));
    assert!(is_confirmed(server.published_for(&file, 4).one()));
    server.stop();

    let (mut server, _) = serve(&project, json!({"min-confidence": "confirmed"}));
    server.open(&file, 1, DRAWN);
    assert!(is_confirmed(server.published(&file).one()), "kept from one server to the next");
    server.stop();
}

#[test]
fn the_hint_of_the_polluter_says_who_fails_behind_it() {
    let project = project(LEAKY, READER_FAILS);
    let (mut server, file) = opened(&project, LEAKY);
    let lens = lenses(&mut server, &file).remove(1);
    let asked = choose(&mut server, &lens);
    server.answer(asked).unwrap();
    let hint = published(&mut server, &file, is_confirmed);
    let message = hint["message"].as_str().unwrap();
    let who = "Confirmed: `test_a.py::test_reader` passes alone and fails behind this test (seen three times of three, both ways).";
    assert!(message.ends_with(who), "{message}");
    let related = hint["relatedInformation"].as_array().unwrap().last().unwrap();
    assert_eq!(related["message"], "`test_reader` fails behind it");
    assert_eq!(related["location"]["range"]["start"], json!({"line": 3, "character": 4}));
    // The reader is another now, so what was seen of it says nothing any more.
    server.replace(&file, 2, &LEAKY.replace("\"FLAG\" not in", "not \"FLAG\" in"));
    assert!(!is_confirmed(server.published_for(&file, 2).one()));
    server.stop();
}

/// A test that reads what another sets, and so fails alone.
const VICTIM: &str = "ORDERS = []\n\n\ndef test_order():\n    ORDERS.append(\"apple\")\n\n\ndef test_a():\n    assert ORDERS[-1] == \"apple\"\n";

#[test]
fn the_statement_of_the_polluter_is_shown_with_the_hint_of_the_victim() {
    let body = r#"
        case "$FLAKELESS_PLAN" in
          *'"tests":["test_a.py::test_order"'*) passes test_a.py::test_order; passes;;
          *'"tests":["'*) fails;;
          *) case "$*" in *::test_a) fails;; *) passes test_a.py::test_order; passes;; esac;;
        esac"#;
    let project = project(VICTIM, body);
    let (mut server, file) = opened(&project, VICTIM);
    let lens = lenses(&mut server, &file).remove(0);
    let asked = choose(&mut server, &lens);
    server.answer(asked).unwrap();
    let hint = published(&mut server, &file, is_confirmed);
    let message = hint["message"].as_str().unwrap();
    let how = "Confirmed: it fails alone and passes only behind test_a.py::test_order (seen three times of three, both ways).";
    assert!(message.ends_with(how), "{message}");
    let related = hint["relatedInformation"].as_array().unwrap().last().unwrap();
    assert_eq!(related["message"], "it passes only behind `test_order`");
    assert_eq!(related["location"]["range"]["start"], json!({"line": 3, "character": 4}));
    server.stop();
}

#[test]
fn what_a_terminal_found_is_seen_with_the_next_save() {
    let project = project(DRAWN, "[ $((count % 4)) = 0 ] && fails || passes");
    let (mut server, file) = opened(&project, DRAWN);
    let mut reproduce = Command::new(env!("CARGO_BIN_EXE_flakeless"));
    reproduce.args(["reproduce", TEST]).current_dir(project.path()).env_remove("VIRTUAL_ENV");
    assert_eq!(reproduce.output().unwrap().status.code(), Some(1));
    server.save(&file);
    published(&mut server, &file, is_confirmed);
    server.stop();
}
