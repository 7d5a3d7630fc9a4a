//! The client's settings: asked for where it tells them, taken as they come where it sends them.

use std::path::PathBuf;

use analysis::settings::{Layer, Overrides};
use serde_json::Value;
use tower_lsp::lsp_types::{ConfigurationItem, ConfigurationParams, MessageType};

use super::Session;
use crate::lsp::convert::uri_of;
use crate::lsp::event::Event;
use crate::lsp::settings;

impl Session {
    pub(super) fn ask_for_settings(&self) {
        let scopes = self.folders.scopes();
        let item = |scope: &Option<PathBuf>| ConfigurationItem {
            scope_uri: scope.as_deref().and_then(uri_of),
            section: Some("flakeless".to_owned()),
        };
        let params = ConfigurationParams { items: scopes.iter().map(item).collect() };
        let session = self.sender.clone();
        self.wires.requests.ask(&self.wires.outbox, "workspace/configuration", params, move |answer| {
            if let Ok(values) = answer {
                let _ = session.send(Event::Settings { scopes, values });
            }
        });
    }

    /// Some clients send the new settings, some want to be asked.
    pub(super) fn settings_changed(&mut self, settings: Value) {
        if self.abilities.tells_settings {
            return self.ask_for_settings();
        }
        self.configure(&[(None, settings)]);
    }

    pub(super) fn take_settings(&mut self, scopes: &[Option<PathBuf>], values: Value) {
        let Value::Array(values) = values else { return };
        let said: Vec<_> = scopes.iter().cloned().zip(values).collect();
        self.configure(&said);
    }

    /// Takes what the client says for its scopes; the first speaks for all that lies in no other.
    pub(super) fn configure(&mut self, said: &[(Option<PathBuf>, Value)]) {
        let first = self.folders.paths().first().cloned().unwrap_or_default();
        let layer = |scope: &Option<PathBuf>, value: &Value| {
            settings::layer(&[&self.options, value], scope.as_ref().unwrap_or(&first))
        };
        let mut scopes = said.iter().map(|(scope, value)| (scope, layer(scope, value)));
        let elsewhere = scopes.next().map_or_else(|| layer(&None, &Value::Null), |(_, layer)| layer);
        let mut overrides = Overrides::from(elsewhere);
        for (scope, layer) in scopes {
            if let Some(folder) = scope {
                overrides.set(folder.clone(), layer);
            }
        }
        self.tell_problems(&overrides);
        let excludes = |overrides: &Overrides| -> Vec<Option<Vec<String>>> {
            overrides.layers().map(|layer| layer.exclude().map(<[String]>::to_vec)).collect()
        };
        let lists_others = excludes(&overrides) != excludes(&self.overrides);
        self.overrides = overrides;
        self.workspace.configure(self.overrides.clone());
        if lists_others || self.reading.was_stopped() {
            self.reading.allow();
            self.looks.outdate();
            self.roots.paths().for_each(|root| self.schedule.add_listing(root));
        }
        self.closed_files.allow();
        if self.introduced {
            if self.abilities.refreshes_lenses {
                self.wires.requests.ask(&self.wires.outbox, "workspace/codeLens/refresh", (), |_| {});
            }
            self.list_folders();
        }
        self.everything_judged_anew();
    }

    fn tell_problems(&mut self, overrides: &Overrides) {
        for problem in overrides.layers().flat_map(|layer: &Layer| &layer.problems) {
            let text = format!("flakeless: in the editor's settings: {}", problem.message);
            if self.told.insert(text.clone()) {
                self.wires.outbox.show(MessageType::WARNING, &text);
            }
        }
    }
}
