//! The cures: a port of the system's choice, or one that a fixture of an installed plugin has found free.

use super::Listens;
use super::given::Given;
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::parameter::add_fixture_parameter;
use crate::project::fixtures::FixtureScope;
use crate::project::{Role, Subject};

/// Packages whose listeners take port 0 for any.
const TAKE_ZERO: &[&str] = &[
    "aiohttp",
    "anyio",
    "asyncio",
    "http",
    "pytest_httpserver",
    "socket",
    "socketserver",
    "trio",
    "twisted",
    "websockets",
    "werkzeug",
    "wsgiref",
    "xmlrpc",
];

/// Puts 0 in the place of a number that nothing else in the file knows.
pub fn port_zero(subject: &Subject<'_>, listens: &Listens) -> Option<Fix> {
    let [number] = numbers(subject, listens)?[..] else { return None };
    let code = subject.code();
    if !code.is_within(number, listens.at) || !takes_zero(subject, listens) {
        return None;
    }
    let mut edits = Edits::new();
    edits.push(subject.path(), subject.absolute(code.range(number)), "0");
    Some(Fix::cure("Listen at port 0, for which the system puts a free one", Applicability::Suggested, edits))
}

fn takes_zero(subject: &Subject<'_>, listens: &Listens) -> bool {
    let Some(given) = Given::of(subject, listens.call) else { return false };
    let code = subject.code();
    let method_of = || match code.kind(given.func) {
        NodeKind::Attribute { value, .. } => {
            subject.maker(*value).and_then(|(maker, call)| maker.callee(call))
        }
        _ => None,
    };
    let path = subject.resolve(given.func).or_else(method_of);
    path.as_deref()
        .and_then(|path| path.split('.').next())
        .is_some_and(|package| TAKE_ZERO.contains(&package))
}

/// Puts a free port in the place of the number, everywhere in the function.
pub fn free_port(subject: &Subject<'_>, listens: &Listens) -> Option<Fix> {
    const FIXTURE: &str = "unused_tcp_port";
    let is_narrow = match subject.role {
        Role::Test => true,
        Role::Fixture => {
            subject.as_fixture().is_some_and(|fixture| fixture.scope == Some(FixtureScope::Function))
        }
        _ => false,
    };
    if !is_narrow || !subject.project.plugins.has("pytest-asyncio") {
        return None;
    }
    let numbers = numbers(subject, listens)?;
    let mut edits = add_fixture_parameter(subject, FIXTURE)?;
    for number in numbers {
        edits.push(subject.path(), subject.absolute(subject.code().range(number)), FIXTURE);
    }
    Some(Fix::cure(
        format!("Take a port from `{FIXTURE}` (free when it was looked for)"),
        Applicability::Suggested,
        edits,
    ))
}

/// Where the function writes the port. `None` where it also stands in a text, or the file knows it elsewhere.
fn numbers(subject: &Subject<'_>, listens: &Listens) -> Option<Vec<NodeId>> {
    if listens.is_program {
        return None;
    }
    let code = subject.code();
    let is_it =
        |kind: &NodeKind| matches!(kind, NodeKind::Int(Some(number)) if *number == i64::from(listens.port));
    let numbers: Vec<NodeId> = subject.body().filter(|node| is_it(code.kind(*node))).collect();
    let digits = listens.port.to_string();
    let in_file = subject.module.file.text.as_str().matches(&digits).count();
    (in_file == numbers.len()).then_some(numbers)
}
