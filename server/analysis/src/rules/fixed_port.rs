//! `fixed-port`: a test or fixture listens at a port that is the same in every run.

mod address;
mod fix;
mod given;
mod listeners;
mod passed;
mod peers;
mod programs;
mod quiet;

use crate::evidence::first_few;
use crate::facts::{NodeId, NodeKind};
use crate::fix::Fix;
use crate::fixes::no_parallel;
use crate::hint::Confidence;
use crate::project::role::Phase;
use crate::project::users::{are_sought, users};
use crate::project::{Glance, Place, Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use address::port;
use given::Given;

pub struct FixedPort;

/// One listener.
pub struct Found {
    listens: Listens,
    /// The tests that reach it, where it is in a helper.
    tests: Vec<Place>,
    /// Many others of the file at the same port.
    peers: Vec<Place>,
}

/// A call that listens, or starts a program that does.
#[derive(Clone, Copy, Debug)]
pub struct Listens {
    /// The address; of a program the call.
    pub at: NodeId,
    pub call: NodeId,
    pub port: u16,
    pub is_program: bool,
}

impl Rule for FixedPort {
    const META: RuleMeta = RuleMeta {
        name: "fixed-port",
        summary: "A test or fixture that listens at a port which is the same in every run",
        cause: Cause::StateOutside,
        page: include_str!("fixed-port.md"),
        on_by_default: true,
        triggers: &[&[
            "Listener(",
            "PORT",
            "Port",
            "Server",
            "Site(",
            "addr",
            "bind",
            "listen",
            "localhost",
            "port",
            "run_simple",
            "serve",
            "127.0.0.1",
            "0.0.0.0",
            "runserver",
            "Controller(",
            ".run(",
        ]],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::PLAIN);
    type Found = Found;

    fn may_find(item: &Glance<'_>) -> bool {
        may_listen(item.role) && says_more_than_import(item.text())
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        if !may_listen(subject.role) {
            return Vec::new();
        }
        let listens = listens(subject);
        if listens.is_empty() || quiet::is_harmless(subject, &listens) {
            return Vec::new();
        }
        let Some(tests) = tests(subject) else { return Vec::new() };
        let found = listens.into_iter().filter_map(|listens| {
            let peers = peers::behind(subject, &listens)?;
            Some(Found { listens, tests: tests.clone(), peers })
        });
        found.collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let Listens { port, at, is_program, .. } = found.listens;
        let listener = if is_program { "program that this starts listens" } else { "listener is bound" };
        let why = match subject.project.has_workers() {
            true => {
                "Workers of pytest-xdist run at once on one machine: the second that gets here finds the address in use, \
                 or talks to the first one's server."
            }
            false => {
                "It fails with `Address already in use` while another run on this machine, or any other program, has it."
            }
        };
        let tests = found.tests.iter().map(|place| (place.clone(), "this test gets here".to_owned()));
        let peers = found.peers.iter().map(|place| (place.clone(), "the same port again".to_owned()));
        Said {
            confidence: if is_program { Confidence::Possible } else { Confidence::Likely },
            at: subject.code().range(at),
            what: format!("The {listener} at port {port} in every run."),
            why: why.to_owned(),
            todo: todo(subject).to_owned(),
            related: first_few(tests.chain(peers)),
            mitigated_by: subject.kept_apart_by(),
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        let cures =
            fix::port_zero(subject, &found.listens).or_else(|| fix::free_port(subject, &found.listens));
        cures.into_iter().chain(no_parallel::mark(subject)).collect()
    }
}

fn todo(subject: &Subject<'_>) -> &'static str {
    match subject.project.plugins.has("pytest-asyncio") {
        true => {
            "Listen at port 0, which takes a free one, and ask the listener which it got; or request `unused_tcp_port` of \
             pytest-asyncio."
        }
        false => "Listen at port 0, which takes a free one, and ask the listener which it got.",
    }
}

/// Whether one of the triggers stands in a text, and is no part of `import`.
fn says_more_than_import(text: &str) -> bool {
    let is_there = |word: &&str| match *word {
        "port" => text.match_indices("port").any(|(at, _)| !text[..at].ends_with("im")),
        word => text.contains(word),
    };
    FixedPort::META.triggers.iter().copied().flatten().any(is_there)
}

fn may_listen(role: Role) -> bool {
    match role {
        Role::Test | Role::Fixture | Role::Plain => true,
        Role::Xunit(xunit) => xunit.phase == Phase::SetUp,
        _ => false,
    }
}

/// The first listener of a function at each fixed port.
fn listens(subject: &Subject<'_>) -> Vec<Listens> {
    let code = subject.code();
    let calls = subject.body().filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }));
    let mut found: Vec<Listens> = calls.filter_map(|call| listens_at(subject, call)).collect();
    found.extend(quiet::listen_address(subject));
    found.retain(|listens| !quiet::is_expected(subject, listens.call));
    let mut seen = Vec::new();
    found.retain(|listens| {
        let is_new = !seen.contains(&listens.port);
        seen.push(listens.port);
        is_new
    });
    found
}

fn listens_at(subject: &Subject<'_>, call: NodeId) -> Option<Listens> {
    if let Some(port) = programs::port(subject, call) {
        return Some(Listens { at: call, call, port, is_program: true });
    }
    let given = Given::of(subject, call)?;
    let (at, form) = listeners::address(subject, &given).or_else(|| passed::address(subject, &given))?;
    let port = port(subject, at, form)?;
    Some(Listens { at, call, port, is_program: false })
}

/// The tests that get to a helper, none for what pytest runs itself; `None` where nobody does.
fn tests(subject: &Subject<'_>) -> Option<Vec<Place>> {
    if subject.role != Role::Plain || !are_sought(subject) {
        return Some(Vec::new());
    }
    // Handed to a thread it runs too.
    let users = users(subject, |_, _| true);
    let mut places: Vec<Place> = users
        .iter()
        .filter(|user| !quiet::is_left_out(user))
        .filter_map(|user| Some(user.place(user.function()?.name_range)))
        .collect();
    places.sort();
    (!places.is_empty()).then_some(places)
}
