//! The front with a service that does what a handler must not do.

use std::io::{PipeReader, PipeWriter, pipe};
use std::sync::mpsc;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tower_lsp::LspService;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::{
    DidChangeTextDocumentParams, DidOpenTextDocumentParams, Hover, HoverParams, InitializeParams,
    InitializeResult, InitializedParams,
};

use super::*;
use crate::lsp::frames::{Frame, Frames, write_frame};

/// Guards against hanging only.
const LONG: Duration = Duration::from_secs(20);

struct Misbehaved {
    /// What began, in the order in which it began.
    begun: Arc<Mutex<Vec<String>>>,
    /// Tells when a handler was dropped before its end.
    dropped: mpsc::Sender<u32>,
}

struct TellsItsDrop(mpsc::Sender<u32>, u32);

impl Drop for TellsItsDrop {
    fn drop(&mut self) {
        let _ = self.0.send(self.1);
    }
}

#[tower_lsp::async_trait]
impl LanguageServer for Misbehaved {
    async fn initialize(&self, _: InitializeParams) -> Result<InitializeResult> {
        Ok(InitializeResult::default())
    }

    /// Waits for the client, as no handler should.
    async fn initialized(&self, _: InitializedParams) {
        std::future::pending::<()>().await;
    }

    async fn did_open(&self, params: DidOpenTextDocumentParams) {
        self.begun.lock().unwrap().push(format!("open {}", params.text_document.version));
        tokio::task::yield_now().await;
    }

    async fn did_change(&self, params: DidChangeTextDocumentParams) {
        self.begun.lock().unwrap().push(format!("change {}", params.text_document.version));
        std::future::pending::<()>().await;
    }

    /// Line 0: waits for ever. Line 1: panics at once. Line 2: panics later. Line 3: answers.
    async fn hover(&self, params: HoverParams) -> Result<Option<Hover>> {
        let position = params.text_document_position_params.position;
        self.begun.lock().unwrap().push(format!("hover {}", position.character));
        match position.line {
            0 => {
                let _here = TellsItsDrop(self.dropped.clone(), position.character);
                std::future::pending().await
            }
            1 => panic!("at once"),
            2 => {
                tokio::task::yield_now().await;
                panic!("later")
            }
            _ => Ok(None),
        }
    }

    async fn shutdown(&self) -> Result<()> {
        Ok(())
    }
}

/// A client that shares no code with the front but the frames.
struct Talk {
    to_server: PipeWriter,
    from_server: mpsc::Receiver<Value>,
    begun: Arc<Mutex<Vec<String>>>,
    dropped: mpsc::Receiver<u32>,
    end: mpsc::Receiver<End>,
}

fn read_all(output: PipeReader) -> mpsc::Receiver<Value> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut frames = Frames::new(output);
        while let Ok(Some(Frame::Body(body))) = frames.next() {
            if sender.send(serde_json::from_slice(body).unwrap()).is_err() {
                return;
            }
        }
    });
    receiver
}

impl Talk {
    fn fresh() -> Talk {
        let (input, to_server) = pipe().unwrap();
        let (from_server, output) = pipe().unwrap();
        let begun = Arc::<Mutex<Vec<String>>>::default();
        let (drops, dropped) = mpsc::channel();
        let (ended, end) = mpsc::channel();
        let seen = begun.clone();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            let (service, _) = LspService::new(|_| Misbehaved { begun: seen, dropped: drops });
            let end = runtime.block_on(serve(service, input, output, Wires::default()));
            let _ = ended.send(end.unwrap());
        });
        Talk { to_server, from_server: read_all(from_server), begun, dropped, end }
    }

    fn ready() -> Talk {
        let mut talk = Talk::fresh();
        talk.send(&json!({"id": 0, "method": "initialize", "params": {"capabilities": {}}}));
        assert!(talk.answer(0).get("result").is_some());
        talk
    }

    fn send(&mut self, message: &Value) {
        let mut message = message.clone();
        message["jsonrpc"] = json!("2.0");
        write_frame(&mut self.to_server, message.to_string().as_bytes()).unwrap();
    }

    fn hover(&mut self, id: u32, line: u32) {
        self.send(&json!({"id": id, "method": "textDocument/hover", "params": {
            "textDocument": {"uri": "file:///a"}, "position": {"line": line, "character": id},
        }}));
    }

    /// The next message that is `wanted`; others are passed over.
    fn next(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        loop {
            let message = self.from_server.recv_timeout(LONG).expect("an answer");
            if wanted(&message) {
                return message;
            }
        }
    }

    fn answer(&self, id: u32) -> Value {
        self.next(|message| message["id"] == id && message.get("method").is_none())
    }

    fn code(&self, id: u32) -> i64 {
        self.answer(id)["error"]["code"].as_i64().expect("an error")
    }
}

#[test]
fn handlers_begin_in_order_while_many_are_pending() {
    let mut talk = Talk::ready();
    let mut expected = Vec::new();
    for turn in 1..=50 {
        talk.send(&json!({"method": "textDocument/didOpen", "params": {"textDocument": {
            "uri": "file:///a", "languageId": "python", "version": turn, "text": "",
        }}}));
        talk.hover(turn, 0);
        talk.send(&json!({"method": "textDocument/didChange", "params": {
            "textDocument": {"uri": "file:///a", "version": turn}, "contentChanges": [],
        }}));
        expected.extend([format!("open {turn}"), format!("hover {turn}"), format!("change {turn}")]);
    }
    talk.hover(99, 3);
    assert_eq!(talk.answer(99)["result"], Value::Null);
    expected.push("hover 99".to_owned());
    assert_eq!(*talk.begun.lock().unwrap(), expected);
}

#[test]
fn a_request_can_be_cancelled_behind_many_that_are_pending() {
    let mut talk = Talk::ready();
    for id in 1..=20 {
        talk.hover(id, 0);
    }
    talk.send(&json!({"method": "$/cancelRequest", "params": {"id": 20}}));
    assert_eq!(talk.code(20), -32800);
    assert_eq!(talk.dropped.recv_timeout(LONG), Ok(20));
}

#[test]
fn a_handler_that_waits_for_a_client_that_never_answers_holds_nothing_up() {
    let mut talk = Talk::ready();
    talk.send(&json!({"method": "initialized", "params": {}}));
    for turn in 1..=20 {
        talk.send(&json!({"method": "textDocument/didChange", "params": {
            "textDocument": {"uri": "file:///a", "version": turn}, "contentChanges": [],
        }}));
    }
    talk.hover(1, 3);
    assert_eq!(talk.answer(1)["result"], Value::Null);
}

#[test]
fn an_answer_that_nobody_asked_for_is_passed_over() {
    let mut talk = Talk::ready();
    talk.send(&json!({"id": 77, "result": null}));
    talk.send(&json!({"id": 77, "error": {"code": 1, "message": "no"}}));
    talk.hover(1, 3);
    assert_eq!(talk.answer(1)["result"], Value::Null);
}

#[test]
fn a_panic_is_answered_and_logged_and_the_session_lives_on() {
    let mut talk = Talk::ready();
    for (id, line, words) in [(1, 1, "at once"), (2, 2, "later")] {
        talk.hover(id, line);
        let log = talk.next(|message| message["method"] == "window/logMessage");
        assert!(log["params"]["message"].as_str().unwrap().contains(words), "{log}");
        let answer = talk.answer(id);
        assert_eq!(answer["error"]["code"], Error::internal_error().code.code(), "{answer}");
    }
    talk.hover(3, 3);
    assert_eq!(talk.answer(3)["result"], Value::Null);
}

#[test]
fn requests_out_of_their_time_are_refused() {
    let mut talk = Talk::fresh();
    talk.hover(1, 3);
    assert_eq!(talk.code(1), -32002);
    talk.send(&json!({"id": 2, "method": "no/such"}));
    assert_eq!(talk.code(2), -32002);
    talk.send(&json!({"id": 3, "method": "initialize", "params": {"capabilities": {}}}));
    talk.answer(3);
    talk.send(&json!({"id": 4, "method": "initialize", "params": {"capabilities": {}}}));
    assert_eq!(talk.code(4), -32600);
    talk.send(&json!({"id": 5, "method": "shutdown"}));
    assert_eq!(talk.answer(5)["result"], Value::Null);
    talk.hover(6, 3);
    assert_eq!(talk.code(6), -32600);
    talk.send(&json!({"id": 7, "method": "no/such"}));
    assert_eq!(talk.code(7), -32600);
}

#[test]
fn exit_ends_the_session_though_the_input_stays_open_and_handlers_wait() {
    let mut talk = Talk::ready();
    talk.hover(1, 0);
    talk.send(&json!({"method": "exit"}));
    assert_eq!(talk.end.recv_timeout(LONG), Ok(End::Early));

    let mut talk = Talk::ready();
    talk.hover(1, 0);
    talk.send(&json!({"id": 2, "method": "shutdown"}));
    talk.send(&json!({"method": "exit"}));
    assert_eq!(talk.end.recv_timeout(LONG), Ok(End::AfterShutdown));
    assert_eq!(talk.answer(2)["result"], Value::Null);
}

#[test]
fn a_client_that_reads_no_more_ends_the_session() {
    let Talk { mut to_server, from_server, end, .. } = Talk::ready();
    drop(from_server);
    // The reading thread goes with its first message; then the pipe is closed.
    for id in 1..=1000 {
        let _ = write_frame(
            &mut to_server,
            json!({"jsonrpc": "2.0", "id": id, "method": "no"}).to_string().as_bytes(),
        );
        if let Ok(end) = end.recv_timeout(Duration::from_millis(20)) {
            return assert_eq!(end, End::Early);
        }
    }
    panic!("the session goes on");
}
