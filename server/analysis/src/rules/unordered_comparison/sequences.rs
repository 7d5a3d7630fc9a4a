//! A list without order that must equal another, as a whole or pair by pair.

use super::expected::Expected;
use super::{Form, Found, confidence_in};
use crate::facts::arguments::positional;
use crate::facts::code::Clause;
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::constant::Origin;
use crate::project::disorder::{Disorder, Source, disorder};
use crate::project::elements::Element;

/// `assert list(names) == ["a", "b"]`
pub fn compared(subject: &Subject<'_>, side: NodeId, other: NodeId) -> Option<Found> {
    let disorder = disorder(subject.project, &subject.origin(side))?;
    if !disorder.is_sequence {
        return None;
    }
    judged(subject, side, other, disorder)
}

/// `for name, wanted in zip(names, ["a", "b"]): assert name == wanted`, the same with `enumerate` and an index.
pub fn paired(subject: &Subject<'_>, side: NodeId, other: NodeId) -> Option<Found> {
    let code = subject.code();
    let (iter, place) = loop_part(subject, side)?;
    let NodeKind::Call { args, .. } = code.kind(iter) else { return None };
    let callee = subject.callee(iter)?;
    let (whole, wanted) = match (callee.as_str(), code.kind(other)) {
        ("builtins.zip", _) => {
            let (other_iter, other_place) = loop_part(subject, other)?;
            (other_iter == iter).then_some(())?;
            (positional(args, place)?, positional(args, other_place)?)
        }
        ("builtins.enumerate", NodeKind::Subscript { value, index }) if place == 1 => {
            let (index_iter, index_place) = loop_part(subject, *index)?;
            (index_iter == iter && index_place == 0).then_some(())?;
            (positional(args, 0)?, *value)
        }
        _ => return None,
    };
    judged(subject, whole, wanted, disorder(subject.project, &subject.origin(whole))?)
}

/// For a name that a loop binds as one of several: what the loop runs over, and which of them it is.
fn loop_part(subject: &Subject<'_>, node: NodeId) -> Option<(NodeId, usize)> {
    let code = subject.code();
    let name = code.kind(node).as_name()?;
    let bindings = subject.facts.bindings().visible(code, name, node);
    // A loop variable may be that of several loops: the one around the use counts.
    let binding = bindings
        .iter()
        .rfind(|binding| binding.kind == BindingKind::Opaque && code.is_within(node, binding.node))?;
    let place = |target: NodeId| match code.kind(target) {
        NodeKind::Tuple(parts) => parts.iter().position(|part| code.kind(*part).as_name() == Some(name)),
        _ => None,
    };
    match code.kind(binding.node) {
        NodeKind::For { target, iter, .. } => Some((*iter, place(*target)?)),
        NodeKind::Comprehension { clauses, .. } => clauses.iter().find_map(|clause| match clause {
            Clause::For { target, iter, .. } => Some((*iter, place(*target)?)),
            Clause::If(_) => None,
        }),
        _ => None,
    }
}

fn judged(subject: &Subject<'_>, side: NodeId, other: NodeId, disorder: Disorder) -> Option<Found> {
    let expected = Expected::of(subject, other, &disorder)?;
    if expected.is_uniform || matches!(expected.elements.count, Some(0 | 1)) {
        return None;
    }
    let element = expected.element(&disorder);
    let is_counted = expected.elements.count.is_some();
    let confidence = match &disorder.source {
        Source::Set { elements, .. } => {
            if matches!(elements.count, Some(0 | 1)) {
                return None;
            }
            let known = confidence_in(element)?;
            // Often one is left, or only one was ever put in.
            let may_be_one =
                is_filtered(&disorder.origin) || matches!(disorder.origin.kind(), NodeKind::Attribute { .. });
            if !is_counted && may_be_one {
                return None;
            }
            if is_counted || elements.count.is_some() { known } else { Confidence::Possible }
        }
        Source::Listing if is_counted && is_surely_listing(subject, &disorder.origin) => Confidence::Likely,
        Source::Listing => Confidence::Possible,
        Source::Completion if is_counted && !is_timed(subject) => Confidence::Likely,
        Source::Completion => Confidence::Possible,
        Source::Drawn => return None,
    };
    let confidence = if expected.is_disordered { Confidence::Possible } else { confidence };
    let element = if matches!(disorder.source, Source::Set { .. }) { element } else { Element::Unknown };
    Some(Found { at: side, other, disorder, element, confidence, form: Form::Sequence })
}

/// `{name for name in names if …}`
fn is_filtered(set: &Origin) -> bool {
    match set.kind() {
        NodeKind::Comprehension { clauses, .. } => {
            clauses.iter().any(|clause| matches!(clause, Clause::If(_)))
        }
        _ => false,
    }
}

/// Whether the work is told how long to take, so that its order is meant.
pub fn is_timed(subject: &Subject<'_>) -> bool {
    let file = &subject.module.file;
    file.item_text(subject.item).contains("sleep") || subject.is_clock_held()
}

/// Whether a listing is one of a directory: `iterdir` and `glob` are methods of other things too.
pub fn is_surely_listing(subject: &Subject<'_>, listing: &Origin) -> bool {
    let NodeKind::Call { func, .. } = listing.kind() else { return false };
    if listing
        .scope(subject.project)
        .path(*func)
        .is_some_and(|path| path.starts_with("os.") || path.starts_with("glob."))
    {
        return true;
    }
    match listing.kind_of(*func) {
        NodeKind::Attribute { value, .. } => is_path(subject, &listing.at(*value), 6),
        _ => false,
    }
}

fn is_path(subject: &Subject<'_>, origin: &Origin, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let followed = origin.clone().followed(subject.project);
    let inside = |node: NodeId| is_path(subject, &followed.at(node), depth);
    match followed.kind() {
        NodeKind::Name(name) => name == "tmp_path",
        NodeKind::Binary { op, left, .. } => op == "/" && inside(*left),
        NodeKind::Attribute { value, attr, .. } => attr == "parent" && inside(*value),
        NodeKind::Call { func, .. } => {
            let path = followed.scope(subject.project).path(*func);
            path.is_some_and(|path| {
                matches!(path.as_str(), "pathlib.Path" | "pathlib.PosixPath" | "pathlib.Path.cwd")
            }) || matches!(followed.kind_of(*func), NodeKind::Attribute { value, attr, .. }
                    if matches!(attr.as_str(), "resolve" | "absolute" | "joinpath" | "mktemp")
                        && (inside(*value) || followed.kind_of(*value).as_name() == Some("tmp_path_factory")))
        }
        _ => false,
    }
}
