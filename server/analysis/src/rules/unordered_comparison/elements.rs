//! One element by its place: `list(names)[0]`, `next(iter(names))`, `first, second = os.listdir(…)`.

use super::sequences::{is_surely_listing, is_timed};
use super::{Form, Found, confidence_in};
use crate::facts::code::CompareOp;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::disorder::{Disorder, Source, disorder};
use crate::project::elements::{Element, Elements};
use crate::project::equality::Equality;

/// Names of elements are followed this far.
const MAX_DEPTH: u32 = 4;

struct Part {
    disorder: Disorder,
    /// What it is taken from, where that can be asked for its length.
    whole: Option<NodeId>,
    is_one_of_several: bool,
    /// The element itself, not something that it has.
    is_whole_element: bool,
}

pub fn compared(
    subject: &Subject<'_>,
    equalities: &[Equality],
    side: NodeId,
    other: NodeId,
) -> Option<Found> {
    let part = part(subject, side, MAX_DEPTH)?;
    let literal = Elements::of(subject.project, &[subject.origin(other)]).kind;
    let is_several = part.is_one_of_several
        || matches!(&part.disorder.source, Source::Set { elements, .. } if elements.count.is_some_and(|count| count > 1))
        || part.whole.is_some_and(|whole| is_several(subject, equalities, whole));
    let is_single = part.whole.is_some_and(|whole| is_single(subject, equalities, whole));
    if !is_several || is_single || is_one_of_all(subject, equalities, side, other) {
        return None;
    }
    let element = match &part.disorder.source {
        Source::Set { elements, .. }
            if elements.kind == Element::Unknown && !part.disorder.is_mapped && part.is_whole_element =>
        {
            literal
        }
        Source::Set { elements, .. } => elements.kind,
        _ => Element::Unknown,
    };
    let confidence = match &part.disorder.source {
        Source::Set { .. } => confidence_in(element)?,
        Source::Listing if literal == Element::Text && is_surely_listing(subject, &part.disorder.origin) => {
            Confidence::Likely
        }
        Source::Completion if literal != Element::Unknown && !is_timed(subject) => Confidence::Likely,
        Source::Listing | Source::Completion => Confidence::Possible,
        Source::Drawn => return None,
    };
    let confidence = if part.is_whole_element { confidence } else { Confidence::Possible };
    Some(Found { at: side, other, disorder: part.disorder, element, confidence, form: Form::Element })
}

fn part(subject: &Subject<'_>, node: NodeId, depth: u32) -> Option<Part> {
    let depth = depth.checked_sub(1)?;
    let code = subject.code();
    let found = |whole: NodeId| disorder(subject.project, &subject.origin(whole));
    let taken = |disorder: Disorder, whole: Option<NodeId>| Part {
        disorder,
        whole,
        is_one_of_several: false,
        is_whole_element: true,
    };
    match code.kind(node) {
        NodeKind::Subscript { value, index }
            if matches!(code.kind(*index), NodeKind::Int(Some(_)) | NodeKind::Unary { .. }) =>
        {
            Some(taken(found(*value).filter(|found| found.is_sequence)?, Some(*value)))
        }
        NodeKind::Call { func, args } => {
            if subject.resolve(*func).is_some_and(|path| path == "builtins.next") {
                return Some(taken(found(args.first()?.value)?, None));
            }
            let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return None };
            let is_set = |found: &Disorder| matches!(found.source, Source::Set { .. }) && !found.is_sequence;
            (attr == "pop" && args.is_empty())
                .then(|| found(*value).filter(is_set))?
                .map(|found| taken(found, Some(*value)))
        }
        NodeKind::Attribute { value, attr, .. } if matches!(attr.as_str(), "name" | "stem" | "basename") => {
            part(subject, *value, depth).map(|part| Part {
                is_whole_element: matches!(part.disorder.source, Source::Listing),
                ..part
            })
        }
        NodeKind::Name(name) => {
            let bindings = subject.facts.bindings().visible(code, name, node);
            let [binding] = bindings.as_slice() else { return None };
            match &binding.kind {
                BindingKind::Value(value) => part(subject, *value, depth),
                BindingKind::Opaque => {
                    let NodeKind::Assign { targets, value } = code.kind(binding.node) else { return None };
                    let [target] = &**targets else { return None };
                    let NodeKind::Tuple(parts) = code.kind(*target) else { return None };
                    let is_spread = parts.iter().any(|part| matches!(code.kind(*part), NodeKind::Starred(_)));
                    let is_several = parts.len() > 1 && !is_spread;
                    let part = taken(found(*value)?, None);
                    is_several.then_some(Part { is_one_of_several: true, ..part })
                }
                _ => None,
            }
        }
        _ => None,
    }
}

/// Whether the test says that there are several: by a higher place, or by a length.
fn is_several(subject: &Subject<'_>, equalities: &[Equality], whole: NodeId) -> bool {
    let code = subject.code();
    let written = subject.source(whole);
    let has_higher_place = subject.body().any(|node| match code.kind(node) {
        NodeKind::Subscript { value, index } => {
            matches!(code.kind(*index), NodeKind::Int(Some(1..))) && subject.source(*value) == written
        }
        _ => false,
    });
    let is_more =
        |node: NodeId, least: i64| matches!(code.kind(node), NodeKind::Int(Some(count)) if *count >= least);
    has_higher_place
        || equalities
            .iter()
            .flat_map(Equality::both_ways)
            .any(|(side, other)| is_length(subject, side, written) && is_more(other, 2))
        || subject.body().any(|node| match code.kind(node) {
            NodeKind::Compare { left, rest } => match &**rest {
                [(CompareOp::Gt, right)] => is_length(subject, *left, written) && is_more(*right, 1),
                [(CompareOp::GtE, right)] => is_length(subject, *left, written) && is_more(*right, 2),
                _ => false,
            },
            _ => false,
        })
}

/// Whether the test says that there is one only.
fn is_single(subject: &Subject<'_>, equalities: &[Equality], whole: NodeId) -> bool {
    let written = subject.source(whole);
    equalities.iter().flat_map(Equality::both_ways).any(|(side, other)| {
        is_length(subject, side, written) && matches!(subject.code().kind(other), NodeKind::Int(Some(1)))
    })
}

/// `len(whole)`
fn is_length(subject: &Subject<'_>, node: NodeId, written: &str) -> bool {
    let NodeKind::Call { args, .. } = subject.code().kind(node) else { return false };
    subject.callee(node).is_some_and(|path| path == "builtins.len")
        && args.first().is_some_and(|argument| subject.source(argument.value) == written)
}

/// Whether another element must equal the same, or the two each other: then any order will do.
fn is_one_of_all(subject: &Subject<'_>, equalities: &[Equality], side: NodeId, other: NodeId) -> bool {
    let wanted = subject.source(other);
    let is_another = |node: NodeId| node != side && subject.source(node) != subject.source(side);
    subject.code().subtree(other).any(|node| part(subject, node, MAX_DEPTH).is_some())
        || equalities.iter().flat_map(Equality::both_ways).any(|(element, same)| {
            subject.source(same) == wanted
                && is_another(element)
                && part(subject, element, MAX_DEPTH).is_some()
        })
}
