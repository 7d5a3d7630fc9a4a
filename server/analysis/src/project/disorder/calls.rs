//! Calls that give an iterable: those that make disorder, those that keep it, functions of the project.

use super::{Asked, Disorder, MAX_DEPTH, Search, Source};
use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{NodeId, NodeKind};
use crate::project::Subject;
use crate::project::callee::Definition;
use crate::project::constant::Origin;
use crate::project::elements::{Element, Elements, enum_kind};
use crate::project::functions::is_test_code;
use crate::project::seeded::is_seeded;

/// What a call of a project's function costs of the depth.
const FUNCTION: u32 = MAX_DEPTH / 3;

/// Decorators that leave the result as it is.
const TRANSPARENT: &[&str] =
    &["staticmethod", "classmethod", "property", "cache", "lru_cache", "fixture", "override"];

impl Search<'_> {
    pub(super) fn in_call(self, origin: &Origin, func: NodeId, args: &[Argument]) -> Option<Disorder> {
        let inside = |node: NodeId| self.of(&origin.at(node));
        let first =
            args.first().filter(|argument| argument.kind == ArgumentKind::Positional).map(|a| a.value);
        let path = origin.scope(self.project).path(func);
        match path.as_deref() {
            Some("builtins.set" | "builtins.frozenset") => Some(match first {
                Some(first) => self.made_set(origin, first),
                None => {
                    let elements = Elements { count: Some(0), ..Elements::UNKNOWN };
                    Disorder::at(origin, Source::Set { elements, of_enum: None })
                }
            }),
            Some("builtins.list" | "builtins.tuple") => inside(first?).map(|found| found.of_sequence(true)),
            Some("numpy.array" | "numpy.asarray") => inside(first?).filter(|found| found.is_sequence),
            Some(
                "builtins.iter"
                | "builtins.reversed"
                | "builtins.enumerate"
                | "builtins.dict"
                | "builtins.dict.fromkeys"
                | "itertools.permutations"
                | "itertools.combinations",
            ) => inside(first?).map(|found| found.of_sequence(false)),
            Some("builtins.map" | "builtins.filter") => {
                let is_map = path.as_deref() == Some("builtins.map");
                inside(args.get(1)?.value).map(|found| found.mapped(is_map).of_sequence(false))
            }
            Some("builtins.zip" | "itertools.product" | "itertools.chain") => {
                args.iter().find_map(|argument| inside(argument.value)).map(|found| {
                    found.uncounted().mapped(path.as_deref() != Some("itertools.chain")).of_sequence(false)
                })
            }
            Some("os.listdir" | "glob.glob") => Some(Disorder::at(origin, Source::Listing).of_sequence(true)),
            Some("os.scandir" | "os.walk" | "glob.iglob") => Some(Disorder::at(origin, Source::Listing)),
            Some(
                "asyncio.as_completed"
                | "concurrent.futures.as_completed"
                | "concurrent.futures._base.as_completed",
            ) => Some(Disorder::at(origin, Source::Completion)),
            Some(path @ ("random.sample" | "random.choices")) if !is_seeded(self.project, origin, path) => {
                Some(Disorder::at(origin, Source::Drawn).of_sequence(true))
            }
            _ => self.in_method(origin, func, args),
        }
    }

    fn in_method(self, origin: &Origin, func: NodeId, args: &[Argument]) -> Option<Disorder> {
        let subject = origin.subject(self.project);
        if let Some(called) = subject.definition(func) {
            return self.deeper(FUNCTION)?.in_function(&called);
        }
        let NodeKind::Attribute { value, attr, .. } = origin.kind_of(func) else { return None };
        let receiver = || self.of(&origin.at(*value));
        match attr.as_str() {
            "union" | "intersection" | "difference" | "symmetric_difference" => {
                receiver().filter(Disorder::is_set).map(|found| found.remade_at(origin))
            }
            "copy" => receiver(),
            "keys" => receiver().filter(|found| !found.is_sequence),
            "values" | "items" => {
                receiver().filter(|found| !found.is_sequence).map(|found| found.mapped(true))
            }
            "iterdir" | "rglob" if subject.class_of(*value).is_none() => {
                Some(Disorder::at(origin, Source::Listing))
            }
            "glob" if args.len() == 1 && subject.class_of(*value).is_none() => {
                Some(Disorder::at(origin, Source::Listing))
            }
            "imap_unordered" => Some(Disorder::at(origin, Source::Completion)),
            _ => None,
        }
    }

    /// [`Self::in_results`] of a function that is called: most tests of a suite call the same few of the product.
    fn in_function(self, called: &Definition) -> Option<Disorder> {
        let Definition { module, item } = called;
        if is_test_code(self.project, &module.file.path) {
            return self.in_results(&called.subject(self.project));
        }
        let asked = Asked { file: module.file.id, item: *item, depth: self.depth };
        if let Some(known) = self.project.disorders.get(&asked) {
            return known.clone();
        }
        let found = self.in_results(&called.subject(self.project));
        self.project.disorders.insert(asked, found.clone());
        found
    }

    /// The disorder in what a function or fixture gives back, whichever way it goes; an empty list has none, and is passed over.
    pub(super) fn in_results(self, called: &Subject<'_>) -> Option<Disorder> {
        let function = called.function()?;
        let is_transparent = function.decorators.iter().all(|decorator| {
            let name = called.code().dotted(called.code().uncalled(decorator.expr)).unwrap_or_default();
            TRANSPARENT.contains(&name.rsplit('.').next().unwrap_or(&name))
        });
        if !is_transparent {
            return None;
        }
        let origin = |node| called.origin(node);
        let is_fixture = called.role == crate::project::Role::Fixture;
        let code = called.code();
        let yields = |node: &NodeId| matches!(code.kind(code.node(*node).parent), NodeKind::Yield { .. });
        let results = called.results();
        if !is_fixture && results.iter().any(yields) {
            return None;
        }
        let is_empty = |node: &NodeId| matches!(code.kind(*node), NodeKind::List(parts) | NodeKind::Tuple(parts) if parts.is_empty());
        let found: Option<Vec<Disorder>> =
            results.into_iter().filter(|node| !is_empty(node)).map(|node| self.of(&origin(node))).collect();
        let found = found?;
        let is_sequence = found.iter().all(|found| found.is_sequence);
        found.into_iter().next().map(|found| found.of_sequence(is_sequence))
    }

    fn made_set(self, origin: &Origin, argument: NodeId) -> Disorder {
        let project = self.project;
        let given = origin.at(argument).followed(project);
        let of_enum = given.scope(project).path(given.node).and_then(|path| enum_kind(project, &path));
        let elements = match (of_enum, given.kind()) {
            (Some(kind), _) => Elements { kind, ..Elements::UNKNOWN },
            (None, NodeKind::List(parts) | NodeKind::Tuple(parts) | NodeKind::Set(parts)) => {
                Elements::of(project, &parts.iter().map(|part| given.at(*part)).collect::<Vec<_>>())
            }
            (None, NodeKind::Str(text)) => Elements {
                kind: Element::Text,
                count: Some(text.chars().collect::<std::collections::BTreeSet<_>>().len()),
                ..Elements::UNKNOWN
            },
            (None, NodeKind::Call { .. })
                if given.scope(project).callee(given.node).is_some_and(|path| path == "builtins.range") =>
            {
                Elements::of(project, &[])
            }
            _ => Elements::UNKNOWN,
        };
        Disorder::at(origin, Source::Set { elements, of_enum: of_enum.map(|_| argument) })
    }
}
