//! Fixtures that open something, hand it over and leave it open.

use super::{Found, Left};
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;

pub const TRIGGERS: &[&str] =
    &["socket", "open", "Popen", "Server", "TemporaryDirectory", "new_event_loop", "create_server"];

/// Calls whose value warns with a `ResourceWarning` where it dies open.
const OPENERS: &[&str] = &[
    "socket.socket",
    "socket.create_connection",
    "socket.create_server",
    "builtins.open",
    "io.open",
    "subprocess.Popen",
    "tempfile.TemporaryDirectory",
    "http.server.HTTPServer",
    "http.server.ThreadingHTTPServer",
    "socketserver.TCPServer",
    "socketserver.ThreadingTCPServer",
    "socketserver.UDPServer",
    "socketserver.ThreadingUDPServer",
];

/// Attributes that only look at it, or use it and leave it open. Others may close it.
const HARMLESS: &[&str] = &[
    "bind",
    "listen",
    "getsockname",
    "fileno",
    "setsockopt",
    "settimeout",
    "setblocking",
    "connect",
    "send",
    "sendall",
    "recv",
    "write",
    "read",
    "readline",
    "readlines",
    "seek",
    "flush",
    "name",
    "server_address",
    "server_port",
    "pid",
    "stdin",
    "stdout",
    "stderr",
    "returncode",
];

pub fn found(subject: &Subject<'_>) -> Vec<Found> {
    let Some(fixture) = subject.as_fixture() else { return Vec::new() };
    let handed = subject.results();
    let [result] = &handed[..] else { return Vec::new() };
    let Some(made) = opened(subject, *result) else { return Vec::new() };
    let is_closed = || {
        let closes = |user: &Subject<'_>| {
            let given = user.fixture_subject(&fixture.name);
            let asks = given.is_some_and(|given| subject.is_item(&given.module, given.item));
            let may_look_up = || user.text().contains("getfixturevalue");
            (asks && may_close(user, &fixture.name) || may_look_up()).then_some(())
        };
        !subject.project.in_functions_with(&fixture.name, closes).is_empty()
    };
    if is_closed() {
        return Vec::new();
    }
    let statement = subject.code().statement_of(*result);
    vec![Found { made, left: Left::Given { statement } }]
}

/// The call that opens what is handed over: itself, or what its name was bound to and what nothing here may close.
fn opened(subject: &Subject<'_>, result: NodeId) -> Option<NodeId> {
    let code = subject.code();
    let is_opener = |call: NodeId| subject.callee(call).is_some_and(|path| OPENERS.contains(&path.as_str()));
    if is_opener(result) {
        return Some(result);
    }
    let name = code.kind(result).as_name()?;
    let bound = subject.facts.bindings().visible(code, name, result);
    let [binding] = bound.as_slice() else { return None };
    let BindingKind::Value(made) = binding.kind else { return None };
    let is_it = |node: &NodeId| *node != result && code.kind(*node).as_name() == Some(name);
    let closes =
        subject.body().filter(|node| *node > made).filter(is_it).any(|node| !is_harmless(subject, node));
    (is_opener(made) && !closes).then_some(made)
}

/// Whether a function that asks for the fixture may close what it gives.
fn may_close(user: &Subject<'_>, name: &str) -> bool {
    let code = user.code();
    let mut uses = user.body().filter(|node| code.kind(*node).as_name() == Some(name));
    uses.any(|node| !is_harmless(user, node))
}

/// A use by a method that leaves it open, or a look at it.
fn is_harmless(subject: &Subject<'_>, name: NodeId) -> bool {
    let code = subject.code();
    match code.kind(code.node(name).parent) {
        NodeKind::Attribute { attr, .. } => HARMLESS.contains(&attr.as_str()),
        NodeKind::Assert { .. } | NodeKind::Compare { .. } => true,
        _ => false,
    }
}
