//! The flakeless binary.

mod lsp;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Finds, explains and fixes what makes pytest suites flaky
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve an editor over standard input and output
    Server {
        /// Does nothing: the server has no other transport, and some editors insist on naming it
        #[arg(long, hide = true)]
        stdio: bool,
    },
}

fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Server { .. } => lsp::run().unwrap_or_else(|error| {
            anstream::eprintln!("flakeless: the server cannot start: {error}");
            ExitCode::from(2)
        }),
    }
}
