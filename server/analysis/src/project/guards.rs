//! What is put back around a test, fixture or set-up, by what, and for whom.
//!
//! Order and reach are pytest's (`pytest-facts.md`, A4): xunit set-up of a level runs before the autouse fixtures of
//! that level, wider fixtures before narrower ones, so a guard counts only if it saves before the effect happens.

use std::sync::Arc;

use super::closure::Closed;
use super::effects::class_state::own_class;
use super::effects::{Footprint, Phase as TouchPhase, Touch};
use super::fixtures::{Fixture, FixtureScope, Maker};
use super::functions::{function_at, method_of};
use super::pytest_config::AsyncioMode;
use super::role::{Phase, Reach, Xunit};
use super::target::{Setting, Target};
use super::{Module, Role, Subject};
use crate::facts::NodeKind;

/// Who is protected from an effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Guarded {
    /// Nobody: nothing puts the target back before the process ends.
    No,
    /// Other modules; the tests of the same one see the change.
    OutsideModule,
    /// Everything but the tests of the same class.
    OutsideClass,
    Fully,
}

/// One thing that is put back.
#[derive(Clone, Debug)]
struct Restored {
    target: Target,
    scope: FixtureScope,
}

/// What runs around one item.
#[derive(Clone, Debug, Default)]
pub struct Guards {
    restored: Vec<Restored>,
    /// Given its value again, if it has another.
    saved: Vec<Restored>,
    /// Brought to a known state before every test.
    renewed: Vec<Target>,
    /// Something around the subject puts back what cannot be seen.
    pub vague: bool,
    /// An async fixture that nothing awaits, whose tear-down would have guarded these.
    pub dead: Vec<(Target, Arc<Fixture>)>,
}

impl Guards {
    pub fn of(subject: &Subject<'_>) -> Guards {
        let mut guards = Guards::default();
        let closure = subject.closure();
        let awaits_all = awaits_plain_fixtures(subject, &closure);
        for closed in closure.iter() {
            match &closed.fixture {
                Some(fixture) => guards.add_fixture(subject, fixture, awaits_all),
                None => guards.add_foreign(&closed.name),
            }
        }
        for (module, item) in xunit_functions(subject) {
            guards.add_xunit(subject, &module, item);
        }
        guards.add_hooks(subject);
        guards
    }

    /// Who is protected from a touch.
    pub fn of_touch(&self, touch: &Touch) -> Guarded {
        let saved = strongest(&self.saved, |saved| touch.is_undone_by_saving(saved));
        strongest(&self.restored, |restored| touch.is_within(restored)).max(saved)
    }

    /// Who is protected from a change of `target`.
    pub fn of_target(&self, target: &Target) -> Guarded {
        strongest(&self.restored, |restored| restored.covers(target))
    }

    /// Whether `target` has a fresh value before every test that this set-up reaches.
    pub fn renews(&self, target: &Target) -> bool {
        self.renewed.iter().any(|renewed| renewed.covers(target))
    }

    fn add_fixture(&mut self, subject: &Subject<'_>, fixture: &Arc<Fixture>, awaits_all: bool) {
        let is_itself = subject.is_item(&fixture.module, fixture.item);
        let scope = fixture.scope.unwrap_or(FixtureScope::Session);
        if is_itself || !saves_in_time(subject, fixture, scope) {
            return;
        }
        let source = fixture.subject(subject.project);
        let footprint = Footprint::of(&source);
        let restores_unseen = footprint.restores().next().is_none();
        self.vague |= restores_unseen && is_named_for_restoring(source.module.file.name(fixture.item));
        self.vague |= scope == FixtureScope::Function && hands_patcher_on(&source);
        if fixture.is_async && fixture.maker == Maker::Pytest && !awaits_all {
            self.dead.extend(footprint.restores().map(|target| (target.clone(), fixture.clone())));
            return;
        }
        self.add(&footprint, scope);
    }

    fn add(&mut self, footprint: &Footprint, scope: FixtureScope) {
        self.vague |= footprint.vague.iter().any(|(_, phase)| *phase != TouchPhase::Run);
        self.restored.extend(footprint.restores().map(|target| Restored { target: target.clone(), scope }));
        self.saved.extend(footprint.saves().map(|target| Restored { target: target.clone(), scope }));
        if scope == FixtureScope::Function {
            self.renewed.extend(footprint.renews().cloned());
        }
    }

    /// Fixtures of well-known plugins.
    fn add_foreign(&mut self, name: &str) {
        let restored: &[Target] = match name {
            "pytester" | "testdir" => &[Target::Cwd, Target::SysPath, Target::SysModules(None)],
            "fs" | "fake_filesystem" => &[Target::Cwd],
            _ => &[],
        };
        let scope = FixtureScope::Function;
        let looked_after = looked_after(name);
        self.vague |= looked_after.is_some();
        self.restored.extend(looked_after.flatten().map(|target| Restored { target, scope }));
        self.restored.extend(restored.iter().map(|target| Restored { target: target.clone(), scope }));
        if name == "event_loop" {
            self.restored.push(Restored { target: Target::Setting(Setting::EventLoop), scope });
        }
    }

    fn add_xunit(&mut self, subject: &Subject<'_>, module: &Module, item: u32) {
        let around = Subject::new(subject.project, module, item);
        let Role::Xunit(Xunit { reach, phase }) = around.role else { return };
        let is_itself = item == subject.item && module.file.path == *subject.path();
        if is_itself {
            return;
        }
        let scope = match reach {
            Reach::Function => FixtureScope::Function,
            Reach::Class => FixtureScope::Class,
            Reach::Module => FixtureScope::Module,
        };
        let own_reach = match subject.role {
            Role::Xunit(own) => own.reach,
            _ => Reach::Function,
        };
        let footprint = Footprint::of(&around);
        match phase {
            // What tears down at the level of the set-up itself guards it fully.
            Phase::TearDown if reach <= own_reach => self.add(&footprint, FixtureScope::Function),
            _ => {
                self.add(&footprint, scope);
                // The attributes of the class itself are as good as fresh for each of its tests.
                if phase == Phase::SetUp && reach == Reach::Class {
                    let renewed = footprint.renews().filter(|target| is_of_class(&around, target));
                    self.renewed.extend(renewed.cloned());
                }
            }
        }
    }

    /// `pytest_runtest_setup` and `pytest_runtest_teardown` of the conftests above.
    fn add_hooks(&mut self, subject: &Subject<'_>) {
        for path in subject.project.conftests(subject.path()).iter() {
            let Some(module) = subject.project.module(path) else { continue };
            for name in [
                "pytest_runtest_teardown",
                "pytest_runtest_setup",
                "pytest_runtest_protocol",
                "pytest_runtest_call",
            ] {
                let Some((module, item)) = function_at(subject, &format!("{}.{name}", module.name)) else {
                    continue;
                };
                let hook = Subject::new(subject.project, &module, item);
                let footprint = Footprint::of(&hook);
                let scope = FixtureScope::Function;
                self.restored
                    .extend(footprint.touches.iter().map(|t| Restored { target: t.target.clone(), scope }));
                self.restored
                    .extend(footprint.covers.iter().map(|c| Restored { target: c.target.clone(), scope }));
            }
        }
    }
}

fn strongest(restored: &[Restored], undoes: impl Fn(&Target) -> bool) -> Guarded {
    restored
        .iter()
        .filter(|restored| undoes(&restored.target))
        .map(|restored| match restored.scope {
            FixtureScope::Function => Guarded::Fully,
            FixtureScope::Class => Guarded::OutsideClass,
            FixtureScope::Module => Guarded::OutsideModule,
            FixtureScope::Package | FixtureScope::Session => Guarded::No,
        })
        .max()
        .unwrap_or(Guarded::No)
}

/// What a fixture that is nowhere to be seen looks after, by its name: `save_env`, `restore_argv`, `temp_cwd`. `None` where
/// its name does not say that it looks after anything.
fn looked_after(fixture: &str) -> Option<Option<Target>> {
    let has = |word: &str| fixture.contains(word);
    if has("cwd") || has("chdir") {
        return Some(Some(Target::Cwd));
    }
    if !["save", "restore", "preserve", "reset", "isolate"].iter().any(|word| has(word)) {
        return None;
    }
    Some(match () {
        () if has("env") => Some(Target::Environ(None)),
        () if has("argv") => Some(Target::attribute("sys.argv")),
        () if has("sys_path") || has("syspath") => Some(Target::SysPath),
        () if has("modules") => Some(Target::SysModules(None)),
        () => None,
    })
}

/// Whether a fixture gives its `monkeypatch` or `mocker` to something that cannot be followed: what that changes is undone.
fn hands_patcher_on(fixture: &Subject<'_>) -> bool {
    let code = fixture.code();
    let is_patcher = |value| matches!(code.kind(value).as_name(), Some("monkeypatch" | "mocker"));
    fixture.body().any(|node| match code.kind(node) {
        NodeKind::Call { func, args } => {
            args.iter().any(|argument| is_patcher(argument.value))
                && fixture.resolve(*func).is_none_or(|path| function_at(fixture, &path).is_none())
        }
        _ => false,
    })
}

/// `restore_singletons`, `reset_registry`: what such a fixture calls may be out of sight.
fn is_named_for_restoring(fixture: &str) -> bool {
    fixture
        .split('_')
        .any(|word| matches!(word, "restore" | "restores" | "reset" | "resets" | "isolate" | "isolated"))
}

fn is_of_class(method: &Subject<'_>, target: &Target) -> bool {
    own_class(method).is_some_and(|class| Target::attribute(class).covers(target))
}

/// Whether a fixture's set-up runs before the subject's.
fn saves_in_time(subject: &Subject<'_>, fixture: &Fixture, scope: FixtureScope) -> bool {
    match subject.role {
        Role::Fixture => {
            let own = subject.as_fixture().and_then(|own| own.scope).unwrap_or(FixtureScope::Session);
            scope >= own
        }
        Role::Xunit(xunit) => {
            let same_level = fixture.module.file.path == *subject.path() && fixture.class == subject.class();
            let own = match xunit.reach {
                Reach::Function => FixtureScope::Function,
                Reach::Class => FixtureScope::Class,
                Reach::Module => FixtureScope::Module,
            };
            // In a `TestCase` autouse fixtures run before `setUp`.
            fixture.autouse && scope >= own && (subject.is_test_case() || !same_level)
        }
        _ => true,
    }
}

/// Whether something awaits an `async def` fixture that is made with plain `@pytest.fixture`: pytest-asyncio in auto
/// mode, or anyio's plugin for tests that use it.
fn awaits_plain_fixtures(subject: &Subject<'_>, closure: &[Closed]) -> bool {
    let project = subject.project;
    project.config.options.asyncio.mode == AsyncioMode::Auto
        || closure.iter().any(|closed| closed.name == "anyio_backend")
        || project
            .marks(&subject.module, subject.item)
            .iter()
            .any(|mark| matches!(mark.name.as_str(), "anyio" | "trio"))
        || project.plugins.has("pytest-trio")
        || project.plugins.has("pytest-tornasync")
        || project.plugins.has("pytest-aiohttp")
}

const CLASS_FUNCTIONS: &[&str] = &[
    "setUp",
    "asyncSetUp",
    "setup_method",
    "tearDown",
    "asyncTearDown",
    "teardown_method",
    "setUpClass",
    "setup_class",
    "tearDownClass",
    "teardown_class",
];

const MODULE_FUNCTIONS: &[&str] = &[
    "setup_function",
    "teardown_function",
    "setup_module",
    "setUpModule",
    "teardown_module",
    "tearDownModule",
];

/// The xunit-style functions around an item.
pub fn xunit_functions(subject: &Subject<'_>) -> Vec<(Module, u32)> {
    let mut found = Vec::new();
    if let Some(class) = subject.class() {
        found.extend(CLASS_FUNCTIONS.iter().flat_map(|name| methods_of(subject, class, name)));
    }
    let in_module = MODULE_FUNCTIONS
        .iter()
        .filter_map(|name| function_at(subject, &format!("{}.{name}", subject.module.name)));
    found.extend(in_module);
    found
}

/// A method and, since set-ups call `super()`, those of the same name further up.
fn methods_of(subject: &Subject<'_>, class: u32, name: &str) -> Vec<(Module, u32)> {
    let mut found: Vec<(Module, u32)> = method_of(subject, class, name).into_iter().collect();
    for (module, base) in subject.project.bases(&subject.module, class) {
        let head = Subject::new(subject.project, &module, base);
        found.extend(method_of(&head, base, name));
    }
    found.dedup_by(|a, b| a.1 == b.1 && a.0.file.path == b.0.file.path);
    found
}
