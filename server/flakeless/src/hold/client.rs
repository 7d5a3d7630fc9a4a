//! Any client: what it is told are frames of JSON-RPC, and each of its requests is answered once.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::script::Script;
use crate::lsp::converse;

/// A folder that is not there: nothing of the machine is looked at.
const FOLDER: &str = "file:///flakeless-nowhere";
const NAMES: [&str; 6] =
    ["test_a.py", "tests/test_b.py", "conftest.py", "pytest.ini", "pyproject.toml", "te%73t%5Fc.py"];
const TEXTS: [&str; 6] = [
    "",
    "def test_a():\n    open('/tmp/a.txt', 'w').close()\n",
    "import pytest\n\n\n@pytest.fixture(autouse=True)\ndef own(tmp_path, monkeypatch):\n    monkeypatch.chdir(tmp_path)\n",
    "[pytest]\naddopts = -n 4\nmarkers =\n    slow: é🐍\n",
    "import os\n\n\nclass TestX:\n    def test_é(self):\n        os.environ['A'] = \"\"\"1\n",
    "# flakeless: ignore[unisolated-file] why\n\r\n\rdef f(",
];
const ENCODINGS: [&str; 3] = ["utf-8", "utf-16", "utf-32"];
/// So long may a conversation be: a longer one says nothing new.
const MOST: usize = 200;

/// Any bytes after the first words, and then any bytes as the first words.
pub fn client_bytes(bytes: &[u8]) {
    let mut input = Vec::new();
    for message in
        [request(1, "initialize", &json!({"capabilities": {}})), notification("initialized", &json!({}))]
    {
        input.extend(frame(&message));
    }
    input.extend(bytes);
    for input in [input, bytes.to_vec()] {
        // The server may say nothing of what it is told; what it says must be readable.
        messages(&converse(input).unwrap_or_default());
    }
}

/// Well-formed messages in any order and number.
pub fn client_messages(bytes: &[u8]) {
    let mut talk = Talk { script: Script::new(bytes), input: Vec::new(), asked: Vec::new(), next: 2 };
    let encodings = json!([talk.script.one(&ENCODINGS)]);
    let pulls = if talk.script.of(2) == 0 { json!({"diagnostic": {}}) } else { json!({}) };
    let options = if talk.script.of(2) == 0 { json!({"diagnostic-mode": "workspace"}) } else { Value::Null };
    let able = json!({
        "general": {"positionEncodings": encodings}, "textDocument": pulls,
        "workspace": {"configuration": true, "workspaceEdit": {"documentChanges": true}}, "window": {"workDoneProgress": true},
    });
    talk.say(&request(
        1,
        "initialize",
        &json!({"rootUri": FOLDER, "capabilities": able, "initializationOptions": options}),
    ));
    talk.say(&notification("initialized", &json!({})));
    for _ in 0..MOST {
        if talk.script.is_over() {
            break;
        }
        talk.something();
    }
    let mut answers: BTreeMap<i64, usize> = BTreeMap::new();
    for message in messages(&converse(talk.input).unwrap_or_default()) {
        if message.get("method").is_none()
            && let Some(id) = message["id"].as_i64()
        {
            assert!(message.get("result").is_some() != message.get("error").is_some(), "{message}");
            assert_ne!(message["error"]["code"], -32603, "a mistake of the server: {message}");
            *answers.entry(id).or_default() += 1;
        }
    }
    for id in talk.asked {
        assert_eq!(answers.get(&id), Some(&1), "answers to the request {id}");
    }
}

struct Talk<'a> {
    script: Script<'a>,
    input: Vec<u8>,
    asked: Vec<i64>,
    next: i64,
}

impl Talk<'_> {
    fn say(&mut self, message: &Value) {
        self.input.extend(frame(message));
    }

    fn notify(&mut self, method: &str, params: &Value) {
        self.say(&notification(method, params));
    }

    fn ask(&mut self, method: &str, params: &Value) {
        self.asked.push(self.next);
        self.say(&request(self.next, method, params));
        self.next += 1;
    }

    fn something(&mut self) {
        let document = json!({"uri": format!("{FOLDER}/{}", self.script.one(&NAMES))});
        match self.script.of(16) {
            0 | 1 => self.open(&document),
            2..=5 => self.change(&document),
            6 => self.notify("textDocument/didClose", &json!({"textDocument": document})),
            7 => self.notify("textDocument/didSave", &json!({"textDocument": document})),
            8 => {
                let at = self.position();
                self.ask("textDocument/hover", &json!({"textDocument": document, "position": at}));
            }
            9 => {
                let (start, end) = (self.position(), self.position());
                let params = json!({"textDocument": document, "range": {"start": start, "end": end}, "context": {"diagnostics": []}});
                self.ask("textDocument/codeAction", &params);
            }
            10 => self.ask("textDocument/diagnostic", &json!({"textDocument": document})),
            11 => self.ask("workspace/diagnostic", &json!({"previousResultIds": []})),
            12 => {
                let command =
                    self.script.one(&["listRules", "projectModel", "checkWorkspace", "explainRule", "none"]);
                let params =
                    json!({"command": format!("flakeless.{command}"), "arguments": [document["uri"]]});
                self.ask("workspace/executeCommand", &params);
            }
            13 => {
                let kind = self.script.of(4);
                let params = json!({"changes": [{"uri": document["uri"], "type": kind}]});
                self.notify("workspace/didChangeWatchedFiles", &params);
            }
            14 => {
                let settings =
                    self.script.one(&["{}", "{\"min-confidence\": \"likely\"}", "{\"exclude\": 7}", "null"]);
                let settings: Value = serde_json::from_str(settings).unwrap_or_default();
                self.notify("workspace/didChangeConfiguration", &json!({"settings": settings}));
            }
            _ => {
                let gone = self.next - i64::from(self.script.byte() % 4);
                self.notify("$/cancelRequest", &json!({"id": gone}));
            }
        }
    }

    fn open(&mut self, document: &Value) {
        let (version, text) = (self.script.byte(), self.script.one(&TEXTS));
        let document =
            json!({"uri": document["uri"], "languageId": "python", "version": version, "text": text});
        self.notify("textDocument/didOpen", &json!({"textDocument": document}));
    }

    fn change(&mut self, document: &Value) {
        let document = json!({"uri": document["uri"], "version": self.script.byte()});
        let text = self.script.one(&[
            "",
            "x",
            "\n",
            "é🐍",
            "\"\"\"",
            "\r",
            "    ",
            "def test_n():\n    open('/tmp/n', 'w')\n",
        ]);
        let change = if self.script.of(5) == 0 {
            json!({"text": text})
        } else {
            let (start, end) = (self.position(), self.position());
            json!({"range": {"start": start, "end": end}, "text": text})
        };
        self.notify("textDocument/didChange", &json!({"textDocument": document, "contentChanges": [change]}));
    }

    fn position(&mut self) -> Value {
        json!({"line": self.script.byte() % 12, "character": self.script.byte() % 40})
    }
}

fn request(id: i64, method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

fn notification(method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

fn frame(message: &Value) -> Vec<u8> {
    let body = message.to_string();
    format!("Content-Length: {}\r\n\r\n{body}", body.len()).into_bytes()
}

/// The messages of what a server said.
#[track_caller]
fn messages(mut said: &[u8]) -> Vec<Value> {
    let mut messages = Vec::new();
    while !said.is_empty() {
        let head = memchr::memmem::find(said, b"\r\n\r\n").unwrap_or_else(|| panic!("no end of a header"));
        let length =
            std::str::from_utf8(&said[..head]).ok().and_then(|it| it.strip_prefix("Content-Length: "));
        let length: usize = length.and_then(|it| it.parse().ok()).unwrap_or_else(|| panic!("no length"));
        let body = head + 4..head + 4 + length;
        let message: Value =
            serde_json::from_slice(&said[body.clone()]).unwrap_or_else(|why| panic!("no JSON: {why}"));
        assert_eq!(message["jsonrpc"], "2.0");
        messages.push(message);
        said = &said[body.end..];
    }
    messages
}
