//! Who looks at an attribute of what a fixture makes.

use crate::project::Subject;
use crate::project::fixtures::{Fixture, FixtureScope};

/// Whether somebody whom the fixture serves reads an attribute by the fixture's name: where all only set it, each knows what
/// it gets.
pub fn look_at(subject: &Subject<'_>, fixture: &Fixture, name: &str, attribute: &str) -> bool {
    let project = subject.project;
    let written = format!("{name}.{attribute}");
    let reads = |text: &str| {
        text.match_indices(&written).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = &text[at + written.len()..];
            let is_whole = !before.is_some_and(is_of_name) && !after.starts_with(is_of_name);
            is_whole && !is_assignment(after)
        })
    };
    let is_in_one_module = matches!(fixture.scope, Some(FixtureScope::Class | FixtureScope::Module));
    if is_in_one_module {
        return reads(subject.module.file.text.as_str());
    }
    let modules = project.checked_files().iter().filter_map(|path| project.module(path));
    modules.into_iter().any(|module| reads(module.file.text.as_str()))
}

fn is_of_name(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

/// Whether what follows makes the expression before it the target of a plain assignment.
fn is_assignment(after: &str) -> bool {
    let after = after.trim_start_matches(' ');
    after.starts_with('=') && !after.starts_with("==")
}
