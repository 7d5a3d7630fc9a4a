//! What the README says is generated or run here. `UPDATE_README=1 cargo test -p flakeless --test readme` writes it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on must fail")]

use std::fmt::Write as _;
use std::process::{Command, Output};
use std::{env, fs};

use analysis::actions;
use analysis::rules::REGISTRY;
use analysis::settings::schema;

/// What stands between `<!-- name -->` and `<!-- /name -->`.
struct Part {
    name: &'static str,
    generate: fn() -> String,
}

const GENERATED: [Part; 4] = [
    Part { name: "frame", generate: first_frame },
    Part { name: "rules", generate: rule_table },
    Part { name: "actions", generate: action_table },
    Part { name: "settings", generate: schema::markdown_table },
];

#[test]
fn generated_parts_are_up_to_date() {
    let path = testkit::repository().join("README.md");
    let found = fs::read_to_string(&path).unwrap();
    let fresh = GENERATED.iter().fold(found.clone(), |readme, part| with_part(&readme, part));
    if env::var_os("UPDATE_README").is_some() {
        fs::write(&path, fresh).unwrap();
        return;
    }
    assert!(found == fresh, "README.md is behind: UPDATE_README=1 cargo test -p flakeless --test readme");
}

#[test]
fn its_first_command_finds_hints() {
    let readme = fs::read_to_string(testkit::repository().join("README.md")).unwrap();
    let commands: Vec<&str> =
        readme.lines().filter_map(|line| line.strip_prefix("cargo run -p flakeless -- ")).collect();
    assert_eq!(commands.len(), 1);
    let output = flakeless(&commands[0].split(' ').collect::<Vec<_>>());
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn with_part(readme: &str, part: &Part) -> String {
    let name = part.name;
    let (open, close) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
    let (before, rest) = readme.split_once(&open).unwrap_or_else(|| panic!("README.md has no {open}"));
    let (_, after) = rest.split_once(&close).unwrap_or_else(|| panic!("README.md has no {close}"));
    format!("{before}{open}{}\n{close}{after}", (part.generate)().trim_end())
}

/// The hint of the guide's project that rests on a conftest.
fn first_frame() -> String {
    let output = flakeless(&["check", "testdata/projects/guide/tests/test_labels.py"]);
    let shown = String::from_utf8(output.stdout).unwrap();
    format!("```text\n{}\n```", shown.split("\n\n").next().unwrap())
}

fn rule_table() -> String {
    let mut table = String::new();
    let mut cause = None;
    for meta in REGISTRY.iter().map(|entry| entry.meta) {
        if cause.replace(meta.cause) != Some(meta.cause) {
            let _ = write!(table, "\n| {} | |\n| --- | --- |\n", meta.cause.title());
        }
        let off = if meta.on_by_default { "" } else { " (off by default)" };
        let page = format!("server/analysis/src/rules/{}.md", meta.name);
        let _ = writeln!(table, "| [`{}`]({page}) | {}{off} |", meta.name, meta.summary);
    }
    table.trim_start().to_owned()
}

fn flakeless(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_flakeless"))
        .args(arguments)
        // Nothing of the person who runs the tests may count.
        .env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"))
        .current_dir(testkit::repository())
        .output()
        .unwrap()
}

fn action_table() -> String {
    let row = |action: &actions::OnTest| {
        let page = format!("server/analysis/src/actions/{}.md", action.name);
        format!("| [`{}`]({page}) | {} |\n", action.name, action.summary)
    };
    let rows: String = actions::REGISTRY.iter().map(row).collect();
    format!("| action | what it does |\n| --- | --- |\n{rows}")
}
