//! A project on disk for one test.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::client::{Server, uri};

/// A test that writes where every run writes.
pub(crate) const BAD: &str = "def test_a():\n    open('/tmp/a.txt', 'w').close()\n";
/// A test that is good only in a folder of its own.
pub(crate) const RELATIVE: &str = "def test_a():\n    open('a.txt', 'w').close()\n";
/// Gives each test below it a folder of its own.
pub(crate) const MOVES: &str = "import pytest\n\n\n@pytest.fixture(autouse=True)\ndef own_folder(tmp_path, monkeypatch):\n    monkeypatch.chdir(tmp_path)\n";

/// A module that a fixture reloads, and a test that holds on to its old class; the evidence is in the conftest.
pub(crate) const RELOADED: [(&str, &str); 3] = [
    ("shop.py", "class Cart:\n    pass\n\n\ndef new_cart():\n    return Cart()\n"),
    (
        "conftest.py",
        "import importlib\n\nimport pytest\n\nimport shop\n\n\n@pytest.fixture(autouse=True)\ndef fresh_shop():\n    importlib.reload(shop)\n    yield\n",
    ),
    (
        "test_shop.py",
        "from shop import Cart, new_cart\n\n\ndef test_new_cart():\n    cart = new_cart()\n    assert isinstance(cart, Cart)\n",
    ),
];

pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    /// A project with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Project {
        let project = Project { folder: tempfile::tempdir().unwrap() };
        project.write("pytest.ini", "[pytest]\n");
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    pub(crate) fn uri(&self, name: &str) -> String {
        uri(&self.file(name))
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.file(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.file(name)).unwrap();
    }

    /// A server for a client with these capabilities.
    pub(crate) fn serve(&self, capabilities: Value) -> Server {
        Server::initialized(self.path(), capabilities).0
    }

    /// A server for a client that can do all that matters.
    pub(crate) fn serve_able(&self) -> Server {
        self.serve(able())
    }
}

/// The capabilities of a client that pulls diagnostics.
pub(crate) fn pulling() -> Value {
    let mut capabilities = able();
    capabilities["textDocument"]["diagnostic"] = json!({});
    capabilities["workspace"]["diagnostics"] = json!({"refreshSupport": true});
    capabilities
}

/// The capabilities of a client that can do all that matters.
pub(crate) fn able() -> Value {
    json!({
        "general": {"positionEncodings": ["utf-8", "utf-16"]},
        "textDocument": {
            "publishDiagnostics": {
                "relatedInformation": true, "codeDescriptionSupport": true, "tagSupport": {"valueSet": [1, 2]},
            },
            "codeAction": {
                "codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix", "source"]}},
                "disabledSupport": true, "isPreferredSupport": true,
            },
            "hover": {"contentFormat": ["markdown"]},
        },
        "workspace": {"workspaceEdit": {"documentChanges": true}},
    })
}

/// What an editor does with documents and what it learns of them.
impl Server {
    pub(crate) fn open(&mut self, uri: &str, version: i32, text: &str) {
        let document = json!({"uri": uri, "languageId": "python", "version": version, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    pub(crate) fn change(&mut self, uri: &str, version: i32, changes: Value) {
        let document = json!({"uri": uri, "version": version});
        self.notify("textDocument/didChange", json!({"textDocument": document, "contentChanges": changes}));
    }

    pub(crate) fn replace(&mut self, uri: &str, version: i32, text: &str) {
        self.change(uri, version, json!([{"text": text}]));
    }

    pub(crate) fn save(&mut self, uri: &str) {
        self.notify("textDocument/didSave", json!({"textDocument": {"uri": uri}}));
    }

    pub(crate) fn close(&mut self, uri: &str) {
        self.notify("textDocument/didClose", json!({"textDocument": {"uri": uri}}));
    }

    /// Waits for the next diagnostics of a document.
    pub(crate) fn published(&mut self, uri: &str) -> Published {
        let message = self.wait_for(|message| {
            message["method"] == "textDocument/publishDiagnostics" && message["params"]["uri"] == uri
        });
        Published(message["params"].clone())
    }

    /// Waits until the diagnostics of this version come.
    pub(crate) fn published_for(&mut self, uri: &str, version: i32) -> Published {
        loop {
            let published = self.published(uri);
            if published.version() == Some(version.into()) {
                return published;
            }
        }
    }

    /// Pulls the diagnostics of a document.
    pub(crate) fn pull(&mut self, uri: &str, previous: Option<&str>) -> Value {
        let params = json!({"textDocument": {"uri": uri}, "previousResultId": previous});
        self.ask("textDocument/diagnostic", params)
    }

    /// Waits for a request of the server and agrees to it. Returns its parameters.
    pub(crate) fn agree(&mut self, method: &str) -> Value {
        let asked = self.wait_for(|message| message["method"] == method && message.get("id").is_some());
        self.reply(&asked["id"], Value::Null);
        asked["params"].clone()
    }

    /// Waits for a line of the log that holds `words`.
    pub(crate) fn logged(&mut self, words: &str) {
        self.wait_for(|message| {
            message["method"] == "window/logMessage"
                && message["params"]["message"].as_str().is_some_and(|text| text.contains(words))
        });
    }

    pub(crate) fn hover(&mut self, uri: &str, line: u32, character: u32) -> Value {
        let position = json!({"line": line, "character": character});
        self.ask("textDocument/hover", json!({"textDocument": {"uri": uri}, "position": position}))
    }

    /// The code actions on a line, or for kinds of actions.
    pub(crate) fn actions(&mut self, uri: &str, line: u32, only: Option<&str>) -> Vec<Value> {
        let place = json!({"line": line, "character": 0});
        let end = json!({"line": line + 1, "character": 0});
        let mut context = json!({"diagnostics": []});
        if let Some(only) = only {
            context["only"] = json!([only]);
        }
        let range = json!({"start": place, "end": end});
        self.actions_in(uri, range, context)
    }

    pub(crate) fn actions_in(&mut self, uri: &str, range: Value, context: Value) -> Vec<Value> {
        let params = json!({"textDocument": {"uri": uri}, "range": range, "context": context});
        self.ask("textDocument/codeAction", params).as_array().cloned().unwrap_or_default()
    }

    /// Waits until all that was sent has been answered: what is unread then was said before.
    pub(crate) fn settle(&mut self) {
        self.hover("file:///nowhere/test_none.py", 0, 0);
    }
}

/// One `publishDiagnostics`.
#[derive(Debug)]
pub(crate) struct Published(Value);

impl Published {
    pub(crate) fn version(&self) -> Option<i64> {
        self.0["version"].as_i64()
    }

    pub(crate) fn list(&self) -> &[Value] {
        self.0["diagnostics"].as_array().unwrap()
    }

    /// The only one.
    pub(crate) fn one(&self) -> &Value {
        assert_eq!(self.list().len(), 1, "{:#}", self.0);
        &self.list()[0]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list().is_empty()
    }
}

/// A range as `line:character-line:character`, from 0.
pub(crate) fn range(of: &Value) -> String {
    let place = |place: &Value| format!("{}:{}", place["line"], place["character"]);
    format!("{}-{}", place(&of["range"]["start"]), place(&of["range"]["end"]))
}
