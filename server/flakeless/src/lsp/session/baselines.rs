//! The files of accepted hints: what becomes of them on disk, and writing them for a person.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use tower_lsp::jsonrpc::{Error, ErrorCode, Result};
use tower_lsp::lsp_types::MessageType;

use super::Session;
use crate::baseline::{self, Stock};
use crate::lsp::watch::watch_baseline;

/// LSP's `RequestFailed`.
const REQUEST_FAILED: ErrorCode = ErrorCode::ServerError(-32803);

/// The hints that a person wants to be accepted, as far as they were looked at.
pub(super) struct Accepting {
    /// The document whose baseline is meant; else all are.
    document: Option<PathBuf>,
    folders: Vec<PathBuf>,
    pub(super) stocks: Vec<Stock>,
}

impl Accepting {
    pub(super) fn new(document: Option<PathBuf>, folders: Vec<PathBuf>) -> Accepting {
        Accepting { document, folders, stocks: Vec::new() }
    }
}

impl Session {
    /// Looks at the disk where the client does not tell of changes.
    pub(super) fn look_at_baselines(&mut self) {
        if self.baselines.look_again() {
            self.everything_judged_anew();
        }
    }

    /// Has baselines of other names than the usual watched.
    pub(super) fn watch_baselines(&mut self) {
        if !self.abilities.watches_files {
            return;
        }
        let all =
            self.workspace.projects().into_iter().filter_map(|project| project.settings.baseline.as_ref());
        let new: BTreeSet<PathBuf> =
            all.filter(|file| !self.watched_baselines.contains(*file)).cloned().collect();
        let watch = |file: &PathBuf| watch_baseline(file, self.abilities.relative_patterns);
        self.register(&new.iter().filter_map(watch).collect::<Vec<_>>());
        self.watched_baselines.extend(new);
    }

    /// Says why hints that were accepted are shown.
    pub(super) fn tell_flawed_baselines(&self) {
        for (file, flaw) in self.baselines.take_untold() {
            let text = format!("flakeless hides no accepted hints. {}: {flaw}.", file.display());
            self.wires.outbox.show(MessageType::WARNING, &text);
        }
    }

    /// Accepts what was looked at, and hides it from now on.
    pub(super) fn write_baselines(&mut self, accepting: &Accepting) -> Result<Value> {
        let meant = |path: &Path| self.workspace.settings(path).baseline.clone();
        let files: BTreeSet<PathBuf> = match &accepting.document {
            Some(document) => meant(document).into_iter().collect(),
            None => accepting.stocks.iter().filter_map(|stock| meant(stock.path())).collect(),
        };
        let covers = |path: &Path| accepting.folders.iter().any(|folder| path.starts_with(folder));
        let mut hints = 0;
        for file in &files {
            let is_its = |stock: &&Stock| meant(stock.path()).as_ref() == Some(file);
            let stocks: Vec<&Stock> = accepting.stocks.iter().filter(is_its).collect();
            let recorded = baseline::record(&self.workspace, file, &self.disk, &stocks, &covers)
                .map_err(|why| failed(format!("{} is not written: {why}", file.display())))?;
            hints += recorded.accepted;
        }
        for file in &files {
            self.baselines.forget(file);
        }
        self.everything_judged_anew();
        Ok(json!({"path": files.first(), "paths": files, "hints": hints}))
    }
}

pub(super) fn failed(message: String) -> Error {
    Error { code: REQUEST_FAILED, message: message.into(), data: None }
}
