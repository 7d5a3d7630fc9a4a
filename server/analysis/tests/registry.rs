//! Says which step was forgotten when a rule was added. The steps: `cargo run -p testkit -- new-rule NAME`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use analysis::actions::{self, OnTest};
use analysis::rules::{REGISTRY, RuleMeta};
use testkit::new_rule::{code_path, is_kebab, page_path};
use testkit::repository;

fn metas() -> impl Iterator<Item = &'static RuleMeta> {
    REGISTRY.iter().map(|entry| entry.meta)
}

/// Files in `rules/` with that ending, from the repository's root.
fn files(extension: &str) -> BTreeSet<PathBuf> {
    files_in(Path::new("server/analysis/src/rules"), extension)
}

fn files_in(folder: &Path, extension: &str) -> BTreeSet<PathBuf> {
    let Ok(entries) = std::fs::read_dir(repository().join(folder)) else {
        panic!("{} cannot be read", folder.display());
    };
    let paths = entries.flatten().map(|entry| folder.join(entry.file_name()));
    paths.filter(|path| path.extension().is_some_and(|own| own == extension)).collect()
}

#[test]
fn every_rule_file_is_in_the_registry() {
    let known: BTreeSet<PathBuf> = metas().map(|meta| code_path(meta.name)).collect();
    for path in files("rs") {
        assert!(known.contains(&path), "{} has no line in REGISTRY of rules.rs", path.display());
    }
    for path in known {
        assert!(
            repository().join(&path).is_file(),
            "{} is missing: a rule's file has its name",
            path.display()
        );
    }
}

#[test]
fn every_rule_has_its_page() {
    for meta in metas() {
        let path = page_path(meta.name);
        let page = std::fs::read_to_string(repository().join(&path))
            .unwrap_or_else(|error| panic!("{} has no page {}: {error}", meta.name, path.display()));
        assert!(page == meta.page, "the `page` of {} is not {}", meta.name, path.display());
        let faults = testkit::page_faults(&path, &page);
        assert!(faults.is_empty(), "{}: {faults:#?}", path.display());
    }
}

/// A rule that knows one way to write something is silent in the code of everybody who writes it in another.
#[test]
fn every_page_shows_ten_forms_of_what_is_bad() {
    const FORMS: usize = 10;
    // It is about comments, which there are few ways to write.
    for meta in metas().filter(|meta| meta.name != "unused-suppression") {
        let behind = meta.page.split("\n## Bad\n").nth(1).unwrap_or_default();
        let bad = behind.split("\n## ").next().unwrap_or_default();
        let hints = bad.matches(&format!("# hint: [{}]", meta.name)).count();
        assert!(hints >= FORMS, "the page of {} has {hints} hints of its rule under `## Bad`", meta.name);
    }
}

#[test]
fn every_page_has_its_rule() {
    let known: BTreeSet<PathBuf> = metas().map(|meta| page_path(meta.name)).collect();
    for path in files("md") {
        assert!(known.contains(&path), "no rule of REGISTRY has the page {}", path.display());
    }
}

#[test]
fn names_and_summaries_have_their_form() {
    let mut names = BTreeSet::new();
    for meta in metas() {
        assert!(is_kebab(meta.name), "`{}` is not lower-case words joined by hyphens", meta.name);
        assert!(names.insert(meta.name), "`{}` stands twice in REGISTRY", meta.name);
        let summary = meta.summary;
        assert!(!summary.trim().is_empty(), "{} has no summary", meta.name);
        assert!(
            !summary.ends_with('.') && ![". ", "\n"].iter().any(|stop| summary.contains(stop)),
            "the summary of {} has a full stop: {summary}",
            meta.name
        );
    }
}

#[test]
fn the_registry_is_in_the_order_of_causes() {
    for pair in REGISTRY.windows(2) {
        let (first, second) = (pair[0].meta, pair[1].meta);
        assert!(first.cause <= second.cause, "{} stands before {} in REGISTRY", first.name, second.name);
    }
}

#[test]
fn every_action_has_its_files_and_every_file_its_action() {
    let folder = Path::new("server/analysis/src/actions");
    let named = |extension: &str| -> BTreeSet<PathBuf> {
        let of = |action: &OnTest| match extension {
            "rs" => folder.join(action.name.replace('-', "_")).with_extension("rs"),
            _ => folder.join(action.name).with_extension(extension),
        };
        actions::REGISTRY.iter().map(of).collect()
    };
    for extension in ["rs", "md"] {
        assert_eq!(files_in(folder, extension), named(extension));
    }
    for action in actions::REGISTRY {
        let page = std::fs::read_to_string(repository().join(folder).join(action.name).with_extension("md"));
        assert_eq!(page.ok().as_deref(), Some(action.page), "the `page` of {}", action.name);
        assert!(is_kebab(action.name) && !action.summary.ends_with('.'), "{}", action.name);
        assert!(!metas().any(|meta| meta.name == action.name), "{} is a rule", action.name);
    }
}

/// A new rule is proved, or it is said why it cannot be.
#[test]
fn every_rule_is_reproduced_or_says_why_not() {
    let folder = repository().join("testdata/projects/reproduce");
    let entries = std::fs::read_dir(&folder).unwrap().flatten();
    let folders = entries.filter(|entry| entry.path().is_dir());
    let proved: BTreeSet<String> =
        folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    let script = std::fs::read_to_string(repository().join(".ci/prove-reproduce")).unwrap();
    let cases = script.split("\nCASES = {\n").nth(1).and_then(|rest| rest.split("\n}\n").next()).unwrap();
    let cases: BTreeSet<String> =
        cases.lines().filter_map(|line| Some(line.split('"').nth(1)?.to_owned())).collect();
    assert_eq!(proved, cases, "projects of {} and CASES of .ci/prove-reproduce", folder.display());
    let readme = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let left_out: BTreeSet<&str> = readme
        .lines()
        .filter_map(|line| line.strip_prefix("- `")?.split_once("`: "))
        .inspect(|(rule, why)| assert!(why.ends_with('.'), "{rule}: {why}"))
        .map(|(rule, _)| rule)
        .collect();
    for meta in metas() {
        let (is_proved, is_left_out) = (proved.contains(meta.name), left_out.contains(meta.name));
        assert!(
            is_proved != is_left_out,
            "{}: a project in testdata/projects/reproduce with a case in .ci/prove-reproduce, or a line in its README",
            meta.name
        );
    }
    assert_eq!(proved.len() + left_out.len(), REGISTRY.len(), "of rules that are no more");
}
