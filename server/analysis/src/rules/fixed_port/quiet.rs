//! Listeners that meet nobody, or are meant to.

use super::address::{Form, port};
use super::{Given, Listens};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::surroundings::{Surroundings, is_expected_to_fail, is_switched_off};
use crate::project::workers::are_kept_apart;

/// pytest-httpserver's fixture for the address of its server.
pub fn listen_address(subject: &Subject<'_>) -> Option<Listens> {
    subject.as_fixture().filter(|fixture| fixture.name == "httpserver_listen_address")?;
    let results = subject.results();
    let [address] = results.as_slice() else { return None };
    let port = port(subject, *address, Form::Pair)?;
    Some(Listens { at: *address, call: *address, port, is_program: false })
}

/// Whether the call may fail, is switched off, or is in code that does not run here.
pub fn is_expected(subject: &Subject<'_>, call: NodeId) -> bool {
    is_expected_to_fail(subject, call)
        || is_switched_off(subject, call)
        || is_tried(subject, call)
        || is_in_class(subject, call)
}

/// Inside `try:` with a handler that can take what a port in use raises.
fn is_tried(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(call).any(|outer| {
        let NodeKind::Try { body, handlers, .. } = code.kind(outer) else { return false };
        let takes = |exception: Option<NodeId>| match exception {
            None => true,
            Some(exception) => code.subtree(exception).any(|part| {
                matches!(
                    code.kind(part).last_name(),
                    Some(
                        "OSError" | "Exception" | "BaseException" | "error" | "IOError" | "EnvironmentError"
                    )
                )
            }),
        };
        body.iter().any(|statement| code.is_within(call, *statement))
            && handlers.iter().any(|handler| takes(handler.exception))
    })
}

fn is_in_class(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    let root = code.roots.first().copied();
    code.ancestors(call)
        .take_while(|outer| Some(*outer) != root)
        .any(|outer| matches!(code.kind(outer), NodeKind::Class(_)))
}

/// Whether what listens is replaced around the test, or workers are told apart.
pub fn is_harmless(subject: &Subject<'_>, listens: &[Listens]) -> bool {
    if are_kept_apart(subject) {
        return true;
    }
    let surroundings = Surroundings::of(subject);
    let code = subject.code();
    listens.iter().any(|listens| {
        let func = Given::of(subject, listens.call).map(|given| given.func);
        let name = func.and_then(|func| code.kind(func).last_name());
        name.is_some_and(|name| surroundings.mocks(name))
    }) || ["socket", "asyncio", "Popen", "subprocess", "loop", "reactor"]
        .iter()
        .any(|name| surroundings.mocks(name))
}

/// Whether the test is never run.
pub fn is_left_out(subject: &Subject<'_>) -> bool {
    subject.marks().iter().any(|mark| mark.name == "skip")
}
