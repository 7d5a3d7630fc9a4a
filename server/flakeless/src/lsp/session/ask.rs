//! Requests of the server to the client. None is waited for: what the client answers comes back as an event.

use serde_json::Value;
use tower_lsp::lsp_types::{ConfigurationItem, MessageType, Registration};

use super::Session;
use crate::lsp::event::Event;
use crate::lsp::settings;

impl Session {
    pub(super) fn register(&self, registrations: Vec<Registration>) {
        let (client, outbox) = (self.client.clone(), self.wires.outbox.clone());
        self.runtime.spawn(async move {
            if let Err(error) = client.register_capability(registrations).await {
                outbox.log(
                    MessageType::WARNING,
                    &format!("The editor does not watch files: {}", error.message),
                );
            }
        });
    }

    pub(super) fn ask_for_settings(&self) {
        let (client, session) = (self.client.clone(), self.sender.clone());
        let item = ConfigurationItem { scope_uri: None, section: Some("flakeless".to_owned()) };
        self.runtime.spawn(async move {
            if let Ok(mut settings) = client.configuration(vec![item]).await
                && let Some(settings) = settings.pop()
            {
                let _ = session.send(Event::Settings(settings));
            }
        });
    }

    /// Some clients send the new settings, some want to be asked.
    pub(super) fn settings_changed(&mut self, settings: &Value) {
        if self.abilities.tells_settings {
            return self.ask_for_settings();
        }
        self.configure(settings);
    }

    pub(super) fn configure(&mut self, settings: &Value) {
        let layer = settings::layer(settings, &self.folder);
        for problem in &layer.problems {
            let text = format!("flakeless: in the editor's settings: {}", problem.message);
            if self.told.insert(text.clone()) {
                self.wires.outbox.show(MessageType::WARNING, &text);
            }
        }
        self.workspace.configure(layer);
        self.everything_changed();
    }
}
