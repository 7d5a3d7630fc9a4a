//! What a call or handed-off work leaves behind: the names and attributes that it writes, as its caller spells them.
//!
//! Functions of the project and of the item are followed; what they do to their parameters, to `self` and to names around
//! them is said in the caller's words. What is out of sight writes nothing.

use smol_str::SmolStr;

use super::Subject;
use super::callee::Definition;
use super::effects::mutators::act_of_method;
use super::handoff::{Work, local_function};
use crate::facts::code::{Argument, ArgumentKind, Param};
use crate::facts::{BindingKind, NodeId, NodeKind};

/// Functions that a function calls are looked into this far.
const MAX_DEPTH: u32 = 4;

/// Methods besides those of the built-in containers that leave something behind in their receiver.
const LEAVING: &[&str] = &[
    "set",
    "put",
    "put_nowait",
    "set_result",
    "set_exception",
    "write_text",
    "write_bytes",
    "touch",
    "mkdir",
    "unlink",
    "send_nowait",
];

/// What stands behind the name of something that is called and whose source is out of sight.
pub const CALLED: &str = "()";

/// What a function is called with.
#[derive(Clone, Debug, Default)]
struct Given {
    positional: Vec<NodeId>,
    keyword: Vec<(SmolStr, NodeId)>,
}

impl Given {
    fn of(args: &[Argument]) -> Given {
        let mut given = Given::default();
        for argument in args {
            match &argument.kind {
                ArgumentKind::Positional => given.positional.push(argument.value),
                ArgumentKind::Keyword(name) => given.keyword.push((name.clone(), argument.value)),
                ArgumentKind::Star | ArgumentKind::DoubleStar => break,
            }
        }
        given
    }

    fn for_param(&self, at: usize, name: &str) -> Option<NodeId> {
        let by_name = self.keyword.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
        by_name.or_else(|| self.positional.get(at).copied())
    }
}

/// The dotted names that handed-off work writes, in the words of the function that hands it off.
pub fn of_work(subject: &Subject<'_>, work: &Work) -> Vec<String> {
    match work {
        Work::Coroutine(node) => of_calls_in(subject, *node, MAX_DEPTH),
        Work::Function { func, args } => of_callable(subject, *func, &handed(subject, args), MAX_DEPTH),
    }
}

/// The hand-offs of the function that a call runs, each with the names that its work writes, in the words of the caller.
pub fn of_hand_offs_in(subject: &Subject<'_>, call: NodeId, definition: &Definition) -> Vec<Vec<String>> {
    let NodeKind::Call { func, args } = subject.code().kind(call) else { return Vec::new() };
    let called = definition.subject(subject.project);
    let told = |work: &Work| translated(subject, *func, &Given::of(args), &called, of_work(&called, work));
    called.hand_offs().iter().map(|off| told(&off.work)).collect()
}

/// What the functions and lambdas inside the subject's own function write around them, whoever calls them; of their lines
/// those that count.
pub fn of_nested(subject: &Subject<'_>, counts: &dyn Fn(NodeId) -> bool) -> Vec<String> {
    subject.body().flat_map(|node| of_inner(subject, node, counts)).collect()
}

/// What one of them writes; nothing for any other node.
pub fn of_inner(subject: &Subject<'_>, function: NodeId, counts: &dyn Fn(NodeId) -> bool) -> Vec<String> {
    let code = subject.code();
    let (params, body) = match code.kind(function) {
        NodeKind::Function(inner) => (&inner.params, inner.body.to_vec()),
        NodeKind::Lambda { params, body } => (params, vec![*body]),
        _ => return Vec::new(),
    };
    let lines = body.into_iter().flat_map(|statement| code.subtree(statement)).filter(|node| counts(*node));
    of_local(subject, function, params, lines, &Given::default(), MAX_DEPTH)
}

/// What a method writes that somebody calls on the object which `func` is an attribute of.
pub fn of_method(subject: &Subject<'_>, func: NodeId, method: &Definition) -> Vec<String> {
    let called = method.subject(subject.project);
    let body: Vec<NodeId> = called.body().collect();
    let names = writes(&called, body.into_iter(), MAX_DEPTH);
    translated(subject, func, &Given::default(), &called, names)
}

/// Of `args=(a, b), kwargs={"c": c}`, and of arguments that stand for themselves.
fn handed(subject: &Subject<'_>, args: &[NodeId]) -> Given {
    let code = subject.code();
    let mut given = Given::default();
    for arg in args {
        match code.kind(*arg) {
            NodeKind::Tuple(parts) | NodeKind::List(parts) => given.positional.extend(parts.iter().copied()),
            NodeKind::Dict(pairs) => given.keyword.extend(pairs.iter().filter_map(|(key, value)| {
                let key = code.kind((*key)?).as_str()?;
                Some((SmolStr::new(key), *value))
            })),
            _ => given.positional.push(*arg),
        }
    }
    given
}

fn of_calls_in(subject: &Subject<'_>, node: NodeId, depth: u32) -> Vec<String> {
    let code = subject.code();
    let calls = code.subtree(node).filter_map(|call| match code.kind(call) {
        NodeKind::Call { func, args } => Some(of_callable(subject, *func, &Given::of(args), depth)),
        _ => None,
    });
    calls.flatten().collect()
}

fn of_callable(subject: &Subject<'_>, func: NodeId, given: &Given, depth: u32) -> Vec<String> {
    let Some(depth) = depth.checked_sub(1) else { return Vec::new() };
    let code = subject.code();
    if let NodeKind::Lambda { params, body } = code.kind(func) {
        return of_local(subject, func, params, code.subtree(*body), given, depth);
    }
    if let NodeKind::Call { args, .. } = code.kind(func) {
        return of_partial(subject, func, args, given, depth);
    }
    if let Some(local) = local_function(subject, func) {
        return match code.kind(local) {
            NodeKind::Function(function) => {
                let body = function.body.iter().flat_map(|statement| code.subtree(*statement));
                of_local(subject, local, &function.params, body, given, depth)
            }
            NodeKind::Lambda { params, body } => {
                of_local(subject, local, params, code.subtree(*body), given, depth)
            }
            _ => Vec::new(),
        };
    }
    if let Some(definition) = subject.definition(func) {
        let called = definition.subject(subject.project);
        let body: Vec<NodeId> = called.body().collect();
        return translated(subject, func, given, &called, writes(&called, body.into_iter(), depth));
    }
    changed(subject, func).into_iter().collect()
}

/// `functools.partial(f, a)`
fn of_partial(
    subject: &Subject<'_>,
    call: NodeId,
    args: &[Argument],
    given: &Given,
    depth: u32,
) -> Vec<String> {
    let is_partial = subject.callee(call).is_some_and(|path| path == "functools.partial");
    let Some((first, rest)) = args.split_first().filter(|_| is_partial) else { return Vec::new() };
    let mut all = Given::of(rest);
    all.positional.extend(given.positional.iter().copied());
    of_callable(subject, first.value, &all, depth)
}

/// The receiver of a method that changes it. Of anything else that is called, its name with `()`: if it is a mock, it
/// remembers that.
fn changed(subject: &Subject<'_>, func: NodeId) -> Option<String> {
    let code = subject.code();
    if let NodeKind::Attribute { value, attr, .. } = code.kind(func)
        && (act_of_method(attr).is_some() || LEAVING.contains(&attr.as_str()))
    {
        return code.dotted(*value);
    }
    code.dotted(func).map(|name| name + CALLED)
}

/// What a nested function or lambda writes: its own names left out, its parameters in the words of who calls it.
fn of_local(
    subject: &Subject<'_>,
    function: NodeId,
    params: &[Param],
    body: impl Iterator<Item = NodeId>,
    given: &Given,
    depth: u32,
) -> Vec<String> {
    let code = subject.code();
    let mut found = Vec::new();
    for name in writes(subject, body, depth) {
        let (head, rest) = split(&name);
        if let Some(at) = params.iter().position(|param| param.name == head) {
            found.extend(given.for_param(at, head).and_then(|value| code.dotted(value)).map(|to| to + rest));
        } else if !is_own(subject, head, function) {
            found.push(name);
        }
    }
    found
}

/// Whether a name is the function's own, not one of those around it.
fn is_own(subject: &Subject<'_>, name: &str, function: NodeId) -> bool {
    let all = subject.facts.bindings().all(name);
    let inside = || all.iter().filter(|binding| binding.scope == Some(function));
    let is_outer = inside().any(|b| matches!(b.kind, BindingKind::Nonlocal | BindingKind::Global));
    !is_outer && inside().next().is_some()
}

/// What a function of the project writes, in the words of who calls it: `self` is what the method is called on.
fn translated(
    subject: &Subject<'_>,
    func: NodeId,
    given: &Given,
    called: &Subject<'_>,
    names: Vec<String>,
) -> Vec<String> {
    let code = subject.code();
    let Some(function) = called.function() else { return Vec::new() };
    let root = called.code().roots.first().copied();
    let receiver = match code.kind(func) {
        NodeKind::Attribute { value, .. } if called.class().is_some() => code.dotted(*value),
        _ => None,
    };
    let skipped = usize::from(receiver.is_some());
    let translate = |name: String| {
        let (head, rest) = split(&name);
        match function.params.iter().position(|param| param.name == head) {
            Some(0) if called.class().is_some() => receiver.clone().map(|receiver| receiver + rest),
            Some(at) => {
                let value = given.for_param(at.checked_sub(skipped)?, head)?;
                code.dotted(value).map(|value| value + rest)
            }
            None if root.is_some_and(|root| is_own(called, head, root)) => None,
            // A name of the module means the same where both stand in one file.
            None if called.path() == subject.path() && !subject.scope().is_local(head, func) => Some(name),
            None => None,
        }
    };
    names.into_iter().filter_map(translate).collect()
}

/// The dotted names that these nodes write, as they stand.
fn writes(subject: &Subject<'_>, nodes: impl Iterator<Item = NodeId>, depth: u32) -> Vec<String> {
    let mut found = Vec::new();
    for node in nodes {
        match subject.code().kind(node) {
            NodeKind::Assign { targets, .. } => {
                found.extend(targets.iter().filter_map(|target| stored(subject, *target)));
            }
            NodeKind::AugAssign { target, .. } => found.extend(stored(subject, *target)),
            NodeKind::Call { func, args } => {
                found.extend(of_callable(subject, *func, &Given::of(args), depth));
            }
            _ => {}
        }
    }
    found
}

/// `done`, `self.done` and `seen` in `done = …`, `self.done = …`, `seen[key] = …`.
fn stored(subject: &Subject<'_>, target: NodeId) -> Option<String> {
    match subject.code().kind(target) {
        NodeKind::Subscript { value, .. } => subject.code().dotted(*value),
        _ => subject.code().dotted(target),
    }
}

/// The first name, and what follows it with its dot or parentheses.
fn split(name: &str) -> (&str, &str) {
    name.split_at(name.find(['.', '(']).unwrap_or(name.len()))
}
