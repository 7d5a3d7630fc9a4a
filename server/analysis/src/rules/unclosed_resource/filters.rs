//! Whether pytest fails a test for what is not closed.
//!
//! Run, pytest 8.4 and 9.2: that takes both an error for `ResourceWarning`, raised where nobody can catch it, and one for
//! `PytestUnraisableExceptionWarning`, which pytest makes of that. Either alone fails nothing.

use crate::project::Project;

const NEEDED: [&str; 2] = ["ResourceWarning", "PytestUnraisableExceptionWarning"];

pub fn fails_on_unclosed(project: &Project) -> bool {
    let options = &project.config.options;
    let is_off = |switch: &String| matches!(switch.as_str(), "no:unraisableexception" | "no:warnings");
    !options.plugin_switches.iter().any(is_off)
        && NEEDED.iter().all(|category| is_error(&options.filterwarnings, category))
}

/// Whether the last filter that may hold for a category makes it an error. One that looks at the message or module too
/// holds for some of them, which is not enough.
fn is_error(filters: &[String], category: &str) -> bool {
    let parts =
        |filter: &str| -> Vec<String> { filter.split(':').map(|part| part.trim().to_owned()).collect() };
    let mut last_first = filters.iter().rev().map(|filter| parts(filter));
    last_first.find(|parts| holds_for(parts, category)).is_some_and(|parts| {
        let is_empty = |at: usize| parts.get(at).is_none_or(|part| part.is_empty());
        parts.first().is_some_and(|action| action == "error") && is_empty(1) && is_empty(3)
    })
}

fn holds_for(parts: &[String], category: &str) -> bool {
    let named = parts.get(2).map(String::as_str).unwrap_or_default();
    match named.rsplit('.').next().unwrap_or_default() {
        "" | "Warning" => true,
        "PytestWarning" => category.starts_with("Pytest"),
        named => named == category,
    }
}
