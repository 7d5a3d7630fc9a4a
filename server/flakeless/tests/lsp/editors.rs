//! The whole conversation with each editor, begun with what it really says in `initialize` (recorded from it).

use serde_json::{Value, json};

use crate::answers::apply;
use crate::client::Server;
use crate::project::{Project, RELOADED, range};

/// What is expected of the talk with one editor.
struct Editor {
    initialize: &'static str,
    encoding: &'static str,
    registered: &'static [&'static str],
    /// Edits come with versions.
    versioned: bool,
    /// Evidence comes as related information, not in the message.
    related: bool,
    hover: &'static str,
}

const FILES: &str = "workspace/didChangeWatchedFiles";
const SETTINGS: &str = "workspace/didChangeConfiguration";

#[test]
fn vscode() {
    talk(&Editor {
        initialize: include_str!("editors/vscode-1.139.1.json"),
        encoding: "utf-16",
        registered: &[FILES, SETTINGS],
        versioned: true,
        related: true,
        hover: "markdown",
    });
}

#[test]
fn neovim() {
    for initialize in [include_str!("editors/nvim-0.11.4.json"), include_str!("editors/nvim-0.12.4.json")] {
        talk(&Editor {
            initialize,
            encoding: "utf-8",
            registered: &[],
            versioned: false,
            related: true,
            hover: "markdown",
        });
    }
}

#[test]
fn helix() {
    for initialize in [include_str!("editors/helix-25.01.1.json"), include_str!("editors/helix-25.07.1.json")]
    {
        talk(&Editor {
            initialize,
            encoding: "utf-8",
            registered: &[FILES],
            versioned: true,
            related: false,
            hover: "markdown",
        });
    }
}

#[test]
fn emacs() {
    talk(&Editor {
        initialize: include_str!("editors/emacs-30.1.json"),
        encoding: "utf-8",
        registered: &[FILES],
        versioned: true,
        related: false,
        hover: "plaintext",
    });
}

/// What the editor said, about another project.
fn params(editor: &Editor, project: &Project) -> Value {
    let mut params: Value = serde_json::from_str(editor.initialize).unwrap();
    let uri = crate::client::uri(project.path());
    params["processId"] = Value::Null;
    params["rootPath"] = json!(project.path());
    params["rootUri"] = json!(uri);
    params["workspaceFolders"] = json!([{"name": "project", "uri": uri}]);
    params
}

fn talk(editor: &Editor) {
    let project = Project::new(&RELOADED);
    let (mut server, announced) = Server::initialized_with(params(editor, &project));
    assert_eq!(announced["capabilities"]["positionEncoding"], editor.encoding);
    assert!(announced["capabilities"].get("diagnosticProvider").is_none());
    if !editor.registered.is_empty() {
        let asked = server.wait_for(|message| message["method"] == "client/registerCapability");
        let registrations = asked["params"]["registrations"].as_array().unwrap();
        let methods: Vec<&str> = registrations.iter().map(|it| it["method"].as_str().unwrap()).collect();
        assert_eq!(methods, editor.registered);
        server.reply(&asked["id"], Value::Null);
    }
    let asked = server.wait_for(|message| message["method"] == "workspace/configuration");
    server.reply(&asked["id"], json!([{}]));

    let (name, text) = RELOADED[2];
    let uri = project.uri(name);
    server.open(&uri, 1, text);
    let published = server.published(&uri);
    assert_eq!(published.version(), Some(1));
    let hint = published.one();
    check_evidence(editor, hint);
    assert_eq!(server.hover(&uri, 5, 28)["contents"]["kind"], editor.hover);

    let actions = server.actions(&uri, 5, None);
    let action = actions.iter().find(|action| action["isPreferred"] == true).expect("a preferred action");
    assert_eq!(action["diagnostics"], json!([hint]));
    if editor.versioned {
        assert_eq!(action["edit"]["documentChanges"][0]["textDocument"], json!({"uri": uri, "version": 1}));
    } else {
        assert!(action["edit"].get("documentChanges").is_none());
    }
    server.replace(&uri, 2, &apply(&action["edit"], &uri, text));
    assert!(server.published_for(&uri, 2).is_empty());
    server.close(&uri);
    server.stop();
}

fn check_evidence(editor: &Editor, hint: &Value) {
    let message = hint["message"].as_str().unwrap();
    if !editor.related {
        assert!(hint.get("relatedInformation").is_none());
        assert!(message.contains("\n• conftest.py:10: "), "{message}");
        return;
    }
    let related = &hint["relatedInformation"][0];
    assert!(related["location"]["uri"].as_str().unwrap().ends_with("/conftest.py"), "{related}");
    assert_eq!(range(&related["location"]), "9:4-9:26");
    assert!(!message.contains('•'), "{message}");
}
