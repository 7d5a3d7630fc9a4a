//! Hints below `min-confidence` are not shown; what can be done about them is offered on the test's name.

use serde_json::{Value, json};

use crate::answers::apply;
use crate::client::Server;
use crate::project::{Project, able};

const POSSIBLE: &str = "import asyncio


async def test_task():
    seen = set()

    async def job():
        seen.add(1)

    task = asyncio.create_task(job())
    await asyncio.sleep(0.05)
    assert 1 in seen
    await task


async def test_other():
    assert 1
";
const TITLE: &str = "sleep-then-assert in line 11, possible";

/// What is offered on the name of the test that begins in a line, when a person asks or the editor does by itself.
fn on_name(server: &mut Server, uri: &str, line: u32, is_asked: bool) -> Vec<Value> {
    let place = json!({"line": line, "character": 12});
    let trigger = if is_asked { 1 } else { 2 };
    let context = json!({"diagnostics": [], "triggerKind": trigger});
    server.actions_in(uri, json!({"start": place, "end": place}), context)
}

fn of_hidden(actions: Vec<Value>) -> Vec<Value> {
    actions.into_iter().filter(|action| action["title"].as_str().unwrap().contains(TITLE)).collect()
}

fn project(least: &str) -> Project {
    let settings = format!("min-confidence = \"{least}\"\n");
    Project::new(&[("flakeless.toml", &settings), ("test_a.py", POSSIBLE)])
}

#[test]
fn a_hidden_hint_has_its_fix_on_the_name_of_its_test() {
    let project = project("likely");
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, POSSIBLE);
    assert!(server.published(&uri).is_empty());
    let offered = of_hidden(on_name(&mut server, &uri, 3, true));
    let [cure] = offered.as_slice() else { panic!("{offered:#?}") };
    assert_eq!((cure.get("isPreferred"), cure.get("diagnostics")), (None, None));
    let cured = apply(&cure["edit"], &uri, POSSIBLE);
    assert!(cured.contains("        if 1 in seen:\n            break\n"), "{cured}");
    assert_eq!(of_hidden(on_name(&mut server, &uri, 3, false)).len(), 0, "no lightbulb for what is hidden");
    assert_eq!(of_hidden(on_name(&mut server, &uri, 15, true)).len(), 0, "another test");
    server.stop();
}

#[test]
fn its_edit_can_be_asked_for_later() {
    let project = project("likely");
    let uri = project.uri("test_a.py");
    let mut capabilities = able();
    let actions = &mut capabilities["textDocument"]["codeAction"];
    actions["dataSupport"] = json!(true);
    actions["resolveSupport"] = json!({"properties": ["edit"]});
    let mut server = project.serve(capabilities);
    server.open(&uri, 1, POSSIBLE);
    let cure = of_hidden(on_name(&mut server, &uri, 3, true)).remove(0);
    assert_eq!(cure.get("edit"), None);
    let resolved = server.ask("codeAction/resolve", cure);
    assert!(apply(&resolved["edit"], &uri, POSSIBLE).contains("if 1 in seen:"));
    server.stop();
}

#[test]
fn a_hint_that_is_shown_has_its_fix_at_its_own_place() {
    let project = project("possible");
    let uri = project.uri("test_a.py");
    let mut server = project.serve_able();
    server.open(&uri, 1, POSSIBLE);
    assert_eq!(server.published(&uri).one()["code"], "sleep-then-assert");
    assert_eq!(of_hidden(on_name(&mut server, &uri, 3, true)).len(), 0);
    server.stop();
}
