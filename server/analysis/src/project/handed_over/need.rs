//! Whether a test can do with the value that a variable has before any test ran.

use crate::facts::code::{BoolOp, CompareOp};
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::effects::Touch;
use crate::project::effects::reference::reference;
use crate::project::target::Target;

use super::initial::Initial;
use super::take::{Take, is_assertion, take_here};
use super::uses::Uses;

/// What a test needs of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// It does not look, or is ready for the initial value.
    Nothing,
    /// It uses what others left there, at this expression; with the initial value it fails.
    Sure(NodeId),
    /// As above, where the failure is out of sight.
    Perhaps(NodeId),
    /// It fails if others left something.
    Initial,
}

/// What a test with these uses of a target needs.
pub fn of(subject: &Subject<'_>, target: &Target, uses: &Uses, initial: Initial, touches: &[&Touch]) -> Need {
    if is_asked_by_name(subject, target) || skips_without(subject, target) {
        return Need::Nothing;
    }
    let is_entry = matches!(target, Target::Attribute { key: Some(_), .. });
    let mut found = Need::Nothing;
    for node in uses.reads.iter().copied() {
        let Some(whole) = whole(subject, node, is_entry) else { continue };
        // What is saved and put back is not looked at.
        let is_saved = touches.iter().any(|touch| touch.node > node) && local_for(subject, whole).is_some();
        match take(subject, whole, initial) {
            Take::WantsInitial => return Need::Initial,
            Take::Minds => return Need::Nothing,
            _ if is_saved => return Need::Nothing,
            Take::Fails if !matches!(found, Need::Sure(_)) => found = Need::Sure(whole),
            Take::Depends if found == Need::Nothing => found = Need::Perhaps(whole),
            _ => {}
        }
    }
    found
}

/// Whether the test looks first whether the attribute or entry is there: `hasattr(cls, "id")`, `ctx.get("id")`.
fn is_asked_by_name(subject: &Subject<'_>, target: &Target) -> bool {
    let Target::Attribute { path, key } = target else { return false };
    let name = key.as_deref().or_else(|| path.rsplit('.').next());
    let code = subject.code();
    subject.body().any(|node| {
        let NodeKind::Call { func, args } = code.kind(node) else { return false };
        let names_it =
            |at: usize| args.get(at).is_some_and(|argument| code.kind(argument.value).as_str() == name);
        match code.kind(*func) {
            NodeKind::Attribute { attr, .. } => attr == "get" && key.is_some() && names_it(0),
            _ => names_it(1) && asks_first(subject, *func, args.len()),
        }
    })
}

/// Whether the test skips or ends where something beside the target is not there: what one test sets, it sets together.
fn skips_without(subject: &Subject<'_>, target: &Target) -> bool {
    let code = subject.code();
    let Some((owner, _)) = target.path().and_then(|path| path.rsplit_once('.')) else { return false };
    let is_beside = |node: NodeId| match code.kind(node) {
        NodeKind::Name(_) | NodeKind::Attribute { .. } => reference(subject, node).is_some_and(|reached| {
            reached.path.strip_prefix(owner).is_some_and(|rest| rest.starts_with('.'))
        }),
        NodeKind::Call { func, args } => asks_first(subject, *func, args.len()),
        _ => false,
    };
    subject.body().any(|node| {
        let NodeKind::If { test, body, .. } = code.kind(node) else { return false };
        code.subtree(*test).any(is_beside) && body.iter().any(|statement| leaves(subject, *statement))
    })
}

fn leaves(subject: &Subject<'_>, statement: NodeId) -> bool {
    match subject.code().kind(statement) {
        NodeKind::Return(_) => true,
        NodeKind::Expr(call) => match subject.code().kind(*call) {
            NodeKind::Call { func, .. } => {
                subject.resolve(*func).is_some_and(|path| path == "pytest.skip")
                    || matches!(subject.code().kind(*func), NodeKind::Attribute { attr, .. } if attr == "skipTest")
            }
            _ => false,
        },
        _ => false,
    }
}

/// The expression that stands for the target: of an entry `ctx["id"]`, or `ctx` behind `"id" in`.
fn whole(subject: &Subject<'_>, node: NodeId, is_entry: bool) -> Option<NodeId> {
    let code = subject.code();
    let parent = code.node(node).parent;
    match code.kind(parent) {
        _ if !is_entry => Some(node),
        NodeKind::Subscript { value, .. } if *value == node => Some(parent),
        NodeKind::Compare { rest, .. } => rest
            .iter()
            .any(|(op, right)| matches!(op, CompareOp::In | CompareOp::NotIn) && *right == node)
            .then_some(node),
        _ => None,
    }
}

fn take(subject: &Subject<'_>, node: NodeId, initial: Initial) -> Take {
    if is_guarded(subject, node) {
        return Take::Minds;
    }
    let at_use = take_here(subject, node, initial);
    let Some(name) = local_for(subject, node).filter(|_| at_use < Take::Fails) else { return at_use };
    // Through the local that it is bound to.
    let code = subject.code();
    let uses = subject.body().filter(|other| *other > node && code.kind(*other).as_name() == Some(name));
    let taken = uses.map(|other| match is_guarded(subject, other) {
        true => Take::Minds,
        false => take_here(subject, other, initial),
    });
    taken.max().unwrap_or(at_use)
}

/// The local name that the statement around binds to just this value.
fn local_for<'s>(subject: &'s Subject<'_>, node: NodeId) -> Option<&'s str> {
    let code = subject.code();
    let NodeKind::Assign { targets, value } = code.kind(code.node(node).parent) else { return None };
    let [only] = &**targets else { return None };
    let name = code.kind(*only).as_name().filter(|_| *value == node)?;
    let is_only =
        matches!(subject.facts.bindings().all(name), [one] if matches!(one.kind, BindingKind::Value(_)));
    is_only.then_some(name)
}

/// Whether the value is asked for first, or the failure is caught.
fn is_guarded(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let mut inner = node;
    for outer in code.ancestors(node) {
        let guards = match code.kind(outer) {
            NodeKind::If { test, .. } | NodeKind::While { test, .. } | NodeKind::Conditional { test, .. } => {
                *test == inner
            }
            NodeKind::Logic { op, .. } => {
                *op == BoolOp::Or || !matches!(code.kind(code.node(outer).parent), NodeKind::Assert { .. })
            }
            NodeKind::Try { handlers, body, .. } => !handlers.is_empty() && body.contains(&inner),
            NodeKind::With { items, .. } => items.iter().any(|item| expects_failure(subject, item.context)),
            NodeKind::Call { func, args } => {
                asks_first(subject, *func, args.len()) || gets(subject, *func, node)
            }
            NodeKind::Compare { rest, .. } => {
                let asks = |(op, right): &(CompareOp, NodeId)| {
                    matches!(op, CompareOp::In | CompareOp::NotIn) && *right == node
                };
                rest.iter().any(asks) && !code.ancestors(outer).any(|it| is_assertion(subject, it))
            }
            _ => false,
        };
        if guards {
            return true;
        }
        inner = outer;
    }
    false
}

/// `hasattr(…)`, `getattr(…, default)`.
fn asks_first(subject: &Subject<'_>, func: NodeId, arguments: usize) -> bool {
    subject.resolve(func).is_some_and(|path| {
        matches!(path.as_str(), "builtins.hasattr" | "builtins.callable")
            || (path == "builtins.getattr" && arguments > 2)
    })
}

/// `ctx.get("id")` and its kin have an answer where there is nothing.
fn gets(subject: &Subject<'_>, func: NodeId, node: NodeId) -> bool {
    matches!(subject.code().kind(func), NodeKind::Attribute { value, attr, .. }
        if *value == node && matches!(attr.as_str(), "copy" | "get" | "items" | "keys" | "values"))
}

fn expects_failure(subject: &Subject<'_>, context: NodeId) -> bool {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(context) else { return false };
    let name = match code.kind(*func) {
        NodeKind::Attribute { attr, .. } => attr,
        NodeKind::Name(name) => name,
        _ => return false,
    };
    name.contains("raises") || name.contains("Raises") || name == "suppress"
}
