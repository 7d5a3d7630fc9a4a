//! What the session does when files on disk change.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use analysis::workspace::Impact;
use tower_lsp::lsp_types::{MessageType, Registration, Unregistration, Url};

use super::Session;
use super::looks::Purpose;
use crate::discover::{self, PassedOver, Root, is_wanted};
use crate::lsp::convert::{is_untitled, path_of};
use crate::lsp::looker::Look;
use crate::lsp::watch::{settings_registration, watch_below, watch_everywhere, watch_id};

impl Session {
    /// Has the root around a document listed, unless it is. What an editor calls its folders does not matter: the command line
    /// finds the same root for the same file.
    pub(super) fn list_around(&mut self, path: &Path) {
        if let Some(root) = self.roots.root_of(path).map(Path::to_owned) {
            if self.reading.is_narrow(&root) {
                self.narrow(&root);
            }
            return;
        }
        let folder = path.parent().unwrap_or(path);
        let is_there = folder.is_dir();
        // Where the folder is not there yet the document stands alone, elsewhere until its root is listed.
        let root = if is_there { discover::root_around(folder) } else { folder.to_owned() };
        self.take_root(Root { path: root.clone(), files: vec![path.to_owned()] });
        if is_there {
            self.look(Look::Around(path.to_owned()), Purpose::First(root));
        }
    }

    /// Has a root listed again after files came or went.
    pub(super) fn list_again(&mut self, root: &Path) {
        if self.reading.is_narrow(root) {
            return self.narrow(root);
        }
        self.look(Look::Below(root.to_owned()), Purpose::Again(root.to_owned()));
    }

    /// Looks whether conftests or configuration above a document, or baselines, have changed on disk.
    ///
    /// A person who comes back to a document after something else changed the disk shows it by saving, by pointing
    /// at something, or by nothing but the cursor, for which editors ask what can be done there.
    pub(super) fn look_above(&mut self, document: &Url) {
        self.look_at_baselines();
        let Some(path) = path_of(document) else { return };
        let Some(root) = self.roots.root_of(&path) else { return };
        let changed = self.stamps.changed_above(&path, root);
        if !changed.is_empty() {
            self.changed_on_disk(changed);
        }
    }

    /// Looks at everything that is listed around a document that was saved.
    pub(super) fn saved(&mut self, document: &Url) {
        self.look_above(document);
        self.look_at_proofs();
        let Some(path) = path_of(document) else { return };
        let Some(root) = self.roots.root_of(&path).map(Path::to_owned) else { return };
        let files = self.roots.files(&root).cloned().collect();
        self.look(Look::Files { root: root.clone(), files }, Purpose::Saved(root));
    }

    /// Files were made, changed or deleted. Those that are open count as the editor has them.
    pub(super) fn changed_on_disk(&mut self, paths: Vec<PathBuf>) {
        let mut changed = Vec::new();
        for path in paths {
            if self.baselines.forget(&path) {
                self.everything_judged_anew();
                continue;
            }
            let Some(root) = self.roots.root_of(&path) else { continue };
            if path.file_name().is_some_and(|name| name == ".gitignore") {
                self.schedule.add_listing(root);
                continue;
            }
            if !is_wanted(&path) || self.documents.get(&path).is_some() {
                continue;
            }
            // Whether a new file counts depends on what is ignored: the whole root is looked at again.
            match (self.roots.lists(&path), path.is_file()) {
                (true, true) => changed.push(path),
                (false, false) => {}
                _ => self.schedule.add_listing(root),
            }
        }
        if self.workspace.disk_changed(changed.iter().map(PathBuf::as_path)) == Impact::Everything {
            self.everything_changed();
        }
    }

    pub(super) fn take_discovery(&mut self, found: discover::Discovery) {
        for passed in found.passed_over {
            self.tell_passed_over(&passed);
        }
        for root in found.roots {
            self.take_root(root);
        }
        self.look_at_proofs();
    }

    /// Says once what was passed over. Links are common and seldom missed: they are only logged.
    fn tell_passed_over(&mut self, passed: &PassedOver) {
        let text = format!("flakeless passed over {}: {}", passed.path.display(), passed.why);
        if !self.told.insert(text.clone()) {
            return;
        }
        if passed.path.is_symlink() {
            self.wires.outbox.log(MessageType::WARNING, &text);
        } else {
            self.wires.outbox.show(MessageType::WARNING, &text);
        }
    }

    pub(super) fn take_root(&mut self, root: Root) {
        if !self.roots.knows(&root.path) {
            self.watch(&root.path);
        }
        self.disk.admit(&root.path);
        let open = self.documents.paths().filter(|path| path.starts_with(&root.path)).map(Path::to_owned);
        let files: BTreeSet<PathBuf> = root.files.into_iter().chain(open).collect();
        let listed: Vec<PathBuf> = files.iter().cloned().collect();
        // Before the new listing, which may leave out what is there.
        let mut changed = self.roots.set(&root.path, files);
        changed.retain(|path| self.documents.get(path).is_none());
        self.workspace.read_again(&changed);
        self.workspace.set_files(&root.path, listed);
        self.everything_changed();
    }

    /// What the client is asked to tell of from the start.
    pub(super) fn register_at_start(&self) {
        let settings = self.abilities.registers_settings.then(settings_registration);
        let everywhere = self.abilities.watches_files && !self.abilities.relative_patterns;
        let registrations: Vec<_> = everywhere.then(watch_everywhere).into_iter().chain(settings).collect();
        self.register(&registrations);
    }

    /// Has what lies below a root watched: also outside of the client's folders, where plain patterns do not reach.
    fn watch(&self, root: &Path) {
        if self.abilities.watches_files && self.abilities.relative_patterns && !is_untitled(root) {
            self.register(watch_below(root).as_slice());
        }
    }

    pub(super) fn unwatch(&self, root: &Path) {
        if !self.abilities.watches_files || !self.abilities.relative_patterns || is_untitled(root) {
            return;
        }
        let watch =
            Unregistration { id: watch_id(root), method: "workspace/didChangeWatchedFiles".to_owned() };
        // The member is spelled so in LSP 3.17.
        let params = serde_json::json!({"unregisterations": [watch]});
        self.wires.requests.ask(&self.wires.outbox, "client/unregisterCapability", params, |_| {});
    }

    pub(super) fn register(&self, registrations: &[Registration]) {
        if registrations.is_empty() {
            return;
        }
        let outbox = self.wires.outbox.clone();
        let params = serde_json::json!({"registrations": registrations});
        self.wires.requests.ask(&self.wires.outbox, "client/registerCapability", params, move |answer| {
            if let Err(error) = answer {
                let text = format!("The editor does not watch files: {}", error.message);
                outbox.log(MessageType::WARNING, &text);
            }
        });
    }
}
