//! How many elements a collection has, and how many of them are different.

use std::collections::BTreeSet;

use crate::facts::{NodeId, NodeKind};
use crate::project::Project;
use crate::project::constant::Origin;

/// The alphabets of `string`, and how many letters they have.
const ALPHABETS: &[(&str, f64)] = &[
    ("string.ascii_letters", 52.0),
    ("string.ascii_lowercase", 26.0),
    ("string.ascii_uppercase", 26.0),
    ("string.digits", 10.0),
    ("string.hexdigits", 22.0),
    ("string.octdigits", 8.0),
    ("string.punctuation", 32.0),
    ("string.printable", 100.0),
];

/// The length of a collection whose elements are all different, where that is seen.
pub fn length(project: &Project, origin: &Origin) -> Option<f64> {
    let followed = origin.clone().followed(project);
    let scope = followed.scope(project);
    let inside = |node: NodeId| length(project, &followed.at(node));
    match followed.kind() {
        NodeKind::List(parts) | NodeKind::Tuple(parts) | NodeKind::Set(parts) => distinct(&followed, parts),
        NodeKind::Str(text) => {
            let letters: BTreeSet<char> = text.chars().collect();
            (letters.len() == text.chars().count()).then_some(letters.len() as f64)
        }
        NodeKind::Attribute { .. } => {
            let path = scope.path(followed.node)?;
            ALPHABETS.iter().find(|(name, _)| *name == path).map(|(_, count)| *count)
        }
        NodeKind::Name(_) => {
            let path = scope.path(followed.node)?;
            ALPHABETS.iter().find(|(name, _)| *name == path).map(|(_, count)| *count)
        }
        NodeKind::Binary { op, left, right } if op == "+" => Some(inside(*left)? + inside(*right)?),
        // `items[:]`
        NodeKind::Subscript { value, index } => {
            let is_whole =
                matches!(followed.kind_of(*index), NodeKind::Slice { lower: None, upper: None, .. });
            is_whole.then(|| inside(*value))?
        }
        NodeKind::Call { func, args } => {
            if let NodeKind::Attribute { value, attr, .. } = followed.kind_of(*func)
                && args.is_empty()
                && attr == "copy"
            {
                return inside(*value);
            }
            let path = scope.callee(followed.node)?;
            let number = |node: NodeId| followed.subject(project).number(node);
            match (path.as_str(), &**args) {
                ("builtins.range" | "numpy.arange", [only]) => number(only.value),
                ("builtins.range" | "numpy.arange", [from, to]) => {
                    Some((number(to.value)? - number(from.value)?).max(0.0))
                }
                (
                    "builtins.list" | "builtins.tuple" | "builtins.sorted" | "numpy.array" | "copy.copy"
                    | "copy.deepcopy",
                    [only],
                ) => inside(only.value),
                _ => None,
            }
        }
        _ => None,
    }
}

/// So many, if no two are written alike and none is spread.
fn distinct(origin: &Origin, parts: &[NodeId]) -> Option<f64> {
    let file = &origin.module.file;
    let code = &file.facts(origin.item).code;
    let text = file.item_text(origin.item);
    let is_spread = parts.iter().any(|part| matches!(code.kind(*part), NodeKind::Starred(_)));
    let written: BTreeSet<&str> = parts.iter().map(|part| code.range(*part).slice(text)).collect();
    (!is_spread && written.len() == parts.len()).then_some(parts.len() as f64)
}
