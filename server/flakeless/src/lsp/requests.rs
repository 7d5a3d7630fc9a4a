//! Requests of the server to the client. Nobody ever waits for an answer: what it leads to happens when it comes,
//! or never.
//!
//! Takes the place of `tower_lsp::Client`, whose answers are awaited (in a handler, that can lock the session up for
//! good) and which panics at an answer that nobody awaits any more.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Id, Response};

use super::outbox::Outbox;

/// So many requests may be unanswered. Of a client that never answers the oldest are given up.
const PATIENCE: usize = 64;

type Then = Box<dyn FnOnce(Result<Value, Error>) + Send>;

/// What was asked and not yet answered; clones share it.
#[derive(Clone, Default)]
pub(crate) struct Requests(Arc<Mutex<Asked>>);

#[derive(Default)]
struct Asked {
    next: i64,
    /// By id, so by age.
    waiting: BTreeMap<i64, Then>,
}

#[derive(Serialize)]
struct Request<'a, P> {
    jsonrpc: &'static str,
    id: i64,
    method: &'a str,
    params: P,
}

impl Requests {
    /// Asks the client. `then` is called with its answer, on the thread that reads from it; it must not block.
    pub(crate) fn ask(
        &self,
        outbox: &Outbox,
        method: &str,
        params: impl Serialize,
        then: impl FnOnce(Result<Value, Error>) + Send + 'static,
    ) {
        let mut asked = self.asked();
        let id = asked.next;
        asked.next += 1;
        asked.waiting.insert(id, Box::new(then));
        if asked.waiting.len() > PATIENCE {
            asked.waiting.pop_first();
        }
        drop(asked);
        outbox.send(&Request { jsonrpc: "2.0", id, method, params });
    }

    /// Takes an answer of the client. Tells whether somebody waited for it.
    pub(crate) fn take_answer(&self, answer: Response) -> bool {
        let (id, result) = answer.into_parts();
        let Id::Number(id) = id else { return false };
        let Some(then) = self.asked().waiting.remove(&id) else { return false };
        then(result);
        true
    }

    fn asked(&self) -> MutexGuard<'_, Asked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn an_answer_goes_to_who_asked_and_once() {
        let (outbox, requests) = (Outbox::default(), Requests::default());
        let (sender, answers) = mpsc::channel();
        for name in ["a", "b"] {
            let sender = sender.clone();
            requests.ask(&outbox, "x", (), move |answer| sender.send((name, answer.is_ok())).unwrap());
        }
        assert!(requests.take_answer(Response::from_error(Id::Number(1), Error::method_not_found())));
        assert!(requests.take_answer(Response::from_ok(Id::Number(0), Value::Null)));
        assert!(!requests.take_answer(Response::from_ok(Id::Number(0), Value::Null)));
        assert!(!requests.take_answer(Response::from_ok(Id::String("0".into()), Value::Null)));
        drop(sender);
        assert_eq!(answers.try_iter().collect::<Vec<_>>(), [("b", false), ("a", true)]);
    }

    #[test]
    fn a_client_that_never_answers_costs_no_more_and_no_more() {
        let (outbox, requests) = (Outbox::default(), Requests::default());
        for _ in 0..1000 {
            requests.ask(&outbox, "x", (), |_| {});
        }
        assert_eq!(requests.asked().waiting.len(), PATIENCE);
        assert!(!requests.take_answer(Response::from_ok(Id::Number(0), Value::Null)));
        assert!(requests.take_answer(Response::from_ok(Id::Number(999), Value::Null)));
    }
}
