//! The other side of a comparison: how many elements it wants, and of what kind.

use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::constant::Origin;
use crate::project::disorder::{Disorder, Source, disorder};
use crate::project::elements::{Element, Elements};

/// What is known of an expression that something without order is compared with.
pub struct Expected {
    pub elements: Elements,
    /// All elements are written alike: any order of them is the same.
    pub is_uniform: bool,
    /// It has no order either.
    pub is_disordered: bool,
}

impl Expected {
    /// `None` where both sides have the same order, whichever that is.
    pub fn of(subject: &Subject<'_>, other: NodeId, found: &Disorder) -> Option<Expected> {
        let project = subject.project;
        let origin = subject.origin(other);
        let as_found = disorder(project, &origin);
        if as_found.as_ref().is_some_and(|other| is_same(other, found)) || mentions(subject, other, found) {
            return None;
        }
        let parts = parts(subject, &origin);
        let elements = match &parts {
            Some(parts) => Elements::of(project, parts),
            None => Elements::UNKNOWN,
        };
        let written = |origin: &Origin| {
            let file = &origin.module.file;
            file.facts(origin.item).code.range(origin.node).slice(file.item_text(origin.item)).to_owned()
        };
        let is_uniform = parts
            .as_ref()
            .is_some_and(|parts| parts.windows(2).all(|pair| written(&pair[0]) == written(&pair[1])));
        let is_repeated = matches!(
            origin.followed(project).kind(),
            NodeKind::Binary { op, .. } if op == "*"
        );
        let is_disordered = as_found.is_some_and(|other| !matches!(other.source, Source::Drawn));
        Some(Expected { elements, is_uniform: is_uniform || is_repeated, is_disordered })
    }

    /// What the elements of a disorder are, asking the other side where the disorder does not say.
    pub fn element(&self, found: &Disorder) -> Element {
        let Source::Set { elements, .. } = &found.source else { return Element::Unknown };
        if elements.kind == Element::Unknown && !found.is_mapped && self.elements.count.is_some() {
            self.elements.kind
        } else {
            elements.kind
        }
    }
}

/// The elements, where they are written out: of a list or tuple, also inside `list(…)`, `sorted(…)` or an array.
fn parts(subject: &Subject<'_>, origin: &Origin) -> Option<Vec<Origin>> {
    let followed = origin.clone().followed(subject.project);
    match followed.kind() {
        NodeKind::List(parts) | NodeKind::Tuple(parts) => {
            let is_spread = parts.iter().any(|part| matches!(followed.kind_of(*part), NodeKind::Starred(_)));
            let is_filled = parts.is_empty() && followed.node != origin.node;
            (!is_spread && !is_filled).then(|| parts.iter().map(|part| followed.at(*part)).collect())
        }
        NodeKind::Call { args, .. } => {
            let path = followed.scope(subject.project).callee(followed.node)?;
            let keeps = matches!(
                path.as_str(),
                "builtins.list" | "builtins.tuple" | "builtins.sorted" | "numpy.array" | "numpy.asarray"
            );
            keeps.then(|| parts(subject, &followed.at(args.first()?.value)))?
        }
        _ => None,
    }
}

fn is_same(one: &Disorder, other: &Disorder) -> bool {
    let (a, b) = (&one.origin, &other.origin);
    let written = |origin: &Origin| -> String {
        let file = &origin.module.file;
        file.facts(origin.item).code.range(origin.node).slice(file.item_text(origin.item)).to_owned()
    };
    let is_same_place = a.item == b.item && a.node == b.node && a.module.file.path == b.module.file.path;
    is_same_place || written(a) == written(b)
}

/// Whether an expression is made from the very thing that has no order, and so shares its order.
fn mentions(subject: &Subject<'_>, other: NodeId, found: &Disorder) -> bool {
    let followed = subject.origin(other).followed(subject.project);
    if !subject.is_item(&followed.module, followed.item) {
        return false;
    }
    let code = subject.code();
    let is_sorted = subject.callee(followed.node).is_some_and(|path| path == "builtins.sorted");
    let is_it = |node: NodeId| match code.kind(node) {
        NodeKind::Name(_) | NodeKind::Call { .. } => {
            disorder(subject.project, &followed.at(node)).is_some_and(|other| is_same(&other, found))
        }
        _ => false,
    };
    !is_sorted && code.subtree(followed.node).any(is_it)
}
