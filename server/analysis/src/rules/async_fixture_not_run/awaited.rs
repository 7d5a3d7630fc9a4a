//! Who could await an async fixture or test.

use memchr::memmem;

use super::Found;
use super::set_up::{PLAIN_CASES, place_of_name};
use crate::facts::NodeId;
use crate::facts::code::ArgumentKind;
use crate::hint::Confidence;
use crate::project::event_loop::OTHER_RUNNERS;
use crate::project::fixtures::{Maker, is_fixture_path};
use crate::project::pytest_config::AsyncioMode;
use crate::project::{ClassKind, Glance, Module, Project, Role, Subject};

/// Words in a test file or conftest that show another runner, or a hook of the project's own that may be one.
const SIGNS: &[&str] = &[
    "anyio",
    "aiohttp.pytest_plugin",
    "pytest_trio",
    "pytest_fixture_setup",
    "pytest_pyfunc_call",
    "asyncio_mode",
];

pub fn fixture(subject: &Subject<'_>) -> Option<Found> {
    let project = subject.project;
    let fixture = subject.as_fixture()?;
    let is_awaited =
        fixture.maker != Maker::Pytest || are_all_awaited(project) || shows_another_runner(project);
    if is_awaited {
        return None;
    }
    let maker = maker(subject)?;
    let is_declared = project.plugins.has("pytest-asyncio");
    let sureness = if is_declared { Confidence::Likely } else { Confidence::Possible };
    Some(Found::Fixture { maker, sureness })
}

/// Whether the configuration or a declared plugin has every async fixture awaited, or may have.
pub fn are_all_awaited(project: &Project) -> bool {
    project.config.options.asyncio.mode == AsyncioMode::Auto
        || OTHER_RUNNERS.iter().any(|runner| project.plugins.has(runner))
        || project.config.options.plugin_switches.iter().any(|switch| switch.contains("asyncio"))
}

fn shows_another_runner(project: &Project) -> bool {
    project.checked_files().iter().filter_map(|path| project.module(path)).any(|module| {
        let text = module.file.text.as_str().as_bytes();
        SIGNS.iter().any(|sign| memmem::find(text, sign.as_bytes()).is_some())
    })
}

/// The expression that names the fixture's maker: `pytest.fixture`.
pub fn maker(subject: &Subject<'_>) -> Option<NodeId> {
    let code = subject.code();
    subject.function()?.decorators.iter().find_map(|decorator| {
        let target = code.uncalled(decorator.expr);
        subject.resolve(target).is_some_and(|path| is_fixture_path(&path)).then_some(target)
    })
}

/// An async test of a class whose only base out of sight is `unittest.TestCase` itself: other bases may await it.
pub fn test(subject: &Subject<'_>) -> Option<Found> {
    let class = subject.class().filter(|_| subject.is_test_case())?;
    if !derives_only_from(subject, class, PLAIN_CASES) || is_wrapped(subject) {
        return None;
    }
    let file = &subject.module.file;
    let alike: Vec<u32> = file
        .members(class)
        .filter(|member| file.item(*member).function().is_some_and(|head| head.is_async))
        .filter(|member| subject.project.role(&subject.module, *member) == Role::Test)
        .filter(|member| !is_wrapped(&Subject::new(subject.project, &subject.module, *member)))
        .collect();
    let (first, rest) = alike.split_first()?;
    // One cause, one hint: the class.
    if *first != subject.item {
        return None;
    }
    let others = rest.iter().map(|member| place_of_name(subject, *member)).collect();
    Some(Found::Test { others })
}

/// Whether the item is in a class that gets something from one of [`PLAIN_CASES`].
pub fn is_of_plain_case(item: &Glance<'_>) -> bool {
    let class = item.module.file.item(item.item).owner;
    let class = class.filter(|class| item.project.class_kind(item.module, *class) == ClassKind::TestCase);
    let unseen = class.and_then(|class| item.project.unseen_bases(item.module, class));
    unseen.is_some_and(|unseen| unseen.iter().any(|path| PLAIN_CASES.contains(&path.as_str())))
}

/// Methods of `TestCase` that call the test, and that a class may replace to await it.
const CALLERS: &[&str] = &["_callTestMethod", "__call__", "__getattribute__", "__init_subclass__", "run"];

/// Whether what a class gets from outside the project comes from one of these alone, and from one of them if there are any.
pub fn derives_only_from(subject: &Subject<'_>, class: u32, known: &[&str]) -> bool {
    let project = subject.project;
    // A class decorator or a metaclass may wrap its tests.
    let is_bare = project.method_resolution(&subject.module, class).iter().all(|(module, class)| {
        let head = module.file.facts(*class).code.class();
        head.is_some_and(|head| {
            head.decorators.is_empty() && head.bases.iter().all(|base| base.kind == ArgumentKind::Positional)
        }) && !calls_tests_itself(module, *class)
    });
    let Some(unseen) = project.unseen_bases(&subject.module, class) else { return false };
    let is_known = |path: &str| known.contains(&path);
    is_bare
        && (known.is_empty() || unseen.iter().any(|path| is_known(path)))
        && unseen.iter().all(|path| path == "builtins.object" || is_known(path))
}

/// Whether the class's body, a condition in it included, defines a method that calls the tests.
fn calls_tests_itself(module: &Module, class: u32) -> bool {
    module.file.members(class).any(|member| {
        let text = module.file.item_text(member);
        CALLERS.iter().any(|name| {
            module.file.name(member) == *name
                || (module.file.item(member).function().is_none() && text.contains(&format!("def {name}(")))
        })
    })
}

/// Whether a decorator may make something else of the test.
fn is_wrapped(subject: &Subject<'_>) -> bool {
    let code = subject.code();
    let Some(function) = subject.function() else { return true };
    function.decorators.iter().any(|decorator| {
        let target = code.uncalled(decorator.expr);
        let known = ["unittest.mock.patch", "unittest.skip", "unittest.expectedFailure", "pytest.mark."];
        !subject.resolve(target).is_some_and(|path| known.iter().any(|start| path.starts_with(start)))
    })
}
