//! Whether the test fails when the time is up.

use super::timed::{Expiry, Timed, What};
use crate::facts::code::{Argument, ArgumentKind, CompareOp, Handler};
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::equality::is_wanted;
use crate::project::surroundings::is_expected_to_fail;

pub fn fails(subject: &Subject<'_>, timed: &Timed) -> bool {
    if timed.what == What::Test {
        return true;
    }
    if !runs_in_test(subject, timed.call) || is_let_off(subject, timed.call) {
        return false;
    }
    match timed.expiry {
        Expiry::Raises => !is_there_already(subject, timed.call),
        Expiry::Returns => is_wanted_true(subject, timed.call) && !is_there_already(subject, timed.call),
        Expiry::Silent => is_end_asserted(subject, timed.call),
    }
}

/// Whether what a call raises reaches the test: not in a nested function, but that of a coroutine which it runs.
fn runs_in_test(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    let own = code.roots.first().copied();
    let mut outer = code.scope_of(call);
    while let Some(scope) = outer.filter(|scope| Some(*scope) != own) {
        match code.kind(scope) {
            NodeKind::Function(function) if function.is_async => outer = code.scope_of(scope),
            _ => return false,
        }
    }
    true
}

/// Whether running out of time is provided for: expected, caught, one round of a loop, or a condition.
fn is_let_off(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    is_expected_to_fail(subject, call)
        || code.ancestors(call).any(|outer| match code.kind(outer) {
            NodeKind::Try { body, handlers, .. } => {
                let is_tried = body.iter().any(|statement| code.is_within(call, *statement));
                is_tried && handlers.iter().any(|handler| !gives_up(subject, handler))
            }
            NodeKind::With { items, .. } => items.iter().any(|item| {
                let name = code.kind(code.uncalled(item.context)).last_name().unwrap_or_default();
                item.context < call
                    && !code.is_within(call, item.context)
                    && (name == "suppress" || name.to_lowercase().contains("raises"))
            }),
            NodeKind::While { .. } | NodeKind::If { .. } | NodeKind::Conditional { .. } => true,
            _ => false,
        })
        || is_body_expected_to_fail(subject, call)
}

/// `async with asyncio.timeout(0.1):` around the `with pytest.raises(…)` that it is to end, or inside it.
fn is_body_expected_to_fail(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    let parent = code.node(call).parent;
    let NodeKind::With { items, body, .. } = code.kind(parent) else { return false };
    let is_context = items.iter().any(|item| item.context == call);
    let is_alone = items.len() > 1;
    let names_error = |node: NodeId| {
        let name = code.kind(code.uncalled(node)).last_name().unwrap_or_default().to_lowercase();
        name.contains("raises") || name == "suppress"
    };
    is_context
        && ((is_alone && items.iter().any(|item| names_error(item.context)))
            || body.iter().any(|statement| match code.kind(*statement) {
                NodeKind::With { items, .. } => items.iter().any(|item| names_error(item.context)),
                NodeKind::Expr(_) => is_endless(subject, *statement),
                _ => false,
            }))
}

/// `await asyncio.sleep(3600)`: only the end of the time ends it.
fn is_endless(subject: &Subject<'_>, statement: NodeId) -> bool {
    let code = subject.code();
    code.subtree(statement).any(|node| {
        let NodeKind::Call { func, args } = code.kind(node) else { return false };
        let name = code.kind(*func).last_name().unwrap_or_default();
        name == "sleep_forever"
            || (name == "sleep"
                && args.first().and_then(|first| subject.number(first.value)).is_some_and(|long| long >= 5.0))
    })
}

/// Whether a handler makes the test fail all the same.
fn gives_up(subject: &Subject<'_>, handler: &Handler) -> bool {
    let code = subject.code();
    handler.body.iter().any(|statement| match code.kind(*statement) {
        NodeKind::Raise { .. } => true,
        NodeKind::Assert { test, .. } => {
            matches!(code.kind(*test), NodeKind::Bool(false) | NodeKind::Int(Some(0)))
        }
        NodeKind::Expr(call) => code.kind(code.uncalled(*call)).last_name() == Some("fail"),
        _ => false,
    })
}

/// `assert event.wait(0.1)`, or by way of a name.
fn is_wanted_true(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    let waited = match code.kind(code.node(call).parent) {
        NodeKind::Await(_) => code.node(call).parent,
        _ => call,
    };
    if is_wanted(subject, waited) {
        return true;
    }
    let NodeKind::Assign { targets, .. } = code.kind(code.node(waited).parent) else { return false };
    let [target] = &**targets else { return false };
    let Some(name) = code.kind(*target).as_name() else { return false };
    subject.body().filter(|node| *node > call).any(|node| {
        let is_it = code.kind(node).as_name() == Some(name) && is_wanted(subject, node);
        let bound = || subject.facts.bindings().visible(code, name, node);
        is_it && bound().iter().all(|binding| binding.kind == BindingKind::Value(waited))
    })
}

/// Whether nothing is waited for: the test itself has set, released or put in what it waits for, or has waited for it before
/// for as long as it took.
fn is_there_already(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    let Some(receiver) = receiver(subject, call) else { return false };
    subject.body().take_while(|node| *node < call).filter(|node| subject.runs_here(*node)).any(|node| {
        let NodeKind::Call { func, args } = code.kind(node) else { return false };
        if waits_for_end(subject, *func, args, &receiver) {
            return true;
        }
        let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return false };
        matches!(attr.as_str(), "set" | "release" | "put" | "put_nowait")
            && code.dotted(*value).as_deref() == Some(receiver.as_str())
    })
}

/// `wait_reapable(process.pid)`, with no limit.
fn waits_for_end(subject: &Subject<'_>, func: NodeId, args: &[Argument], process: &str) -> bool {
    let code = subject.code();
    let name = code.kind(func).last_name().unwrap_or_default();
    let is_limited =
        || args.iter().any(|argument| matches!(argument.kind, ArgumentKind::Keyword(_))) || args.len() > 2;
    let pid = format!("{process}.pid");
    name.split('_').any(|part| part.starts_with("wait"))
        && args.first().is_some_and(|first| code.dotted(first.value).is_some_and(|it| it == pid))
        && !is_limited()
}

pub fn receiver(subject: &Subject<'_>, call: NodeId) -> Option<String> {
    let code = subject.code();
    let NodeKind::Call { func, .. } = code.kind(call) else { return None };
    let NodeKind::Attribute { value, .. } = code.kind(*func) else { return None };
    code.dotted(*value)
}

/// `assert not thread.is_alive()` behind `thread.join(…)`, `assert process.exitcode == 0`.
fn is_end_asserted(subject: &Subject<'_>, join: NodeId) -> bool {
    let code = subject.code();
    let Some(receiver) = receiver(subject, join) else { return false };
    let is_looped = code.ancestors(join).any(|outer| matches!(code.kind(outer), NodeKind::For { .. }));
    let behind = code.node(join).subtree_end;
    let asks = subject.body().filter(|node| node.0 >= behind).find_map(|node| {
        let NodeKind::Attribute { value, attr, .. } = code.kind(node) else { return None };
        let is_its = is_looped || code.dotted(*value).as_deref() == Some(receiver.as_str());
        match attr.as_str() {
            "is_alive" if is_its => Some(is_denied(subject, node)),
            "exitcode" if is_its => Some(is_ended(subject, node)),
            "join" | "terminate" | "kill" | "set"
                if code.dotted(*value).as_deref() == Some(receiver.as_str()) =>
            {
                Some(false)
            }
            _ => None,
        }
    });
    asks == Some(true)
}

/// Whether an assertion wants a node to be false.
fn is_denied(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let mut is_not = false;
    for outer in code.ancestors(node) {
        match code.kind(outer) {
            NodeKind::Unary { op, .. } if op == "not" => is_not = !is_not,
            NodeKind::Assert { .. } => return is_not,
            NodeKind::Call { func, .. } => match code.kind(*func).last_name() {
                Some("assertFalse") => return !is_not,
                Some("assertTrue") => return is_not,
                _ => {}
            },
            NodeKind::Compare { rest, .. } => {
                let is_false = |(op, right): &(CompareOp, NodeId)| {
                    matches!(op, CompareOp::Is | CompareOp::Eq)
                        && matches!(code.kind(*right), NodeKind::Bool(false))
                };
                is_not ^= rest.iter().any(is_false);
            }
            NodeKind::If { .. } | NodeKind::While { .. } | NodeKind::Function(_) => return false,
            _ => {}
        }
    }
    false
}

/// `assert process.exitcode == 0`, `is not None`.
fn is_ended(subject: &Subject<'_>, exitcode: NodeId) -> bool {
    let code = subject.code();
    let parent = code.node(exitcode).parent;
    match code.kind(parent) {
        NodeKind::Compare { rest, .. } => {
            let wants = rest.iter().any(|(op, right)| match op {
                CompareOp::Eq => !matches!(code.kind(*right), NodeKind::None),
                CompareOp::IsNot => matches!(code.kind(*right), NodeKind::None),
                _ => false,
            });
            wants && is_wanted(subject, parent)
        }
        NodeKind::Call { func, .. } => code.kind(*func).last_name() == Some("assertEqual"),
        _ => false,
    }
}
