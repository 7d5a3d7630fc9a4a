//! `live-network`: a test asks a server on the internet, with nothing that answers in its place.

mod clients;
mod hosts;
mod quiet;
mod urls;

use crate::evidence::first_few;
use crate::facts::NodeKind;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::kept_out::{Run, is_apart, run};
use crate::project::users::{are_sought, call_of, users};
use crate::project::{Place, Role, Roles, Subject, peers};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use clients::{Connection, connection};
use hosts::Host;

pub struct LiveNetwork;

/// The first connection that a function opens to a foreign host.
pub struct Found {
    connection: Connection,
    confidence: Confidence,
    /// The tests that reach it, where it is in a fixture or helper.
    tests: Vec<Place>,
    /// Many others of the file that ask the same host.
    peers: Vec<Place>,
}

impl Rule for LiveNetwork {
    const META: RuleMeta = RuleMeta {
        name: "live-network",
        summary: "A test that asks a server on the internet, with nothing that answers in its place",
        cause: Cause::Environment,
        page: include_str!("live-network.md"),
        on_by_default: true,
        triggers: &[&[
            "aiohttp",
            "client",
            "connect",
            "delete(",
            "download",
            "get(",
            "head(",
            "http",
            "options(",
            "patch(",
            "post(",
            "put(",
            "read_",
            "request",
            "retrieve",
            "stream(",
            "url",
            "FTP(",
            "SMTP",
            "getaddrinfo",
            "gethostby",
        ]],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::PLAIN);
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        found(subject).into_iter().collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let host = &found.connection.host;
        let actor = match subject.role {
            Role::Test => "test",
            Role::Fixture => "fixture",
            Role::Plain => "helper of tests",
            _ => "set-up",
        };
        let tests = found.tests.iter().map(|place| (place.clone(), "this test gets here".to_owned()));
        let peers = found.peers.iter().map(|place| (place.clone(), "the same host again".to_owned()));
        Said {
            confidence: found.confidence,
            at: subject.code().range(found.connection.at),
            what: format!("This {actor} asks `{host}`, and nothing in sight answers in its place."),
            why: "It fails when that server is slow, down, changed or counts requests, and wherever there is no internet."
                .to_owned(),
            todo: "Answer from a server of the test's own or from a recorded answer; where the real server is the point, \
                   mark the test and leave the mark out of ordinary runs."
                .to_owned(),
            related: first_few(tests.chain(peers)),
            mitigated_by: None,
        }
    }

    /// What a server would answer is not written anywhere, and a mark cures only where runs leave it out.
    fn fix(_: &Subject<'_>, _: &Found) -> Vec<Fix> {
        Vec::new()
    }
}

fn found(subject: &Subject<'_>) -> Option<Found> {
    if subject.role.tears_down() || quiet::is_closed(subject.project) {
        return None;
    }
    let (connection, host) = first(subject)?;
    let mut run = openness(subject)?;
    let mut tests = Vec::new();
    if are_sought(subject) {
        let users = reaching(subject);
        run = run.min(users.iter().map(|(_, run)| *run).max()?);
        tests = users.into_iter().map(|(place, _)| place).collect();
    }
    let peers = match are_sought(subject) {
        true => Vec::new(),
        false => peers::behind(subject, &connection.host, |peer| asks(peer, &connection.host))?,
    };
    let is_sure = host == Host::Foreign && run == Run::Always;
    let confidence = if is_sure { Confidence::Likely } else { Confidence::Possible };
    Some(Found { connection, confidence, tests, peers })
}

/// The first connection of a function to a host that is not its own.
fn first(subject: &Subject<'_>) -> Option<(Connection, Host)> {
    let code = subject.code();
    let calls = subject.body().filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }));
    calls
        .filter_map(|call| connection(subject, call))
        .map(|connection| {
            let host = hosts::kind(&connection.host);
            (connection, host)
        })
        .find(|(connection, host)| *host != Host::Own && !quiet::is_expected(subject, connection))
}

/// How surely nothing keeps the item from the network; `None` where something does.
fn openness(subject: &Subject<'_>) -> Option<Run> {
    if is_apart(subject) || quiet::is_marked(subject) || quiet::is_answered(subject) {
        return None;
    }
    Some(run(subject)).filter(|run| *run != Run::Guarded)
}

/// The tests that get to a fixture or helper, and that nothing keeps from the network.
fn reaching(subject: &Subject<'_>) -> Vec<(Place, Run)> {
    let open = users(subject, |user, name| call_of(user, name).is_some()).into_iter().filter_map(|user| {
        let place = user.place(user.function()?.name_range);
        Some((place, openness(&user)?))
    });
    let mut places: Vec<(Place, Run)> = open.collect();
    places.sort();
    places
}

/// Where another test or set-up asks the host.
fn asks(peer: &Subject<'_>, host: &str) -> Option<Place> {
    if are_sought(peer) || !matches!(peer.role, Role::Test | Role::Fixture | Role::Xunit(_)) {
        return None;
    }
    let (connection, _) = first(peer).filter(|(connection, _)| connection.host == host)?;
    openness(peer).map(|_| peer.place(peer.code().range(connection.at)))
}
