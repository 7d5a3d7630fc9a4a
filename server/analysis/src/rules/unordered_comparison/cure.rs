//! `sorted(...)` on both sides.

use super::{Form, Found};
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::project::Subject;
use crate::project::disorder::Source;
use crate::project::elements::Element;
use crate::text::TextRange;

pub fn sorted(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    match found.form {
        Form::Sequence => both_sides(subject, found),
        Form::Text => joined(subject, found),
        Form::Element => None,
    }
}

fn both_sides(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let code = subject.code();
    let is_tuple_wanted = code.ancestors(found.at).any(|outer| match code.kind(outer) {
        NodeKind::Call { func, .. } => {
            matches!(code.kind(*func), NodeKind::Attribute { attr, .. } if attr == "assertTupleEqual")
        }
        _ => false,
    });
    let is_shared = code.is_within(found.other, found.at) || code.is_within(found.at, found.other);
    if is_tuple_wanted || is_shared {
        return None;
    }
    let key = if can_be_sorted(subject, found) { "" } else { ", key=str" };
    let mut edits = Edits::new();
    wrap(subject, found.at, key, &mut edits);
    if !is_sorted_list(subject, found.other) {
        wrap(subject, found.other, key, &mut edits);
    }
    Some(Fix::cure("Compare both in order, with `sorted(...)`", Applicability::Suggested, edits))
}

/// Whether the elements are seen to be of one kind that Python can put in order.
fn can_be_sorted(subject: &Subject<'_>, found: &Found) -> bool {
    let code = subject.code();
    let is_literal = |node: NodeId| match code.kind(node) {
        NodeKind::List(parts) | NodeKind::Tuple(parts) => {
            let all = |wanted: fn(&NodeKind) -> bool| parts.iter().all(|part| wanted(code.kind(*part)));
            all(|kind| matches!(kind, NodeKind::Str(_) | NodeKind::FString { .. }))
                || all(|kind| matches!(kind, NodeKind::Bytes))
                || all(|kind| matches!(kind, NodeKind::Int(_) | NodeKind::Float(_)))
        }
        _ => false,
    };
    let is_listing = matches!(found.disorder.source, Source::Listing) && !found.disorder.is_mapped;
    let is_text = found.element == Element::Text && !found.disorder.is_mapped;
    is_listing || is_text || is_literal(found.other)
}

/// `sorted(X)`; in place of `list(X)` and `tuple(X)`.
fn wrap(subject: &Subject<'_>, node: NodeId, key: &str, edits: &mut Edits) {
    let code = subject.code();
    let range = code.range(node);
    let mut push = |range: TextRange, text: &str| edits.push(subject.path(), subject.absolute(range), text);
    if let NodeKind::Call { func, args } = code.kind(node)
        && let [argument] = &**args
        && argument.kind == crate::facts::code::ArgumentKind::Positional
        && subject.resolve(*func).is_some_and(|path| path == "builtins.list" || path == "builtins.tuple")
    {
        push(code.range(*func), "sorted");
        if !key.is_empty() {
            push(TextRange::empty(argument.range.end), key);
        }
        return;
    }
    push(TextRange::empty(range.start), "sorted(");
    push(TextRange::empty(range.end), &format!("{key})"));
}

/// A list of texts or of numbers that is written in order already.
fn is_sorted_list(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    let NodeKind::List(parts) = code.kind(node) else { return false };
    let texts: Option<Vec<&str>> = parts.iter().map(|part| code.kind(*part).as_str()).collect();
    let number = |part: &NodeId| match code.kind(*part) {
        NodeKind::Int(number) => *number,
        _ => None,
    };
    let numbers: Option<Vec<i64>> = parts.iter().map(number).collect();
    texts.is_some_and(|texts| texts.is_sorted()) || numbers.is_some_and(|numbers| numbers.is_sorted())
}

/// `", ".join(sorted(names))`, where the text that is wanted is in that order.
fn joined(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let code = subject.code();
    let wanted = code.kind(found.other).as_str()?;
    let NodeKind::Call { func, args } = code.kind(found.at) else { return None };
    let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return None };
    let separator = code.kind(*value).as_str().filter(|separator| !separator.is_empty() && attr == "join")?;
    let parts = args.first()?.value;
    if !wanted.split(separator).is_sorted() || matches!(code.kind(parts), NodeKind::Comprehension { .. }) {
        return None;
    }
    let mut edits = Edits::new();
    wrap(subject, parts, "", &mut edits);
    Some(Fix::cure("Join the parts in order, with `sorted(...)`", Applicability::Suggested, edits))
}
