//! The catalogue as SARIF describes it, the same in every run, whatever is selected.

use analysis::hint::Confidence;
use analysis::rules::{REGISTRY, RuleMeta};
use analysis::settings::Severity;
use serde_json::{Value, json};

use super::level;
use crate::rule_page;

pub(super) fn all() -> Vec<Value> {
    REGISTRY.iter().map(|entry| rule(entry.meta)).collect()
}

/// Where a rule stands in [`all`]; `-1`, which is SARIF's word for nowhere, for a name that is no rule's.
pub(super) fn index(name: &str) -> i64 {
    let index = REGISTRY.iter().position(|entry| entry.meta.name == name);
    index.and_then(|index| i64::try_from(index).ok()).unwrap_or(-1)
}

fn rule(meta: &RuleMeta) -> Value {
    let url = rule_page::url(meta.name);
    json!({
        "id": meta.name,
        "shortDescription": {"text": format!("{}.", meta.summary)},
        "fullDescription": {"text": first_paragraph(meta.page)},
        "help": {"text": format!("{}. More: {url}", meta.summary), "markdown": meta.page},
        "helpUri": url,
        "defaultConfiguration": {
            "enabled": meta.on_by_default,
            "level": level(Severity::of(Confidence::Likely)),
        },
        "properties": {"tags": [meta.cause.title()]},
    })
}

/// What the page says first under its title.
fn first_paragraph(page: &str) -> String {
    let lines = page.lines().skip_while(|line| line.is_empty() || line.starts_with('#'));
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_begins_with_a_sentence() {
        assert_eq!(first_paragraph("# name\n\nOne\ntwo.\n\n## More\n\nThree.\n"), "One two.");
        for entry in REGISTRY {
            let said = first_paragraph(entry.meta.page);
            // GitHub takes no more of a description.
            assert!(said.ends_with('.') && said.chars().count() <= 1024, "{}: {said}", entry.meta.name);
        }
    }

    #[test]
    fn rules_are_found_where_they_stand() {
        for (rule, at) in all().iter().zip(0..) {
            assert_eq!(index(rule["id"].as_str().unwrap()), at);
        }
        assert_eq!(index("no-such-rule"), -1);
    }
}
