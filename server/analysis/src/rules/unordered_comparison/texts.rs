//! The text of something without order: `", ".join(names)`, `str(names)`, an f-string with it.

use super::sequences::{is_surely_listing, is_timed};
use super::{Form, Found, confidence_in};
use crate::facts::{NodeId, NodeKind};
use crate::hint::Confidence;
use crate::project::Subject;
use crate::project::constant::Origin;
use crate::project::disorder::{Disorder, Source, disorder};
use crate::project::elements::Element;

/// Texts inside texts are looked at this far.
const MAX_DEPTH: u32 = 6;

struct Text {
    disorder: Disorder,
    /// What stands between the elements; `None` where Python prints the container.
    separator: Option<String>,
}

pub fn compared(subject: &Subject<'_>, side: NodeId, other: NodeId) -> Option<Found> {
    let Text { disorder, separator } = text(subject, &subject.origin(side), MAX_DEPTH)?;
    let literal = subject.origin(other).followed(subject.project).kind().as_str().map(str::to_owned);
    if let Some(literal) = &literal
        && !has_several(literal, separator.as_deref())
    {
        return None;
    }
    let element = element(&disorder, separator.is_some(), literal.as_deref());
    let confidence = match &disorder.source {
        Source::Set { elements, .. } => {
            if matches!(elements.count, Some(0 | 1)) {
                return None;
            }
            confidence_in(element)?
        }
        Source::Listing if !is_surely_listing(subject, &disorder.origin) => Confidence::Possible,
        Source::Completion if is_timed(subject) => Confidence::Possible,
        Source::Listing | Source::Completion => Confidence::Likely,
        Source::Drawn => return None,
    };
    let confidence = if literal.is_some() { confidence } else { Confidence::Possible };
    if literal.is_none() && text(subject, &subject.origin(other), MAX_DEPTH).is_some() {
        return None;
    }
    Some(Found { at: side, other, disorder, element, confidence, form: Form::Text })
}

fn text(subject: &Subject<'_>, written: &Origin, depth: u32) -> Option<Text> {
    let depth = depth.checked_sub(1)?;
    let project = subject.project;
    let origin = written.clone().followed(project);
    let inside = |node: NodeId| text(subject, &origin.at(node), depth);
    let printed = |node: NodeId| {
        let disorder = disorder(project, &origin.at(node))?;
        let is_container = disorder.is_sequence || matches!(disorder.source, Source::Set { .. });
        (is_container && !is_generator(&origin.at(node))).then_some(Text { disorder, separator: None })
    };
    match origin.kind() {
        NodeKind::FString { values, .. } => {
            values.iter().find_map(|value| printed(*value).or_else(|| inside(*value)))
        }
        NodeKind::Binary { op, left, right } if op == "+" => inside(*left).or_else(|| inside(*right)),
        NodeKind::Binary { op, left, right } if op == "%" => {
            origin.kind_of(*left).as_str()?;
            printed(*right)
        }
        NodeKind::Call { func, args } => {
            let first = args.first()?.value;
            if origin
                .scope(project)
                .path(*func)
                .is_some_and(|path| matches!(path.as_str(), "builtins.str" | "builtins.repr"))
            {
                return printed(first);
            }
            let NodeKind::Attribute { value, attr, .. } = origin.kind_of(*func) else { return None };
            let separator = origin.at(*value).followed(project).kind().as_str().map(str::to_owned);
            match attr.as_str() {
                "join" => Some(Text {
                    disorder: disorder(project, &origin.at(first))?,
                    separator: Some(separator?),
                }),
                "format" => args.iter().find_map(|argument| printed(argument.value)),
                _ => None,
            }
        }
        _ => None,
    }
}

/// `str(generator)` has an address, no elements.
fn is_generator(origin: &Origin) -> bool {
    matches!(
        origin.kind(),
        NodeKind::Comprehension { kind: crate::facts::code::ComprehensionKind::Generator, .. }
    )
}

fn has_several(literal: &str, separator: Option<&str>) -> bool {
    match separator {
        Some("") => literal.chars().count() > 1,
        Some(separator) => {
            let mut parts = literal.trim().split(separator.trim_matches(' ')).map(str::trim);
            if separator.trim_matches(' ').is_empty() {
                return literal.split_whitespace().count() > 1;
            }
            let first = parts.next();
            parts.any(|part| Some(part) != first)
        }
        None => literal.contains(','),
    }
}

fn element(disorder: &Disorder, is_joined: bool, literal: Option<&str>) -> Element {
    let Source::Set { elements, .. } = &disorder.source else { return Element::Unknown };
    if elements.kind != Element::Unknown || disorder.is_mapped {
        return elements.kind;
    }
    let is_text = is_joined || literal.is_some_and(|literal| literal.contains(['\'', '"']));
    let is_number = literal.is_some_and(|literal| !literal.contains(char::is_alphabetic));
    match (is_text, is_number) {
        (true, _) => Element::Text,
        (false, true) => Element::Number,
        (false, false) => Element::Unknown,
    }
}
