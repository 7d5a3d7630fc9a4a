//! A fixture: who gets it, what it changes and what it puts back.

use super::place;
use crate::project::effects::Footprint;
use crate::project::fixtures::{Fixture, Maker};
use crate::project::pytest_config::AsyncioMode;
use crate::project::target::Target;
use crate::project::{FixtureScope, Subject};

/// Fixtures of pytest and of well-known plugins that keep tests apart.
const FOREIGN: &[(&str, &str)] = &[
    (
        "monkeypatch",
        "undoes everything that is set through it when the test ends, in its place in the tear-down.",
    ),
    ("mocker", "undoes every patch that is made through it when the test ends."),
    (
        "module_mocker",
        "undoes every patch that is made through it when the module's last test ends; tests beside see them.",
    ),
    (
        "class_mocker",
        "undoes every patch that is made through it when the class's last test ends; tests beside see them.",
    ),
    ("tmp_path", "gives each test a directory of its own."),
    (
        "tmp_path_factory",
        "makes directories that no other worker or run uses; its users share what they keep of it.",
    ),
    ("tmpdir", "gives each test a directory of its own."),
    (
        "caplog",
        "puts back the levels that are set through it; it sees every record of the process, whoever logs it.",
    ),
    ("capsys", "captures what this test writes, and gives the streams back."),
    ("worker_id", "names the worker of pytest-xdist: a path or port made from it is the worker's own."),
    ("unused_tcp_port", "finds a free port and lets go of it, so another process can still take it."),
    ("free_tcp_port", "finds a free port and lets go of it, so another process can still take it."),
];

/// The fixture that the subject is.
pub fn declared(subject: &Subject<'_>) -> Option<String> {
    let fixture = subject.as_fixture()?;
    Some(words(&fixture, subject))
}

/// The fixture that `name` means for the subject.
pub fn named(subject: &Subject<'_>, name: &str) -> Option<String> {
    match subject.project.fixture(&subject.module, subject.item, name) {
        Some(fixture) => Some(words(&fixture, &fixture.subject(subject.project))),
        None => {
            let (_, does) = FOREIGN.iter().find(|(foreign, _)| *foreign == name)?;
            Some(format!("**`{name}`** {does}\n"))
        }
    }
}

fn words(fixture: &Fixture, source: &Subject<'_>) -> String {
    let footprint = Footprint::of(source);
    let name = source.function().map(|function| function.name_range).unwrap_or_default();
    let mut out = format!("**`{}`** ({}), at {}\n\n", fixture.name, kind(fixture), place::of(source, name));
    let changed = listed(footprint.escaping().map(|touch| &touch.target));
    let restored = listed(footprint.restores());
    if is_dead(fixture, source) {
        out.push_str(
            "- Nothing awaits it: in pytest-asyncio's strict mode an `async def` under plain `@pytest.fixture` does not \
             run, and newer versions of pytest fail every test that it reaches. Use `@pytest_asyncio.fixture`.\n",
        );
    }
    if let Some(restored) = &restored {
        out.push_str(&format!("- Puts back {restored}{}.\n", reach(fixture.scope)));
    }
    if let Some(changed) = &changed {
        out.push_str(&format!("- Changes {changed} and does not put it back.\n"));
    }
    if restored.is_none() && changed.is_none() {
        out.push_str("- As far as can be seen it changes no state that outlives it, and guards none.\n");
    }
    if fixture.scope.is_some_and(|scope| scope > FixtureScope::Function)
        && source.project.plugins.has("pytest-xdist")
    {
        out.push_str("- Under pytest-xdist it is set up once in each worker that needs it.\n");
    }
    out
}

fn kind(fixture: &Fixture) -> String {
    let scope = match fixture.scope {
        Some(FixtureScope::Function) => "function scope",
        Some(FixtureScope::Class) => "class scope",
        Some(FixtureScope::Module) => "module scope",
        Some(FixtureScope::Package) => "package scope",
        Some(FixtureScope::Session) => "session scope",
        None => "computed scope",
    };
    let autouse = if fixture.autouse { ", autouse" } else { "" };
    format!("fixture, {scope}{autouse}")
}

/// When what it puts back is back.
fn reach(scope: Option<FixtureScope>) -> &'static str {
    match scope {
        Some(FixtureScope::Function) => " after each test that it runs around",
        Some(FixtureScope::Class) => " after the class's last test, which is too late for the tests in it",
        Some(FixtureScope::Module) => " after the module's last test, which is too late for the tests in it",
        Some(FixtureScope::Package | FixtureScope::Session) => {
            " at the end, which is too late for every test that it reaches"
        }
        None => "",
    }
}

/// An async fixture in a form that pytest-asyncio's strict mode does not run.
pub fn is_dead(fixture: &Fixture, source: &Subject<'_>) -> bool {
    let is_strict = source.project.config.options.asyncio.mode == AsyncioMode::Strict;
    fixture.is_async
        && fixture.maker == Maker::Pytest
        && is_strict
        && source.project.plugins.has("pytest-asyncio")
}

/// The targets in words, each once, in the order in which they come; `None` if there are none.
pub fn listed<'t>(targets: impl Iterator<Item = &'t Target>) -> Option<String> {
    let mut words: Vec<String> = Vec::new();
    for target in targets.map(Target::to_string) {
        if !words.contains(&target) {
            words.push(target);
        }
    }
    let last = words.pop()?;
    Some(if words.is_empty() { last } else { format!("{} and {last}", words.join(", ")) })
}
