//! The settings that VS Code offers are those that the server declares.
//! `UPDATE_PACKAGE_JSON=1 cargo test -p flakeless --test editors_settings` writes them into its `package.json`.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::collections::BTreeMap;
use std::{env, fs};

use analysis::rules::REGISTRY;
use analysis::settings::schema::{self, DescribedRule};

const PACKAGE: &str = "editors/vscode/package.json";
/// What stands before the generated object, and what ends it: the file has the layout that npm and prettier give it.
const OPEN: &str = "\"title\": \"Hints\",\n        \"properties\": ";
const CLOSE: &str = "\n        }\n";

#[test]
fn vscode_offers_the_settings_of_the_server() {
    let path = testkit::repository().join(PACKAGE);
    let found = fs::read_to_string(&path).unwrap();
    let fresh = with_settings(&found);
    if env::var_os("UPDATE_PACKAGE_JSON").is_some() {
        fs::write(&path, fresh).unwrap();
        return;
    }
    assert!(
        found == fresh,
        "{PACKAGE} is behind: UPDATE_PACKAGE_JSON=1 cargo test -p flakeless --test editors_settings"
    );
}

fn with_settings(package: &str) -> String {
    let (before, rest) = package.split_once(OPEN).unwrap_or_else(|| panic!("{PACKAGE} has no {OPEN}"));
    let (_, after) =
        rest.split_once(CLOSE).unwrap_or_else(|| panic!("{PACKAGE} does not go on after {OPEN}"));
    format!("{before}{OPEN}{}\n{after}", settings().replace('\n', "\n        "))
}

fn settings() -> String {
    let rules = REGISTRY.iter().map(|entry| entry.meta);
    let rules: Vec<_> = rules.map(|meta| DescribedRule { name: meta.name, summary: meta.summary }).collect();
    let properties = schema::properties(&rules);
    let named: BTreeMap<String, _> =
        properties.into_iter().map(|(name, property)| (format!("flakeless.{name}"), property)).collect();
    serde_json::to_string_pretty(&named).unwrap()
}
