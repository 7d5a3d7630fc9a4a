//! What an expression draws at random: one value of a distribution, several, or an order.
//!
//! Names, fixtures and functions of the project are followed. What is not seen draws nothing.

mod calls;
mod collections;
mod given;
mod held;
mod kept;
pub mod law;
mod set_up;

use smol_str::SmolStr;

use super::constant::Origin;
use super::{Project, Subject};
use crate::facts::code::{Clause, CompareOp, ComprehensionKind};
use crate::facts::{BindingKind, NodeId, NodeKind};
pub use calls::generator_of;
pub use collections::length;
use law::Law;

/// Expressions inside expressions are looked at this far.
const MAX_DEPTH: u32 = 10;

/// Who draws; it says what seeds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generator {
    /// The module `random`.
    Random,
    /// NumPy's module-level functions.
    Numpy,
    Torch,
    /// An object made without a seed: `random.Random()`, `default_rng()`.
    Own,
    /// The operating system, which cannot be seeded.
    System,
    Faker,
}

#[derive(Clone, Debug)]
pub struct Draw {
    pub generator: Generator,
    /// The call that draws.
    pub call: Origin,
    pub law: Law,
    pub shape: Shape,
}

/// How many values of the law there are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    One,
    /// A collection; its length where that is known.
    Many(Option<f64>),
    /// A set of so many draws.
    Distinct(Option<f64>),
}

impl Draw {
    /// How many values the whole may equally likely have; infinite for what is continuous.
    pub fn outcomes(&self) -> Option<f64> {
        let single = self.law.outcomes()?;
        match self.shape {
            Shape::One => Some(single),
            Shape::Many(count) => Some(single.powf(count?)),
            Shape::Distinct(_) => None,
        }
    }

    fn of(self, law: Law) -> Draw {
        Draw { law, ..self }
    }

    fn shaped(self, shape: Shape) -> Draw {
        Draw { shape, ..self }
    }
}

/// The random values that an expression stands for.
pub fn draw(project: &Project, origin: &Origin) -> Option<Draw> {
    Search { project, depth: MAX_DEPTH }.of(origin)
}

#[derive(Clone, Copy)]
struct Search<'p> {
    project: &'p Project,
    depth: u32,
}

impl Search<'_> {
    fn deeper(self, steps: u32) -> Option<Self> {
        Some(Search { depth: self.depth.checked_sub(steps)?, ..self })
    }

    fn of(self, origin: &Origin) -> Option<Draw> {
        let deeper = self.deeper(1)?;
        let followed = origin.clone().followed(self.project);
        match followed.kind() {
            NodeKind::Name(name) => deeper.in_name(&followed, &name.clone()),
            NodeKind::List(parts) if parts.is_empty() => {
                let NodeKind::Name(name) = origin.kind() else { return None };
                deeper.filled(origin, &name.clone())
            }
            _ => deeper.in_expression(&followed),
        }
    }

    fn in_expression(self, origin: &Origin) -> Option<Draw> {
        let inside = |node: NodeId| self.of(&origin.at(node));
        match origin.kind() {
            NodeKind::Call { func, args } => {
                calls::drawn(self.project, origin, *func, args).or_else(|| self.in_call(origin, *func, args))
            }
            NodeKind::Comprehension { kind, element, value: None, clauses } => {
                let drawn = self.repeated(origin, *element, clauses)?;
                let Shape::Many(count) = drawn.shape else { return None };
                let shape = match kind {
                    ComprehensionKind::Set => Shape::Distinct(count),
                    _ => Shape::Many(count),
                };
                Some(drawn.shaped(shape))
            }
            NodeKind::List(parts) | NodeKind::Tuple(parts) => {
                let first = inside(*parts.first()?).filter(|drawn| drawn.shape == Shape::One)?;
                let is_each =
                    parts.iter().all(|part| inside(*part).is_some_and(|part| part.law == first.law));
                is_each.then(|| first.shaped(Shape::Many(Some(parts.len() as f64))))
            }
            // `random.random() < 0.5`: true so often.
            NodeKind::Compare { left, rest } => {
                let [(op, right)] = &**rest else { return None };
                let drawn = inside(*left)?;
                let bound = origin.subject(self.project).number(*right)?;
                let share = match op {
                    CompareOp::Lt => drawn.law.below(bound, false)?,
                    CompareOp::LtE => drawn.law.below(bound, true)?,
                    CompareOp::Gt => 1.0 - drawn.law.below(bound, true)?,
                    CompareOp::GtE => 1.0 - drawn.law.below(bound, false)?,
                    _ => return None,
                };
                let is_open = share > 0.0 && share < 1.0;
                is_open.then(|| drawn.of(Law::Chance(share)))
            }
            NodeKind::Attribute { .. } => self.set_up(origin),
            // Text with one drawn value in it.
            NodeKind::FString { values, .. } => {
                let mut drawn = values.iter().filter_map(|value| inside(*value));
                let only = drawn.next().filter(|_| drawn.next().is_none())?;
                let outcomes = only.outcomes()?;
                Some(only.of(Law::Token(outcomes)).shaped(Shape::One))
            }
            _ => None,
        }
    }

    /// `… for _ in range(n)`: so many draws of one law.
    fn repeated(self, origin: &Origin, element: NodeId, clauses: &[Clause]) -> Option<Draw> {
        let [Clause::For { iter, target, is_async: false }] = clauses else { return None };
        let drawn = self.of(&origin.at(element)).filter(|drawn| drawn.shape == Shape::One);
        if let Some(drawn) = drawn {
            let is_inside = drawn.call.item == origin.item;
            // What was drawn before the loop is the same in each round.
            let code = &origin.module.file.facts(origin.item).code;
            let is_again = !is_inside || code.is_within(drawn.call.node, element);
            let count = length(self.project, &origin.at(*iter));
            return is_again.then(|| drawn.shaped(Shape::Many(count)));
        }
        let is_same =
            origin.kind_of(element) == origin.kind_of(*target) && origin.kind_of(element).as_name().is_some();
        is_same.then(|| self.of(&origin.at(*iter)))?
    }

    fn in_name(self, origin: &Origin, name: &SmolStr) -> Option<Draw> {
        let facts = origin.module.file.facts(origin.item);
        let bindings = facts.bindings().visible(&facts.code, name, origin.node);
        let [binding] = bindings.as_slice() else { return None };
        match binding.kind {
            BindingKind::Param(_) => {
                let subject = origin.subject(self.project);
                self.in_results(&subject.fixture_subject(name)?)
            }
            BindingKind::Opaque => self.of(&origin.at(binding.value(&facts.code, name)?)),
            _ => None,
        }
    }

    /// `found = []`, then `found.append(draw)` in a loop over a range.
    fn filled(self, origin: &Origin, name: &str) -> Option<Draw> {
        let code = &origin.module.file.facts(origin.item).code;
        let mut appended = (0..code.nodes.len() as u32).map(NodeId).filter_map(|call| {
            let NodeKind::Call { func, args } = code.kind(call) else { return None };
            let NodeKind::Attribute { value, attr, .. } = code.kind(*func) else { return None };
            let is_it = code.kind(*value).as_name() == Some(name);
            (is_it && attr == "append").then_some((call, args.first()?.value))
        });
        let (call, added) = appended.next().filter(|_| appended.next().is_none())?;
        let drawn = self.of(&origin.at(added)).filter(|drawn| drawn.shape == Shape::One)?;
        let (loop_node, iter) = code.ancestors(call).find_map(|outer| match code.kind(outer) {
            NodeKind::For { iter, .. } => Some((outer, *iter)),
            _ => None,
        })?;
        let is_again = drawn.call.item != origin.item || code.is_within(drawn.call.node, loop_node);
        let is_straight = code.node(code.node(call).parent).parent == loop_node;
        let count = length(self.project, &origin.at(iter)).filter(|_| is_straight);
        is_again.then(|| drawn.shaped(Shape::Many(count)))
    }

    /// What a function or fixture of the project gives back, where all it gives is drawn.
    fn in_results(self, called: &Subject<'_>) -> Option<Draw> {
        let deeper = self.deeper(2)?;
        let results = called.results();
        let first = deeper.of(&called.origin(*results.first()?))?;
        results[1..]
            .iter()
            .all(|other| deeper.of(&called.origin(*other)).is_some_and(|other| other.law == first.law))
            .then_some(first)
    }
}
