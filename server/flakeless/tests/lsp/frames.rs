//! Frames that do not decode: each is answered, and the session lives on.

use std::path::Path;

use serde_json::{Value, json};

use crate::client::Server;

const HOVER: &str = r#"{"jsonrpc": "2.0", "id": "alive", "method": "textDocument/hover", "params":
    {"textDocument": {"uri": "file:///none.py"}, "position": {"line": 0, "character": 0}}}"#;

fn start() -> Server {
    Server::initialized(Path::new("/"), json!({})).0
}

/// Checks that the server still answers.
fn assert_alive(server: &mut Server) {
    server.send_body(HOVER.as_bytes());
    let answer = server.wait_for(|message| message["id"] == "alive");
    assert!(answer.get("result").is_some(), "{answer}");
}

#[test]
fn bad_bodies_are_answered() {
    for (body, code) in [
        (&b"{\"jsonrpc\": \"2.0\", "[..], -32700),
        (b"\xff\xfe", -32700),
        (b"{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"\xc3\"}", -32700),
        (b"", -32700),
        (b"7", -32600),
        (b"[]", -32600),
        (br#"[{"jsonrpc": "2.0", "id": 1, "method": "shutdown"}]"#, -32600),
    ] {
        let mut server = start();
        server.send_body(body);
        assert_eq!(server.stray_error().code, code, "{}", String::from_utf8_lossy(body));
        assert_alive(&mut server);
        server.stop();
    }
}

#[test]
fn a_wrong_version_is_answered_with_its_id() {
    let mut server = start();
    server.send_body(br#"{"jsonrpc": "1.0", "id": 50, "method": "shutdown"}"#);
    assert_eq!(server.answer(50).unwrap_err().code, -32600);
    assert_alive(&mut server);
    server.stop();
}

#[test]
fn a_person_is_told_once_that_a_message_was_lost() {
    let mut server = start();
    server.send_body(b"{\xff}");
    let shown = server.notification("window/showMessage");
    assert!(shown["message"].as_str().unwrap().contains("reopen"), "{shown}");
    server.send_body(b"{\xff}");
    server.logged("reopen");
    server.stop();
}

#[test]
fn header_names_have_no_case_and_other_headers_are_passed_over() {
    let mut server = start();
    let body = HOVER.as_bytes();
    let head = format!(
        "content-type: application/vscode-jsonrpc; charset=utf-8\r\nX-A: b\r\nCONTENT-LENGTH: {}\r\n\r\n",
        body.len()
    );
    server.send_raw(head.as_bytes());
    server.send_raw(body);
    assert!(server.wait_for(|message| message["id"] == "alive").get("result").is_some());
    server.stop();
}

#[test]
fn bad_headers_and_junk_are_answered() {
    for junk in [
        &b"what is this\r\n\r\n"[..],
        b"Content-Length: many\r\n\r\n{}",
        b"Content-Length: -1\r\n\r\n{}",
        b"Content-Length: 99999999999999999999\r\n\r\n{}",
        b"Content-Type: text/plain\r\n\r\n{}",
        b"\xff\xfe\x00 \n",
    ] {
        let mut server = start();
        server.send_raw(junk);
        // Without a line end, the junk is known for junk when the next frame comes.
        assert_alive(&mut server);
        assert_eq!(server.stray_error().code, -32700);
        server.stop();
    }
}

#[test]
fn a_wrong_length_costs_one_message() {
    for off in [-3i64, 5, 30] {
        let mut server = start();
        let body = br#"{"jsonrpc": "2.0", "id": 60, "method": "no/such"}"#;
        server.send_raw(format!("Content-Length: {}\r\n\r\n", body.len() as i64 + off).as_bytes());
        server.send_raw(body);
        assert_alive(&mut server);
        assert_eq!(server.stray_error().code, -32700);
        server.stop();
    }
}

#[test]
fn unknown_methods_and_malformed_parameters_are_answered() {
    let mut server = start();
    let id = server.request("no/such", Value::Null);
    assert_eq!(server.answer(id).unwrap_err().code, -32601);
    for params in [json!({}), json!({"textDocument": 5}), json!([]), json!("x"), Value::Null] {
        let id = server.request("textDocument/hover", params);
        assert_eq!(server.answer(id).unwrap_err().code, -32602);
    }
    server.notify("$/setTrace", json!({"value": "off"}));
    server.notify("no/such", json!({}));
    server.notify("textDocument/didChange", json!({"textDocument": "x"}));
    let id = server.request("$/no/such", Value::Null);
    assert_eq!(server.answer(id).unwrap_err().code, -32601);
    assert_alive(&mut server);
    server.stop();
}
