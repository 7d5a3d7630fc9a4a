//! Who uses an object in an event loop that it does not belong to.

use crate::facts::{NodeId, NodeKind};
use crate::project::accesses::is_use;
use crate::project::fixtures::{Fixture, FixtureScope};
use crate::project::target::Target;
use crate::project::{Place, Project, Role, Subject};

/// A test or fixture that awaits something of the object.
#[derive(Clone, Debug)]
pub struct User {
    pub name: String,
    pub place: Place,
    pub loop_scope: FixtureScope,
    pub is_test: bool,
}

/// Those that get the object from a fixture.
pub fn of_fixture(project: &Project, fixture: &Fixture) -> Vec<User> {
    search(project, &fixture.name, |subject| {
        let given = project.fixture(&subject.module, subject.item, &fixture.name)?;
        let is_it = given.item == fixture.item && given.module.file.path == fixture.module.file.path;
        if !is_it || mocks_the_network(subject) {
            return None;
        }
        let code = subject.code();
        awaited(subject, |node| code.kind(node).as_name() == Some(&fixture.name))
    })
}

/// Those that take it from the module that holds it.
pub fn of_name(project: &Project, module: &str, name: &str) -> Vec<User> {
    let target = Target::attribute(format!("{module}.{name}"));
    search(project, name, |subject| {
        if mocks_the_network(subject) {
            return None;
        }
        // A name imported from there stands for the same object.
        let is_imported = |node: NodeId| {
            subject.code().kind(node).as_name() == Some(name)
                && subject.resolve(node).as_deref() == target.path()
        };
        awaited(subject, |node| is_use(subject, node, &target, name) || is_imported(node))
    })
}

/// Those that take it from the class that holds it, through `self`, `cls` or the class's name.
pub fn of_class(subject: &Subject<'_>, class: u32, name: &str) -> Vec<User> {
    let class_name = subject.module.file.name(class);
    search(subject.project, name, |user| {
        let is_of_class = user.class() == Some(class) && user.module.file.path == *subject.path();
        if !is_of_class || mocks_the_network(user) {
            return None;
        }
        let code = user.code();
        awaited(user, |node| match code.kind(node) {
            NodeKind::Attribute { value, attr, .. } if attr == name => {
                code.kind(*value).as_name().is_some_and(|on| ["self", "cls", class_name].contains(&on))
            }
            _ => false,
        })
    })
}

/// In which loop a test or fixture runs.
fn loop_scope(subject: &Subject<'_>) -> Option<FixtureScope> {
    subject.loop_scope().or_else(|| is_isolated(subject).then_some(FixtureScope::Function))
}

/// Whether it is an async test of an `IsolatedAsyncioTestCase`, which has a loop for each.
fn is_isolated(subject: &Subject<'_>) -> bool {
    let is_async = subject.function().is_some_and(|function| function.is_async);
    let Some(class) = subject.class().filter(|_| is_async && subject.role == Role::Test) else {
        return false;
    };
    let unseen = subject.project.unseen_bases(&subject.module, class).unwrap_or_default();
    unseen.iter().any(|path| path == "unittest.IsolatedAsyncioTestCase")
}

fn search(project: &Project, word: &str, used: impl Fn(&Subject<'_>) -> Option<NodeId>) -> Vec<User> {
    project.in_functions_with(word, |subject| {
        let (loop_scope, node) = loop_scope(subject).zip(used(subject))?;
        Some(User {
            name: project.qualified_name(&subject.module, subject.item),
            place: subject.place(subject.code().range(node)),
            loop_scope,
            is_test: subject.role == Role::Test,
        })
    })
}

/// The first use that is awaited, entered with `async with` or gone through with `async for`.
fn awaited(subject: &Subject<'_>, is_it: impl Fn(NodeId) -> bool) -> Option<NodeId> {
    let code = subject.code();
    let receives = |expr: NodeId| match code.kind(expr) {
        NodeKind::Call { func, .. } => code.subtree(*func).find(|node| is_it(*node)),
        _ => None,
    };
    subject.body().find_map(|node| match code.kind(node) {
        NodeKind::Await(inner) => receives(*inner),
        NodeKind::With { is_async: true, items, .. } => items.iter().find_map(|item| receives(item.context)),
        NodeKind::For { is_async: true, iter, .. } => receives(*iter),
        _ => None,
    })
}

/// Names of fixtures, decorators and fakes under which no connection is made.
const NETWORK_MOCKS: &[&str] = &["aioresponses", "fakeredis", "httpx_mock", "respx", "vcr"];

/// Whether a test or fixture runs under one of them.
fn mocks_the_network(subject: &Subject<'_>) -> bool {
    let is_mock = |text: &str| NETWORK_MOCKS.iter().any(|mock| text.contains(mock));
    let closure = subject.closure();
    let marks = subject.marks();
    is_mock(subject.text())
        || closure.iter().any(|closed| is_mock(&closed.name))
        || marks.iter().any(|mark| is_mock(&mark.name))
}
