//! What waits to be written to the client.
//!
//! Writing is done by one thread; nobody else ever waits for the client to read. Of the diagnostics of one document
//! only the newest waits, in the place of the set it replaces. Everything else keeps its order.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde::Serialize;
use tower_lsp::lsp_types::MessageType;

use super::frames::write_frame;
use crate::place::visible_lines;

/// With so much unread, no more is read from the client either.
const ROOM: usize = 16 << 20;

/// A handle to the queue; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Outbox(Arc<Shared>);

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Item>,
    /// The newest diagnostics of each document that has an [`Item::Diagnostics`].
    diagnostics: HashMap<String, Vec<u8>>,
    /// Bytes of all that waits.
    size: usize,
    /// The writer holds something that it has not written yet.
    writing: bool,
    /// Nothing more will be taken, or can be written.
    closed: bool,
}

enum Item {
    Message(Vec<u8>),
    Diagnostics(String),
}

/// A notification of our own making.
#[derive(Serialize)]
struct Notification<'a, P> {
    jsonrpc: &'static str,
    method: &'a str,
    params: P,
}

#[derive(Serialize)]
struct LogParams<'a> {
    #[serde(rename = "type")]
    kind: MessageType,
    message: &'a str,
}

impl Outbox {
    /// Queues a message, JSON-RPC envelope included.
    pub(crate) fn send(&self, message: &impl Serialize) {
        if let Ok(body) = serde_json::to_vec(message) {
            self.put(None, body);
        }
    }

    /// Queues a notification.
    pub(crate) fn notify(&self, method: &str, params: impl Serialize) {
        self.send(&Notification { jsonrpc: "2.0", method, params });
    }

    /// Queues a document's diagnostics; a set that still waits for the same `uri` is replaced.
    pub(crate) fn publish(&self, uri: &str, params: impl Serialize) {
        let message = Notification { jsonrpc: "2.0", method: "textDocument/publishDiagnostics", params };
        if let Ok(body) = serde_json::to_vec(&message) {
            self.put(Some(uri), body);
        }
    }

    /// A line in the editor's log of this server.
    pub(crate) fn log(&self, kind: MessageType, message: &str) {
        self.notify("window/logMessage", LogParams { kind, message: &visible_lines(message) });
    }

    /// A message that a person sees.
    pub(crate) fn show(&self, kind: MessageType, message: &str) {
        self.notify("window/showMessage", LogParams { kind, message: &visible_lines(message) });
    }

    /// Waits while too much is unread.
    pub(crate) fn wait_for_room(&self) {
        let mut queue = self.queue();
        while queue.size > ROOM && !queue.closed {
            queue = self.0.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits until all is written, or `limit` has passed.
    pub(crate) fn flush(&self, limit: Duration) {
        let end = Instant::now() + limit;
        let mut queue = self.queue();
        while (queue.writing || !queue.waiting.is_empty()) && !queue.closed {
            let Some(left) = end.checked_duration_since(Instant::now()) else { return };
            queue = self.0.changed.wait_timeout(queue, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Nothing more is taken; who writes is done.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn close(&self) {
        self.queue().closed = true;
        self.0.changed.notify_all();
    }

    /// Writes whatever comes, until nobody can read it any more.
    ///
    /// # Errors
    /// The error of `output`; what is sent afterwards is dropped.
    pub(crate) fn write_to(&self, mut output: impl Write) -> io::Result<()> {
        loop {
            let Some(body) = self.take() else { return Ok(()) };
            let written = write_frame(&mut output, &body);
            let mut queue = self.queue();
            queue.writing = false;
            queue.closed |= written.is_err();
            drop(queue);
            self.0.changed.notify_all();
            written?;
        }
    }

    /// `None` once the queue is closed.
    fn take(&self) -> Option<Vec<u8>> {
        let mut queue = self.queue();
        loop {
            let body = match queue.waiting.pop_front() {
                Some(Item::Message(body)) => Some(body),
                Some(Item::Diagnostics(uri)) => queue.diagnostics.remove(&uri),
                None => None,
            };
            if let Some(body) = body {
                queue.size -= body.len();
                queue.writing = true;
                return Some(body);
            }
            if queue.closed {
                return None;
            }
            queue = self.0.changed.wait(queue).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn put(&self, diagnostics_of: Option<&str>, body: Vec<u8>) {
        let mut queue = self.queue();
        if queue.closed {
            return;
        }
        queue.size += body.len();
        match diagnostics_of {
            None => queue.waiting.push_back(Item::Message(body)),
            Some(uri) => match queue.diagnostics.insert(uri.to_owned(), body) {
                Some(replaced) => queue.size -= replaced.len(),
                None => queue.waiting.push_back(Item::Diagnostics(uri.to_owned())),
            },
        }
        drop(queue);
        self.0.changed.notify_all();
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.0.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;
    use std::thread;

    /// Hands each write to the test, which decides when the next may happen.
    struct Reader(mpsc::SyncSender<Vec<u8>>, Vec<u8>);

    impl Write for Reader {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1.extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            let frame = std::mem::take(&mut self.1);
            self.0.send(frame).map_err(|_| io::ErrorKind::BrokenPipe.into())
        }
    }

    fn start() -> (Outbox, mpsc::Receiver<Vec<u8>>) {
        let outbox = Outbox::default();
        let (sender, receiver) = mpsc::sync_channel(0);
        let writer = outbox.clone();
        thread::spawn(move || writer.write_to(Reader(sender, Vec::new())));
        (outbox, receiver)
    }

    fn next(frames: &mpsc::Receiver<Vec<u8>>) -> String {
        let frame = frames.recv_timeout(Duration::from_secs(10)).expect("a frame");
        String::from_utf8(frame).unwrap().split_once("\r\n\r\n").unwrap().1.to_owned()
    }

    /// Waits until the writer holds a message, so that what follows is queued behind it.
    fn until_writing(outbox: &Outbox) {
        while !outbox.queue().writing {
            thread::yield_now();
        }
    }

    #[test]
    fn of_a_document_only_the_newest_set_waits() {
        let (outbox, frames) = start();
        outbox.send(&"first");
        until_writing(&outbox);
        outbox.publish("file:///a", 1);
        outbox.publish("file:///b", 2);
        outbox.send(&"between");
        outbox.publish("file:///a", 3);
        assert_eq!(next(&frames), "\"first\"");
        assert!(next(&frames).contains("\"params\":3"));
        assert!(next(&frames).contains("\"params\":2"));
        assert_eq!(next(&frames), "\"between\"");
        outbox.send(&"last");
        assert_eq!(next(&frames), "\"last\"");
    }

    #[test]
    fn a_client_that_does_not_read_holds_up_nobody_but_its_own_input() {
        let (outbox, frames) = start();
        outbox.send(&"first");
        until_writing(&outbox);
        outbox.send(&"x".repeat(ROOM + 1));
        outbox.flush(Duration::from_millis(10));
        let reader = outbox.clone();
        let waits = thread::spawn(move || reader.wait_for_room());
        assert!(!waits.is_finished());
        next(&frames);
        next(&frames);
        waits.join().unwrap();
    }

    #[test]
    fn nothing_is_kept_for_a_client_that_is_gone() {
        let (outbox, frames) = start();
        drop(frames);
        outbox.send(&"first");
        outbox.flush(Duration::from_secs(10));
        while !outbox.queue().closed {
            thread::yield_now();
        }
        outbox.send(&"second");
        assert!(outbox.queue().waiting.is_empty());
    }
}
