//! Which assertions on the whole process others can make fail.

use super::Found;
use super::counted::{Counted, counted};
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::asked::{Asked, asked};
use crate::project::claims::{Claim, Relation};

pub fn of_claim(subject: &Subject<'_>, claim: &Claim) -> Option<Found> {
    let (side, other) = match claim.relation {
        Relation::Equal => {
            claim.both_ways().into_iter().find(|(side, _)| counted(subject, *side).is_some())?
        }
        // At most so many.
        Relation::Less | Relation::AtMost => (claim.left, claim.right),
        _ => return None,
    };
    let counted_side = counted(subject, side)?;
    if is_polled(subject, claim.at) {
        return None;
    }
    let is_exact = claim.relation == Relation::Equal;
    let is_collected = collects_before(subject, side);
    let is_before = counted(subject, other) == Some(counted_side);
    let is_written = subject.number(other).is_some();
    if is_before && !is_apart(subject, side, other) {
        return None;
    }
    let confidence = match counted_side {
        Counted::Found => (!is_collected && is_written).then_some(Confidence::Likely)?,
        Counted::Objects => (!is_collected && (is_written || is_before)).then_some(Confidence::Likely)?,
        Counted::Garbage => (!is_collected).then_some(Confidence::Possible)?,
        Counted::Threads if is_exact && is_written => Confidence::Likely,
        Counted::Threads if is_exact => Confidence::Possible,
        Counted::Files if is_exact && is_written && !is_collected => Confidence::Likely,
        Counted::Files if is_exact && !is_collected => Confidence::Possible,
        Counted::Subclasses if is_exact && !is_collected => Confidence::Possible,
        _ => return None,
    };
    let is_cured_by_collecting =
        !matches!(counted_side, Counted::Threads | Counted::Subclasses | Counted::Files);
    Some(Found { at: claim.at, counted: counted_side, confidence, is_cured_by_collecting })
}

/// `assert not gc.garbage`, `assert not [o for o in gc.get_objects() if isinstance(o, Order)]`
pub fn empties(subject: &Subject<'_>) -> Vec<Found> {
    let code = subject.code();
    let is_value = |node: &NodeId| {
        matches!(
            code.kind(*node),
            NodeKind::Attribute { .. } | NodeKind::Name(_) | NodeKind::Comprehension { .. }
        )
    };
    let is_tested = |node: &NodeId| match code.kind(code.node(*node).parent) {
        NodeKind::Unary { op, .. } => op == "not",
        NodeKind::Call { args, .. } => args.iter().any(|argument| argument.value == *node),
        _ => false,
    };
    let tested = subject.body().filter(is_value).filter(is_tested);
    tested
        .filter_map(|at| {
            let counted = counted(subject, at)?;
            let confidence = match counted {
                Counted::Garbage => Confidence::Possible,
                Counted::Objects => Confidence::Likely,
                _ => return None,
            };
            let is_wanted = asked(subject, at) == Some(Asked::Not) && !collects_before(subject, at);
            is_wanted.then_some(Found { at, counted, confidence, is_cured_by_collecting: true })
        })
        .collect()
}

/// Whether two expressions are not one and the same reading.
fn is_apart(subject: &Subject<'_>, one: NodeId, other: NodeId) -> bool {
    let [one, other] = [one, other].map(|node| subject.origin(node).followed(subject.project).node);
    one != other
}

/// Whether garbage is collected before the reading that an expression stands for: by the test, or by what runs around it.
pub fn collects_before(subject: &Subject<'_>, node: NodeId) -> bool {
    let read = subject.origin(node).followed(subject.project).node;
    let read = if subject.code().is_within(read, node) { node } else { read };
    let code = subject.code();
    let is_collect = |at: NodeId| {
        let NodeKind::Call { func, .. } = code.kind(at) else { return false };
        code.kind(*func).last_name().is_some_and(|name| name.contains("collect"))
    };
    let here = subject.body().take_while(|at| *at < read).any(|at| at != read && is_collect(at));
    here || subject.closure().iter().any(|closed| {
        let fixture = closed.fixture.as_ref();
        fixture.is_some_and(|fixture| fixture.module.file.item_text(fixture.item).contains("gc.collect("))
            || closed.name.contains("collect")
    })
}

/// Whether what the count is read with is replaced where the assertion stands: `with patch("os.readlink", …):`, a part of
/// psutil, or `open`.
pub fn asks_replaced(subject: &Subject<'_>, found: &Found) -> bool {
    const READ_WITH: &[&str] = &["builtins.open", "io.", "os.", "psutil.", "gc.", "threading."];
    let code = subject.code();
    let replaces = |context: NodeId| {
        let NodeKind::Call { args, .. } = code.kind(context) else { return false };
        let is_patch = subject.callee(context).is_some_and(|path| path.starts_with("unittest.mock.patch"));
        let named = args.first().and_then(|first| match code.kind(first.value) {
            NodeKind::Str(target) => Some(target.to_string()),
            _ => subject.resolve(first.value).map(|path| format!("{path}.")),
        });
        is_patch && named.is_some_and(|target| READ_WITH.iter().any(|start| target.starts_with(start)))
    };
    matches!(found.counted, Counted::Files | Counted::Threads)
        && code.ancestors(found.at).any(|outer| match code.kind(outer) {
            NodeKind::With { items, .. } => items.iter().any(|item| replaces(item.context)),
            _ => false,
        })
}

/// Whether the assertion is tried again until it holds, or another way out is taken where it does not.
pub fn is_polled(subject: &Subject<'_>, at: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(at).any(|outer| match code.kind(outer) {
        NodeKind::While { .. } => true,
        NodeKind::Try { handlers, .. } => !handlers.is_empty(),
        _ => false,
    })
}
