//! Where a mock comes from: a class of mocks, a patch, a fixture, a set-up.

use smol_str::SmolStr;

use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::patches::{Replacement, injecting_call, replacement};
use crate::project::{Role, Subject};

/// Fixtures of fixtures are followed this far.
const MAX_HOPS: u32 = 4;

/// How a mock came to be.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin {
    /// The path that the root of the chain stands in for.
    pub(super) replaces: Option<SmolStr>,
    /// The path of what holds that.
    pub(super) owner: Option<SmolStr>,
    pub(super) is_looked_up: bool,
    pub(super) called_as: Option<SmolStr>,
    pub(super) installed_in: Option<NodeId>,
    /// The root is the mock, not only the attribute at the chain's end.
    pub(super) is_of_root: bool,
}

/// Where the root of a chain got its mock from.
pub(super) fn origin(subject: &Subject<'_>, expr: NodeId) -> Option<Origin> {
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
    let of_root = match (binding.value(code, name), &binding.kind) {
        (Some(value), _) => made(subject, value, MAX_HOPS)?,
        (None, BindingKind::Entered(context)) => {
            Origin { installed_in: Some(binding.node), ..made(subject, *context, MAX_HOPS)? }
        }
        (None, BindingKind::Param(index)) => given(subject, *index, name, MAX_HOPS)?,
        _ => return None,
    };
    Some(Origin { is_of_root: true, ..of_root })
}

/// The mock that an expression makes: a mock class called, a patcher entered or started, or a name for one.
fn made(subject: &Subject<'_>, expr: NodeId, hops: u32) -> Option<Origin> {
    let hops = hops.checked_sub(1)?;
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(expr) else {
        return matches!(code.kind(expr), NodeKind::Name(_) | NodeKind::Attribute { .. })
            .then(|| bound_call(subject, expr))
            .flatten()
            .and_then(|call| made(subject, call, hops));
    };
    if let Some(replacement) = replacement(&subject.scope(), expr) {
        return Some(of_replacement(&replacement));
    }
    if let NodeKind::Attribute { value, attr, .. } = code.kind(*func)
        && matches!(attr.as_str(), "start" | "enter_context" | "enterContext")
    {
        let NodeKind::Call { args, .. } = code.kind(expr) else { return None };
        let patcher = if attr == "start" { *value } else { args.first()?.value };
        return made(subject, patcher, hops);
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
    let is_known = head.ends_with("mock") || head.ends_with("mocker") || head == "asynctest";
    is_known && CLASSES.contains(&last)
}

fn of_replacement(replacement: &Replacement) -> Origin {
    let path = replacement.path.clone();
    Origin {
        called_as: Some(replacement.name.clone()),
        replaces: path,
        owner: replacement.owner.clone(),
        is_looked_up: replacement.object.is_none(),
        installed_in: None,
        is_of_root: true,
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
                    BindingKind::Value(made_of) => made(&fixture, *made_of, hops),
                    BindingKind::Entered(context) => made(&fixture, *context, hops),
                    BindingKind::Param(index) => given(&fixture, *index, inner, hops),
                    _ => None,
                })
            }
            _ => made(&fixture, value, hops),
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
        if is_it { made(subject, *value, MAX_HOPS) } else { None }
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
        .map(|origin| Origin { is_of_root: true, ..origin })
}
