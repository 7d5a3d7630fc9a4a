//! What is a mock in a test, where it was put, and by which names code reaches it.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::patches::{Replacement, injecting_call, replacement};
use super::{Role, Subject};
use crate::facts::code::ArgumentKind;
use crate::facts::{BindingKind, NodeId, NodeKind};

/// Fixtures of fixtures are followed this far.
const MAX_HOPS: u32 = 4;

/// A mock as a test spells it, and what is known of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mock {
    /// `client.send`
    pub name: String,
    /// The local name at its head: `client`; `self.client` for an attribute of the test's class.
    pub root: String,
    /// What stands behind the root, `return_value` left out.
    pub below: Vec<SmolStr>,
    /// The dotted path that it stands in for.
    pub replaces: Option<SmolStr>,
    /// That path was given as text: it is looked up when the patch begins.
    pub is_looked_up: bool,
    /// The names by which code calls it: the attribute or parameter that it was put in.
    pub called_as: BTreeSet<SmolStr>,
    /// The `with` statement at whose end it is taken away.
    pub installed_in: Option<NodeId>,
}

/// Whether an expression is a mock for sure, or at least called one.
pub fn is_mock(subject: &Subject<'_>, expr: NodeId) -> bool {
    let Some(name) = spelled(subject, expr) else { return false };
    name.to_lowercase().contains("mock") || origin(subject, expr).is_some()
}

/// Describes the mock that an expression stands for; `None` where it is no chain of names.
pub fn mock_at(subject: &Subject<'_>, expr: NodeId) -> Option<Mock> {
    let name = spelled(subject, expr)?;
    let mut parts = name.split('.').map(|part| part.trim_end_matches("()"));
    let first = parts.next()?;
    let root = match first {
        "self" | "cls" => format!("{first}.{}", parts.next()?),
        _ => first.to_owned(),
    };
    let below: Vec<SmolStr> =
        parts.filter(|part| !matches!(*part, "return_value" | "side_effect")).map(SmolStr::new).collect();
    let mut mock = Mock { name, root, below, ..Mock::default() };
    if let Some(origin) = origin(subject, expr) {
        mock.take(origin);
    }
    mock.called_as.extend(mock.below.last().cloned());
    if mock.below.is_empty() {
        let replaced = mock.replaces.as_ref().and_then(|path| path.rsplit('.').next()).map(SmolStr::new);
        mock.called_as.extend(replaced);
    }
    places_put(subject, &mut mock);
    Some(mock)
}

/// `client.send`, `client().send`: a chain of names, attributes and calls, without the calls' arguments.
pub fn spelled(subject: &Subject<'_>, expr: NodeId) -> Option<String> {
    let code = subject.code();
    let mut parts = Vec::new();
    let mut calls = "";
    let mut at = expr;
    loop {
        match code.kind(at) {
            NodeKind::Attribute { value, attr, .. } => {
                parts.push(format!("{attr}{calls}"));
                calls = "";
                at = *value;
            }
            NodeKind::Call { func, .. } => {
                calls = "()";
                at = *func;
            }
            NodeKind::Name(name) => {
                parts.push(format!("{name}{calls}"));
                break;
            }
            _ => return None,
        }
    }
    parts.reverse();
    Some(parts.join("."))
}

/// How a mock came to be.
#[derive(Clone, Debug, Default)]
struct Origin {
    replaces: Option<SmolStr>,
    is_looked_up: bool,
    called_as: Option<SmolStr>,
    installed_in: Option<NodeId>,
}

impl Mock {
    fn take(&mut self, origin: Origin) {
        self.installed_in = origin.installed_in;
        self.is_looked_up = origin.is_looked_up;
        if let Some(path) = origin.replaces {
            let mut path = path.to_string();
            for part in &self.below {
                path.push('.');
                path.push_str(part);
            }
            self.replaces = Some(SmolStr::from(path));
        }
        if self.below.is_empty() {
            self.called_as.extend(origin.called_as);
        }
    }
}

/// Where the root of a chain got its mock from.
fn origin(subject: &Subject<'_>, expr: NodeId) -> Option<Origin> {
    let code = subject.code();
    let mut at = expr;
    while let NodeKind::Attribute { value: inner, .. } | NodeKind::Call { func: inner, .. } = code.kind(at) {
        at = *inner;
    }
    let name = code.kind(at).as_name()?;
    if matches!(name, "self" | "cls") {
        return set_in_class(subject, expr);
    }
    let assigned = code.dotted(expr).and_then(|name| assigned_attribute(subject, &name));
    if assigned.is_some() {
        return assigned;
    }
    let bound = subject.facts.bindings().visible(code, name, at);
    let binding = bound.iter().rev().find(|binding| binding.node < expr).or(bound.first())?;
    if let Some(value) = binding.value(code, name) {
        return made(subject, value);
    }
    match &binding.kind {
        BindingKind::Entered(context) => {
            let entered = made(subject, *context)?;
            Some(Origin { installed_in: Some(binding.node), ..entered })
        }
        BindingKind::Param(index) => given(subject, *index, name, MAX_HOPS),
        _ => None,
    }
}

/// The mock that an expression makes: a mock class called, a patcher entered or started, or a name for one.
fn made(subject: &Subject<'_>, expr: NodeId) -> Option<Origin> {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(expr) else {
        return matches!(code.kind(expr), NodeKind::Name(_) | NodeKind::Attribute { .. })
            .then(|| bound_call(subject, expr))
            .flatten()
            .and_then(|call| made(subject, call));
    };
    if let Some(replacement) = replacement(&subject.scope(), expr) {
        return Some(of_replacement(&replacement));
    }
    if let NodeKind::Attribute { value, attr, .. } = code.kind(*func)
        && matches!(attr.as_str(), "start" | "enter_context" | "enterContext")
    {
        let NodeKind::Call { args, .. } = code.kind(expr) else { return None };
        let patcher = if attr == "start" { *value } else { args.first()?.value };
        return made(subject, patcher);
    }
    makes_mock(subject, *func).then(Origin::default)
}

/// The call that a local name was bound to.
fn bound_call(subject: &Subject<'_>, name: NodeId) -> Option<NodeId> {
    let code = subject.code();
    let bound = subject.facts.bindings().visible(code, code.kind(name).as_name()?, name);
    match bound.as_slice() {
        [one] => match one.kind {
            BindingKind::Value(value) => matches!(code.kind(value), NodeKind::Call { .. }).then_some(value),
            _ => None,
        },
        _ => None,
    }
}

/// Whether a class of `unittest.mock`, or of pytest-mock's `mocker`, is called.
fn makes_mock(subject: &Subject<'_>, func: NodeId) -> bool {
    const CLASSES: &[&str] = &[
        "AsyncMock",
        "MagicMock",
        "Mock",
        "NonCallableMock",
        "NonCallableMagicMock",
        "PropertyMock",
        "create_autospec",
        "stub",
        "async_stub",
    ];
    let path = subject.resolve(func).map(|path| path.to_string());
    let text = path.or_else(|| subject.code().dotted(func)).unwrap_or_default();
    let Some((head, last)) = text.rsplit_once('.') else { return false };
    let is_known =
        head == "mock" || head.ends_with(".mock") || head.ends_with("mocker") || head == "asynctest";
    is_known && CLASSES.contains(&last)
}

fn of_replacement(replacement: &Replacement) -> Origin {
    let path = replacement.path.clone();
    Origin {
        called_as: Some(replacement.name.clone()),
        replaces: path,
        is_looked_up: replacement.object.is_none(),
        installed_in: None,
    }
}

/// The mock that fills a parameter: of a `patch` decorator, or of a fixture.
fn given(subject: &Subject<'_>, index: usize, name: &str, hops: u32) -> Option<Origin> {
    if let Some((origin_subject, call)) = injecting_call(subject, index) {
        let replacement = replacement(&origin_subject.scope(), call)?;
        return Some(of_replacement(&replacement));
    }
    let hops = hops.checked_sub(1)?;
    let fixture = subject.fixture_subject(name)?;
    fixture
        .results()
        .into_iter()
        .find_map(|value| match fixture.code().kind(value) {
            NodeKind::Name(inner) => {
                let bound = fixture.facts.bindings().visible(fixture.code(), inner, value);
                bound.iter().find_map(|binding| match &binding.kind {
                    BindingKind::Value(made_of) => made(&fixture, *made_of),
                    BindingKind::Entered(context) => made(&fixture, *context),
                    BindingKind::Param(index) => given(&fixture, *index, inner, hops),
                    _ => None,
                })
            }
            _ => made(&fixture, value),
        })
        .map(|origin| Origin { installed_in: None, ..origin })
}

/// `client.send = AsyncMock()` in the test itself.
fn assigned_attribute(subject: &Subject<'_>, name: &str) -> Option<Origin> {
    let code = subject.code();
    subject.body().find_map(|node| {
        let NodeKind::Assign { targets, value } = code.kind(node) else { return None };
        let is_it = targets.iter().any(|target| {
            matches!(code.kind(*target), NodeKind::Attribute { .. })
                && code.dotted(*target).is_some_and(|target| target == name)
        });
        if is_it { made(subject, *value) } else { None }
    })
}

/// `self.client = Mock()` in a method of the test's class, mostly its set-up.
fn set_in_class(subject: &Subject<'_>, expr: NodeId) -> Option<Origin> {
    let name = subject.code().dotted(expr)?;
    let own = assigned_attribute(subject, &name);
    if own.is_some() {
        return own;
    }
    let attr = name.split('.').nth(1)?;
    let root = format!("self.{attr}");
    let class = subject.class()?;
    let file = &subject.module.file;
    file.members(class)
        .filter(|member| file.item_text(*member).contains(&root))
        .map(|member| Subject::new(subject.project, &subject.module, member))
        .filter(|member| matches!(member.role, Role::Xunit(_) | Role::Fixture))
        .find_map(|member| assigned_attribute(&member, &root))
}

/// Looks for the places where the mock is handed to something under a name: `Service(send=mock)`, `service.send = mock`,
/// `monkeypatch.setattr(service, "send", mock)`, here and in the fixtures of the test.
fn places_put(subject: &Subject<'_>, mock: &mut Mock) {
    if !mock.below.is_empty() {
        return;
    }
    let root = mock.root.clone();
    put_in(subject, &root, mock);
    let closure = subject.project.closure(&subject.module, subject.item);
    let fixtures = closure.iter().filter_map(|closed| closed.fixture.as_ref());
    for fixture in fixtures.filter(|fixture| fixture.requests.iter().any(|name| *name == root)) {
        put_in(&Subject::new(subject.project, &fixture.module, fixture.item), &root, mock);
    }
}

fn put_in(subject: &Subject<'_>, root: &str, mock: &mut Mock) {
    let code = subject.code();
    let is_it = |node: NodeId| code.dotted(node).is_some_and(|name| name == root);
    for node in subject.body() {
        match code.kind(node) {
            NodeKind::Assign { targets, value } if is_it(*value) => {
                for target in targets {
                    if let NodeKind::Attribute { attr, .. } = code.kind(*target) {
                        mock.called_as.insert(attr.clone());
                    }
                }
            }
            NodeKind::Call { args, .. } if args.iter().any(|argument| is_it(argument.value)) => {
                if let Some(replacement) = replacement(&subject.scope(), node) {
                    mock.called_as.insert(replacement.name.clone());
                    mock.is_looked_up |= mock.replaces.is_none() && replacement.object.is_none();
                    mock.replaces = mock.replaces.take().or(replacement.path);
                    if let Some(with) = entered_by(subject, node) {
                        mock.installed_in =
                            mock.installed_in.or(Some(with)).filter(|_| subject.role == Role::Test);
                    }
                    continue;
                }
                passed(subject, node, root, mock);
            }
            _ => {}
        }
    }
}

/// The `with` statement that enters the context that `call` makes.
fn entered_by(subject: &Subject<'_>, call: NodeId) -> Option<NodeId> {
    let code = subject.code();
    let parent = code.node(call).parent;
    match code.kind(parent) {
        NodeKind::With { items, .. } if items.iter().any(|item| item.context == call) => Some(parent),
        _ => None,
    }
}

/// The keyword, or the parameter of a project function, through which a mock is passed.
fn passed(subject: &Subject<'_>, call: NodeId, root: &str, mock: &mut Mock) {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(call) else { return };
    let mut position = 0;
    for argument in args {
        let is_it = code.dotted(argument.value).is_some_and(|name| name == root);
        match &argument.kind {
            ArgumentKind::Keyword(key) if is_it => {
                mock.called_as.insert(key.clone());
            }
            ArgumentKind::Positional => {
                if is_it && let Some(name) = parameter_name(subject, *func, position) {
                    mock.called_as.insert(name);
                }
                position += 1;
            }
            _ => {}
        }
    }
}

/// The name of the parameter that a positional argument fills.
fn parameter_name(subject: &Subject<'_>, func: NodeId, position: usize) -> Option<SmolStr> {
    let called = subject.definition(func)?.subject(subject.project);
    let function = called.function()?;
    let has_self = called.class().is_some()
        && function.params.first().is_some_and(|param| matches!(param.name.as_str(), "self" | "cls"));
    function.params.get(position + usize::from(has_self)).map(|param| param.name.clone())
}
