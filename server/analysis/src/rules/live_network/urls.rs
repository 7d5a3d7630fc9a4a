//! The host that an expression names, through constants, attributes, loops and parameters.

use super::hosts::{of_url, of_whole_url};
use crate::facts::arguments::{argument, positional};
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::project::Subject;
use crate::project::constant::Origin;

/// Names of names are followed this far.
const MAX_HOPS: u32 = 6;

/// The host of the URL that an expression makes, as far as it is written.
pub fn url_host(subject: &Subject<'_>, url: NodeId) -> Option<String> {
    of_expression(&subject.origin(url), subject, MAX_HOPS)
}

fn of_expression(url: &Origin, subject: &Subject<'_>, hops: u32) -> Option<String> {
    let hops = hops.checked_sub(1)?;
    let origin = url.clone().followed(subject.project);
    let written = origin.subject(subject.project);
    let of = |node: NodeId| of_expression(&written.origin(node), &written, hops);
    let begins = |node: NodeId| match written.code().kind(node) {
        NodeKind::Str(text) => of_url(text).map(str::to_owned),
        _ => of(node),
    };
    match origin.kind() {
        NodeKind::Str(text) => of_whole_url(text).map(str::to_owned),
        NodeKind::FString { template, values } if template.starts_with("{}") => of(*values.first()?),
        NodeKind::FString { template, .. } => of_url(template).map(str::to_owned),
        NodeKind::Binary { op, left, .. } if op == "+" || op == "%" => begins(*left),
        NodeKind::Call { func, args } => match written.code().kind(*func) {
            NodeKind::Attribute { value, attr, .. } if attr == "format" => begins(*value),
            _ => match written.callee(origin.node)?.as_str() {
                "urllib.request.Request" => of(argument(args, 0, "url")?),
                "urllib.parse.urljoin" => of(positional(args, 0)?),
                _ => None,
            },
        },
        _ => one_of(&written, origin.node).and_then(of).or_else(|| elsewhere(&written, origin.node, hops)),
    }
}

/// The host of `"pypi.org"` or `("pypi.org", 443)`.
pub fn named_host(subject: &Subject<'_>, host: NodeId) -> Option<String> {
    let origin = subject.origin(host).followed(subject.project);
    let written = origin.subject(subject.project);
    match origin.kind() {
        NodeKind::Str(name) => Some(name.to_string()),
        NodeKind::Tuple(parts) => named_host(&written, *parts.first()?),
        NodeKind::Name(_) => match written.code().kind(one_of(&written, origin.node)?) {
            NodeKind::Str(name) => Some(name.to_string()),
            _ => None,
        },
        _ => None,
    }
}

/// The first of the values that a loop gives a name.
fn one_of(subject: &Subject<'_>, name: NodeId) -> Option<NodeId> {
    let code = subject.code();
    let bound = subject.facts.bindings().visible(code, code.kind(name).as_name()?, name);
    let [binding] = bound.as_slice() else { return None };
    let BindingKind::Element(iter) = binding.kind else { return None };
    let origin = subject.origin(iter).followed(subject.project);
    if !subject.is_item(&origin.module, origin.item) {
        return None;
    }
    first_of(origin.kind())
}

fn first_of(kind: &NodeKind) -> Option<NodeId> {
    match kind {
        NodeKind::List(parts) | NodeKind::Tuple(parts) | NodeKind::Set(parts) => parts.first().copied(),
        _ => None,
    }
}

/// What fills the name or the attribute from outside the function.
fn elsewhere(subject: &Subject<'_>, node: NodeId, hops: u32) -> Option<String> {
    let code = subject.code();
    match code.kind(node) {
        NodeKind::Name(name) => parametrized(subject, name, hops).or_else(|| {
            let fixture = subject.fixture_subject(name)?;
            let results = fixture.results();
            let [result] = results.as_slice() else { return None };
            of_expression(&fixture.origin(*result), &fixture, hops)
        }),
        NodeKind::Attribute { value, attr, .. }
            if matches!(code.kind(*value).as_name(), Some("self" | "cls")) =>
        {
            of_class(subject, attr, hops)
        }
        _ => None,
    }
}

/// The first value that `parametrize` gives the only parameter `name`.
fn parametrized(subject: &Subject<'_>, name: &str, hops: u32) -> Option<String> {
    let marks = subject.marks();
    let mark = marks.iter().find(|mark| {
        mark.name == "parametrize" && matches!(mark.direct_parameters().as_slice(), [only] if only == name)
    })?;
    let values = positional(mark.args(), 1)?;
    let values = Origin { module: mark.module.clone(), item: mark.item, node: values };
    let values = values.followed(subject.project);
    let first = values.at(first_of(values.kind())?);
    of_expression(&first, &first.subject(subject.project), hops)
}

/// What the class's body or a set-up of it assigns to the attribute, where that is one value.
fn of_class(subject: &Subject<'_>, attr: &str, hops: u32) -> Option<String> {
    let file = &subject.module.file;
    let members = file.members(subject.class()?).filter(|member| file.item_text(*member).contains(attr));
    let mut values = members.flat_map(|member| {
        let member = Subject::new(subject.project, &subject.module, member);
        let all = assigned(&member, attr);
        all.into_iter().map(move |value| member.origin(value))
    });
    let only = values.next()?;
    if values.next().is_some() {
        return None;
    }
    of_expression(&only, &only.subject(subject.project), hops)
}

fn assigned(member: &Subject<'_>, attr: &str) -> Vec<NodeId> {
    let code = member.code();
    let is_function = member.function().is_some();
    let is_it = |target: &NodeId| match code.kind(*target) {
        NodeKind::Attribute { value, attr: set, .. } => {
            set == attr && matches!(code.kind(*value).as_name(), Some("self" | "cls"))
        }
        NodeKind::Name(name) => !is_function && name == attr,
        _ => false,
    };
    let values = member.body().filter_map(|node| match code.kind(node) {
        NodeKind::Assign { targets, value } if targets.iter().any(is_it) => Some(*value),
        _ => None,
    });
    values.collect()
}
