//! Runs the rules over the configuration file that pytest obeys.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::failure;
use crate::fix::Fix;
use crate::hint::Hint;
use crate::project::Project;
use crate::rules;
use crate::suppress::configuration as suppress;
use crate::workspace::Report;

/// The hints of the file in force, not suppressed, sorted by range, then rule. None where it is undecided which file
/// that is, and on a file that is broken: what it says may be lost there.
pub fn report(project: &Project) -> Report {
    let mut report = Report::default();
    let Some((file, text)) = project.configuration() else {
        return report;
    };
    if project.config.undecided || project.config.problems.iter().any(|problem| problem.path == file.path) {
        return report;
    }
    for entry in rules::REGISTRY.iter().filter(|entry| project.settings.enabled(entry.meta.name, &file.path))
    {
        match catch_unwind(AssertUnwindSafe(|| entry.configuration_hints(project))) {
            Ok(hints) => report.hints.extend(hints),
            Err(_) => report.problems.push(failure(&file.path, entry.meta.name)),
        }
    }
    report.hints.retain(|hint| !suppress::is_silenced(text, file.kind, hint));
    report.hints.sort_by(|a, b| (a.range, a.rule).cmp(&(b.range, b.rule)));
    report
}

/// The fixes of a hint of that report, best first, the suppression last.
pub fn fixes(project: &Project, hint: &Hint) -> Vec<Fix> {
    let entry = rules::entry(hint.rule);
    let made = entry
        .and_then(|entry| catch_unwind(AssertUnwindSafe(|| entry.configuration_fixes(project, hint))).ok());
    let mut fixes = made.unwrap_or_default();
    if let Some((file, text)) = project.configuration() {
        fixes.push(suppress::ignore(text, file, hint));
    }
    fixes
}
