//! `unused-suppression`: a suppression comment that silences nothing.
//!
//! It looks at no item: [`crate::report`] asks it once all other rules have spoken.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::fix::{Applicability, Edits, Fix};
use crate::hint::{Confidence, Hint};
use crate::project::{Module, Project, Role, Subject};
use crate::rules::{self, Cause, RuleMeta};
use crate::store::File;
use crate::suppress::{Flaw, flaw_at};
use crate::text::TextRange;

pub const META: RuleMeta = RuleMeta {
    name: "unused-suppression",
    summary: "A suppression comment that silences nothing, or names no rule",
    cause: Cause::Housekeeping,
    page: include_str!("unused-suppression.md"),
    on_by_default: true,
    triggers: &[&["flakeless:"]],
};

/// The hint about a flaw.
pub fn hint(project: &Project, module: &Module, flaw: &Flaw) -> Hint {
    let range = flaw.range();
    let test = module
        .file
        .item_at(range.start)
        .filter(|item| project.role(module, *item) == Role::Test)
        .and_then(|item| Subject::new(project, module, item).node_id());
    Hint {
        rule: META.name,
        confidence: Confidence::Likely,
        message: message(flaw).into(),
        range,
        related: Arc::default(),
        test: test.map(SmolStr::from),
        mitigated_by: None,
    }
}

fn message(flaw: &Flaw) -> String {
    let Some(name) = flaw.written() else {
        return "This names no rule, so it silences nothing. A suppression of everything would hide what comes later. \
                Name the rules in brackets, as in `# flakeless: ignore[rule]`, or remove the comment."
            .to_owned();
    };
    if rules::entry(name).is_none() {
        let meant = near(name).map(|near| format!(" Did you mean `{near}`?")).unwrap_or_default();
        return format!("`{name}` is no rule of flakeless, so this silences nothing.{meant} Remove it.");
    }
    if flaw.is_stray() {
        return format!(
            "No hint of `{name}` is silenced here. The comment stands on a line of its own with no code directly below it. \
             Move it to the line above the statement or to the end of the statement's line, or remove it."
        );
    }
    format!(
        "No hint of `{name}` is silenced here. A suppression that is left behind hides the next one. Remove it."
    )
}

/// The rule that was probably meant.
fn near(name: &str) -> Option<&'static str> {
    let word = name.to_lowercase().replace('_', "-");
    let known = rules::REGISTRY.iter().map(|entry| entry.meta.name);
    let distances = known.map(|known| (strsim::damerau_levenshtein(&word, known), known));
    let (distance, known) = distances.min()?;
    (distance <= known.len() / 3).then_some(known)
}

/// The right name where one would silence something, then the removal.
pub fn fixes(subject: &Subject<'_>, hint: &Hint) -> Vec<Fix> {
    let (project, module) = (subject.project, &subject.module);
    let Some(flaw) = flaw_at(&module.file, hint.range) else { return Vec::new() };
    let named = named(project, module, &flaw);
    // What was meant is not lost without a look.
    let is_mistake = named.is_some()
        || flaw.written().is_none_or(|name| near(name).is_some() && rules::entry(name).is_none());
    let applicability = if is_mistake { Applicability::Suggested } else { Applicability::Safe };
    named.into_iter().chain([removal(&module.file, &flaw, applicability)]).collect()
}

/// Names the rules that speak where the comment stands: instead of a misspelt name, or in a bare comment.
fn named(project: &Project, module: &Module, flaw: &Flaw) -> Option<Fix> {
    let mut edits = Edits::new();
    let path = &module.file.path;
    let (range, text, shown) = match flaw.name {
        Some(name) => {
            let written = &flaw.placed.directive.names[name];
            let known = near(&written.text).filter(|_| rules::entry(&written.text).is_none())?;
            if !flaw.would_silence(project, module).contains(&known) {
                return None;
            }
            (written.range, known.to_owned(), known.to_owned())
        }
        None => {
            let rules = flaw.would_silence(project, module);
            if rules.is_empty() {
                return None;
            }
            let list = rules.join(", ");
            (flaw.placed.directive.range, format!("# flakeless: ignore[{list}]"), format!("ignore[{list}]"))
        }
    };
    edits.push(path, range, text);
    Some(Fix::cure(format!("Write `{shown}`"), Applicability::Suggested, edits))
}

fn removal(file: &File, flaw: &Flaw, applicability: Applicability) -> Fix {
    let mut edits = Edits::new();
    let (title, range) = match flaw.name {
        Some(name) if flaw.placed.directive.names.len() > 1 => {
            (format!("Remove `{}`", flaw.placed.directive.names[name].text), name_with_comma(flaw, name))
        }
        _ => ("Remove the suppression".to_owned(), directive_with_blanks(file, flaw)),
    };
    edits.push(&file.path, range, "");
    Fix::cure(title, applicability, edits)
}

/// With the comma behind it, or before the last.
fn name_with_comma(flaw: &Flaw, index: usize) -> TextRange {
    let names = &flaw.placed.directive.names;
    let own = names[index].range;
    match names.get(index + 1) {
        Some(next) => TextRange::new(own.start, next.range.start),
        None => TextRange::new(names[index - 1].range.end, own.end),
    }
}

/// With the blanks before it; the whole line, if nothing else stands there.
fn directive_with_blanks(file: &File, flaw: &Flaw) -> TextRange {
    let text = file.text.as_str();
    let lines = file.text.lines();
    let own = flaw.placed.directive.range;
    let line = lines.line_of(own.start);
    let whole = lines.line_range(text, line);
    let before = TextRange::new(whole.start, own.start).slice(text);
    let behind = TextRange::new(own.end, whole.end).slice(text);
    let starts_comment = own.start == flaw.placed.comment.start;
    let is_alone = behind.trim().is_empty();
    if starts_comment && is_alone && before.trim().is_empty() {
        let next = lines.line_start(line + 1).unwrap_or(whole.end);
        return TextRange::new(whole.start, next);
    }
    if starts_comment && !is_alone {
        let blanks = behind.len() - behind.trim_start().len();
        return TextRange::new(own.start, own.end + blanks as u32);
    }
    TextRange::new(whole.start + before.trim_end().len() as u32, if is_alone { whole.end } else { own.end })
}
