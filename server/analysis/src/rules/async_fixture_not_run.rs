//! `async-fixture-not-run`: an async fixture or set-up, or an async test of a plain `TestCase`, that nothing awaits.

mod awaited;
mod cures;
mod set_up;

use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::{Glance, Place, Role, Roles, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};
use crate::text::TextRange;

use set_up::Caller;

pub struct AsyncFixtureNotRun;

/// What nothing awaits.
pub enum Found {
    /// The decorator that makes it.
    Fixture { maker: NodeId, sureness: Confidence },
    /// The first async test of a class, and the others.
    Test { others: Vec<Place> },
    /// The first async set-up or tear-down of a class or module, and the others.
    SetUp { caller: Caller, others: Vec<Place> },
}

impl Rule for AsyncFixtureNotRun {
    const META: RuleMeta = RuleMeta {
        name: "async-fixture-not-run",
        summary: "An async fixture or set-up, or an async test of a plain `TestCase`, that nothing awaits",
        cause: Cause::Asynchronous,
        page: include_str!("async-fixture-not-run.md"),
        on_by_default: true,
        triggers: &[&["async"]],
    };
    const ROLES: Roles = Roles::RUN;
    type Found = Found;

    fn may_find(item: &Glance<'_>) -> bool {
        item.is_async()
            && match item.role {
                Role::Fixture => !awaited::are_all_awaited(item.project),
                Role::Test => awaited::is_of_plain_case(item),
                _ => true,
            }
    }

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        if !subject.function().is_some_and(|function| function.is_async) {
            return Vec::new();
        }
        let found = match subject.role {
            Role::Fixture => awaited::fixture(subject),
            Role::Test => awaited::test(subject),
            Role::Xunit(_) => set_up::set_up(subject),
            _ => None,
        };
        found.into_iter().collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        match found {
            Found::Fixture { maker, sureness } => fixture(subject, *maker, *sureness),
            Found::Test { others } => test(subject, others),
            Found::SetUp { caller, others } => set_up(subject, *caller, others),
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        match found {
            Found::Fixture { maker, .. } => cures::made_by_asyncio(subject, *maker).into_iter().collect(),
            Found::Test { .. } | Found::SetUp { caller: Caller::Nobody, .. } => {
                cures::case_that_awaits(subject).into_iter().collect()
            }
            Found::SetUp { caller: Caller::AwaitingCase, .. } => {
                cures::awaited_name(subject).into_iter().collect()
            }
            Found::SetUp { .. } => Vec::new(),
        }
    }
}

fn fixture(subject: &Subject<'_>, maker: NodeId, sureness: Confidence) -> Said {
    let declared = subject.project.plugins.has("pytest-asyncio");
    let what = if declared {
        "pytest-asyncio runs in strict mode here and does not await an async fixture that is made with plain `@pytest.fixture`."
    } else {
        "Nothing that the project declares awaits this async fixture."
    };
    let todo = match declared {
        true => "Make it with `@pytest_asyncio.fixture`, or set `asyncio_mode = auto`.",
        false => "Declare the plugin that runs it, or make it a plain function.",
    };
    Said {
        confidence: sureness,
        at: subject.code().range(maker),
        what: what.to_owned(),
        why: what_pytest_does(subject).to_owned(),
        todo: todo.to_owned(),
        related: Vec::new(),
        mitigated_by: None,
    }
}

/// By version (`pytest-facts.md`, A6).
fn what_pytest_does(subject: &Subject<'_>) -> &'static str {
    let pytest = subject.project.plugins.version("pytest");
    if pytest.is_within("<9") {
        return "pytest only warns: neither its set-up nor its clean-up runs, and what it should put back stays as it was left.";
    }
    if pytest.is_within(">=9") {
        return "From pytest 9 on synchronous tests that it runs around fail, and asynchronous ones go on without it.";
    }
    "Before pytest 9 it only warns, and neither set-up nor clean-up runs; from 9 on synchronous tests that it runs around fail."
}

fn test(subject: &Subject<'_>, others: &[Place]) -> Said {
    let at = subject.function().map_or_else(TextRange::default, |function| function.name_range);
    let more = match others.len() {
        0 => String::new(),
        1 => " One more test of the class is never awaited either.".to_owned(),
        count => format!(" {count} more tests of the class are never awaited either."),
    };
    Said {
        confidence: Confidence::Likely,
        at,
        what: "A plain `TestCase` calls this async test and never awaits it.".to_owned(),
        why: format!("It passes whatever it asserts.{more}"),
        todo: "Derive the class from `unittest.IsolatedAsyncioTestCase`.".to_owned(),
        related: others.iter().map(|place| (place.clone(), "never awaited either".to_owned())).collect(),
        mitigated_by: None,
    }
}

fn set_up(subject: &Subject<'_>, caller: Caller, others: &[Place]) -> Said {
    let (name, at) = subject.function().map_or(("", TextRange::default()), |it| (&it.name, it.name_range));
    Said {
        confidence: Confidence::Likely,
        at,
        what: caller.what(name),
        why: "Nothing in it runs: what it should prepare or put back stays as the test before left it."
            .to_owned(),
        todo: caller.todo(subject.role, name),
        related: others.iter().map(|place| (place.clone(), "does not run either".to_owned())).collect(),
        mitigated_by: None,
    }
}
