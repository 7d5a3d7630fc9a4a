//! A hint: its words, what it rests on, and what its rule's page says beside the examples.

use std::ops::Range;

use super::place;
use crate::hint::Hint;
use crate::project::Project;
use crate::rules;

/// Sections of a page that are tests, and too long for a hover.
const LEFT_OUT: &[&str] = &["Bad", "Good", "When it stays quiet"];

/// The Markdown, and where in it the message stands with its paragraph's end. `None` for a hint of no rule.
pub fn explained(project: &Project, hint: &Hint) -> Option<(String, Range<usize>)> {
    let page = rules::entry(hint.rule)?.meta.page;
    let mut out = format!("**{}** ({})\n\n", hint.rule, hint.confidence.word());
    let start = out.len();
    out.push_str(&format!("{}\n", hint.message));
    if !hint.related.is_empty() {
        out.push('\n');
    }
    let message = start..out.len();
    for related in hint.related.iter() {
        let at = place::shown(project, &related.path, related.range.start);
        out.push_str(&format!("- {at}: {}\n", related.message));
    }
    out.push_str("\n---\n\n");
    out.push_str(sections(page).trim());
    out.push('\n');
    Some((out, message))
}

/// The page without its title and its examples.
fn sections(page: &str) -> String {
    let mut out = String::new();
    let mut is_kept = true;
    for line in page.lines() {
        if line.starts_with("# ") {
            continue;
        }
        if let Some(heading) = line.strip_prefix("## ") {
            is_kept = !LEFT_OUT.contains(&heading);
        }
        if is_kept {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    #[test]
    fn examples_are_left_out() {
        let page = "# r\n\nOne.\n\n## What it sees\n\nA\n\n## Bad\n\n```python\n# x\n```\n\n## Fixes\n\nB\n";
        assert_eq!(super::sections(page).trim(), "One.\n\n## What it sees\n\nA\n\n## Fixes\n\nB");
    }
}
