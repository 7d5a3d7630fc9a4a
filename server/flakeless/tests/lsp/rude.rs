//! Clients that ask for much and want nothing of it. `.ci/rude` does the same with more.

use std::fs;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::client::{LONG, Server, uri};
use crate::project::{BAD, Project, able, pulling};

/// What the server's process has taken so far.
struct Taken {
    processor: u64,
    kilobytes: u64,
}

fn taken(server: &Server) -> Taken {
    let proc = |file: &str| fs::read_to_string(format!("/proc/{}/{file}", server.process_id())).unwrap();
    let stat = proc("stat");
    let fields: Vec<u64> = stat
        .rsplit_once(')')
        .unwrap()
        .1
        .split_whitespace()
        .skip(1)
        .map(|it| it.parse().unwrap_or(0))
        .collect();
    let status = proc("status");
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    // Of `stat`, user and system time are the fields 14 and 15; two stand before the closing bracket, one was skipped.
    Taken {
        processor: fields[10] + fields[11],
        kilobytes: line.split_whitespace().nth(1).unwrap().parse().unwrap(),
    }
}

/// Waits until the server does nothing any more: no tick of the clock in a fifth of a second.
#[track_caller]
fn assert_idle(server: &Server) {
    let end = Instant::now() + LONG / 3;
    while Instant::now() < end {
        let before = taken(server).processor;
        sleep(Duration::from_millis(200));
        if taken(server).processor == before {
            return;
        }
    }
    panic!("it works on, and for nobody");
}

#[test]
fn everything_is_cancelled() {
    let project = Project::new(&[("test_a.py", BAD)]);
    (0..200).for_each(|number| project.write(&format!("test_{number}.py"), BAD));
    let document = project.uri("test_a.py");
    let mut server = project.serve(pulling());
    server.open(&document, 1, BAD);
    let place = json!({"textDocument": {"uri": document}, "position": {"line": 1, "character": 12}});
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 2, "character": 0}});
    let actions = json!({"textDocument": {"uri": document}, "range": range, "context": {"diagnostics": []}});
    let of_document = json!({"textDocument": {"uri": document}});
    let check = json!({"command": "flakeless.checkWorkspace", "arguments": []});
    let questions = [
        ("textDocument/hover", place),
        ("textDocument/codeAction", actions),
        ("textDocument/diagnostic", of_document),
        ("workspace/executeCommand", check),
        ("workspace/diagnostic", json!({"previousResultIds": []})),
    ];
    let mut ids = Vec::new();
    server.together(|server| {
        for _ in 0..40 {
            for (method, params) in &questions {
                let id = server.request(method, params.clone());
                server.notify("$/cancelRequest", json!({"id": id}));
                ids.push(id);
            }
        }
    });
    for id in &ids {
        if let Err(refused) = server.answer(*id) {
            // `RequestCancelled`, or `ServerCancelled`.
            assert!([-32800, -32802].contains(&refused.code), "{refused:?}");
        }
    }
    assert_idle(&server);
    server.settle();
    let again = server
        .take_unread(|message| ids.iter().any(|id| message["id"] == *id && message.get("method").is_none()));
    assert_eq!(again, [json!(null); 0], "answered twice");
    assert_eq!(server.pull(&document, None)["items"].as_array().unwrap().len(), 1);
    server.stop();
}

/// The hints of each are right, and when they are closed again their memory is back.
#[test]
fn hundreds_of_documents_are_opened_and_closed() {
    const COUNT: usize = 400;
    let text: String = (0..40).map(|number| BAD.replace("test_a", &format!("test_{number}"))).collect();
    let project = Project::new(&[]);
    (0..COUNT)
        .for_each(|number| project.write(&format!("test_{number}.py"), "def test_b():\n    assert 1\n"));
    let uris: Vec<String> = (0..COUNT).map(|number| project.uri(&format!("test_{number}.py"))).collect();
    let mut server = project.serve(able());
    let mut after = Vec::new();
    for _ in 0..3 {
        uris.iter().for_each(|uri| server.open(uri, 1, &text));
        for uri in &uris {
            assert_eq!(server.published_for(uri, 1).list().len(), 40);
        }
        uris.iter().for_each(|uri| server.close(uri));
        server.settle();
        assert_idle(&server);
        server.take_unread(|_| true);
        after.push(taken(&server).kilobytes);
    }
    // The first round may leave behind what is known of each file; no other leaves more.
    let (first, last) = (after[0], after[2]);
    assert!(last < first + first / 5, "{after:?}");
    server.stop();
}

/// A client that reads nothing: the server takes no more than there is room for, and everything arrives in the end.
#[test]
fn nothing_is_read_for_a_while() {
    let project = Project::new(&[("test_a.py", BAD)]);
    let (document, edits) = (project.uri("test_a.py"), 3000);
    let (mut server, mut input, output) = silent(&project);
    let id = server.id();
    say(
        &mut input,
        "textDocument/didOpen",
        None,
        json!({"textDocument": {"uri": document, "languageId": "python", "version": 1, "text": BAD}}),
    );
    let writing = std::thread::spawn({
        let document = document.clone();
        move || {
            let start = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
            for version in 2..=edits {
                let change = json!({"textDocument": {"uri": document, "version": version}, "contentChanges": [{"range": start, "text": "\n"}]});
                say(&mut input, "textDocument/didChange", None, change);
                let place = json!({"textDocument": {"uri": document}, "position": {"line": version, "character": 12}});
                say(&mut input, "textDocument/hover", Some(version), place);
            }
            input
        }
    });
    sleep(Duration::from_secs(2));
    let status = fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let peak = status.lines().find(|line| line.starts_with("VmRSS:")).unwrap();
    let kilobytes: u64 = peak.split_whitespace().nth(1).unwrap().parse().unwrap();
    assert!(kilobytes < 300_000, "{peak}");
    let mut answered = 0;
    let mut messages = std::io::BufReader::new(output);
    let mut newest = 0;
    while answered < edits - 1 || newest < i64::from(edits) {
        let message = crate::client::read_message(&mut messages).expect("the server goes on");
        if message.get("method").is_none() && message["id"].as_i64().is_some_and(|id| id > 1) {
            // While the project is being listed, what points into an older text is refused: LSP's `ContentModified`.
            let is_refused = message["error"]["code"] == -32801;
            assert!(message.get("result").is_some() || is_refused, "{message}");
            answered += 1;
        }
        if message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == document {
            newest = message["params"]["version"].as_i64().unwrap_or(newest);
            if newest == i64::from(edits) {
                assert_eq!(message["params"]["diagnostics"][0]["range"]["start"]["line"], edits);
            }
        }
    }
    drop(writing.join().unwrap());
    let end = Instant::now() + LONG;
    while server.try_wait().unwrap().is_none() {
        assert!(Instant::now() < end, "the server goes on");
        sleep(Duration::from_millis(5));
    }
}

/// A server whose output nobody reads yet.
fn silent(project: &Project) -> (std::process::Child, ChildStdin, ChildStdout) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flakeless"));
    let mut server = command.arg("server").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = server.stdin.take().unwrap();
    let output = server.stdout.take().unwrap();
    say(
        &mut input,
        "initialize",
        Some(1),
        json!({"processId": null, "rootUri": uri(project.path()), "capabilities": able()}),
    );
    say(&mut input, "initialized", None, json!({}));
    (server, input, output)
}

fn say(input: &mut ChildStdin, method: &str, id: Option<i32>, params: Value) {
    use std::io::Write as _;
    let mut message = json!({"jsonrpc": "2.0", "method": method, "params": params});
    if let Some(id) = id {
        message["id"] = json!(id);
    }
    let body = message.to_string();
    write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
}

/// An editor that starts its server again in the middle of a workspace read, again and again, and then lets it be.
#[test]
fn the_server_is_restarted_while_it_reads() {
    let project = Project::new(&[]);
    (0..600).for_each(|number| project.write(&format!("test_{number}.py"), BAD));
    let document = project.uri("test_0.py");
    for round in 0..6 {
        let mut server = project.serve(pulling());
        server.open(&document, 1, BAD);
        server.request(
            "workspace/executeCommand",
            json!({"command": "flakeless.checkWorkspace", "arguments": []}),
        );
        sleep(Duration::from_millis(10 * round));
        if round % 2 == 0 {
            server.stop();
        } else {
            server.hang_up();
            assert_eq!(server.exit_code(), Some(1));
        }
    }
    let mut server = project.serve(pulling());
    server.open(&document, 1, BAD);
    let checked = server
        .ask("workspace/executeCommand", json!({"command": "flakeless.checkWorkspace", "arguments": []}));
    assert_eq!(checked["files"], 600);
    assert_eq!(checked["diagnostics"].as_array().unwrap().len(), 600);
    assert_idle(&server);
    server.stop();
}
