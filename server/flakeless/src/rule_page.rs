//! Where flakeless and the pages of its rules can be read.

pub(crate) const PROJECT: &str = "https://github.com/flakeless/flakeless";

/// The address of a rule's page.
pub(crate) fn url(rule: &str) -> String {
    format!("{PROJECT}/blob/main/server/analysis/src/rules/{rule}.md")
}
