//! A small blocking client. Each wait ends with the message that it waits for; its time limit only guards against
//! hanging.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// Guards against hanging only.
pub(crate) const LONG: Duration = Duration::from_secs(60);

/// A running server and the client's end of the conversation.
pub(crate) struct Server {
    process: Child,
    to_server: Option<ChildStdin>,
    from_server: Receiver<Value>,
    /// What came while something else was waited for, oldest first.
    unread: VecDeque<Value>,
    next_id: i64,
    /// What is held back to be sent at once.
    held: Option<Vec<u8>>,
}

/// An error answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    pub(crate) code: i64,
    pub(crate) message: String,
}

impl Server {
    /// A server that has heard nothing yet.
    pub(crate) fn spawn() -> Server {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flakeless"));
        Server::spawn_by(command.arg("server"))
    }

    /// The server that `command` starts.
    pub(crate) fn spawn_by(command: &mut Command) -> Server {
        let mut process =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the binary starts");
        let to_server = process.stdin.take();
        let from_server = read_messages(process.stdout.take().unwrap());
        Server { process, to_server, from_server, unread: VecDeque::new(), next_id: 1, held: None }
    }

    /// A server that is initialized for `folder` by a client with these `capabilities`, and what it announced.
    pub(crate) fn initialized(folder: &Path, capabilities: Value) -> (Server, Value) {
        Server::initialized_with(
            json!({"processId": null, "rootUri": uri(folder), "capabilities": capabilities}),
        )
    }

    pub(crate) fn initialized_with(params: Value) -> (Server, Value) {
        Server::spawn().initialize(params)
    }

    /// Says the first words, and gives what was announced.
    pub(crate) fn initialize(self, params: Value) -> (Server, Value) {
        let mut server = self;
        let announced = server.ask("initialize", params);
        server.notify("initialized", json!({}));
        (server, announced)
    }

    /// Sends bytes as they are.
    pub(crate) fn send_raw(&mut self, bytes: &[u8]) {
        if let Some(held) = &mut self.held {
            return held.extend_from_slice(bytes);
        }
        let to_server = self.to_server.as_mut().expect("the input is open");
        to_server.write_all(bytes).and_then(|()| to_server.flush()).expect("the server reads");
    }

    /// Sends all that `say` says in one write.
    pub(crate) fn together(&mut self, say: impl FnOnce(&mut Server)) {
        self.held = Some(Vec::new());
        say(self);
        let held = self.held.take().unwrap_or_default();
        self.send_raw(&held);
    }

    /// Sends bytes as the body of a frame.
    pub(crate) fn send_body(&mut self, body: &[u8]) {
        self.send_raw(format!("Content-Length: {}\r\n\r\n", body.len()).as_bytes());
        self.send_raw(body);
    }

    fn send(&mut self, mut message: Value) {
        message["jsonrpc"] = json!("2.0");
        self.send_body(message.to_string().as_bytes());
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"method": method, "params": params}));
    }

    /// Sends a request and returns its id.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> i64 {
        let id = self.next_id;
        self.next_id += 1;
        self.send(json!({"id": id, "method": method, "params": params}));
        id
    }

    /// Sends a request and waits for its result.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        self.answer(id).unwrap_or_else(|refused| panic!("{method}: {refused:?}"))
    }

    /// Answers a request of the server.
    pub(crate) fn reply(&mut self, id: &Value, result: Value) {
        self.send(json!({"id": id, "result": result}));
    }

    /// Waits for the answer to the request with this id.
    pub(crate) fn answer(&mut self, id: i64) -> Result<Value, Refused> {
        let mut answer = self.wait_for(|message| message["id"] == id && message.get("method").is_none());
        match answer.get("error") {
            None => Ok(answer["result"].take()),
            Some(error) => Err(refused(error)),
        }
    }

    /// Waits for an error that belongs to no request.
    pub(crate) fn stray_error(&mut self) -> Refused {
        let stray = self.wait_for(|message| message["id"].is_null() && message.get("error").is_some());
        refused(&stray["error"])
    }

    /// Waits for a notification and returns its parameters.
    pub(crate) fn notification(&mut self, method: &str) -> Value {
        self.wait_for(|message| message["method"] == method && message.get("id").is_none())["params"].take()
    }

    /// Waits for the first message that is `wanted`; what comes before it stays unread.
    pub(crate) fn wait_for(&mut self, wanted: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.unread.iter().position(&wanted) {
            return self.unread.remove(at).unwrap();
        }
        let end = Instant::now() + LONG;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            let message = self.from_server.recv_timeout(left).unwrap_or_else(|_| {
                panic!("the server has not said what was waited for, but: {:#?}", self.unread)
            });
            if wanted(&message) {
                return message;
            }
            self.unread.push_back(message);
        }
    }

    /// What has come unread so far and is `wanted`, oldest first.
    pub(crate) fn take_unread(&mut self, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
        self.unread.extend(self.from_server.try_iter());
        let (taken, left): (Vec<Value>, Vec<Value>) =
            self.unread.drain(..).partition(|message| wanted(message));
        self.unread = left.into();
        taken
    }

    /// Says `shutdown` and `exit`, and checks that the server obeys.
    pub(crate) fn stop(mut self) {
        self.ask("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        assert_eq!(self.exit_code(), Some(0));
    }

    pub(crate) fn process_id(&self) -> u32 {
        self.process.id()
    }

    /// Closes the server's input.
    pub(crate) fn hang_up(&mut self) {
        self.to_server = None;
    }

    /// Waits for the end of the process. Its input stays as it is.
    pub(crate) fn exit_code(&mut self) -> Option<i32> {
        let end = Instant::now() + LONG;
        while Instant::now() < end {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status.code();
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("the server goes on");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The `file:` URI of a path without unusual characters.
pub(crate) fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn refused(error: &Value) -> Refused {
    let message = error["message"].as_str().expect("an error says why").to_owned();
    Refused { code: error["code"].as_i64().expect("an error has a code"), message }
}

fn read_messages(output: ChildStdout) -> Receiver<Value> {
    let (sender, receiver) = mpsc::channel();
    let mut output = BufReader::new(output);
    thread::spawn(move || {
        while let Some(message) = read_message(&mut output) {
            if sender.send(message).is_err() {
                return;
            }
        }
    });
    receiver
}

/// `None` at the end of the output. Anything but frames on stdout fails the test.
pub(crate) fn read_message(output: &mut impl BufRead) -> Option<Value> {
    let mut header = String::new();
    if output.read_line(&mut header).unwrap() == 0 {
        return None;
    }
    let length = header.strip_prefix("Content-Length: ").expect("a length header").trim().parse().unwrap();
    let mut blank = String::new();
    output.read_line(&mut blank).unwrap();
    assert_eq!(blank, "\r\n");
    let mut body = vec![0; length];
    output.read_exact(&mut body).unwrap();
    Some(serde_json::from_slice(&body).expect("JSON"))
}
