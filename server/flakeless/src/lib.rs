//! The command line and the language server over one engine: all of the binary but its allocator, so that it can be fuzzed.

mod answers;
mod baseline;
mod cache;
mod cli;
mod discover;
mod disk;
mod file_uri;
#[cfg(any(test, fuzzing))]
pub mod hold;
mod lsp;
mod mistakes;
mod outline;
mod place;
mod reproduce;
mod rule_name;
mod rule_page;
mod today;
mod write;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Finds, explains and fixes what makes pytest suites flaky
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Check(cli::check::Arguments),
    Rule(cli::rule::Arguments),
    Project(cli::project::Arguments),
    Reproduce(cli::reproduce::Arguments),
    /// Serve an editor over standard input and output
    Server {
        /// Does nothing: the server has no other transport, and some editors insist on naming it
        #[arg(long, hide = true)]
        stdio: bool,
    },
}

/// `FLAKELESS_STUMBLE=rule@file`, for tests.
#[cfg(debug_assertions)]
fn stumble() {
    let said = std::env::var("FLAKELESS_STUMBLE").unwrap_or_default();
    if let Some((rule, file)) = said.split_once('@') {
        analysis::stumble::at(rule, file);
    }
}

/// Does what the arguments of the process say.
pub fn main() -> ExitCode {
    let command = Arguments::parse().command;
    if !matches!(command, Command::Server { .. }) {
        mistakes::tell(|line| cli::problems::error(line));
    }
    #[cfg(debug_assertions)]
    stumble();
    match command {
        Command::Check(arguments) => cli::check::run(&arguments),
        Command::Rule(arguments) => cli::rule::run(&arguments),
        Command::Project(arguments) => cli::project::run(&arguments),
        Command::Reproduce(arguments) => cli::reproduce::run(&arguments),
        Command::Server { .. } => lsp::run().unwrap_or_else(|error| {
            anstream::eprintln!("flakeless: the server cannot start: {error}");
            ExitCode::from(2)
        }),
    }
}
