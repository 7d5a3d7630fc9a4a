//! The cure for a window: what something takes at the least holds on every machine.

use super::bounds::Bound;
use crate::facts::NodeKind;
use crate::facts::code::CompareOp;
use crate::fix::{Applicability, Edits, Fix};
use crate::project::Subject;
use crate::text::TextRange;

/// `assert 0.9 <= took < 1.1` becomes `assert 0.9 <= took`.
pub fn lower_bound_only(subject: &Subject<'_>, bound: &Bound) -> Option<Fix> {
    let code = subject.code();
    let NodeKind::Compare { left, rest } = code.kind(bound.at) else { return None };
    let [(first, middle), (second, right)] = &**rest else { return None };
    if *middle != bound.measured {
        return None;
    }
    let is_rising = |op: &CompareOp| matches!(op, CompareOp::Lt | CompareOp::LtE);
    let is_falling = |op: &CompareOp| matches!(op, CompareOp::Gt | CompareOp::GtE);
    let whole = code.range(bound.at);
    let kept = code.range(bound.measured);
    let cut = match () {
        () if is_rising(first) && is_rising(second) => {
            let gap = TextRange::new(kept.end, code.range(*right).start);
            let closed = subject.slice(gap).rfind(')').map_or(0, |at| at + 1);
            TextRange::new(kept.end + closed as u32, whole.end)
        }
        () if is_falling(first) && is_falling(second) => {
            let gap = TextRange::new(code.range(*left).end, kept.start);
            let opens = subject.slice(gap).find('(').map_or(kept.start, |at| gap.start + at as u32);
            TextRange::new(whole.start, opens)
        }
        () => return None,
    };
    if !is_balanced(subject.slice(cut)) {
        return None;
    }
    let mut edits = Edits::new();
    edits.push(subject.path(), subject.absolute(cut), String::new());
    let title = "Keep the lower bound, which holds on every machine".to_owned();
    Some(Fix::cure(title, Applicability::Suggested, edits))
}

fn is_balanced(text: &str) -> bool {
    let count = |bracket: char| text.matches(bracket).count();
    count('(') == count(')')
}
