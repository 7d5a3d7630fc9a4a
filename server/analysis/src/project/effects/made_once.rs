//! What a helper does once for the process, or for a class that does it again: nothing that a caller could undo.

use crate::facts::code::CompareOp;
use crate::facts::{NodeId, NodeKind};
use crate::project::role::Phase as XunitPhase;
use crate::project::target::Target;
use crate::project::{Role, Subject};

use super::{Touch, class_state};

/// A helper that has `atexit` clean up makes something once, for as long as the process lives.
pub fn keeps_until_exit(helper: &Subject<'_>) -> bool {
    let code = helper.code();
    helper.body().any(|node| match code.kind(node) {
        NodeKind::Call { func, .. } => helper.resolve(*func).as_deref() == Some("atexit.register"),
        _ => false,
    })
}

/// A helper that works something out once and keeps it: `if _config is None: _config = read()`, or the same behind an
/// `if _config is not None: return _config`.
pub fn fills_where_absent(helper: &Subject<'_>, touch: &Touch) -> bool {
    let name = helper.module.name.as_str();
    let Some(path) = touch.target.path().filter(|path| path.starts_with(name)) else { return false };
    let word = path.rsplit('.').next().unwrap_or_default();
    let code = helper.code();
    let is_absent = |test: NodeId| match code.kind(test) {
        NodeKind::Unary { op, operand } => op == "not" && code.kind(*operand).last_name() == Some(word),
        NodeKind::Compare { left, rest } => match &**rest {
            [(CompareOp::Is, right)] => {
                *code.kind(*right) == NodeKind::None && code.kind(*left).last_name() == Some(word)
            }
            [(CompareOp::NotIn, right)] => code.kind(*right).last_name() == Some(word),
            _ => false,
        },
        _ => false,
    };
    let is_there = |test: NodeId| match code.kind(test) {
        NodeKind::Compare { left, rest } => match &**rest {
            [(CompareOp::IsNot, right)] => {
                *code.kind(*right) == NodeKind::None && code.kind(*left).last_name() == Some(word)
            }
            [(CompareOp::In, right)] => code.kind(*right).last_name() == Some(word),
            _ => false,
        },
        other => other.last_name() == Some(word),
    };
    helper.body().take_while(|node| *node <= touch.node).any(|node| match code.kind(node) {
        NodeKind::If { test, body, .. } => {
            let holds = body.iter().any(|statement| code.is_within(touch.node, *statement));
            let leaves = || body.iter().any(|inner| matches!(code.kind(*inner), NodeKind::Return(_)));
            (holds && is_absent(*test)) || (!holds && is_there(*test) && helper.runs_here(node) && leaves())
        }
        _ => false,
    })
}

/// The test class whose set-up a test calls by hand: what that gives its own class, it gives it again before any test of
/// that class.
pub fn set_up_for(caller: &Subject<'_>, helper: &Subject<'_>) -> Option<Target> {
    let is_set_up = matches!(helper.role, Role::Xunit(xunit) if xunit.phase == XunitPhase::SetUp);
    (is_set_up && caller.role == Role::Test)
        .then(|| class_state::own_class(helper))
        .flatten()
        .map(Target::attribute)
}
