//! The language server: LSP 3.17 over stdin and stdout.
//!
//! ```text
//! stdin ─▶ frames ─▶ message ─▶ front ─▶ tower-lsp ─▶ backend ─▶ session (owns the workspace)
//! stdout ◀─ frames ◀─ outbox ◀─────────── answers ◀────────────── hints, answers
//! ```

mod backend;
mod bench;
mod capabilities;
mod client_process;
mod code_action;
mod commands;
mod convert;
mod diagnostics;
mod documents;
mod edits;
mod event;
mod folders;
mod frames;
mod front;
mod hover;
mod inbox;
mod looker;
mod message;
mod outbox;
mod progress;
mod publish;
mod pulled;
mod requests;
mod roots;
mod runnable;
mod schedule;
mod session;
mod settings;
mod stamps;
mod threads;
mod transport;
mod uris;
mod view;
mod watch;

use std::fs::File;
use std::io;
use std::process::ExitCode;
use std::sync::mpsc::Sender;
use std::time::Duration;

use tower_lsp::LspService;
use tower_lsp::lsp_types::MessageType;

use crate::mistakes;
use backend::Backend;
use transport::{Wires, serve};

/// How long a client that reads slowly is given for the last messages.
const LAST_WORDS: Duration = Duration::from_secs(1);

fn service(session: Sender<event::Event>) -> LspService<Backend> {
    let (service, _) = LspService::build(|_| Backend::new(session))
        .custom_method("$/setTrace", Backend::set_trace)
        .custom_method("window/workDoneProgress/cancel", Backend::cancel_progress)
        .finish();
    service
}

/// Serves one client until it says `exit`, closes its end, or dies. The exit code is LSP's: 0 after `shutdown`,
/// else 1.
///
/// # Errors
/// When the system gives no thread.
pub(crate) fn run() -> io::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let wires = Wires::default();
    let log = wires.outbox.clone();
    mistakes::tell(move |line| log.log(MessageType::ERROR, line));
    let session = session::start(wires.clone())?;
    let service = service(session);
    let end = runtime.block_on(serve(service, io::stdin(), whole_writes()?, wires.clone()))?;
    wires.bench.end(LAST_WORDS);
    wires.outbox.flush(LAST_WORDS);
    runtime.shutdown_background();
    Ok(end.into())
}

/// The process's output, to which a write is one call to the system: [`io::stdout`] cuts what it is given into lines.
///
/// # Errors
/// When the system has no more handles.
fn whole_writes() -> io::Result<File> {
    #[cfg(unix)]
    let output = std::os::fd::AsFd::as_fd(&io::stdout()).try_clone_to_owned()?;
    #[cfg(windows)]
    let output = std::os::windows::io::AsHandle::as_handle(&io::stdout()).try_clone_to_owned()?;
    Ok(File::from(output))
}

/// Serves a client that says `input` and is gone then. Returns what it was told; no thread is left.
#[cfg(any(test, fuzzing))]
pub(crate) fn converse(input: Vec<u8>) -> io::Result<Vec<u8>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let wires = Wires::default();
    let session = session::start(wires.clone())?;
    let service = service(session.clone());
    let said = transport::Said::default();
    runtime.block_on(serve(service, io::Cursor::new(input), said.clone(), wires.clone()))?;
    // What was asked before the end is answered before it is obeyed.
    let (sender, over) = tokio::sync::oneshot::channel();
    let _ = session.send(event::Event::End(sender));
    runtime.block_on(async {
        let _ = over.await;
        // The answers are on their way through handlers, each of which takes a turn.
        for _ in 0..1000 {
            tokio::task::yield_now().await;
        }
    });
    wires.outbox.flush(LAST_WORDS);
    wires.outbox.close();
    Ok(said.take())
}
