//! `mismatched-retry-plugin`: retries in the form of another plugin than the project has, on tests and in the configuration.

mod keys;

use crate::facts::code::ArgumentKind;
use crate::facts::{NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::hint::Confidence;
use crate::project::retrier::{self, Reading, Retrier};
use crate::project::{Glance, Place, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};
use crate::text::TextRange;

pub struct MismatchedRetryPlugin;

/// A `flaky` mark that the declared plugin does not understand.
pub struct Found {
    /// The call.
    mark: NodeId,
    retrier: &'static Retrier,
    reading: Reading,
}

const META: RuleMeta = RuleMeta {
    name: "mismatched-retry-plugin",
    summary: "Retries in the form of another plugin than the project has",
    cause: Cause::Markers,
    page: include_str!("mismatched-retry-plugin.md"),
    on_by_default: true,
    triggers: &[&["flaky"]],
};

impl Rule for MismatchedRetryPlugin {
    const META: RuleMeta = META;
    type Found = Found;

    fn may_find(item: &Glance<'_>) -> bool {
        retrier::declared(&item.project.plugins).len() == 1
    }

    /// Wherever the mark is made: a decorator, `pytestmark`, `marks=`, `add_marker`, a name for later.
    fn find(subject: &Subject<'_>) -> Vec<Found> {
        // Of none, and of several at once, it is not known which reads the mark.
        let [retrier] = retrier::declared(&subject.project.plugins)[..] else { return Vec::new() };
        let nodes = (0..subject.code().nodes.len() as u32).map(NodeId);
        nodes.filter_map(|node| Found::at(subject, node, retrier)).collect()
    }

    fn say(subject: &Subject<'_>, found: &Found) -> Said {
        let Found { mark, retrier, reading: Reading { strange, counts } } = found;
        let words = strange.join(" and ");
        let (verb, them) = if strange.len() == 1 { ("means", "it") } else { ("mean", "them") };
        Said {
            confidence: Confidence::Likely,
            at: subject.code().range(*mark),
            what: format!("The project declares {}, to which {words} {verb} nothing.", retrier.package),
            why: retrier.on_strange(*counts).to_owned(),
            todo: match counts {
                true => format!("Remove {them}: {} knows {}.", retrier.package, known(retrier)),
                false => format!("Use `{}`.", retrier.form),
            },
            related: Vec::new(),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        renamed(subject, found).into_iter().collect()
    }
}

/// The plugin's arguments as a sentence's end.
fn known(retrier: &Retrier) -> String {
    let names: Vec<String> = retrier.keywords.iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        None => String::new(),
    }
}

impl Found {
    fn at(subject: &Subject<'_>, mark: NodeId, retrier: &'static Retrier) -> Option<Found> {
        let NodeKind::Call { args, .. } = subject.code().kind(mark) else { return None };
        if subject.callee(mark)? != "pytest.mark.flaky" {
            return None;
        }
        let reading = retrier.read(args)?;
        (!reading.strange.is_empty()).then_some(Found { mark, retrier, reading })
    }
}

/// The arguments under the names that the plugin knows. `None` if one of them has no counterpart, or two would have one.
fn renamed(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let Found { mark, retrier, .. } = found;
    let code = subject.code();
    let NodeKind::Call { args, .. } = code.kind(*mark) else { return None };
    let mut edits = Edits::new();
    let mut taken: Vec<&str> = Vec::new();
    for argument in args {
        let ArgumentKind::Keyword(name) = &argument.kind else { return None };
        let (counterpart, more) = retrier.counterpart(name)?;
        if taken.contains(&counterpart) {
            return None;
        }
        taken.push(counterpart);
        if counterpart == name.as_str() {
            continue;
        }
        let value = code.range(argument.value);
        // From the keyword to its value.
        let keyword = TextRange::new(value.start - keyword_length(subject, value.start, name)?, value.start);
        let Place { path, range } = subject.place(keyword);
        edits.push(&path, range, format!("{counterpart}="));
        if more != 0 {
            let NodeKind::Int(Some(count)) = code.kind(argument.value) else { return None };
            let count = count + more;
            edits.push(&path, subject.place(value).range, count.to_string());
        }
    }
    let title = format!("Write it as {} has it: `{}`", retrier.package, retrier.form);
    Some(Fix::cure(title, Applicability::Safe, edits))
}

/// How many bytes before its value a keyword begins.
fn keyword_length(subject: &Subject<'_>, value: u32, name: &str) -> Option<u32> {
    let before = subject.text().get(..value as usize)?;
    let start = before.rfind(name)?;
    let between = before.get(start + name.len()..)?;
    (between.trim() == "=").then_some(value - start as u32)
}
