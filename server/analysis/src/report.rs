//! Runs the rules over the items of a file.

pub mod configuration;
mod never_runs;
mod refused;
mod sieve;
mod unread;

use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::facts::code::Health;
use crate::fix::Fix;
use crate::fixes::fitted::fitted;
use crate::fixes::quotes;
use crate::hint::Hint;
use crate::hints::HintCache;
use crate::project::{Glance, Module, Project, Role, Subject};
use crate::rules::{self, Entry, unused_suppression};
use crate::store::File;
use crate::suppress::{self, Suppressions, statement_at};
use crate::text::{TextRange, newline_of};
use crate::workspace::{Problem, Report};

/// The hints of one item, before suppressions and confidence are looked at, and the rules that failed on it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ItemHints {
    pub hints: Vec<Hint>,
    /// Names of rules that panicked here.
    pub failed: Vec<&'static str>,
    /// No rule looked at it: it does not parse, or is a test that never runs.
    pub passed_over: bool,
}

/// Runs every enabled rule that may find something in an item. Items that did not parse, and tests that never run, give no
/// hints.
pub fn hints_of_item(project: &Project, module: &Module, item: u32) -> ItemHints {
    let glance = Glance::new(project, module, item);
    let candidates = sieve::candidates(&glance);
    hints_of(&glance, &candidates)
}

/// The hints of the rules that [`hints_of_item`] does not ask about an item: there are none if what each rule says of words
/// and glances is right. To ask for them costs more than all else: it is for proofs.
pub fn hints_lost(project: &Project, module: &Module, item: u32) -> ItemHints {
    let glance = Glance::new(project, module, item);
    let asked = sieve::candidates(&glance);
    let is_asked = |entry: &Entry| asked.iter().any(|other| other.meta.name == entry.meta.name);
    let others: Vec<&Entry> = sieve::enabled(&glance).filter(|entry| !is_asked(entry)).collect();
    hints_of(&glance, &others)
}

fn hints_of(glance: &Glance<'_>, entries: &[&Entry]) -> ItemHints {
    if entries.is_empty() {
        return ItemHints::default();
    }
    let passed_over = ItemHints { passed_over: true, ..ItemHints::default() };
    if glance.module.file.facts(glance.item).code.health == Health::Broken {
        return passed_over;
    }
    let subject = Subject::new(glance.project, glance.module, glance.item);
    if subject.role == Role::Test && never_runs::never_runs(&subject) {
        return passed_over;
    }
    let mut found = ItemHints::default();
    for entry in entries {
        match catch_unwind(AssertUnwindSafe(|| entry.hints(&subject))) {
            Ok(hints) => found.hints.extend(hints),
            Err(_) => found.failed.push(entry.meta.name),
        }
    }
    found
}

/// How many tests pytest would collect from the file, parameters not counted.
pub fn count_tests(project: &Project, module: &Module) -> usize {
    project.roles(module).iter().filter(|role| **role == Role::Test).count()
}

/// The report of one file: hints in bounds and not suppressed, sorted by range, then rule.
pub fn report(project: &Project, module: &Module, cache: &HintCache) -> Report {
    let items = cache.of(project, module);
    let mut problems: Vec<Problem> =
        items.values().flat_map(|found| &found.failed).map(|rule| failure(&module.file.path, rule)).collect();
    problems.extend(unread::problem(&module.file, &items));
    problems.extend(refused::problems(project, module));
    problems.sort();
    problems.dedup();
    let found = items.values().flat_map(|found| found.hints.iter().cloned()).collect();
    let mut own = Suppressions::of(&module.file);
    let mut hints = suppress::unsilenced(project, module, &mut own, one_per_cause(&module.file, found));
    if project.settings.enabled(unused_suppression::META.name, &module.file.path) {
        let flaws = suppress::unused(project, module, &own, &items, cache);
        let unused = flaws.iter().map(|flaw| unused_suppression::hint(project, module, flaw)).collect();
        hints.extend(suppress::unsilenced(project, module, &mut own, unused));
    }
    hints.sort_by(|a, b| (a.range, a.rule).cmp(&(b.range, b.rule)));
    Report { hints, problems, tests: count_tests(project, module) }
}

/// Of hints on one cause the last in the order of the registry: those whose ranges overlap in one statement.
fn one_per_cause(file: &File, mut hints: Vec<Hint>) -> Vec<Hint> {
    let rank = |hint: &Hint| rules::REGISTRY.iter().position(|entry| entry.meta.name == hint.rule);
    hints.sort_by_cached_key(|hint| (Reverse(rank(hint)), hint.range));
    let mut kept: Vec<Hint> = Vec::new();
    for hint in hints {
        let is_same = |other: &Hint| {
            if other.rule == hint.rule {
                return other.range == hint.range;
            }
            let overlap = other.range == hint.range || other.range.intersects(hint.range);
            overlap && statement_at(file, other.range) == statement_at(file, hint.range)
        };
        if !kept.iter().any(is_same) {
            kept.push(hint);
        }
    }
    kept
}

/// The fixes of a hint of a report, best first, the suppression last.
pub fn fixes(project: &Project, module: &Module, hint: &Hint) -> Vec<Fix> {
    let own = rules::entry(hint.rule).zip(module.file.item_at(hint.range.start));
    // A fix that fails costs itself: the hint is right, and the others have theirs.
    let made = own.and_then(|(entry, item)| {
        catch_unwind(AssertUnwindSafe(|| entry.fixes(&Subject::new(project, module, item), hint))).ok()
    });
    let mut fixes = made.unwrap_or_default();
    fixes.iter_mut().for_each(|fix| fit(project, module, fix));
    fixes.extend(suppress::ignore(&module.file, hint, project.line_length));
    fixes
}

/// Writes what the fix adds to the module in the module's quotes, and breaks the lines that it makes too long for the
/// project's formatter.
pub fn fit(project: &Project, module: &Module, fix: &mut Fix) {
    let text = module.file.text.as_str();
    fix.edits.change(&module.file.path, |edits| {
        fitted(text, &quotes::matched(text, edits), project.line_length, newline_of(text))
    });
}

fn failure(path: &Path, rule: &str) -> Problem {
    Problem {
        path: path.to_owned(),
        range: TextRange::default(),
        message: format!(
            "The rule `{rule}` failed on this file, so its hints are missing here; please report it."
        ),
    }
}

#[cfg(test)]
mod tests {
    use smol_str::SmolStr;

    use std::sync::Arc;

    use super::*;
    use crate::hint::Confidence;
    use crate::text::Text;

    fn hint(rule: &'static str, start: u32, end: u32) -> Hint {
        Hint {
            rule,
            confidence: Confidence::Likely,
            message: SmolStr::default(),
            range: TextRange::new(start, end),
            related: Arc::default(),
            test: None,
            mitigated_by: None,
        }
    }

    fn kept(hints: Vec<Hint>) -> Vec<(&'static str, u32)> {
        let text = "def test_a():\n    first(second)\n    third()\n";
        let file = File::new("/test_a.py".into(), Arc::new(Text::new(text.to_owned())), Arc::default());
        let mut kept: Vec<_> =
            one_per_cause(&file, hints).iter().map(|hint| (hint.rule, hint.range.start)).collect();
        kept.sort_by_key(|(rule, start)| (*start, *rule));
        kept
    }

    #[test]
    fn of_overlapping_hints_in_a_statement_the_most_specific_stays() {
        let [general, specific] = ["unisolated-file", "stale-class-after-reload"];
        assert_eq!(kept(vec![hint(general, 18, 31), hint(specific, 24, 30)]), [(specific, 24)]);
        assert_eq!(
            kept(vec![hint(general, 18, 23), hint(specific, 24, 30)]),
            [(general, 18), (specific, 24)]
        );
        assert_eq!(kept(vec![hint(general, 4, 44), hint(specific, 24, 30)]), [(general, 4), (specific, 24)]);
        assert_eq!(kept(vec![hint(general, 18, 31), hint(general, 24, 30)]), [(general, 18), (general, 24)]);
        assert_eq!(kept(vec![hint(general, 24, 30), hint(general, 24, 30)]), [(general, 24)]);
    }
}
