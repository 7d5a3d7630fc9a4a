//! What waits for the session. Edits of one document that wait behind each other are handed over together.

use std::sync::mpsc::{Receiver, RecvError, TryRecvError};

use tower_lsp::lsp_types::{DidChangeTextDocumentParams, Url};

use super::event::Event;

/// More edits are not handed over at once: a client that never stops must not keep the session from its work.
const MOST_EDITS: usize = 1024;

/// The session's end of its queue.
pub(crate) struct Inbox {
    events: Receiver<Event>,
    /// Taken from the queue already, while looking for edits.
    next: Option<Event>,
}

impl Inbox {
    pub(crate) fn new(events: Receiver<Event>) -> Inbox {
        Inbox { events, next: None }
    }

    /// The next event; waits for it.
    ///
    /// # Errors
    /// When nobody is left who could send one.
    pub(crate) fn wait(&mut self) -> Result<Event, RecvError> {
        let event = self.next.take().map_or_else(|| self.events.recv(), Ok)?;
        Ok(self.with_more_edits(event))
    }

    /// The next event.
    ///
    /// # Errors
    /// When there is none, or nobody is left who could send one.
    pub(crate) fn take(&mut self) -> Result<Event, TryRecvError> {
        let event = self.next.take().map_or_else(|| self.events.try_recv(), Ok)?;
        Ok(self.with_more_edits(event))
    }

    fn with_more_edits(&mut self, mut event: Event) -> Event {
        while let Event::Change(edits) = &mut event
            && edits.len() < MOST_EDITS
            && let Ok(next) = self.events.try_recv()
        {
            match next {
                Event::Change(more) if more.first().map(document) == edits.first().map(document) => {
                    edits.extend(more);
                }
                other => {
                    self.next = Some(other);
                    break;
                }
            }
        }
        event
    }
}

fn document(edit: &DidChangeTextDocumentParams) -> &Url {
    &edit.text_document.uri
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use serde_json::json;

    use super::*;

    fn edit(name: &str, version: i32) -> Event {
        let params = json!({"textDocument": {"uri": format!("file:///{name}"), "version": version}, "contentChanges": []});
        Event::Change(vec![serde_json::from_value(params).unwrap()])
    }

    /// The versions of the edits in an event, or none.
    fn versions(event: Event) -> Vec<i32> {
        let Event::Change(edits) = event else { return Vec::new() };
        edits.iter().map(|edit| edit.text_document.version).collect()
    }

    #[test]
    fn edits_of_one_document_come_together_and_everything_in_its_order() {
        let (sender, events) = mpsc::channel();
        let mut inbox = Inbox::new(events);
        let queued = [
            edit("a.py", 2),
            edit("a.py", 3),
            Event::Initialized,
            edit("a.py", 4),
            edit("b.py", 5),
            edit("b.py", 6),
        ];
        queued.into_iter().for_each(|event| sender.send(event).unwrap());
        assert_eq!(versions(inbox.take().unwrap()), [2, 3]);
        assert_eq!(versions(inbox.take().unwrap()), [0; 0]);
        assert_eq!(versions(inbox.wait().unwrap()), [4]);
        assert_eq!(versions(inbox.wait().unwrap()), [5, 6]);
        assert!(matches!(inbox.take(), Err(TryRecvError::Empty)));
        drop(sender);
        assert!(inbox.wait().is_err());
    }

    #[test]
    fn a_flood_comes_in_pieces() {
        let (sender, events) = mpsc::channel();
        let mut inbox = Inbox::new(events);
        (0..=MOST_EDITS).for_each(|version| sender.send(edit("a.py", version as i32)).unwrap());
        assert_eq!(versions(inbox.take().unwrap()).len(), MOST_EDITS);
        assert_eq!(versions(inbox.take().unwrap()), [MOST_EDITS as i32]);
    }
}
