//! In which of pytest-asyncio's event loops a test or fixture runs: there is one for each scope.

use memchr::memmem;

use super::fixtures::{Fixture, FixtureScope, Maker, scope_named};
use super::pytest_config::AsyncioMode;
use super::{Project, Role, Subject};

/// Plugins beside pytest-asyncio that run async tests and fixtures, whatever made them, in loops of their own.
pub const OTHER_RUNNERS: &[&str] = &[
    "alt-pytest-asyncio",
    "pytest-aiohttp",
    "pytest-asyncio-cooperative",
    "pytest-sanic",
    "pytest-tornado",
    "pytest-tornasync",
    "pytest-trio",
    "pytest-twisted",
];

impl Project {
    /// Whether pytest-asyncio alone decides on loops, by what marks, decorators and the configuration say: from 0.23 on, and
    /// where no hook gives marks to tests.
    pub fn has_scoped_loops(&self) -> bool {
        let is_old = !self.plugins.admits("pytest-asyncio", ">=0.23");
        let has_other = OTHER_RUNNERS.iter().any(|runner| self.plugins.has(runner));
        let switches = &self.config.options.plugin_switches;
        if is_old || has_other || switches.iter().any(|switch| switch.contains("asyncio")) {
            return false;
        }
        !self.checked_files().iter().filter_map(|path| self.module(path)).any(|module| {
            let text = module.file.text.as_str().as_bytes();
            let has = |word: &str| memmem::find(text, word.as_bytes()).is_some();
            let marks_items = has("pytest_collection_modifyitems") || has("pytest_itemcollected");
            marks_items && has("asyncio")
        })
    }
}

impl Subject<'_> {
    /// The scope of the loop in which an async test or fixture runs; `None` where pytest-asyncio does not run it, or
    /// where the scope cannot be seen.
    pub fn loop_scope(&self) -> Option<FixtureScope> {
        if !self.function()?.is_async || self.is_test_case() {
            return None;
        }
        // Before pytest-asyncio 1.0, the project's own fixture `event_loop` is the loop of all that it is in reach of.
        if self.project.fixture(&self.module, self.item, "event_loop").is_some() {
            return None;
        }
        match self.role {
            Role::Test => self.loop_scope_of_test(),
            Role::Fixture => self.loop_scope_of_fixture(self.as_fixture()?.as_ref()),
            _ => None,
        }
    }

    fn loop_scope_of_test(&self) -> Option<FixtureScope> {
        let marks = self.marks();
        if marks.iter().any(|mark| matches!(mark.name.as_str(), "anyio" | "trio")) {
            return None;
        }
        let options = &self.project.config.options.asyncio;
        let mut asyncio = marks.iter().filter(|mark| mark.name == "asyncio");
        let Some(mark) = asyncio.next() else {
            let is_run = options.mode == AsyncioMode::Auto;
            return is_run.then(|| scope_named(&options.test_loop_scope)).flatten();
        };
        match mark.keyword("loop_scope").or_else(|| mark.keyword("scope")) {
            Some(scope) => scope_named(mark.facts.code.kind(scope).as_str()?),
            None => scope_named(&options.test_loop_scope),
        }
    }

    fn loop_scope_of_fixture(&self, fixture: &Fixture) -> Option<FixtureScope> {
        let options = &self.project.config.options.asyncio;
        if fixture.maker != Maker::PytestAsyncio && options.mode != AsyncioMode::Auto {
            return None;
        }
        let scope = fixture.scope?;
        let loop_scope = match (self.fixture_keyword("loop_scope"), &options.fixture_loop_scope) {
            (Some(given), _) => scope_named(self.code().kind(given).as_str()?)?,
            (None, Some(word)) => scope_named(word)?,
            (None, None) => scope,
        };
        // A loop that ends before the fixture does is refused: `ScopeMismatch`.
        (loop_scope >= scope).then_some(loop_scope)
    }
}
