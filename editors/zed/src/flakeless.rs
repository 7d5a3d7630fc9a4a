//! Tells Zed how to start `flakeless server`.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{Command, Extension, LanguageServerId, Result, Worktree, register_extension};

const NAME: &str = "flakeless";

struct Flakeless;

impl Extension for Flakeless {
    fn new() -> Self {
        Flakeless
    }

    /// The program that `lsp.flakeless.binary.path` names, else the one on the `PATH`.
    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let binary = LspSettings::for_worktree(NAME, worktree)?.binary;
        let path = binary.and_then(|binary| binary.path).or_else(|| worktree.which(NAME));
        let command =
            path.ok_or("flakeless is not on the PATH: install it, or set lsp.flakeless.binary.path")?;
        Ok(Command { command, args: vec!["server".to_owned()], env: worktree.shell_env() })
    }

    fn language_server_workspace_configuration(
        &mut self,
        _: &LanguageServerId,
        worktree: &Worktree,
    ) -> Result<Option<zed_extension_api::serde_json::Value>> {
        Ok(LspSettings::for_worktree(NAME, worktree)?.settings)
    }
}

register_extension!(Flakeless);
