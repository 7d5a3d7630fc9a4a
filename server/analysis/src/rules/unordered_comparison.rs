//! `unordered-comparison`: an assertion that wants an order of what has none.

mod cure;
mod elements;
mod expected;
mod sequences;
mod texts;

use crate::evidence::glance;
use crate::facts::NodeId;
use crate::fix::Fix;
use crate::hint::Confidence;
use crate::project::disorder::{Disorder, Source};
use crate::project::elements::Element;
use crate::project::equality::equalities;
use crate::project::surroundings::{Surroundings, is_expected_to_fail};
use crate::project::{Place, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};

pub struct UnorderedComparison;

/// An expression without order that an assertion compares as if it had one.
pub struct Found {
    /// The expression to mark.
    at: NodeId,
    /// What it must equal.
    other: NodeId,
    disorder: Disorder,
    /// What its elements are, as far as both sides say.
    element: Element,
    confidence: Confidence,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// The whole of it, element by element.
    Sequence,
    /// Its text.
    Text,
    /// One element, by its place.
    Element,
}

impl Rule for UnorderedComparison {
    const META: RuleMeta = RuleMeta {
        name: "unordered-comparison",
        summary: "An assertion wants an order of what has none: a set, a directory listing, work as it gets done",
        cause: Cause::Order,
        page: include_str!("unordered-comparison.md"),
        on_by_default: true,
        triggers: &[&["assert"]],
    };
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let equalities = equalities(subject);
        let mut found: Vec<Found> = equalities
            .iter()
            .flat_map(|equality| equality.both_ways())
            .filter_map(|(side, other)| {
                sequences::compared(subject, side, other)
                    .or_else(|| texts::compared(subject, side, other))
                    .or_else(|| elements::compared(subject, &equalities, side, other))
                    .or_else(|| sequences::paired(subject, side, other))
            })
            .filter(|found| !is_expected_to_fail(subject, found.at))
            .collect();
        found.sort_by_key(|found| found.at);
        found.dedup_by_key(|found| found.at);
        if found.is_empty() {
            return found;
        }
        let surroundings = Surroundings::of(subject);
        found.retain(|found| !is_replaced(subject, &surroundings, found));
        found
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        Said {
            confidence: found.confidence,
            at: subject.code().range(found.at),
            what: found.what(subject),
            why: found.why().to_owned(),
            todo: found.todo().to_owned(),
            related: found.related(subject),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        cure::sorted(subject, found).into_iter().collect()
    }
}

/// Whether the function that would give something without order is itself replaced, or one that lists directories.
fn is_replaced(subject: &Subject<'_>, surroundings: &Surroundings, found: &Found) -> bool {
    let origin = &found.disorder.origin;
    let is_elsewhere = !subject.is_item(&origin.module, origin.item);
    if is_elsewhere && surroundings.mocks(origin.module.file.name(origin.item)) {
        return true;
    }
    let lists = matches!(found.disorder.source, Source::Listing);
    lists
        && (surroundings.is_fake_file_system()
            || ["listdir", "scandir", "walk", "glob", "iglob", "rglob", "iterdir"]
                .iter()
                .any(|name| surroundings.mocks(name)))
}

impl Found {
    fn what(&self, subject: &Subject<'_>) -> String {
        let written = glance(subject.source(self.at));
        match self.form {
            Form::Sequence => {
                format!("`{written}` has no order of its own, and is compared with something that has one.")
            }
            Form::Text => format!(
                "`{written}` is the text of something without order, and is compared letter by letter."
            ),
            Form::Element => {
                format!("`{written}` takes one of several by its place, and they have no order of their own.")
            }
        }
    }

    fn why(&self) -> &'static str {
        match (&self.disorder.source, self.element) {
            (Source::Set { .. }, Element::Unknown | Element::Number) => {
                "It comes from a set, which keeps no order; that of numbers happens to be the same each time, others are not."
            }
            (Source::Set { .. }, Element::Text | Element::Member | Element::Object) => {
                "It comes from a set, whose order is another one in every process (string hashes are salted)."
            }
            (Source::Set { .. }, Element::Address | Element::Function) => {
                "It comes from a set, ordered by where its elements lie in memory."
            }
            (Source::Listing, _) => {
                "A directory listing comes in the file system's order, which is another one on another machine."
            }
            (Source::Completion, _) => {
                "It comes in the order in which the work was finished, which a busy machine changes."
            }
            (Source::Drawn, _) => "It is drawn at random.",
        }
    }

    fn todo(&self) -> &'static str {
        match self.form {
            Form::Sequence => "Compare `sorted(...)` of both, or compare sets.",
            Form::Text => "Make the text from `sorted(...)`, or compare what it is made of.",
            Form::Element => "Take it from `sorted(...)`, or compare all of them as a set.",
        }
    }

    /// Where the order is lost, when that is not in the marked expression.
    fn related(&self, subject: &Subject<'_>) -> Vec<(Place, String)> {
        let origin = &self.disorder.origin;
        if subject.is_item(&origin.module, origin.item) && subject.code().is_within(origin.node, self.at) {
            return Vec::new();
        }
        let file = &origin.module.file;
        let range = file.absolute(origin.item, file.facts(origin.item).code.range(origin.node));
        vec![(Place { path: file.path.clone(), range }, "It has no order from here on.".to_owned())]
    }
}

/// How sure a hint is of a set with such elements; `None` where their order is always the same.
fn confidence_in(element: Element) -> Option<Confidence> {
    match element {
        Element::Number => None,
        Element::Unknown | Element::Address => Some(Confidence::Possible),
        Element::Text | Element::Member | Element::Function | Element::Object => Some(Confidence::Likely),
    }
}
