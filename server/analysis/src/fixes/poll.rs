//! A loop that asks again and again, for a bounded time.

use super::line::indent_unit;
use crate::facts::code::BoolOp;
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

/// So many seconds are waited at the least: a busy machine takes that long over work that is done at once elsewhere, and nobody
/// waits for them but a test that fails.
pub const PATIENCE: f64 = 5.0;

/// The lines of a loop that ends as soon as `condition` holds, or after `seconds`; `pause` is the sleep to be called.
pub fn lines(subject: &Subject<'_>, condition: &str, seconds: f64, pause: &str) -> [String; 4] {
    let unit = indent_unit(subject);
    [
        format!("for _ in range({}):", (seconds * 100.0) as u64),
        format!("{unit}if {condition}:"),
        format!("{unit}{unit}break"),
        format!("{unit}{pause}(0.01)"),
    ]
}

/// The condition that all `tests` hold.
pub fn all_hold(subject: &Subject<'_>, tests: &[NodeId]) -> String {
    match tests {
        [only] => subject.source(*only).to_owned(),
        _ => tests.iter().map(|test| operand(subject, *test)).collect::<Vec<_>>().join(" and "),
    }
}

/// A test as a part of an `and`.
fn operand(subject: &Subject<'_>, test: NodeId) -> String {
    let binds_less = matches!(
        subject.code().kind(test),
        NodeKind::Logic { op: BoolOp::Or, .. } | NodeKind::Conditional { .. } | NodeKind::Lambda { .. }
    );
    let text = subject.source(test);
    if binds_less { format!("({text})") } else { text.to_owned() }
}

/// Whether an expression can be asked often, and too early: it calls nothing but `len` and its like, raises nothing, and
/// stands on one line.
pub fn can_be_asked(subject: &Subject<'_>, test: NodeId) -> bool {
    let code = subject.code();
    let is_harmless = code.subtree(test).all(|node| match code.kind(node) {
        NodeKind::Call { func, .. } => match code.kind(*func) {
            NodeKind::Name(name) => name == "len",
            NodeKind::Attribute { attr, .. } => {
                matches!(attr.as_str(), "is_set" | "done" | "exists" | "is_file")
            }
            _ => false,
        },
        NodeKind::Subscript { .. }
        | NodeKind::Await(_)
        | NodeKind::Walrus { .. }
        | NodeKind::Yield { .. } => false,
        NodeKind::Binary { op, .. } => op != "/",
        _ => true,
    });
    is_harmless && !subject.source(test).contains('\n')
}
