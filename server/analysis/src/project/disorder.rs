//! Whether an iterable gives its elements in the same order in every process, on every machine.
//!
//! Names, fixtures and functions of the project are followed. What is not seen has no disorder.

mod attributes;
mod calls;
mod names;

use super::Project;
use super::constant::Origin;
use super::elements::Elements;
use crate::facts::code::{Clause, ComprehensionKind};
use crate::facts::{NodeId, NodeKind};
use crate::store::FileId;

/// Iterables inside iterables are looked at this far; a function costs several steps.
const MAX_DEPTH: u32 = 12;

/// What makes the order another one.
#[derive(Clone, Debug)]
pub enum Source {
    /// A set: what it holds, and the expression of the enum class that it was made of.
    Set { elements: Elements, of_enum: Option<NodeId> },
    /// A directory listing, in the file system's order.
    Listing,
    /// Results in the order in which work was finished.
    Completion,
    /// Drawn at random.
    Drawn,
}

/// An iterable without a fixed order.
#[derive(Clone, Debug)]
pub struct Disorder {
    pub source: Source,
    /// The expression that makes it.
    pub origin: Origin,
    /// What stands for it in the item where the search began: the expression itself or a name.
    pub used: Origin,
    /// The value is a list or tuple: equal only to another in the same order.
    pub is_sequence: bool,
    /// The elements were made from the source's: what they are is not known by it.
    pub is_mapped: bool,
}

impl Disorder {
    fn at(origin: &Origin, source: Source) -> Disorder {
        Disorder {
            source,
            origin: origin.clone(),
            used: origin.clone(),
            is_sequence: false,
            is_mapped: false,
        }
    }

    fn unknown_set(origin: &Origin) -> Disorder {
        Disorder::at(origin, Source::Set { elements: Elements::UNKNOWN, of_enum: None })
    }

    fn seen_from(mut self, outer: Origin) -> Disorder {
        if self.used.item != outer.item || self.used.module.name != outer.module.name {
            self.used = outer;
        }
        self
    }

    /// The elements are still of the same kind, and may be more or fewer.
    fn uncounted(mut self) -> Disorder {
        if let Source::Set { elements, .. } = &mut self.source {
            elements.count = None;
        }
        self
    }

    fn of_sequence(mut self, is_sequence: bool) -> Disorder {
        self.is_sequence = is_sequence;
        self
    }

    fn mapped(mut self, is_mapped: bool) -> Disorder {
        self.is_mapped |= is_mapped;
        self
    }

    fn is_set(&self) -> bool {
        matches!(self.source, Source::Set { .. })
    }

    /// Another expression that gives a set with elements of these.
    fn remade_at(self, origin: &Origin) -> Disorder {
        Disorder { origin: origin.clone(), used: origin.clone(), is_sequence: false, ..self }.uncounted()
    }
}

/// The disorder in an iterable; `None` if its order is fixed, or not to be seen.
pub fn disorder(project: &Project, origin: &Origin) -> Option<Disorder> {
    Search { project, depth: MAX_DEPTH }.of(origin)
}

/// What a function's results are asked for: how deep they are looked into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    file: FileId,
    item: u32,
    depth: u32,
}

#[derive(Clone, Copy)]
struct Search<'p> {
    project: &'p Project,
    depth: u32,
}

impl Search<'_> {
    /// So many steps deeper.
    fn deeper(self, steps: u32) -> Option<Self> {
        Some(Search { depth: self.depth.checked_sub(steps)?, ..self })
    }

    fn of(self, outer: &Origin) -> Option<Disorder> {
        let search = self.deeper(1)?;
        let origin = outer.clone().followed(self.project);
        let found = search.in_expression(&origin).or_else(|| search.in_name(outer, &origin))?;
        // Hardly anything gets here: to see what is done to a name is to walk the item.
        let changes = names::changes(outer);
        if changes.is_sorted {
            return None;
        }
        let found = found.seen_from(outer.clone());
        Some(if changes.is_changed { found.uncounted() } else { found })
    }

    fn in_expression(self, origin: &Origin) -> Option<Disorder> {
        let inside = |node: NodeId| self.of(&origin.at(node));
        match origin.kind() {
            NodeKind::Set(parts) => Some(set_display(self.project, origin, parts)),
            NodeKind::Comprehension { kind: ComprehensionKind::Set, .. } => {
                Some(Disorder::unknown_set(origin))
            }
            NodeKind::Comprehension { kind, element, clauses, .. } => {
                self.in_comprehension(origin, *kind, *element, clauses)
            }
            NodeKind::List(parts) | NodeKind::Tuple(parts) => {
                let found = parts.iter().find_map(|part| match origin.kind_of(*part) {
                    NodeKind::Starred(inner) => inside(*inner),
                    _ => None,
                });
                found.map(|found| if parts.len() > 1 { found.uncounted() } else { found }.of_sequence(true))
            }
            NodeKind::Binary { op, left, right } if matches!(op.as_str(), "|" | "&" | "-" | "^") => {
                let sets = [inside(*left), inside(*right)];
                let [from_left, from_right] = sets.map(|found| found.filter(Disorder::is_set));
                let is_set = from_right.is_some() || is_keys_call(&origin.at(*left));
                from_left
                    .map(|found| found.remade_at(origin))
                    .or_else(|| is_set.then(|| Disorder::unknown_set(origin)))
            }
            NodeKind::Binary { op, left, right } if op == "+" => {
                inside(*left).or_else(|| inside(*right)).map(Disorder::uncounted)
            }
            NodeKind::Subscript { value, index } => {
                let is_slice = matches!(origin.kind_of(*index), NodeKind::Slice { .. });
                is_slice.then(|| inside(*value))?.filter(|found| found.is_sequence).map(Disorder::uncounted)
            }
            NodeKind::Await(value) => inside(*value),
            NodeKind::Call { func, args } => self.in_call(origin, *func, args),
            NodeKind::Attribute { value, attr, .. } => self.in_attribute(origin, *value, attr),
            _ => None,
        }
    }

    fn in_comprehension(
        self,
        origin: &Origin,
        kind: ComprehensionKind,
        element: NodeId,
        clauses: &[Clause],
    ) -> Option<Disorder> {
        let (target, found) = clauses.iter().find_map(|clause| match clause {
            Clause::For { iter, target, .. } => Some((*target, self.of(&origin.at(*iter))?)),
            Clause::If(_) => None,
        })?;
        let is_same =
            origin.kind_of(element).as_name().is_some() && origin.kind_of(element) == origin.kind_of(target);
        let found = if clauses.len() > 1 { found.uncounted() } else { found };
        Some(found.mapped(!is_same).of_sequence(kind == ComprehensionKind::List))
            .filter(|_| kind == ComprehensionKind::Dict || names::depends_on(origin, element, origin.node))
    }
}

fn set_display(project: &Project, origin: &Origin, parts: &[NodeId]) -> Disorder {
    let is_spread = parts.iter().any(|part| matches!(origin.kind_of(*part), NodeKind::Starred(_)));
    let elements = if is_spread {
        Elements::UNKNOWN
    } else {
        Elements::of(project, &parts.iter().map(|part| origin.at(*part)).collect::<Vec<_>>())
    };
    Disorder::at(origin, Source::Set { elements, of_enum: None })
}

fn is_keys_call(origin: &Origin) -> bool {
    let NodeKind::Call { func, .. } = origin.kind() else { return false };
    matches!(origin.kind_of(*func), NodeKind::Attribute { attr, .. } if matches!(attr.as_str(), "keys" | "items"))
}
