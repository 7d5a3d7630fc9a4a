//! The whole conversation with each editor, begun with what it really says in `initialize` (recorded from it).

use serde_json::{Value, json};

use crate::answers::apply;
use crate::client::{Server, uri};
use crate::project::{Project, RELOADED, range};

/// How an editor gets hints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Model {
    Pushed,
    Pulled,
}

/// Where an editor is asked to watch files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Watching {
    /// It watches nothing.
    Nothing,
    /// In its own folders.
    Everywhere,
    /// Below the folder that is read, once something is.
    BelowRoot,
}

/// What is expected of the talk with one editor.
struct Editor {
    initialize: &'static str,
    encoding: &'static str,
    model: Model,
    watching: Watching,
    /// It is asked to tell when settings change.
    settings: bool,
    /// Edits come with versions.
    versioned: bool,
    /// Evidence comes as related information, not in the message.
    related: bool,
    /// An action that cannot be done is shown, with the reason.
    disabled: bool,
    hover: &'static str,
}

#[test]
fn vscode() {
    talk(&Editor {
        initialize: include_str!("editors/vscode-1.139.1.json"),
        encoding: "utf-16",
        model: Model::Pulled,
        watching: Watching::BelowRoot,
        settings: true,
        versioned: true,
        related: true,
        disabled: true,
        hover: "markdown",
    });
}

/// Neovim 0.11 pulls and cannot be told to ask again: it is pushed to.
#[test]
fn neovim() {
    for (initialize, model, disabled) in [
        (include_str!("editors/nvim-0.11.4.json"), Model::Pushed, false),
        (include_str!("editors/nvim-0.12.4.json"), Model::Pulled, true),
    ] {
        talk(&Editor {
            initialize,
            encoding: "utf-8",
            model,
            watching: Watching::Nothing,
            settings: false,
            versioned: false,
            related: true,
            disabled,
            hover: "markdown",
        });
    }
}

#[test]
fn helix() {
    for (initialize, model, watching) in [
        (include_str!("editors/helix-25.01.1.json"), Model::Pushed, Watching::Everywhere),
        (include_str!("editors/helix-25.07.1.json"), Model::Pulled, Watching::BelowRoot),
    ] {
        talk(&Editor {
            initialize,
            encoding: "utf-8",
            model,
            watching,
            settings: false,
            versioned: true,
            related: false,
            disabled: true,
            hover: "markdown",
        });
    }
}

#[test]
fn emacs() {
    talk(&Editor {
        initialize: include_str!("editors/emacs-30.1.json"),
        encoding: "utf-8",
        model: Model::Pushed,
        watching: Watching::Everywhere,
        settings: false,
        versioned: true,
        related: false,
        disabled: false,
        hover: "plaintext",
    });
}

/// What the editor said, about another project.
fn params(editor: &Editor, project: &Project) -> Value {
    let mut params: Value = serde_json::from_str(editor.initialize).unwrap();
    let uri = uri(project.path());
    params["processId"] = Value::Null;
    params["rootPath"] = json!(project.path());
    params["rootUri"] = json!(uri);
    params["workspaceFolders"] = json!([{"name": "project", "uri": uri}]);
    params
}

fn talk(editor: &Editor) {
    let project = Project::new(&RELOADED);
    let (mut server, announced) = Server::initialized_with(params(editor, &project));
    check_announced(editor, &announced["capabilities"]);
    answer_first_questions(editor, &project, &mut server);

    let (name, text) = RELOADED[2];
    let uri = project.uri(name);
    server.open(&uri, 1, text);
    if editor.watching == Watching::BelowRoot {
        let asked = server.agree("client/registerCapability");
        let watcher = &asked["registrations"][0]["registerOptions"]["watchers"][0];
        let base = crate::client::uri(project.path());
        assert_eq!(watcher["globPattern"], json!({"baseUri": base, "pattern": "**/*.py"}));
    }
    let hints = hints(editor, &mut server, &uri, 1);
    assert_eq!(hints.len(), 1);
    check_evidence(editor, &hints[0]);
    assert_eq!(server.hover(&uri, 5, 28)["contents"]["kind"], editor.hover);

    let actions = server.actions(&uri, 5, None);
    let action = actions.iter().find(|action| action["isPreferred"] == true).expect("a preferred action");
    assert_eq!(action["diagnostics"], json!([hints[0]]));
    // All of these ask for the edit when the action is chosen.
    assert_eq!(action.get("edit"), None);
    let resolved = server.ask("codeAction/resolve", action.clone());
    let edit = &resolved["edit"];
    if editor.versioned {
        assert_eq!(edit["documentChanges"][0]["textDocument"], json!({"uri": uri, "version": 1}));
    } else {
        assert!(edit.get("documentChanges").is_none() && edit["changes"].is_object(), "{edit}");
    }
    server.replace(&uri, 2, &apply(edit, &uri, text));
    assert_eq!(self::hints(editor, &mut server, &uri, 2).len(), 0);
    check_disabled(editor, &project, &mut server);
    server.close(&uri);
    server.stop();
}

fn check_announced(editor: &Editor, capabilities: &Value) {
    assert_eq!(capabilities["positionEncoding"], editor.encoding);
    assert_eq!(capabilities.get("diagnosticProvider").is_some(), editor.model == Model::Pulled);
    assert_eq!(capabilities["codeActionProvider"]["resolveProvider"], true);
    assert_eq!(
        capabilities["workspace"]["workspaceFolders"],
        json!({"supported": true, "changeNotifications": true})
    );
}

/// What every one of them is asked after `initialized`.
fn answer_first_questions(editor: &Editor, project: &Project, server: &mut Server) {
    let mut expected = Vec::new();
    if editor.watching == Watching::Everywhere {
        expected.push("workspace/didChangeWatchedFiles");
    }
    if editor.settings {
        expected.push("workspace/didChangeConfiguration");
    }
    if !expected.is_empty() {
        let asked = server.agree("client/registerCapability");
        let registrations = asked["registrations"].as_array().unwrap();
        let methods: Vec<&str> = registrations.iter().map(|it| it["method"].as_str().unwrap()).collect();
        assert_eq!(methods, expected);
    }
    let asked = server.wait_for(|message| message["method"] == "workspace/configuration");
    let folder = uri(project.path());
    assert_eq!(asked["params"]["items"], json!([{"scopeUri": folder, "section": "flakeless"}]));
    server.reply(&asked["id"], json!([{}]));
}

/// The hints of this version, got as the editor gets them.
fn hints(editor: &Editor, server: &mut Server, uri: &str, version: i32) -> Vec<Value> {
    match editor.model {
        Model::Pushed => server.published_for(uri, version).list().to_vec(),
        Model::Pulled => {
            let report = server.pull(uri, None);
            let pushed = server.take_unread(|message| message["method"] == "textDocument/publishDiagnostics");
            assert_eq!(pushed.len(), 0, "never both");
            report["items"].as_array().unwrap().clone()
        }
    }
}

/// On the test's name the marker is offered, which strict markers would refuse: a configuration that does not parse
/// cannot be added to.
fn check_disabled(editor: &Editor, project: &Project, server: &mut Server) {
    let uri = project.uri("test_plain.py");
    server.open(&uri, 1, "def test_plain():\n    pass\n");
    let start = json!({"line": 0, "character": 6});
    let ask = |server: &mut Server, trigger: u8| {
        let range = json!({"start": start, "end": start});
        server.actions_in(&uri, range, json!({"diagnostics": [], "triggerKind": trigger}))
    };
    assert_eq!(ask(server, 2).len(), 0, "no lightbulb on a good test");
    assert!(ask(server, 1).iter().any(|action| action["title"].as_str().unwrap().contains("no_parallel")));
    let broken = project.uri("pytest.ini");
    server.open(&broken, 1, "[pytest]\nstrict_markers = true\naddopts = --strict-markers\nmarkers\n");
    let is_marker = |action: &&Value| action["title"].as_str().unwrap().contains("no_parallel");
    let is_disabled = |action: &Value| action.get("disabled").is_some();
    let offered = ask(server, 1);
    // A client that cannot show why is not shown the action at all.
    assert_eq!(
        offered.iter().find(is_marker).map(is_disabled),
        editor.disabled.then_some(true),
        "{offered:#?}"
    );
    server.close(&broken);
    server.close(&uri);
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
