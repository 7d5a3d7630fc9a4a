//! Real sleeps that run once when the test runs.

use super::Subject;
use crate::facts::{NodeId, NodeKind};

pub struct Sleep {
    pub call: NodeId,
    /// The statement that it is, alone.
    pub statement: NodeId,
    pub is_awaited: bool,
    /// Where it is written as a number.
    pub seconds: Option<f64>,
    /// `sleep` of a module, in seconds; not a page's own pause.
    pub is_plain: bool,
}

const SLEEPS: &[&str] = &[
    "time.sleep",
    "asyncio.sleep",
    "anyio.sleep",
    "trio.sleep",
    "curio.sleep",
    "gevent.sleep",
    "eventlet.sleep",
    "tornado.gen.sleep",
];

pub fn sleeps(subject: &Subject<'_>) -> Vec<Sleep> {
    let code = subject.code();
    let calls = subject.body().filter(|node| matches!(code.kind(*node), NodeKind::Call { .. }));
    let own = calls.filter(|call| subject.runs_here(*call) && !is_polling(subject, *call));
    own.filter_map(|call| sleep(subject, call)).collect()
}

/// The sleep that a call is; `None` for one of no length, which only lets others run.
fn sleep(subject: &Subject<'_>, call: NodeId) -> Option<Sleep> {
    let code = subject.code();
    let NodeKind::Call { func, args } = code.kind(call) else { return None };
    let path = subject.resolve(*func);
    let is_plain = path.as_deref().is_some_and(|path| SLEEPS.contains(&path));
    let unit = if is_plain { 1.0 } else { pause_unit(subject, *func, path.is_some())? };
    let seconds =
        args.first().and_then(|first| code.kind(first.value).as_number()).map(|number| number * unit);
    if seconds == Some(0.0) || args.is_empty() {
        return None;
    }
    let awaited_by = code.awaited_by(call);
    let outer = code.node(awaited_by.unwrap_or(call)).parent;
    let statement = matches!(code.kind(outer), NodeKind::Expr(_)).then_some(outer)?;
    Some(Sleep { call, statement, is_awaited: awaited_by.is_some(), seconds, is_plain })
}

/// The seconds that one of a page's or pilot's own pause lasts.
fn pause_unit(subject: &Subject<'_>, func: NodeId, is_known: bool) -> Option<f64> {
    let NodeKind::Attribute { attr, value, .. } = subject.code().kind(func) else { return None };
    let on = subject.code().dotted(*value).unwrap_or_default();
    match attr.as_str() {
        "wait_for_timeout" if !is_known => Some(0.001),
        "pause" if !is_known && on.ends_with("pilot") => Some(1.0),
        "wait" if !is_known && on.ends_with("qtbot") => Some(0.001),
        _ => None,
    }
}

/// In a loop that looks again after each sleep, or in a branch that only sometimes runs.
fn is_polling(subject: &Subject<'_>, call: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(call).take_while(|outer| subject.runs_here(*outer)).any(|outer| match code.kind(outer) {
        NodeKind::While { .. } | NodeKind::If { .. } => true,
        NodeKind::For { .. } => code.subtree(outer).any(|node| {
            matches!(
                code.kind(node),
                NodeKind::Break | NodeKind::Return(_) | NodeKind::Try { .. } | NodeKind::Continue
            )
        }),
        NodeKind::Try { handlers, .. } => !handlers.is_empty(),
        _ => false,
    })
}
