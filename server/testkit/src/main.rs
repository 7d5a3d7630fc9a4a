//! `cargo run -p testkit -- new-rule NAME` makes the two files of a rule.

use std::process::ExitCode;

use testkit::new_rule::{NewRule, new_rule};

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for a person at a terminal")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [command, name] = arguments.as_slice() else { return usage() };
    if command != "new-rule" {
        return usage();
    }
    match new_rule(name).and_then(|rule| write(&rule).map(|()| rule)) {
        Ok(NewRule { files, lines: [module, entry] }) => {
            for (path, _) in files {
                println!("made {}", path.display());
            }
            println!("now add to server/analysis/src/rules.rs:");
            println!("    {module}    beside the others");
            println!("    {entry}    to REGISTRY");
            ExitCode::SUCCESS
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::print_stderr, reason = "a program for a person at a terminal")]
fn usage() -> ExitCode {
    eprintln!("usage: cargo run -p testkit -- new-rule NAME");
    ExitCode::from(2)
}

/// Writes both files, or neither when one is there already.
fn write(rule: &NewRule) -> Result<(), String> {
    let root = testkit::repository();
    if let Some((path, _)) = rule.files.iter().find(|(path, _)| root.join(path).exists()) {
        return Err(format!("{} is there already", path.display()));
    }
    for (path, contents) in &rule.files {
        std::fs::write(root.join(path), contents).map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(())
}
