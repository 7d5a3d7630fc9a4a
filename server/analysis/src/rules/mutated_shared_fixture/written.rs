//! Lists, arrays and their like that are written in parameters: Python makes each once, when the module is imported, so
//! every test that gets the parameter gets the same object (seen: stacked `parametrize` marks, and `params=[[]]`).

use smol_str::SmolStr;

use super::sharing::Value;
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::marks::Mark;
use crate::project::{Place, Subject};

/// Whether a `parametrize` mark gives the parameter its value, without a fixture.
pub fn is_direct(subject: &Subject<'_>, name: &str) -> bool {
    marks(subject).iter().any(|mark| mark.direct_parameters().iter().any(|it| it == name))
}

/// A value that a mark gives to a parameter.
pub struct InMark {
    pub value: Value,
    pub place: Place,
    /// All names that the mark fills; only where it stands on the test itself, so that no other test gets the value.
    pub filled_with: Option<Vec<SmolStr>>,
}

/// The first value that a mark gives to the parameter and that can be changed, where more than one test gets it: other
/// parameters multiply the test, or the mark stands on its class or module.
pub fn in_marks(subject: &Subject<'_>, name: &str) -> Option<InMark> {
    let marks = marks(subject);
    let mark = marks.iter().find(|mark| mark.direct_parameters().iter().any(|it| it == name))?;
    let is_own = subject.is_item(&mark.module, mark.item);
    if is_own && marks.len() < 2 {
        return None;
    }
    let names = mark.direct_parameters();
    let position = names.iter().position(|it| it == name)?;
    let writer = Subject::new(subject.project, &mark.module, mark.item);
    let values = mark.keyword("argvalues").or_else(|| positional(mark.args(), 1))?;
    let is_alone = names.len() == 1 && !is_sequence_of_names(mark);
    let values = elements(&writer, values)?.into_iter().filter_map(|element| {
        let parts = if is_alone { vec![element] } else { elements(&writer, element)? };
        parts.get(position).copied()
    });
    let (value, place) = first_changeable(&writer, values)?;
    Some(InMark { value, place, filled_with: is_own.then_some(names) })
}

/// The first value that can be changed in the `params` of a fixture that hands out `request.param` as it is.
pub fn in_params(maker: &Subject<'_>) -> Option<(Value, Place)> {
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
    let params = maker.fixture_keyword("params")?;
    first_changeable(maker, elements(maker, params)?.into_iter())
}

fn first_changeable(writer: &Subject<'_>, values: impl Iterator<Item = NodeId>) -> Option<(Value, Place)> {
    values.map(|value| parameter(writer, value)).find_map(|value| {
        let made = Value::made_by(writer, value)?;
        Some((made, writer.place(writer.code().range(value))))
    })
}

fn marks(subject: &Subject<'_>) -> Vec<Mark> {
    subject.marks().iter().filter(|mark| mark.name == "parametrize").cloned().collect()
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
fn elements(writer: &Subject<'_>, node: NodeId) -> Option<Vec<NodeId>> {
    match writer.code().kind(node) {
        NodeKind::List(parts) | NodeKind::Tuple(parts) => Some(parts.to_vec()),
        NodeKind::Call { args, .. } if is_param(writer, node) => {
            let plain = args.iter().filter(|argument| argument.kind == ArgumentKind::Positional);
            Some(plain.map(|argument| argument.value).collect())
        }
        _ => None,
    }
}

/// The value inside `pytest.param(value, id=…)`.
fn parameter(writer: &Subject<'_>, node: NodeId) -> NodeId {
    match writer.code().kind(node) {
        NodeKind::Call { args, .. } if is_param(writer, node) => positional(args, 0).unwrap_or(node),
        _ => node,
    }
}

fn is_param(writer: &Subject<'_>, call: NodeId) -> bool {
    writer.callee(call).is_some_and(|path| path == "pytest.param")
}
