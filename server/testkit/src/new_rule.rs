//! The two files of a new rule, from templates.

use std::path::{Path, PathBuf};

const CODE: &str = include_str!("../templates/rule.rs.txt");
const PAGE: &str = include_str!("../templates/rule.md");
const FOLDER: &str = "server/analysis/src/rules";

/// What a new rule begins with.
#[derive(Debug)]
pub struct NewRule {
    /// Path from the repository's root, and contents.
    pub files: [(PathBuf, String); 2],
    /// Lines to add by hand, in `server/analysis/src/rules.rs`.
    pub lines: [String; 2],
}

/// Whether `name` is a rule's name: lower-case words and numbers joined by single hyphens.
pub fn is_kebab(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.starts_with(|first: char| first.is_ascii_lowercase()) && name.split('-').all(word)
}

/// The page of a rule, from the repository's root.
pub fn page_path(name: &str) -> PathBuf {
    Path::new(FOLDER).join(format!("{name}.md"))
}

/// The code of a rule, from the repository's root.
pub fn code_path(name: &str) -> PathBuf {
    Path::new(FOLDER).join(format!("{}.rs", module(name)))
}

fn module(name: &str) -> String {
    name.replace('-', "_")
}

fn type_name(name: &str) -> String {
    let capital = |word: &str| word[..1].to_ascii_uppercase() + &word[1..];
    name.split('-').map(capital).collect()
}

/// Makes the files of the rule `name`. The error says what a name must look like.
pub fn new_rule(name: &str) -> Result<NewRule, String> {
    if !is_kebab(name) {
        return Err(format!(
            "`{name}` is no rule name: lower-case words joined by hyphens, as in `fixed-port`"
        ));
    }
    let fill = |template: &str| {
        template
            .replace("RULE_NAME", name)
            .replace("RULE_MODULE", &module(name))
            .replace("RuleType", &type_name(name))
    };
    Ok(NewRule {
        files: [(code_path(name), fill(CODE)), (page_path(name), fill(PAGE))],
        lines: [
            format!("mod {};", module(name)),
            format!("Entry::of::<{}::{}>(),", module(name), type_name(name)),
        ],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::Page;

    #[test]
    fn names_are_kebab_case() {
        for good in ["fixed-port", "a", "utf8-open"] {
            assert!(is_kebab(good), "{good}");
        }
        for bad in ["", "Fixed-port", "fixed_port", "fixed--port", "-a", "a-", "8a"] {
            assert!(!is_kebab(bad), "{bad}");
            assert!(new_rule(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_page_has_the_form_of_a_page() {
        let made = new_rule("fixed-port").unwrap();
        let [(code_path, code), (path, page)] = &made.files;
        assert!(code_path.ends_with("rules/fixed_port.rs"));
        assert!(code.contains("struct FixedPort;"));
        let (cases, faults) = crate::case::of_page(&Page::read(path, page));
        assert_eq!(faults, []);
        assert_eq!(cases.len(), 2);
    }
}
