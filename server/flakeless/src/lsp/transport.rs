//! The threads of a session, and how it ends.
//!
//! Takes the place of `tower_lsp::Server`, which ends at the first frame that does not decode, starts at most four
//! handlers, and outlives `exit` while the client keeps the pipe open.

use std::io::{self, Read, Write};
use std::process::ExitCode;
use std::thread;

use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tower_lsp::{LanguageServer, LspService};

use super::bench::Bench;
use super::client_process;
use super::front::Front;
use super::outbox::Outbox;
use super::requests::Requests;
use super::uris::ClientUris;

#[cfg(test)]
mod tests;

/// What a server said, for who asks afterwards.
#[cfg(any(test, fuzzing))]
#[derive(Clone, Default)]
pub(crate) struct Said(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

#[cfg(any(test, fuzzing))]
impl Said {
    pub(crate) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

#[cfg(any(test, fuzzing))]
impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// How a session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    AfterShutdown,
    /// `exit`, the end of the input or the client's death with no `shutdown` before it.
    Early,
}

impl From<End> for ExitCode {
    fn from(end: End) -> ExitCode {
        match end {
            End::AfterShutdown => ExitCode::SUCCESS,
            End::Early => ExitCode::FAILURE,
        }
    }
}

/// What the threads of a session share.
#[derive(Clone, Default)]
pub(crate) struct Wires {
    pub(crate) outbox: Outbox,
    pub(crate) requests: Requests,
    pub(crate) uris: ClientUris,
    pub(crate) bench: Bench,
}

/// Runs a session: returns when the client says `exit`, closes its end, or dies.
///
/// Must be called in a runtime with time. The threads that it starts may outlive it, blocked on `input` or `output`.
///
/// # Errors
/// When a thread cannot be started.
pub(crate) async fn serve<S: LanguageServer>(
    service: LspService<S>,
    input: impl Read + Send + 'static,
    output: impl Write + Send + 'static,
    wires: Wires,
) -> io::Result<End> {
    let outbox = wires.outbox.clone();
    let (stopped, nobody_reads) = oneshot::channel();
    thread::Builder::new().name("output".to_owned()).spawn(move || stopped.send(outbox.write_to(output)))?;

    let (client_is, client) = oneshot::channel();
    let front = Front::new(service, wires, Handle::current(), client_is);
    let (ended, end) = oneshot::channel();
    thread::Builder::new().name("input".to_owned()).spawn(move || ended.send(front.read(input)))?;

    Ok(tokio::select! {
        biased;
        end = end => end.unwrap_or(End::Early),
        _ = nobody_reads => End::Early,
        () = client_process::death(client) => End::Early,
    })
}
