//! `mismatched-retry-plugin`: `@pytest.mark.flaky(…)` in the form of another plugin than the project has.

mod retrier;

use crate::facts::NodeKind;
use crate::facts::code::ArgumentKind;
use crate::fix::{Applicability, Edits, Fix};
use crate::hint::Confidence;
use crate::project::marks::Mark;
use crate::project::{Place, Subject};
use crate::rules::{Cause, Rule, RuleMeta, Said};
use crate::text::TextRange;

use retrier::Retrier;

pub struct MismatchedRetryPlugin;

/// A mark that the declared plugin does not understand.
pub struct Found {
    mark: Mark,
    retrier: &'static Retrier,
    /// What stands in the mark and means nothing to it, as written: `retries`, or `a positional argument`.
    strange: Vec<String>,
}

impl Rule for MismatchedRetryPlugin {
    const META: RuleMeta = RuleMeta {
        name: "mismatched-retry-plugin",
        summary: "A `flaky` mark in the form of another retry plugin than the project has",
        cause: Cause::Markers,
        page: include_str!("mismatched-retry-plugin.md"),
        on_by_default: true,
        triggers: &["flaky"],
    };
    type Found = Found;

    fn find(subject: &Subject<'_>) -> Vec<Found> {
        let Some(retrier) = retrier::only_one(&subject.project.plugins) else { return Vec::new() };
        let is_here = |mark: &Mark| mark.item == subject.item && mark.name == "flaky";
        let own = subject.project.decorator_marks(&subject.module, subject.item);
        // `pytestmark` is an item of its own, of the module or of a class.
        let of_module = subject.project.module_marks(&subject.module);
        let of_class = subject.class().into_iter();
        let of_class = of_class.flat_map(|class| subject.project.class_marks(&subject.module, class));
        let marks = own.into_iter().chain(of_module).chain(of_class).filter(is_here);
        marks.filter_map(|mark| Found::of(mark, retrier)).collect()
    }

    fn say(_subject: &Subject<'_>, found: &Found) -> Said {
        let Found { mark, retrier, strange } = found;
        let words = strange.join(" and ");
        let verb = if strange.len() == 1 { "means" } else { "mean" };
        Said {
            confidence: Confidence::Likely,
            at: mark.facts.code.range(mark.node),
            what: format!("The project declares {}, to which {words} {verb} nothing.", retrier.package),
            why: retrier.on_strange.to_owned(),
            todo: format!("Use `{}`.", retrier.form),
            related: Vec::new(),
            mitigated_by: None,
        }
    }

    fn fix(subject: &Subject<'_>, found: &Found) -> Vec<Fix> {
        renamed(subject, found).into_iter().collect()
    }
}

impl Found {
    fn of(mark: Mark, retrier: &'static Retrier) -> Option<Found> {
        let mut strange = Vec::new();
        for argument in mark.args() {
            match &argument.kind {
                ArgumentKind::Keyword(name) if !retrier.keywords.contains(&name.as_str()) => {
                    strange.push(format!("`{name}`"));
                }
                ArgumentKind::Positional if !retrier.takes_positional => {
                    strange.push("a positional argument".to_owned());
                }
                // `**options`: nobody can see what is in them.
                ArgumentKind::DoubleStar | ArgumentKind::Star => return None,
                _ => {}
            }
        }
        strange.dedup();
        (!strange.is_empty()).then_some(Found { mark, retrier, strange })
    }
}

/// The arguments under the names that the plugin knows. `None` if one of them has no counterpart, or two would have one.
fn renamed(subject: &Subject<'_>, found: &Found) -> Option<Fix> {
    let Found { mark, retrier, .. } = found;
    let code = &mark.facts.code;
    let mut edits = Edits::new();
    let mut taken: Vec<&str> = Vec::new();
    for argument in mark.args() {
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
