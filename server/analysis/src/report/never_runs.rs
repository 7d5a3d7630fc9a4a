//! Tests that are skipped wherever the project runs: no rule looks at them.

use std::cmp::Ordering;

use crate::facts::code::{Argument, CompareOp};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;

/// No Python that pytest runs on today is older.
const OLDEST: [i64; 2] = [3, 8];

/// A `skip` or `xfail(run=False)`, or a `skipif` whose condition holds on every Python of today; as a mark of pytest or a
/// decorator of `unittest`.
pub(super) fn never_runs(subject: &Subject<'_>) -> bool {
    let is_marked = subject.marks().iter().any(|mark| {
        let on = || Subject::new(subject.project, &mark.module, mark.item);
        match mark.name.as_str() {
            "skip" => true,
            "skipif" => mark.args().first().is_some_and(|first| truth(&on(), first.value) == Some(true)),
            "xfail" => mark.keyword("run").is_some_and(|run| *on().code().kind(run) == NodeKind::Bool(false)),
            _ => false,
        }
    });
    is_marked || is_skipped_by_unittest(subject)
}

/// By a decorator on the test or on a class around it.
fn is_skipped_by_unittest(subject: &Subject<'_>) -> bool {
    let mut at = Some(subject.item);
    while let Some(item) = at {
        let code = &subject.module.file.facts(item).code;
        let decorators = match (code.function(), code.class()) {
            (Some(function), _) => &function.decorators,
            (None, Some(class)) => &class.decorators,
            (None, None) => return false,
        };
        if !decorators.is_empty() {
            let on = Subject::new(subject.project, &subject.module, item);
            if decorators.iter().any(|decorator| skips(&on, decorator.expr)) {
                return true;
            }
        }
        at = subject.module.file.item(item).owner;
    }
    false
}

fn skips(on: &Subject<'_>, decorator: NodeId) -> bool {
    let code = on.code();
    let Some(path) = on.resolve(code.uncalled(decorator)) else { return false };
    let args: &[Argument] = match code.kind(decorator) {
        NodeKind::Call { args, .. } => args,
        _ => &[],
    };
    let condition = || args.first().and_then(|first| truth(on, first.value));
    match path.strip_prefix("unittest.").map(|name| name.trim_start_matches("case.")) {
        Some("skip") => true,
        Some("skipIf") => condition() == Some(true),
        Some("skipUnless") => condition() == Some(false),
        _ => false,
    }
}

/// What a condition is, where it is the same on every Python of today.
fn truth(on: &Subject<'_>, condition: NodeId) -> Option<bool> {
    let origin = on.origin(condition).followed(on.project);
    let on = &origin.subject(on.project);
    match origin.kind() {
        NodeKind::Bool(value) => Some(*value),
        NodeKind::Unary { op, operand } if op == "not" => truth(on, *operand).map(|value| !value),
        NodeKind::Compare { left, rest } => match &**rest {
            [(op, right)] => compared(on, *left, *op, *right),
            _ => None,
        },
        _ => None,
    }
}

/// `sys.version_info < (3,)`, `sys.version_info[0] == 2`, `sys.version_info.major >= 3`.
fn compared(on: &Subject<'_>, left: NodeId, op: CompareOp, right: NodeId) -> Option<bool> {
    if matches!(op, CompareOp::In | CompareOp::NotIn) {
        return None;
    }
    let code = on.code();
    let is_version = |node: NodeId| on.resolve(node).as_deref() == Some("sys.version_info");
    let is_major = match code.kind(left) {
        NodeKind::Attribute { value, attr, .. } => attr == "major" && is_version(*value),
        NodeKind::Subscript { value, index } => {
            *code.kind(*index) == NodeKind::Int(Some(0)) && is_version(*value)
        }
        _ => false,
    };
    if is_major {
        let NodeKind::Int(Some(number)) = code.kind(right) else { return None };
        return Some(decide(op, OLDEST[0].cmp(number)));
    }
    let NodeKind::Tuple(parts) = code.kind(right) else { return None };
    if !is_version(left) {
        return None;
    }
    let bound: Option<Vec<i64>> = parts
        .iter()
        .map(|part| match code.kind(*part) {
            NodeKind::Int(number) => *number,
            _ => None,
        })
        .collect();
    let bound = bound?;
    // The version has more parts than any bound, so it is never equal to one.
    let is_above_all = bound.first().is_some_and(|major| *major > OLDEST[0]);
    match (bound.as_slice() <= &OLDEST[..], is_above_all) {
        (true, _) => Some(decide(op, Ordering::Greater)),
        (_, true) => Some(decide(op, Ordering::Less)),
        _ => None,
    }
}

fn decide(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Eq | CompareOp::Is => order.is_eq(),
        CompareOp::NotEq | CompareOp::IsNot => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::LtE => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::GtE => order.is_ge(),
        CompareOp::In | CompareOp::NotIn => false,
    }
}
