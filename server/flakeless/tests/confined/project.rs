//! A project that would like to be run, and to be led elsewhere.

use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::trace::{Deeds, strace};

/// A test with a hint whose fix changes the file, and code that would leave a trace wherever it is imported.
const TEST: &str = "\
import os

import pytest

os.mkdir(\"ran\")


@pytest.mark.parametrize(\"word\", {\"a\", \"b\"})
def test_word(word):
    os.mkdir(\"ran\")
    open(\"out.txt\", \"w\").close()
";
const CODE: &str = "import os\n\nos.mkdir(\"ran\")\n";
const PROGRAM: &str = "#!/bin/sh\nmkdir ran\n";

pub(crate) struct Hostile {
    folder: TempDir,
}

impl Hostile {
    pub(crate) fn new() -> Hostile {
        let hostile = Hostile { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(hostile.cache()).unwrap();
        hostile.write("secret", "token = 1 2\n");
        hostile.write(
            "work/.git/config",
            "[core]\n\tfsmonitor = ./program\n\tpager = ./program\n\thooksPath = hooks\n",
        );
        hostile.write("work/.git/HEAD", "ref: refs/heads/main\n");
        for hook in [
            "work/.git/hooks/post-index-change",
            "work/hooks/post-checkout",
            "work/program",
            "work/env/bin/python",
        ] {
            hostile.write(hook, PROGRAM);
            fs::set_permissions(hostile.path(hook), fs::Permissions::from_mode(0o755)).unwrap();
        }
        for module in [
            "conftest.py",
            "setup.py",
            "noxfile.py",
            "sitecustomize.py",
            "tests/conftest.py",
            "plugin.py",
            "manage.py",
        ] {
            hostile.write(&format!("work/{module}"), CODE);
        }
        hostile.write("work/tests/test_a.py", TEST);
        hostile
            .write("work/env/lib/python3.12/site-packages/pytest-8.0.0.dist-info/METADATA", "Name: pytest\n");
        hostile.write("work/env/lib/python3.12/site-packages/run.pth", "import os; os.mkdir('ran')\n");
        hostile.write("work/Makefile", "test:\n\t./program\n");
        hostile.write("work/pytest.ini", "[pytest]\naddopts = -p plugin -c ../../secret --rootdir=../..\npythonpath = ../..\ntestpaths = tests ../..\n");
        hostile.write(
            "work/requirements.txt",
            "-r ../secret\n-c https://example.org/constraints.txt\npytest @ https://example.org/pytest.whl\n",
        );
        hostile.write(
            "work/pyproject.toml",
            "[build-system]\nrequires = [\"x @ file:../secret\"]\nbuild-backend = \"program\"\nbackend-path = [\".\"]\n\n\
             [tool.flakeless]\npython = \"env/bin/python\"\ncache-dir = \"../stolen\"\n",
        );
        hostile.write("work/tox.ini", "[testenv]\ncommands = ./program\ndeps = -r../secret\n");
        for link in ["tests/test_link.py", "tests/pytest.ini", "setup.cfg", ".github/workflows/x.yml"] {
            let link = hostile.path(&format!("work/{link}"));
            fs::create_dir_all(link.parent().unwrap()).unwrap();
            symlink(hostile.secret(), link).unwrap();
        }
        symlink(hostile.path(""), hostile.path("work/tests/up")).unwrap();
        hostile
    }

    fn path(&self, relative: &str) -> PathBuf {
        self.folder.path().join(relative)
    }

    fn write(&self, relative: &str, text: &str) {
        let path = self.path(relative);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn workspace(&self) -> PathBuf {
        self.path("work")
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.path("cache")
    }

    /// A file beside the workspace, to which much in it leads.
    pub(crate) fn secret(&self) -> PathBuf {
        self.path("secret")
    }

    /// The files above the workspace that decide where its project begins, and what the person who looks has told git to
    /// ignore.
    pub(crate) fn configuration_above(&self) -> Vec<PathBuf> {
        let names = ["pyproject.toml", "tox.ini", "setup.cfg"];
        let git = ["home/.gitconfig", "home/.config/git/config", "home/.config/git/ignore"];
        let above = self.folder.path().ancestors();
        let mut paths: Vec<PathBuf> = above.flat_map(|folder| names.map(|name| folder.join(name))).collect();
        paths.extend(git.map(|path| self.path(path)));
        paths.push(PathBuf::from("/etc/gitconfig"));
        paths
    }

    /// What a run of the binary in the workspace did.
    pub(crate) fn trace(&self, arguments: &[&str]) -> Deeds {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flakeless"));
        command.args(arguments).current_dir(self.workspace());
        self.heard(&command)
    }

    /// What a program did.
    pub(crate) fn heard(&self, command: &Command) -> Deeds {
        let log = self.path("log");
        let status = self.traced(command, &log).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        assert!(matches!(status.code(), Some(0 | 1)), "{command:?}: {status}");
        Deeds::heard(&log)
    }

    fn traced(&self, command: &Command, log: &Path) -> Command {
        let mut traced = strace(log);
        traced.arg(command.get_program()).args(command.get_args());
        traced.current_dir(command.get_current_dir().unwrap());
        traced
            .env("HOME", self.path("home"))
            .env("XDG_CACHE_HOME", self.cache())
            .env_remove("XDG_CONFIG_HOME");
        traced
    }

    /// What the server did for a client that opens every document, asks for everything and has the workspace checked.
    pub(crate) fn trace_server(&self) -> Deeds {
        let log = self.path("log");
        let mut command = Command::new(env!("CARGO_BIN_EXE_flakeless"));
        command.arg("server").current_dir(self.workspace());
        let mut server =
            self.traced(&command, &log).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut input = server.stdin.take().unwrap();
        let mut send = |message: &Value| {
            let body = message.to_string();
            write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).unwrap();
        };
        let conversation = self.conversation();
        conversation.iter().for_each(&mut send);
        // What is asked last is answered last: until then nothing may end.
        let last = format!("\"id\":{}", conversation.last().unwrap()["id"]);
        let mut output = server.stdout.take().unwrap();
        let mut said = String::new();
        let mut piece = [0; 4096];
        while !said.contains(&last) {
            let count = output.read(&mut piece).unwrap();
            assert!(count > 0, "it ended early: {said}");
            said.push_str(&String::from_utf8_lossy(&piece[..count]));
        }
        send(&json!({"jsonrpc": "2.0", "id": "end", "method": "shutdown"}));
        send(&json!({"jsonrpc": "2.0", "method": "exit"}));
        let status = server.wait().unwrap();
        assert_eq!(status.code(), Some(0), "{said}");
        assert!(said.contains("unstable-parametrize"), "{said}");
        Deeds::heard(&log)
    }

    fn conversation(&self) -> Vec<Value> {
        let uri = |path: &str| format!("file://{}", self.path(path).display());
        let mut messages = Vec::new();
        let mut say = |method: &str, params: Value| {
            let mut message = json!({"jsonrpc": "2.0", "method": method, "params": params});
            let is_request = !method.contains("/did") && !matches!(method, "initialized" | "exit");
            if is_request {
                message["id"] = json!(messages.len());
            }
            messages.push(message);
        };
        let options = json!({"diagnostic-mode": "workspace"});
        say(
            "initialize",
            json!({"rootUri": uri("work"), "capabilities": {}, "initializationOptions": options}),
        );
        say("initialized", json!({}));
        for name in ["tests/test_a.py", "conftest.py", "pytest.ini", "pyproject.toml"] {
            let path = format!("work/{name}");
            let text = fs::read_to_string(self.path(&path)).unwrap();
            let document = json!({"uri": uri(&path), "languageId": "python", "version": 1, "text": text});
            say("textDocument/didOpen", json!({"textDocument": document}));
            let document = json!({"uri": uri(&path)});
            let place = json!({"line": 8, "character": 6});
            say("textDocument/hover", json!({"textDocument": document, "position": place}));
            let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 11, "character": 0}});
            say(
                "textDocument/codeAction",
                json!({"textDocument": document, "range": range, "context": {"diagnostics": []}}),
            );
            say("textDocument/didSave", json!({"textDocument": document}));
        }
        say("textDocument/didClose", json!({"textDocument": {"uri": uri("work/conftest.py")}}));
        for command in ["flakeless.listRules", "flakeless.projectModel", "flakeless.checkWorkspace"] {
            say("workspace/executeCommand", json!({"command": command, "arguments": []}));
        }
        messages
    }

    /// Nothing of it ran, wherever that would have left its mark, and nothing was put where it pointed.
    pub(crate) fn assert_untouched(&self) {
        for mark in ["ran", "work/ran", "work/tests/ran", "stolen"] {
            assert!(!self.path(mark).exists(), "{mark}");
        }
        assert_eq!(fs::read_to_string(self.secret()).unwrap(), "token = 1 2\n");
    }
}
