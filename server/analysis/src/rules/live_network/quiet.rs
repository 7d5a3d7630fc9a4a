//! What answers in the place of the network, or keeps a test from asking. To be wrong here costs a hint, not a false one.

use memchr::memmem;

use super::clients::Connection;
use crate::facts::{NodeId, NodeKind};
use crate::project::surroundings::{Surroundings, is_expected_to_fail, is_switched_off, neighbours};
use crate::project::{Project, Role, Subject};
use crate::store::owners;
use crate::syntax::split::ItemKind;

/// Words of code that answers in the place of a server, or replays what one once said.
const ANSWERS: &[&str] = &[
    "HTTMock",
    "MockTransport",
    "aioresponses",
    "betamax",
    "block_network",
    "cassette",
    "disable_socket",
    "fake_http",
    "flexmock",
    "httpretty",
    "httpx_mock",
    "mock_aws",
    "mocket",
    "mocked_request",
    "network_block",
    "no_internet",
    "no_network",
    "pook",
    "remote_data",
    "replay",
    "requests_mock",
    "respx",
    "responses.",
    "responses import",
    "socket_disabled",
    "turn_off_internet",
    "vcr",
];

/// Parts of the names of fixtures and marks that do the same.
const ANSWERING: &[&str] = &[
    "cassette",
    "fake",
    "mock",
    "offline",
    "patched",
    "record",
    "replay",
    "responses",
    "respx",
    "stub",
    "vcr",
];

/// Marks that say what the test needs, for runs that leave it out.
const NEEDING: &[&str] =
    &["external", "internet", "live", "network", "online", "remote", "web", "integration", "e2e", "smoke"];

/// What a patch replaces to answer by itself.
const REPLACED: &[&str] = &[
    "AsyncClient",
    "Client",
    "ClientSession",
    "FTP",
    "PoolManager",
    "SMTP",
    "SMTP_SSL",
    "Session",
    "_request",
    "create_connection",
    "delete",
    "get",
    "getaddrinfo",
    "gethostbyname",
    "handle_request",
    "head",
    "httpx",
    "open_connection",
    "patch",
    "post",
    "put",
    "request",
    "requests",
    "send",
    "session",
    "socket",
    "urlopen",
    "urlretrieve",
    "urllib",
    "connect",
];

/// Options that close the network for the whole run.
const CLOSING: &[&str] = &["--block-network", "--disable-socket", "--record-mode"];

pub fn is_closed(project: &Project) -> bool {
    project.config.options.addopts.iter().any(|word| CLOSING.iter().any(|option| word.starts_with(option)))
}

/// Whether the call is expected to fail, is switched off, or may fail in a `try`.
pub fn is_expected(subject: &Subject<'_>, connection: &Connection) -> bool {
    let code = subject.code();
    let is_tried = code.ancestors(connection.call).any(|outer| match code.kind(outer) {
        NodeKind::Try { body, handlers, .. } => {
            !handlers.is_empty() && body.iter().any(|statement| code.is_within(connection.call, *statement))
        }
        _ => false,
    });
    is_tried
        || is_expected_to_fail(subject, connection.call)
        || is_switched_off(subject, connection.call)
        || !subject.runs_here(connection.call)
}

/// Whether anything around the item may answer instead of the host.
pub fn is_answered(subject: &Subject<'_>) -> bool {
    let file = &subject.module.file;
    let own = std::iter::once(subject.item).chain(owners(file, subject.item));
    if own.into_iter().any(|item| answers(file.item_text(item))) {
        return true;
    }
    let project = subject.project;
    let closure = subject.closure();
    let names_it = |name: &str| ANSWERING.iter().any(|word| name.to_lowercase().contains(word));
    if closure.iter().any(|closed| names_it(&closed.name))
        || subject.marks().iter().any(|mark| names_it(&mark.name))
    {
        return true;
    }
    let around = neighbours(subject);
    let is_by_other_code = around.iter().any(|(module, item)| {
        let runs = project.role(module, *item) != Role::Plain;
        let is_import = module.file.item(*item).kind == ItemKind::Import;
        runs && !is_import && answers(module.file.item_text(*item))
    });
    is_by_other_code || replaces_client(subject)
}

fn answers(text: &str) -> bool {
    ANSWERS.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}

fn replaces_client(subject: &Subject<'_>) -> bool {
    let surroundings = Surroundings::of(subject);
    REPLACED.iter().any(|name| surroundings.mocks(name))
}

/// Whether the function gives a client another method or transport of its own: `session.send = answer`.
pub fn is_refitted(subject: &Subject<'_>, client: NodeId) -> bool {
    let code = subject.code();
    let Some(client) = code.dotted(client) else { return false };
    let is_answering = |attr: &str| {
        let name = attr.trim_start_matches('_');
        REPLACED.contains(&attr) || REPLACED.contains(&name) || name.ends_with("transport")
    };
    subject.body().any(|node| match code.kind(node) {
        NodeKind::Assign { targets, .. } => targets.iter().any(|target| match code.kind(*target) {
            NodeKind::Attribute { value, attr, .. } => {
                is_answering(attr) && code.dotted(*value).is_some_and(|owner| owner == client)
            }
            _ => false,
        }),
        _ => false,
    })
}

/// Whether a mark says that the test needs the network.
pub fn is_marked(subject: &Subject<'_>) -> bool {
    let marks = subject.marks();
    marks.iter().any(|mark| mark.name.split('_').any(|word| NEEDING.contains(&word)))
}
