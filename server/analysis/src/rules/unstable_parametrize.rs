//! `unstable-parametrize`: the parameters of a test, or their ids, are others in every process.

mod cure;
mod sites;
mod volatile;

use crate::facts::code::ArgumentKind;
use crate::facts::{NodeId, NodeKind};
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::constant::Origin;
use crate::project::disorder::{Disorder, Source, disorder};
use crate::project::elements::Element;
use crate::project::{Place, Role, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};
use sites::{Site, sites};
use volatile::{is_volatile, volatile_id, volatile_part};

pub struct UnstableParametrize;

/// One cause of instability.
pub struct Found {
    /// The expression of the item to mark.
    at: NodeId,
    instability: Instability,
}

enum Instability {
    /// The values come in another order.
    Order { site: Site, disorder: Disorder },
    /// The text of a value or of an id is made anew.
    Text { site: Site },
    /// A module-level condition decides which tests exist.
    Definition,
}

impl Rule for UnstableParametrize {
    const META: RuleMeta = RuleMeta {
        name: "unstable-parametrize",
        summary: "The parameters of a test, or their ids, are others in every process",
        cause: Cause::Order,
        page: include_str!("unstable-parametrize.md"),
        on_by_default: true,
        triggers: &[&["parametrize", "params", "random", "uuid", "secrets", "getpid", "time"]],
    };
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let mut found: Vec<Found> =
            sites(subject).into_iter().flat_map(|site| instabilities(subject, &site)).collect();
        found.extend(definition(subject));
        found.sort_by_key(|found| found.at);
        found.dedup_by_key(|found| found.at);
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let (confidence, [what, why, todo]) = match &found.instability {
            Instability::Order { site, disorder } => order_words(subject, site, disorder),
            Instability::Text { site } => (Confidence::Likely, text_words(subject, found.at, site)),
            Instability::Definition => (Confidence::Likely, definition_words()),
        };
        Said {
            confidence,
            at: subject.code().range(found.at),
            what,
            why,
            todo,
            related: related(subject, found),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        match &found.instability {
            Instability::Order { site, disorder } => cure::cures(subject, site, disorder),
            Instability::Text { .. } | Instability::Definition => Vec::new(),
        }
    }
}

fn instabilities(subject: &Subject<'_>, site: &Site) -> Vec<Found> {
    let project = subject.project;
    let here = |node| subject.origin(node);
    let mut found = Vec::new();
    if let Some(at) = site.ids.and_then(|ids| volatile_part(project, &here(ids))) {
        found.push(Found { at, instability: Instability::Text { site: site.clone() } });
    }
    let values = here(site.values);
    if let Some(disorder) = disorder(project, &values)
        && may_matter(&disorder)
    {
        let at = disorder.used.node;
        found.push(Found { at, instability: Instability::Order { site: site.clone(), disorder } });
    }
    let texts = volatile_values(subject, site, &values);
    found.extend(
        texts.into_iter().map(|at| Found { at, instability: Instability::Text { site: site.clone() } }),
    );
    found
}

/// Sets of numbers and sets with one element have one order.
fn may_matter(disorder: &Disorder) -> bool {
    match &disorder.source {
        Source::Set { elements, .. } => {
            elements.kind != Element::Number && !matches!(elements.count, Some(0 | 1))
        }
        Source::Listing | Source::Completion | Source::Drawn => true,
    }
}

/// The values, of those that stand in the item itself, whose text becomes a part of the id.
fn volatile_values(subject: &Subject<'_>, site: &Site, values: &Origin) -> Vec<NodeId> {
    let project = subject.project;
    let code = subject.code();
    let by_text = match site.ids.map(|ids| code.kind(ids)) {
        None => false,
        Some(NodeKind::Name(name)) if name == "str" || name == "repr" => true,
        Some(_) => return Vec::new(),
    };
    let elements: Vec<NodeId> = match code.kind(values.node) {
        NodeKind::List(parts) | NodeKind::Tuple(parts) => parts.to_vec(),
        NodeKind::Comprehension { element, .. } => vec![*element],
        _ => return Vec::new(),
    };
    let mut found = Vec::new();
    for element in elements {
        for value in id_parts(subject, element) {
            let origin = values.at(value);
            let has_address = by_text && matches!(code.kind(value), NodeKind::Lambda { .. });
            if has_address || (by_text && is_volatile(project, &origin)) {
                found.push(value);
            } else {
                found.extend(volatile_id(project, &origin));
            }
        }
    }
    found
}

/// The expressions whose text makes the id of one set of values: the id given to `pytest.param`, else its values.
fn id_parts(subject: &Subject<'_>, element: NodeId) -> Vec<NodeId> {
    match subject.code().kind(element) {
        NodeKind::Tuple(parts) | NodeKind::List(parts) => parts.to_vec(),
        NodeKind::Call { args, .. } if subject.callee(element).is_some_and(|path| path == "pytest.param") => {
            let id = args.iter().find(|a| matches!(&a.kind, ArgumentKind::Keyword(key) if key == "id"));
            match id {
                Some(id) => vec![id.value],
                None => args.iter().filter(|a| a.kind == ArgumentKind::Positional).map(|a| a.value).collect(),
            }
        }
        _ => vec![element],
    }
}

/// A module-level `if` on something that differs between processes, with tests below it.
fn definition(subject: &Subject<'_>) -> Option<Found> {
    if subject.role != Role::Statement || subject.class().is_some() {
        return None;
    }
    let code = subject.code();
    let root = *code.roots.first()?;
    let NodeKind::If { test, .. } = code.kind(root) else { return None };
    let options = &subject.project.config.options;
    let has_tests = code.subtree(root).any(|node| match code.kind(node) {
        NodeKind::Function(function) => options.is_test_function_name(&function.name),
        NodeKind::Class(class) => options.is_test_class_name(&class.name),
        _ => false,
    });
    let here = subject.origin(*test);
    let at = has_tests.then(|| volatile_part(subject.project, &here))??;
    Some(Found { at, instability: Instability::Definition })
}

fn order_words(subject: &Subject<'_>, site: &Site, disorder: &Disorder) -> (Confidence, [String; 3]) {
    const COLLECT: &str = "pytest-xdist workers then collect different tests and the run stops, and a test id of one run \
                           may not exist in the next.";
    const SKIPPED: &str = "Under pytest-xdist the ids agree between workers but the values behind them do not, so some \
                           cases silently never run.";
    let name = &site.name;
    let has_id_list = site
        .ids
        .is_some_and(|ids| matches!(subject.code().kind(ids), NodeKind::List(_) | NodeKind::Tuple(_)));
    let (confidence, what, why) = match &disorder.source {
        Source::Set { elements, .. } => {
            let confidence = match elements.kind {
                Element::Unknown | Element::Address | Element::Number => Confidence::Possible,
                Element::Text | Element::Member | Element::Function | Element::Object => Confidence::Likely,
            };
            let what = match elements.kind {
                Element::Unknown => format!(
                    "`{name}` takes its values from a set, which has no order unless it holds numbers only."
                ),
                Element::Function | Element::Address => format!(
                    "`{name}` takes its values from a set, ordered by where its elements lie in memory."
                ),
                _ => format!(
                    "`{name}` takes its values from a set, whose order is another one in every process (string hashes are salted)."
                ),
            };
            // A tuple for one name leaves no text in the id but the name and a number.
            let has_numbers =
                elements.kind == Element::Object || (elements.are_tuples && !site.has_several_names);
            let why = if has_id_list || has_numbers { SKIPPED } else { COLLECT };
            (confidence, what, why)
        }
        Source::Listing => (
            Confidence::Possible,
            format!(
                "`{name}` takes its values from a directory listing, which comes in the file system's order."
            ),
            "Another machine, or the same one after a file was written, gives the tests in another order.",
        ),
        Source::Completion => (
            Confidence::Likely,
            format!("`{name}` takes its values in the order in which work was finished."),
            COLLECT,
        ),
        Source::Drawn => (
            Confidence::Likely,
            format!("`{name}` takes its values from a random draw that nothing seeds."),
            COLLECT,
        ),
    };
    let todo = match disorder.source {
        Source::Drawn => "Write the values down, or draw them from `random.Random(seed)`.",
        _ => "Put them in order: `sorted(...)`, or a list.",
    };
    (confidence, [what, why.to_owned(), todo.to_owned()])
}

fn text_words(subject: &Subject<'_>, at: NodeId, site: &Site) -> [String; 3] {
    [
        format!("`{}` in `{}` gives another text in every process, and that text is part of the test's id.", subject.source(at), site.name),
        "pytest-xdist workers then collect different tests and the run stops, and `--last-failed` finds nothing."
            .to_owned(),
        "Give the case a fixed id, or make the value inside the test.".to_owned(),
    ]
}

fn definition_words() -> [String; 3] {
    [
        "Which tests this module has depends on a value that is another one in every process.".to_owned(),
        "pytest-xdist workers then collect different tests and the run stops.".to_owned(),
        "Define the tests always, and decide with `skipif` or inside the test.".to_owned(),
    ]
}

/// Where the set is made, when that is not the marked expression.
fn related(subject: &Subject<'_>, found: &Found) -> Vec<(Place, String)> {
    let Instability::Order { disorder, .. } = &found.instability else { return Vec::new() };
    let origin = &disorder.origin;
    let is_here = subject.is_item(&origin.module, origin.item);
    if is_here && origin.node == found.at {
        return Vec::new();
    }
    let file = &origin.module.file;
    let range = file.absolute(origin.item, file.facts(origin.item).code.range(origin.node));
    vec![(Place { path: file.path.clone(), range }, "The values are made here.".to_owned())]
}
