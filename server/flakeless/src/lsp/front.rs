//! The front: what the client sends goes to tower-lsp's service, and what the service answers to the outbox.
//!
//! Each handler is polled once before the next message is read, so what it does up to its first `.await` happens
//! in the order of arrival, however many requests are pending.

use std::any::Any;
use std::io::Read;
use std::panic::AssertUnwindSafe;
use std::task::{Context, Poll, Waker};

use futures_util::FutureExt;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tower::Service;
use tower_lsp::jsonrpc::{Error, ErrorCode, Id, Request, Response};
use tower_lsp::lsp_types::MessageType;
use tower_lsp::{ExitedError, LanguageServer, LspService};

use super::client_process::ClientProcess;
use super::frames::{Frame, Frames};
use super::message::{Incoming, broken_frame, read_message};
use super::transport::{End, Wires};

/// LSP's `ServerNotInitialized`.
const NOT_INITIALIZED: ErrorCode = ErrorCode::ServerError(-32002);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Fresh,
    Running,
    ShutDown,
}

/// Owns the service.
pub(crate) struct Front<S> {
    service: LspService<S>,
    wires: Wires,
    runtime: Handle,
    /// Takes the client's process, once.
    client_is: Option<oneshot::Sender<ClientProcess>>,
    phase: Phase,
    /// A person was told that a message was lost.
    told_of_loss: bool,
}

/// What became of a handler: its answer, none, or what it panicked with.
type Outcome = Result<Result<Option<Response>, ExitedError>, Box<dyn Any + Send>>;

impl<S: LanguageServer> Front<S> {
    pub(crate) fn new(
        service: LspService<S>,
        wires: Wires,
        runtime: Handle,
        client_is: oneshot::Sender<ClientProcess>,
    ) -> Self {
        let client_is = Some(client_is);
        Front { service, wires, runtime, client_is, phase: Phase::Fresh, told_of_loss: false }
    }

    /// Reads and handles messages until `exit` or the end of the input.
    pub(crate) fn read(mut self, input: impl Read) -> End {
        let mut frames = Frames::new(input);
        while let Ok(Some(frame)) = frames.next() {
            let message = match frame {
                Frame::Body(body) => read_message(body),
                Frame::Broken(what) => Err(broken_frame(what)),
            };
            match message {
                Ok(Incoming::Call(request)) if request.method() == "exit" => break,
                Ok(Incoming::Call(request)) => self.call(request),
                Ok(Incoming::Answer(answer)) => self.take_answer(answer),
                Err(refusal) => {
                    if self.refuse(&refusal) {
                        frames.body_was_bad();
                    }
                }
            }
            self.wires.outbox.wait_for_room();
        }
        if self.phase == Phase::ShutDown { End::AfterShutdown } else { End::Early }
    }

    fn call(&mut self, request: Request) {
        let id = request.id().cloned();
        if let Some(error) = self.untimely(request.method()) {
            if let Some(id) = id {
                self.wires.outbox.send(&Response::from_error(id, error));
            }
            return;
        }
        match request.method() {
            "initialize" => {
                let process = request.params().and_then(|params| params.get("processId")?.as_u64());
                let process = process.and_then(ClientProcess::seen);
                if self.start(id, request) {
                    self.phase = Phase::Running;
                    if let (Some(client_is), Some(process)) = (self.client_is.take(), process) {
                        let _ = client_is.send(process);
                    }
                }
            }
            "shutdown" => {
                if self.start(id, request) {
                    self.phase = Phase::ShutDown;
                }
            }
            "textDocument/didOpen" => {
                self.wires.uris.note(request.params());
                self.start(id, request);
            }
            _ => {
                self.start(id, request);
            }
        }
    }

    /// Why a message must not be handled now (LSP 3.17, "Server lifecycle").
    fn untimely(&self, method: &str) -> Option<Error> {
        match self.phase {
            Phase::Fresh if method != "initialize" => {
                Some(Error { code: NOT_INITIALIZED, message: "initialize comes first".into(), data: None })
            }
            Phase::ShutDown => Some(Error { message: "after shutdown".into(), ..Error::invalid_request() }),
            _ => None,
        }
    }

    /// Runs a handler up to its first `.await`, here and now; the rest, if any, on the runtime. Tells whether it
    /// has already answered, and with no error.
    ///
    /// The service is always ready: it would wait only for an `initialize` that awaits something.
    fn start(&mut self, id: Option<Id>, request: Request) -> bool {
        let _entered = self.runtime.enter();
        let mut handler = Box::pin(AssertUnwindSafe(self.service.call(request)).catch_unwind());
        let wires = self.wires.clone();
        match handler.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(outcome) => {
                let answered = matches!(&outcome, Ok(Ok(Some(answer))) if answer.is_ok());
                deliver(&wires, id, outcome);
                answered
            }
            Poll::Pending => {
                self.runtime.spawn(async move { deliver(&wires, id, handler.await) });
                false
            }
        }
    }

    fn take_answer(&self, answer: Response) {
        if !self.wires.requests.take_answer(answer) {
            self.wires
                .outbox
                .log(MessageType::LOG, "an answer came to a question that nobody asked, or too late");
        }
    }

    /// Answers what is no message. Tells whether the frame itself was bad, not only what it says.
    fn refuse(&mut self, refusal: &Response) -> bool {
        self.wires.outbox.send(refusal);
        let Some(error) = refusal.error().filter(|error| error.code == ErrorCode::ParseError) else {
            return false;
        };
        let text = format!(
            "flakeless could not read a message from the editor ({}). If hints look misplaced, reopen the file.",
            error.message
        );
        // It may have been an edit: a person should know, but not with every keystroke.
        if self.told_of_loss {
            self.wires.outbox.log(MessageType::WARNING, &text);
        } else {
            self.told_of_loss = true;
            self.wires.outbox.show(MessageType::WARNING, &text);
        }
        true
    }
}

fn deliver(wires: &Wires, id: Option<Id>, outcome: Outcome) {
    let answer = match outcome {
        // tower-lsp is silent about unknown methods that begin with `$/`; a request must be answered.
        Ok(Ok(None)) => id.map(|id| Response::from_error(id, Error::method_not_found())),
        Ok(answer) => answer.ok().flatten(),
        Err(panic) => {
            let text = format!("flakeless stumbled: {}", panic_text(&*panic));
            wires.outbox.log(MessageType::ERROR, &text);
            id.map(|id| Response::from_error(id, Error { message: text.into(), ..Error::internal_error() }))
        }
    };
    let Some(answer) = answer else { return };
    let (id, mut result) = answer.into_parts();
    if let Ok(value) = &mut result {
        wires.uris.restore(value);
    }
    wires.outbox.send(&Response::from_parts(id, result));
}

/// The words of a panic.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words")
}
