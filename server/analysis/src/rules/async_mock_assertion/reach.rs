//! Whether handed-off work calls a mock.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::carriers::holds;
use crate::facts::code::Argument;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::callee::Definition;
use crate::project::handoff::{Work, last_name, local_function};
use crate::project::mock_assertions::Counts;
use crate::project::mocks::{Mock, spelled};

/// Functions of the project are followed this far into the work.
const MAX_DEPTH: u32 = 3;

/// What is known of the way from work to a mock; the order is the order of strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reach {
    /// All of the work was seen, and it does not call the mock.
    No,
    /// The mock, or something that holds it, is given to work whose source does not show what becomes of it.
    Hidden,
    /// Part of the work lies outside the project; the mock, or something that holds it, is handed to it.
    Carried,
    /// The source of the work calls it.
    Calls,
}

/// The mock that is asked about, and what holds it in the code that is looked at.
#[derive(Clone, Debug)]
pub struct Sought<'m> {
    pub mock: &'m Mock,
    pub counts: Counts,
    /// Local names of the test through which the mock can be reached; empty in other functions.
    pub carriers: Vec<String>,
    /// What is handed off on the way counts too.
    pub through_hand_offs: bool,
}

impl Sought<'_> {
    pub fn elsewhere(&self) -> Sought<'_> {
        Sought { carriers: Vec::new(), ..self.clone() }
    }

    /// Only calls that are over when their caller is.
    pub fn directly(&self) -> Sought<'_> {
        Sought { through_hand_offs: false, ..self.clone() }
    }
}

/// How far handed-off work reaches the mock.
pub fn of_work(subject: &Subject<'_>, work: &Work, sought: &Sought<'_>) -> Reach {
    match work {
        Work::Function { func, args } => {
            let carried = || args.iter().any(|argument| mentions(subject, *argument, sought));
            let reach = of_callable(subject, *func, sought, MAX_DEPTH);
            match reach {
                Reach::No if carried() => given(subject, *func),
                reach => reach,
            }
        }
        Work::Coroutine(node) => of_coroutine(subject, *node, sought),
    }
}

/// A coroutine is made at once: calls in the expression itself are not handed off, the bodies are.
fn of_coroutine(subject: &Subject<'_>, node: NodeId, sought: &Sought<'_>) -> Reach {
    let code = subject.code();
    let mut reach = Reach::No;
    for call in code.subtree(node) {
        let NodeKind::Call { func, args } = code.kind(call) else { continue };
        let found = match is_the_mock(subject, *func, sought) {
            // The mock was called here and now; only its await is handed off.
            true if sought.counts == Counts::Awaits => Reach::Calls,
            true => continue,
            false => of_callable(subject, *func, sought, MAX_DEPTH),
        };
        let found = found.max(of_called_in_thread(subject, *func, args, sought));
        let carried = || args.iter().any(|argument| mentions(subject, argument.value, sought));
        reach = reach.max(match found {
            Reach::No if carried() => given(subject, *func),
            found => found,
        });
    }
    reach
}

/// `asyncio.to_thread(send)`: the function that is given is called.
fn of_called_in_thread(subject: &Subject<'_>, func: NodeId, args: &[Argument], sought: &Sought<'_>) -> Reach {
    let calls =
        last_name(subject, func).is_some_and(|name| matches!(name.as_str(), "to_thread" | "run_sync"));
    match args.first() {
        Some(first) if calls => of_callable(subject, first.value, sought, MAX_DEPTH),
        _ => Reach::No,
    }
}

/// What it means that the mock is given to `func`, which does not call it as far as its source shows.
fn given(subject: &Subject<'_>, func: NodeId) -> Reach {
    let is_known = subject
        .resolve(func)
        .is_some_and(|path| path.starts_with("builtins.") || path.starts_with("asyncio."));
    match is_known {
        true => Reach::No,
        false if is_seen(subject, func) => Reach::Hidden,
        false => Reach::Carried,
    }
}

/// How far a call of `func` reaches the mock.
pub fn of_callable(subject: &Subject<'_>, func: NodeId, sought: &Sought<'_>, depth: u32) -> Reach {
    let code = subject.code();
    if is_the_mock(subject, func, sought) {
        return Reach::Calls;
    }
    let Some(depth) = depth.checked_sub(1) else { return Reach::No };
    match code.kind(func) {
        NodeKind::Lambda { body, .. } => return of_code(subject, code.subtree(*body), sought, depth),
        // `functools.partial(f, …)`, or a function that makes the function.
        NodeKind::Call { args, .. } => {
            let parts = args.iter().map(|argument| argument.value);
            return parts.map(|part| of_callable(subject, part, sought, depth)).max().unwrap_or(Reach::No);
        }
        _ => {}
    }
    if let Some(function) = local_function(subject, func) {
        return of_code(subject, code.subtree(function).skip(1), sought, depth);
    }
    if let Some(definition) = subject.definition(func) {
        return of_definition(subject, &definition, sought, depth);
    }
    if holds(subject, func, sought) { Reach::Carried } else { Reach::No }
}

/// How far the body of a function of the project reaches the mock.
pub fn of_definition(
    subject: &Subject<'_>,
    definition: &Definition,
    sought: &Sought<'_>,
    depth: u32,
) -> Reach {
    let called = definition.subject(subject.project);
    of_code(&called, called.body(), &sought.elsewhere(), depth)
}

fn of_code(
    subject: &Subject<'_>,
    nodes: impl Iterator<Item = NodeId>,
    sought: &Sought<'_>,
    depth: u32,
) -> Reach {
    let code = subject.code();
    let mut reach = Reach::No;
    let handed = if sought.through_hand_offs { Vec::new() } else { subject.hand_offs() };
    for node in nodes {
        let NodeKind::Call { func, args } = code.kind(node) else { continue };
        if handed.iter().any(|off| code.is_within(node, off.call)) {
            continue;
        }
        let is_given = args.iter().any(|argument| is_the_mock(subject, argument.value, sought));
        let carried = || args.iter().any(|argument| mentions(subject, argument.value, sought));
        let found = match of_callable(subject, *func, sought, depth) {
            Reach::No if is_given => Reach::Carried,
            Reach::No if carried() && !is_seen(subject, *func) => Reach::Carried,
            found => found,
        };
        reach = reach.max(found);
        if reach == Reach::Calls {
            break;
        }
    }
    reach
}

/// Whether an expression is the mock: as the test spells it, by the path that it stands in for, or by the name of the
/// attribute or parameter that it was put in.
pub fn is_the_mock(subject: &Subject<'_>, expr: NodeId, sought: &Sought<'_>) -> bool {
    let mock = sought.mock;
    let in_test = !sought.carriers.is_empty();
    if in_test && spelled(subject, expr).is_some_and(|spelled| spelled == mock.name) {
        return true;
    }
    let path = subject.resolve(expr);
    if let (Some(path), Some(replaced)) = (&path, &mock.replaces)
        && path == replaced
    {
        return true;
    }
    let is_elsewhere = path.as_ref().is_some_and(|path| subject.project.layout.split_path(path).is_none());
    !in_test && !is_elsewhere && is_named_so(subject, expr, mock)
}

/// `self.client.send`, `send`, `self._send` for a mock that was put in as `send`.
fn is_named_so(subject: &Subject<'_>, expr: NodeId, mock: &Mock) -> bool {
    match subject.code().kind(expr) {
        NodeKind::Attribute { value, attr, .. } => {
            is_one_of(attr, &mock.called_as) && holds_it(subject, *value, mock)
        }
        NodeKind::Name(name) => is_one_of(name, &mock.called_as) && subject.scope().is_local(name, expr),
        _ => false,
    }
}

/// Whether `client` in `self.client.send` can be what holds the mock: it has one of the names that the test gave it.
fn holds_it(subject: &Subject<'_>, holder: NodeId, mock: &Mock) -> bool {
    let code = subject.code();
    if is_own_container(subject, holder) {
        return false;
    }
    if mock.held_as.is_empty() {
        return true;
    }
    let inner = mock.below.iter().rev().nth(1);
    let is_it = |name: &SmolStr| is_one_of(name, &mock.held_as) || inner == Some(name);
    match code.kind(holder) {
        NodeKind::Attribute { attr, .. } => is_it(attr),
        NodeKind::Name(name) => {
            let bound = subject.facts.bindings().visible(code, name, holder);
            let values = bound.iter().filter_map(|binding| binding.value(code, name));
            is_it(name)
                || values
                    .into_iter()
                    .any(|value| matches!(code.kind(value), NodeKind::Attribute { attr, .. } if is_it(attr)))
        }
        _ => false,
    }
}

/// `batch` in `batch.append(…)` behind `batch = []`: a list of the function's own, whose method has the mock's name.
fn is_own_container(subject: &Subject<'_>, holder: NodeId) -> bool {
    let code = subject.code();
    let NodeKind::Name(name) = code.kind(holder) else { return false };
    let bound = subject.facts.bindings().visible(code, name, holder);
    let is_display = |value: NodeId| {
        matches!(
            code.kind(value),
            NodeKind::List(_) | NodeKind::Dict(_) | NodeKind::Set(_) | NodeKind::Tuple(_)
        )
    };
    !bound.is_empty() && bound.iter().all(|binding| binding.value(code, name).is_some_and(is_display))
}

fn is_one_of(name: &SmolStr, names: &BTreeSet<SmolStr>) -> bool {
    names.contains(name) || names.contains(name.trim_start_matches('_'))
}

/// Whether an expression names the mock or something that holds it.
pub fn mentions(subject: &Subject<'_>, expr: NodeId, sought: &Sought<'_>) -> bool {
    let code = subject.code();
    code.subtree(expr).any(|node| {
        matches!(code.kind(node), NodeKind::Name(_) | NodeKind::Attribute { .. })
            && code.dotted(node).is_some_and(|name| carries(sought, &name))
    })
}

fn carries(sought: &Sought<'_>, name: &str) -> bool {
    sought.carriers.iter().any(|carrier| carrier == name)
}

/// Whether the source of what is called is known, or it is known to call nothing of the test's.
pub fn is_seen(subject: &Subject<'_>, func: NodeId) -> bool {
    let known = subject.resolve(func).is_some_and(|path| {
        path.starts_with("builtins.") || path.starts_with("asyncio.") || path.starts_with("time.")
    });
    known
        || local_function(subject, func).is_some()
        || subject.definition(func).is_some()
        || last_name(subject, func).is_none()
}
