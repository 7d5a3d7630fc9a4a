//! Makes a rule fail on purpose, so that tests of the whole program see what becomes of it. Not in release builds.

use std::path::Path;
use std::sync::OnceLock;

/// The rule, and how the path of the file ends.
static AT: OnceLock<(String, String)> = OnceLock::new();

/// From now on the rule of this name panics on files whose path ends so. The first call counts.
pub fn at(rule: &str, file: &str) {
    let _ = AT.set((rule.to_owned(), file.to_owned()));
}

pub(crate) fn perhaps(rule: &str, file: &Path) {
    if let Some((of, end)) = AT.get()
        && of == rule
        && file.ends_with(end)
    {
        panic!("{rule} was made to fail");
    }
}
