//! `unguarded-credentials`: a test needs a secret from the environment that nothing sets, and nothing skips it without.

mod fix;
mod needed;
mod peers;
mod provided;
mod users;

use crate::evidence::first_few;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::kept_out::{Run, run};
use crate::project::users::are_sought;
use crate::project::{Place, Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

use needed::Need;

pub struct UnguardedCredentials;

/// All that one function or statement needs: one cause.
pub struct Found {
    first: Need,
    /// Of other variables.
    more: Vec<Need>,
    run: Run,
    may_be_set: bool,
    /// Who needs what a fixture or helper needs.
    tests: Vec<Place>,
    /// Many others of the file with the same need.
    peers: Vec<Place>,
}

impl Found {
    fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.first).chain(&self.more).map(|need| need.name.as_str())
    }
}

impl Rule for UnguardedCredentials {
    const META: RuleMeta = RuleMeta {
        name: "unguarded-credentials",
        summary: "A test that needs a credential from the environment, which nothing sets and no skip asks for",
        cause: Cause::Environment,
        page: include_str!("unguarded-credentials.md"),
        on_by_default: true,
        triggers: &[&["env", "CRED", "KEY", "PASSW", "SECRET", "TOKEN"]],
    };
    const ROLES: Roles = Roles::RUN.or(Roles::PLAIN).or(Roles::STATEMENT);
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        if subject.role.tears_down() {
            return Vec::new();
        }
        found(subject).into_iter().collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let is_sure = found.first.raises && found.run == Run::Always && !found.may_be_set;
        let names: Vec<String> = found.names().map(|name| format!("`{name}`")).collect();
        let variable = if names.len() > 1 { "variables" } else { "variable" };
        let names = format!("environment {variable} {}", names.join(" and "));
        let (what, todo) = words(subject, &names);
        let tests = found.tests.iter().map(|place| (place.clone(), "this test needs it".to_owned()));
        let peers = found.peers.iter().map(|place| (place.clone(), "it is needed here too".to_owned()));
        Said {
            confidence: if is_sure { Confidence::Likely } else { Confidence::Possible },
            at: subject.code().range(found.first.at),
            what,
            why: why(subject, found).to_owned(),
            todo: if found.peers.is_empty() { todo } else { GATHER }.to_owned(),
            related: first_few(tests.chain(peers)),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        // A skip on one of many tests would only pass the hint on.
        let skip = if found.peers.is_empty() { fix::skip(subject, found) } else { None };
        skip.into_iter().collect()
    }
}

const GATHER: &str = "Many tests of this file need it: read it in one fixture that skips without it, or skip the file with \
                      `pytestmark`, and let one job of the CI have it.";

fn found(subject: &Subject<'_>) -> Option<Found> {
    let mut needs = needed::needs(subject);
    needs.retain(|need| !provided::is_set(subject, &need.name));
    let mut seen: Vec<_> = Vec::new();
    needs.retain(|need| {
        let is_new = !seen.contains(&need.name);
        seen.push(need.name.clone());
        is_new
    });
    let mut needs = needs.into_iter();
    let first = needs.next()?;
    let mut run = run(subject);
    if run == Run::Guarded {
        return None;
    }
    let mut tests = Vec::new();
    if are_sought(subject) {
        let users = users::unguarded(subject, &first.name);
        run = run.min(users.iter().map(|user| user.run).max()?);
        tests = users.into_iter().map(|user| user.place).collect();
    }
    if subject.role == Role::Statement && first.raises {
        run = Run::Always;
    }
    let peers = peers::behind(subject, &first.name)?;
    let may_be_set = provided::may_come_from_elsewhere(subject, &first.name);
    Some(Found { first, more: needs.collect(), run, may_be_set, tests, peers })
}

fn words(subject: &Subject<'_>, names: &str) -> (String, &'static str) {
    let unset = "which nothing here sets and no skip asks for";
    let skip = "Skip it where the variable is missing or empty, and let one job of the CI have it: a skipped test is green \
                and has run nothing. Where the service is not what is tested, put a fake in its place.";
    match subject.role {
        Role::Statement => (
            format!("Importing this file needs the {names}, which nothing here sets."),
            "Read it in a fixture that skips without it.",
        ),
        Role::Test => (format!("This test needs the {names}, {unset}."), skip),
        Role::Plain => (format!("This helper of tests needs the {names}, {unset}."), skip),
        Role::Fixture => (format!("This fixture needs the {names}, {unset}."), skip),
        _ => (format!("This set-up needs the {names}, {unset}."), skip),
    }
}

fn why(subject: &Subject<'_>, found: &Found) -> &'static str {
    match (subject.role, found.first.raises) {
        (Role::Statement, true) => {
            "On a fork, in a new checkout, without the secret, it raises `KeyError` before any test of the file runs."
        }
        (_, true) => {
            "On a fork, in a new checkout, without the secret, it raises `KeyError`, though the code is right."
        }
        (_, false) => {
            "On a fork, in a new checkout, without the secret, it is `None`, and what is made with that fails later."
        }
    }
}
