//! What the client can take, and what the server then announces (LSP 3.17, "Initialize Request").

use analysis::text::Encoding;
use serde_json::Value;
use tower_lsp::lsp_types::{
    ClientCapabilities, CodeActionKind, CodeActionOptions, CodeActionProviderCapability, CodeLensOptions,
    DiagnosticOptions, DiagnosticServerCapabilities, DiagnosticTag, ExecuteCommandOptions,
    HoverProviderCapability, MarkupKind, OneOf, PositionEncodingKind, ResourceOperationKind, SaveOptions,
    ServerCapabilities, TextDocumentSyncCapability, TextDocumentSyncKind, TextDocumentSyncOptions,
    WorkDoneProgressOptions, WorkspaceFoldersServerCapabilities, WorkspaceServerCapabilities,
};

use super::commands;

/// The kind of the action that applies every safe fix of a file.
pub(crate) const FIX_ALL: CodeActionKind = CodeActionKind::new("source.fixAll.flakeless");

/// The client's abilities, as far as an answer depends on them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Abilities {
    pub(crate) encoding: Encoding,
    /// Pulls diagnostics, and again when it is told that they changed. A client that pulls only what is edited would
    /// go on showing what an edit of a conftest made wrong in other files: it is pushed to instead.
    pub(crate) pulls: bool,
    /// Shows `relatedInformation`; else the evidence must be in the message.
    pub(crate) related_information: bool,
    pub(crate) code_description: bool,
    pub(crate) unnecessary_tag: bool,
    /// Takes code actions with edits, not only commands.
    pub(crate) code_actions: bool,
    /// Asks for the edit of an action when it is chosen.
    pub(crate) resolves_edits: bool,
    /// Shows actions that cannot be done, with the reason.
    pub(crate) disabled_actions: bool,
    /// Takes edits with document versions.
    pub(crate) document_changes: bool,
    /// Makes files that an edit says are new.
    pub(crate) creates_files: bool,
    pub(crate) markdown: bool,
    /// Lets the server say which files to watch.
    pub(crate) watches_files: bool,
    /// Watches below a folder that the server names, also outside its own.
    pub(crate) relative_patterns: bool,
    /// Can be asked for its settings.
    pub(crate) tells_settings: bool,
    /// Wants to be asked to tell when its settings change.
    pub(crate) registers_settings: bool,
    /// Has several folders, which come and go.
    pub(crate) folders: bool,
    /// Shows a diagnostic's message above what hover says of it. LSP has no word for that: `experimental`'s
    /// `flakeless.diagnosticsOnHover`.
    pub(crate) shows_diagnostics_on_hover: bool,
    /// Asks for lenses again when it is told to.
    pub(crate) refreshes_lenses: bool,
    /// Shows the progress of long work.
    pub(crate) progress: bool,
}

impl Abilities {
    pub(crate) fn of(client: &ClientCapabilities) -> Self {
        let document = client.text_document.as_ref();
        let workspace = client.workspace.as_ref();
        let diagnostics = document.and_then(|document| document.publish_diagnostics.as_ref());
        let actions = document.and_then(|document| document.code_action.as_ref());
        let edits = workspace.and_then(|workspace| workspace.workspace_edit.as_ref());
        let hover = document.and_then(|document| document.hover.as_ref()?.content_format.as_ref());
        let watching = workspace.and_then(|workspace| workspace.did_change_watched_files.as_ref());
        Abilities {
            encoding: encoding(client),
            pulls: pulls(client),
            related_information: diagnostics.is_some_and(|it| it.related_information == Some(true)),
            code_description: diagnostics.is_some_and(|it| it.code_description_support == Some(true)),
            unnecessary_tag: diagnostics.is_some_and(|it| {
                it.tag_support
                    .as_ref()
                    .is_some_and(|tags| tags.value_set.contains(&DiagnosticTag::UNNECESSARY))
            }),
            code_actions: actions.is_some_and(|it| it.code_action_literal_support.is_some()),
            resolves_edits: actions.is_some_and(|it| {
                it.data_support == Some(true)
                    && it
                        .resolve_support
                        .as_ref()
                        .is_some_and(|resolve| resolve.properties.iter().any(|property| property == "edit"))
            }),
            disabled_actions: actions.is_some_and(|it| it.disabled_support == Some(true)),
            document_changes: edits.is_some_and(|it| it.document_changes == Some(true)),
            creates_files: edits
                .and_then(|it| it.resource_operations.as_ref())
                .is_some_and(|operations| operations.contains(&ResourceOperationKind::Create)),
            markdown: hover.is_some_and(|formats| formats.contains(&MarkupKind::Markdown)),
            watches_files: watching.is_some_and(|it| it.dynamic_registration == Some(true)),
            relative_patterns: watching.is_some_and(|it| it.relative_pattern_support == Some(true)),
            tells_settings: workspace.is_some_and(|it| it.configuration == Some(true)),
            registers_settings: workspace
                .and_then(|it| it.did_change_configuration)
                .is_some_and(|it| it.dynamic_registration == Some(true)),
            folders: workspace.is_some_and(|it| it.workspace_folders == Some(true)),
            shows_diagnostics_on_hover: client.experimental.as_ref().is_some_and(|experimental| {
                experimental.pointer("/flakeless/diagnosticsOnHover") == Some(&Value::Bool(true))
            }),
            refreshes_lenses: workspace
                .and_then(|it| it.code_lens.as_ref())
                .is_some_and(|it| it.refresh_support == Some(true)),
            progress: client.window.as_ref().is_some_and(|it| it.work_done_progress == Some(true)),
        }
    }

    /// What is announced to this client; code of the project is run only if `may_run`.
    pub(crate) fn server_capabilities(&self, may_run: bool) -> ServerCapabilities {
        let sync = TextDocumentSyncOptions {
            open_close: Some(true),
            change: Some(TextDocumentSyncKind::INCREMENTAL),
            save: Some(SaveOptions { include_text: Some(false) }.into()),
            ..TextDocumentSyncOptions::default()
        };
        let actions = CodeActionOptions {
            code_action_kinds: Some(vec![CodeActionKind::QUICKFIX, FIX_ALL]),
            resolve_provider: self.resolves_edits.then_some(true),
            ..CodeActionOptions::default()
        };
        // Whether closed files are looked at is a setting: where it is off, the workspace's request waits.
        let diagnostics = DiagnosticOptions {
            identifier: Some("flakeless".to_owned()),
            inter_file_dependencies: true,
            workspace_diagnostics: true,
            ..DiagnosticOptions::default()
        };
        let folders = WorkspaceFoldersServerCapabilities {
            supported: Some(true),
            change_notifications: Some(OneOf::Left(true)),
        };
        ServerCapabilities {
            position_encoding: Some(encoding_kind(self.encoding)),
            text_document_sync: Some(TextDocumentSyncCapability::Options(sync)),
            hover_provider: Some(HoverProviderCapability::Simple(true)),
            diagnostic_provider: self.pulls.then_some(DiagnosticServerCapabilities::Options(diagnostics)),
            workspace: self.folders.then_some(WorkspaceServerCapabilities {
                workspace_folders: Some(folders),
                file_operations: None,
            }),
            execute_command_provider: Some(ExecuteCommandOptions {
                commands: commands::names(may_run).map(str::to_owned).collect(),
                work_done_progress_options: WorkDoneProgressOptions { work_done_progress: Some(true) },
            }),
            code_lens_provider: may_run.then_some(CodeLensOptions { resolve_provider: Some(false) }),
            code_action_provider: self.code_actions.then_some(CodeActionProviderCapability::Options(actions)),
            ..ServerCapabilities::default()
        }
    }
}

fn pulls(client: &ClientCapabilities) -> bool {
    let pulls = client.text_document.as_ref().is_some_and(|document| document.diagnostic.is_some());
    let refresh =
        client.workspace.as_ref().and_then(|workspace| workspace.diagnostic.as_ref()?.refresh_support);
    pulls && refresh == Some(true)
}

/// UTF-8 where the client offers it: it costs nothing here. Else UTF-16, which every client must know.
fn encoding(client: &ClientCapabilities) -> Encoding {
    let offered = client.general.as_ref().and_then(|general| general.position_encodings.as_ref());
    let utf8 = offered.is_some_and(|kinds| kinds.contains(&PositionEncodingKind::UTF8));
    if utf8 { Encoding::Utf8 } else { Encoding::Utf16 }
}

fn encoding_kind(encoding: Encoding) -> PositionEncodingKind {
    match encoding {
        Encoding::Utf8 => PositionEncodingKind::UTF8,
        Encoding::Utf16 => PositionEncodingKind::UTF16,
        Encoding::Utf32 => PositionEncodingKind::UTF32,
    }
}
