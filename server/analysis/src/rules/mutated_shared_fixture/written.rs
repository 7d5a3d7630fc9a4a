//! Lists, dicts and sets that are written in parameters: Python makes each once, when the module is imported, so every
//! test that gets the parameter gets the same object (seen: stacked `parametrize` marks, and `params=[[]]`).

use crate::facts::arguments::keyword;
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{Code, NodeId, NodeKind};
use crate::project::marks::Mark;
use crate::project::{Place, Subject};
use crate::text::TextRange;

/// Whether a `parametrize` mark gives the parameter its value, without a fixture.
pub fn is_direct(subject: &Subject<'_>, name: &str) -> bool {
    marks(subject).iter().any(|mark| mark.direct_parameters().iter().any(|it| it == name))
}

/// The first container that a mark gives to the parameter, where more than one test gets it: other parameters multiply the
/// test, or the mark stands on its class or module.
pub fn in_marks(subject: &Subject<'_>, name: &str) -> Option<Place> {
    let marks = marks(subject);
    let mark = marks.iter().find(|mark| mark.direct_parameters().iter().any(|it| it == name))?;
    let is_own = mark.item == subject.item && mark.module.file.path == subject.path();
    if is_own && marks.len() < 2 {
        return None;
    }
    let position = mark.direct_parameters().iter().position(|it| it == name)?;
    let code = &mark.facts.code;
    let values = mark.keyword("argvalues").or_else(|| positional(mark.args(), 1))?;
    let is_alone = mark.direct_parameters().len() == 1 && !is_sequence_of_names(mark);
    let values = elements(code, values)?.into_iter().filter_map(|element| {
        let parts = if is_alone { vec![element] } else { elements(code, element)? };
        parts.get(position).copied()
    });
    let found = values.map(|value| parameter(code, value)).find(|value| is_container(code, *value))?;
    Some(place(mark, code.range(found)))
}

/// The first container in the `params` of a fixture that hands out `request.param` as it is.
pub fn in_params(maker: &Subject<'_>) -> Option<Place> {
    let code = maker.code();
    let results = maker.results();
    let is_parameter = |node: &NodeId| match code.kind(*node) {
        NodeKind::Attribute { value, attr, .. } => {
            attr == "param" && code.kind(*value).as_name() == Some("request")
        }
        _ => false,
    };
    if results.is_empty() || !results.iter().all(is_parameter) {
        return None;
    }
    let params =
        maker.function()?.decorators.iter().find_map(|decorator| match code.kind(decorator.expr) {
            NodeKind::Call { args, .. } => keyword(args, "params"),
            _ => None,
        })?;
    let values = elements(code, params)?.into_iter().map(|value| parameter(code, value));
    let found = values.into_iter().find(|value| is_container(code, *value))?;
    Some(maker.place(code.range(found)))
}

fn marks(subject: &Subject<'_>) -> Vec<Mark> {
    let marks = subject.project.marks(&subject.module, subject.item);
    marks.into_iter().filter(|mark| mark.name == "parametrize").collect()
}

fn place(mark: &Mark, range: TextRange) -> Place {
    Place { path: mark.module.file.path.clone(), range: mark.module.file.absolute(mark.item, range) }
}

fn positional(args: &[Argument], index: usize) -> Option<NodeId> {
    let plain = args.iter().filter(|argument| argument.kind == ArgumentKind::Positional);
    plain.map(|argument| argument.value).nth(index)
}

/// `("a",)` and `["a"]` unpack their values even for one name; `"a"` does not.
fn is_sequence_of_names(mark: &Mark) -> bool {
    let names = positional(mark.args(), 0).map(|names| mark.facts.code.kind(names));
    matches!(names, Some(NodeKind::List(_) | NodeKind::Tuple(_)))
}

/// The parts of a list, a tuple, or `pytest.param(…)`.
fn elements(code: &Code, node: NodeId) -> Option<Vec<NodeId>> {
    match code.kind(node) {
        NodeKind::List(parts) | NodeKind::Tuple(parts) => Some(parts.to_vec()),
        NodeKind::Call { args, .. } => {
            let plain = args.iter().filter(|argument| argument.kind == ArgumentKind::Positional);
            Some(plain.map(|argument| argument.value).collect())
        }
        _ => None,
    }
}

/// The value inside `pytest.param(value, id=…)`.
fn parameter(code: &Code, node: NodeId) -> NodeId {
    match code.kind(node) {
        NodeKind::Call { args, .. } => positional(args, 0).unwrap_or(node),
        _ => node,
    }
}

fn is_container(code: &Code, node: NodeId) -> bool {
    matches!(code.kind(node), NodeKind::List(_) | NodeKind::Dict(_) | NodeKind::Set(_))
}
