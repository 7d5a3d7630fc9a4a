//! The cures: `sorted(...)`, a list in the place of a set, the enum class in the place of a set of its members.

use super::sites::Site;
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::project::Subject;
use crate::project::disorder::{Disorder, Source};
use crate::project::elements::{Element, Elements};
use crate::text::TextRange;

/// The cures of one disorder, best first. None where the values would have to be paired anew with a list of ids.
pub fn cures(subject: &Subject<'_>, site: &Site, disorder: &Disorder) -> Vec<Fix> {
    let has_id_list = site
        .ids
        .is_some_and(|ids| matches!(subject.code().kind(ids), NodeKind::List(_) | NodeKind::Tuple(_)));
    let is_here = disorder.origin.item == subject.item && disorder.origin.module.name == subject.module.name;
    if has_id_list {
        return Vec::new();
    }
    let cure = match &disorder.source {
        Source::Set { of_enum: Some(class), .. } if is_here => Some(enum_class(subject, disorder, *class)),
        Source::Set { elements, .. } => set_cure(subject, disorder, elements, is_here),
        Source::Listing => Some(sorted(subject, disorder.used.node, "", Applicability::Suggested)),
        Source::Completion | Source::Drawn => None,
    };
    cure.into_iter().collect()
}

fn set_cure(subject: &Subject<'_>, disorder: &Disorder, elements: &Elements, is_here: bool) -> Option<Fix> {
    let used = disorder.used.node;
    let is_display = matches!(subject.code().kind(used), NodeKind::Set(_));
    match elements.kind {
        Element::Text | Element::Object if elements.sortable => {
            let is_safe = elements.sortable_literals && is_display;
            let applicability = if is_safe { Applicability::Safe } else { Applicability::Suggested };
            Some(sorted(subject, used, "", applicability))
        }
        Element::Unknown => Some(sorted(subject, used, ", key=str", Applicability::Suggested)),
        _ if is_here && is_display => Some(list_display(subject, used)),
        _ => None,
    }
}

/// `sorted(X)`, or where `X` stands alone in `list(X)` or `tuple(X)`, that call's name made `sorted`.
fn sorted(subject: &Subject<'_>, node: NodeId, key: &str, applicability: Applicability) -> Fix {
    let code = subject.code();
    let mut edits = Edits::new();
    let mut push = |range: TextRange, text: &str| edits.push(subject.path(), subject.absolute(range), text);
    let range = code.range(node);
    let outer = match code.kind(code.node(node).parent) {
        NodeKind::Call { func, args } if args.len() == 1 && args[0].value == node => subject
            .resolve(*func)
            .is_some_and(|path| path == "builtins.list" || path == "builtins.tuple")
            .then_some(*func),
        _ => None,
    };
    match outer {
        Some(func) => push(code.range(func), "sorted"),
        None => push(TextRange::empty(range.start), "sorted("),
    }
    let close = if outer.is_some() { key.to_owned() } else { format!("{key})") };
    if !close.is_empty() {
        push(TextRange::empty(range.end), &close);
    }
    Fix::cure("Put the values in order with `sorted(...)`", applicability, edits)
}

fn list_display(subject: &Subject<'_>, set: NodeId) -> Fix {
    let range = subject.code().range(set);
    let mut edits = Edits::new();
    let mut push = |range: TextRange, text: &str| edits.push(subject.path(), subject.absolute(range), text);
    push(TextRange::new(range.start, range.start + 1), "[");
    push(TextRange::new(range.end - 1, range.end), "]");
    Fix::cure("Write the values as a list, which keeps its order", Applicability::Suggested, edits)
}

fn enum_class(subject: &Subject<'_>, disorder: &Disorder, class: NodeId) -> Fix {
    let mut edits = Edits::new();
    let range = subject.code().range(disorder.origin.node);
    edits.push(subject.path(), subject.absolute(range), subject.source(class));
    Fix::cure("Use the enum class itself, which keeps its members in order", Applicability::Suggested, edits)
}
