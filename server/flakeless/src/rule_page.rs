//! Where the pages of the rules can be read.

const PAGES: &str = "https://github.com/flakeless/flakeless/blob/main/server/analysis/src/rules";

/// The address of a rule's page.
pub(crate) fn url(rule: &str) -> String {
    format!("{PAGES}/{rule}.md")
}
