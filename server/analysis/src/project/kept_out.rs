//! What keeps a test from running where something that it needs is missing. To be wrong here costs a hint, not a false one.

use super::constant::Origin;
use super::marks::Mark;
use super::surroundings::neighbours;
use super::{Role, Subject};
use crate::facts::code::Decorator;
use crate::facts::{NodeId, NodeKind};
use crate::store::owners;

/// Marks of pytest and its plugins that select nothing.
const PLAIN_MARKS: &[&str] = &[
    "anyio",
    "asyncio",
    "django_db",
    "filterwarnings",
    "flaky",
    "no_parallel",
    "parametrize",
    "serial",
    "skipif",
    "slow",
    "timeout",
    "trio",
    "usefixtures",
    "xdist_group",
];

/// How surely a test runs where nobody thought of what it needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Run {
    /// Something skips it, or leaves it out.
    Guarded,
    /// A mark or its folder says that it is run on purpose.
    OnPurpose,
    Always,
}

/// Words of folders with tests that need more than the code.
const APART: &[&str] =
    &["integration", "e2e", "live", "smoke", "external", "acceptance", "llm", "evals", "manual"];

/// Words in a decorator of the project's own that ask for something first.
const ASKING: &[&str] = &[
    "skip",
    "require",
    "need",
    "key",
    "cred",
    "token",
    "live",
    "integration",
    "online",
    "network",
    "vcr",
    "cassette",
    "record",
    "env",
];

pub fn run(subject: &Subject<'_>) -> Run {
    let project = subject.project;
    let is_guarded = says_skip(subject.text())
        || skips_by_decorator(subject)
        || skips_in_called(subject)
        || neighbours(subject).iter().any(|(module, item)| match project.role(module, *item) {
            Role::Fixture | Role::Xunit(_) | Role::Statement => says_skip(module.file.item_text(*item)),
            Role::Hook => {
                let text = module.file.item_text(*item);
                leaves_out(text) && (text.contains("env") || text.contains("path"))
            }
            _ => false,
        });
    if is_guarded {
        return Run::Guarded;
    }
    let marks = subject.marks();
    if marks.iter().any(|mark| is_condition(subject, mark) || is_left_out(subject, mark)) {
        return Run::Guarded;
    }
    let is_marked = marks.iter().any(|mark| !PLAIN_MARKS.contains(&mark.name.as_str()));
    if is_marked || is_apart(subject) { Run::OnPurpose } else { Run::Always }
}

/// Whether the test stands in a folder for tests that need more than the code.
pub fn is_apart(subject: &Subject<'_>) -> bool {
    let path = subject.path();
    let below = path.strip_prefix(&subject.project.root).unwrap_or(path);
    below
        .iter()
        .filter_map(|part| part.to_str())
        .any(|part| part.split(['_', '-', '.']).any(|word| APART.contains(&word)))
}

fn says_skip(text: &str) -> bool {
    let calls = |name: &str| {
        text.match_indices(name)
            .any(|(at, _)| !text[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
    };
    calls("skip(") || calls("skipTest(") || calls("SkipTest") || calls("xfail(")
}

/// A `skipif`, unless it is about the machine or versions.
fn is_condition(subject: &Subject<'_>, mark: &Mark) -> bool {
    match mark.name.as_str() {
        "skip" | "xfail" => true,
        "skipif" => mark.args().first().is_none_or(|first| {
            let origin = Origin { module: mark.module.clone(), item: mark.item, node: first.value };
            let followed = origin.clone().followed(subject.project);
            ![origin, followed].iter().any(is_about_machine)
        }),
        _ => false,
    }
}

fn is_about_machine(origin: &Origin) -> bool {
    let range = origin.module.file.facts(origin.item).code.range(origin.node);
    let text = range.slice(origin.module.file.item_text(origin.item));
    let words = [
        "platform",
        "version",
        "os.name",
        "find_spec",
        "WINDOWS",
        "LINUX",
        "MACOS",
        "PY3",
        "PYPY",
        "windows",
    ];
    words.iter().any(|word| text.contains(word)) && !text.contains("environ") && !text.contains("getenv")
}

/// A mark that the configuration deselects, or that a hook of a conftest looks for.
fn is_left_out(subject: &Subject<'_>, mark: &Mark) -> bool {
    let project = subject.project;
    let name = mark.name.as_str();
    if PLAIN_MARKS.contains(&name) && name != "slow" {
        return false;
    }
    let deselects = |text: &str| text.lines().any(|line| line.contains(&format!("not {name}")));
    project.configuration().is_some_and(|(_, text)| deselects(text))
        || project.conftests(subject.path()).iter().filter_map(|path| project.module(path)).any(|module| {
            let items = 0..module.file.items().len() as u32;
            let mut hooks = items.filter(|item| project.role(&module, *item) == Role::Hook);
            // The mark's name may stand in a constant that the hook looks at.
            module.file.text.as_str().contains(name)
                && hooks.any(|hook| leaves_out(module.file.item_text(hook)))
        })
}

fn leaves_out(hook: &str) -> bool {
    ["skip", "deselect", "ignore_collect", "items[:]"].iter().any(|word| hook.contains(word))
}

/// `@unittest.skipUnless(…)` on the function or a class around it, or a decorator of the project's that asks.
fn skips_by_decorator(subject: &Subject<'_>) -> bool {
    let file = &subject.module.file;
    std::iter::once(subject.item).chain(owners(file, subject.item)).any(|item| {
        let holder = Subject::new(subject.project, &subject.module, item);
        let code = holder.code();
        let decorators: &[Decorator] = match (code.function(), code.class()) {
            (Some(function), _) => &function.decorators,
            (_, Some(class)) => &class.decorators,
            _ => &[],
        };
        decorators.iter().any(|decorator| asks(&holder, decorator.expr))
    })
}

fn asks(holder: &Subject<'_>, decorator: NodeId) -> bool {
    let code = holder.code();
    let target = code.uncalled(decorator);
    let path = holder.resolve(target);
    if path.as_deref().is_some_and(|path| path.starts_with("pytest.")) {
        return false;
    }
    let last = match code.kind(target) {
        NodeKind::Name(name) => name.to_lowercase(),
        NodeKind::Attribute { attr, .. } => attr.to_lowercase(),
        _ => return false,
    };
    // A name for a mark is judged as that mark.
    let is_mark = holder
        .project
        .decorator_marks(&holder.module, holder.item)
        .iter()
        .any(|mark| code.kind(target).as_name().is_some() && mark.item != holder.item);
    !is_mark && ASKING.iter().any(|word| last.contains(word)) && !is_about_package(holder, target)
}

/// Whether a decorator of the project's only tries whether a package is installed.
fn is_about_package(holder: &Subject<'_>, decorator: NodeId) -> bool {
    let Some(definition) = holder.definition(decorator) else { return false };
    let decorator = definition.subject(holder.project);
    let code = decorator.code();
    let imports = decorator
        .body()
        .any(|node| matches!(code.kind(node), NodeKind::Import(_) | NodeKind::FromImport { .. }));
    let asks_more = ["environ", "getenv", "getoption", "connect", "request", "ping"];
    imports && !asks_more.iter().any(|word| decorator.text().contains(word))
}

/// A call of a function that skips, or whose name says that it does.
fn skips_in_called(subject: &Subject<'_>) -> bool {
    let code = subject.code();
    subject.body().any(|node| {
        let NodeKind::Call { func, .. } = code.kind(node) else { return false };
        let Some(name) = code.kind(*func).last_name() else { return false };
        let says = ["skip", "require", "ensure"].iter().any(|word| name.contains(word));
        says || subject
            .definition(*func)
            .is_some_and(|definition| says_skip(definition.subject(subject.project).text()))
    })
}
