//! Whether an iterable gives its elements in the same order in every process.

use super::elements::{Elements, enum_kind};
use super::volatile::is_seeded;
use crate::facts::code::{Argument, ArgumentKind, Clause, ComprehensionKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Project;
use crate::project::constant::Origin;

/// Iterables inside iterables are looked at this far.
const MAX_DEPTH: u32 = 12;

/// What makes the order another one in every process.
#[derive(Clone, Debug)]
pub enum Source {
    /// A set: what it holds, and the expression of the enum class that it was made of.
    Set { elements: Elements, of_enum: Option<NodeId> },
    /// A directory listing, in the file system's order.
    Listing,
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
}

impl Disorder {
    fn at(origin: &Origin, source: Source) -> Disorder {
        Disorder { source, origin: origin.clone(), used: origin.clone() }
    }

    fn seen_from(mut self, outer: Origin) -> Disorder {
        if self.used.item != outer.item || self.used.module.name != outer.module.name {
            self.used = outer;
        }
        self
    }

    fn uncounted(mut self) -> Disorder {
        if let Source::Set { elements, .. } = &mut self.source {
            elements.count = None;
        }
        self
    }
}

/// The disorder in an iterable; `None` if its order is fixed, or not to be seen.
pub fn disorder(project: &Project, origin: &Origin) -> Option<Disorder> {
    disorder_within(project, origin, MAX_DEPTH)
}

fn disorder_within(project: &Project, outer: &Origin, depth: u32) -> Option<Disorder> {
    let depth = depth.checked_sub(1)?;
    let origin = outer.clone().followed(project);
    let inside = |node: NodeId| disorder_within(project, &origin.at(node), depth);
    let unknown_set = || Disorder::at(&origin, Source::Set { elements: Elements::UNKNOWN, of_enum: None });
    let found = match origin.kind() {
        NodeKind::Set(parts) => Some(set_display(project, &origin, parts)),
        NodeKind::Comprehension { kind: ComprehensionKind::Set, .. } => Some(unknown_set()),
        NodeKind::Comprehension { clauses, .. } => clauses.iter().find_map(|clause| match clause {
            Clause::For { iter, .. } => inside(*iter),
            Clause::If(_) => None,
        }),
        NodeKind::List(parts) | NodeKind::Tuple(parts) => {
            parts.iter().find_map(|part| match origin.kind_of(*part) {
                NodeKind::Starred(inner) => inside(*inner),
                _ => None,
            })
        }
        NodeKind::Binary { op, left, right } if matches!(op.as_str(), "|" | "&" | "-" | "^") => {
            let is_set =
                |found: &Option<Disorder>| matches!(found, Some(Disorder { source: Source::Set { .. }, .. }));
            let (from_left, from_right) = (inside(*left), inside(*right));
            if is_set(&from_left) {
                from_left.map(|found| {
                    Disorder { origin: origin.clone(), used: origin.clone(), ..found }.uncounted()
                })
            } else if is_set(&from_right) || is_keys_call(&origin.at(*left)) {
                Some(unknown_set())
            } else {
                None
            }
        }
        NodeKind::Binary { op, left, right } if op == "+" => inside(*left).or_else(|| inside(*right)),
        NodeKind::Call { func, args } => call(project, &origin, *func, args, depth),
        _ => None,
    };
    found.map(|found| found.seen_from(outer.clone()))
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

fn call(project: &Project, origin: &Origin, func: NodeId, args: &[Argument], depth: u32) -> Option<Disorder> {
    let inside = |node: NodeId| disorder_within(project, &origin.at(node), depth);
    let first = args.first().filter(|argument| argument.kind == ArgumentKind::Positional).map(|a| a.value);
    match origin.scope(project).path(func).as_deref() {
        Some("builtins.set" | "builtins.frozenset") => Some(made_set(project, origin, first?)),
        Some(
            "builtins.list"
            | "builtins.tuple"
            | "builtins.iter"
            | "builtins.reversed"
            | "builtins.enumerate"
            | "builtins.dict"
            | "builtins.dict.fromkeys"
            | "itertools.permutations"
            | "itertools.combinations",
        ) => inside(first?),
        Some("builtins.map" | "builtins.filter") => inside(args.get(1)?.value),
        Some("builtins.zip" | "itertools.product" | "itertools.chain") => {
            args.iter().find_map(|argument| inside(argument.value))
        }
        Some("os.listdir" | "os.scandir" | "os.walk" | "glob.glob" | "glob.iglob") => {
            Some(Disorder::at(origin, Source::Listing))
        }
        Some(path @ ("random.sample" | "random.choices")) if !is_seeded(project, origin, path) => {
            Some(Disorder::at(origin, Source::Drawn))
        }
        _ => method(project, origin, func, depth),
    }
}

fn method(project: &Project, origin: &Origin, func: NodeId, depth: u32) -> Option<Disorder> {
    let NodeKind::Attribute { value, attr, .. } = origin.kind_of(func) else { return None };
    let receiver = || disorder_within(project, &origin.at(*value), depth);
    match attr.as_str() {
        "union" | "intersection" | "difference" | "symmetric_difference" | "copy" => {
            let found = receiver().filter(|found| matches!(found.source, Source::Set { .. }))?;
            Some(Disorder { origin: origin.clone(), used: origin.clone(), ..found }.uncounted())
        }
        "keys" | "values" | "items" => receiver(),
        "iterdir" | "rglob" => Some(Disorder::at(origin, Source::Listing)),
        "glob" if matches!(origin.kind(), NodeKind::Call { args, .. } if args.len() == 1) => {
            Some(Disorder::at(origin, Source::Listing))
        }
        _ => None,
    }
}

fn made_set(project: &Project, origin: &Origin, argument: NodeId) -> Disorder {
    let given = origin.at(argument).followed(project);
    let of_enum = given.scope(project).path(given.node).and_then(|path| enum_kind(project, &path));
    let elements = match (of_enum, given.kind()) {
        (Some(kind), _) => Elements { kind, ..Elements::UNKNOWN },
        (None, NodeKind::List(parts) | NodeKind::Tuple(parts) | NodeKind::Set(parts)) => {
            Elements::of(project, &parts.iter().map(|part| given.at(*part)).collect::<Vec<_>>())
        }
        (None, NodeKind::Call { .. })
            if given.scope(project).callee(given.node).is_some_and(|path| path == "builtins.range") =>
        {
            Elements::of(project, &[])
        }
        _ => Elements::UNKNOWN,
    };
    Disorder::at(origin, Source::Set { elements, of_enum: of_enum.map(|_| argument) })
}

fn is_keys_call(origin: &Origin) -> bool {
    let NodeKind::Call { func, .. } = origin.kind() else { return false };
    matches!(origin.kind_of(*func), NodeKind::Attribute { attr, .. } if matches!(attr.as_str(), "keys" | "items"))
}
