//! The command line.
//!
//! Standard output carries the answer, standard error what a person should know besides. The process ends with
//! 0 when there is nothing to report, 1 when there is, 2 when it could not do what was asked.

pub(crate) mod check;
pub(crate) mod project;
pub(crate) mod reproduce;
pub(crate) mod rule;

mod baseline;
mod diff;
mod findings;
#[cfg(any(test, fuzzing))]
pub(crate) mod hold;
mod json_text;
mod output;
pub(crate) mod problems;
mod proven;
mod repair;
mod since;

use std::io;
use std::process::ExitCode;
use std::sync::Arc;

use analysis::settings::Overrides;
use analysis::workspace::{FileSource, Workspace};

use crate::discover::Discovery;
use crate::today::today;

/// A stack that deep nesting in a file does not exhaust.
const STACK: usize = 8 << 20;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Runs a command on the pool's threads; what made it fail is said.
fn on_pool(command: impl FnOnce() -> Result<Outcome, Failure> + Send) -> ExitCode {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK).build();
    let outcome = match pool {
        Ok(pool) => pool.install(command),
        Err(error) => Err(error.into()),
    };
    outcome
        .unwrap_or_else(|error| {
            problems::error(error);
            Outcome::Failed
        })
        .into()
}

/// What was discovered, to be read from `source`, under the settings of the command line.
fn workspace(discovery: &Discovery, source: Arc<dyn FileSource>, flags: Overrides) -> Workspace {
    let mut workspace = Workspace::new(source, today());
    workspace.configure(flags);
    for root in &discovery.roots {
        workspace.set_files(&root.path, root.files.clone());
    }
    workspace
}

/// How a command ended, as its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Clean,
    Reported,
    Failed,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> ExitCode {
        ExitCode::from(match outcome {
            Outcome::Clean => 0,
            Outcome::Reported => 1,
            Outcome::Failed => 2,
        })
    }
}

/// `outcome`, unless printing failed. A reader that went away early is no failure.
fn printed(result: io::Result<()>, outcome: Outcome) -> Outcome {
    match result {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            problems::error(error);
            Outcome::Failed
        }
        _ => outcome,
    }
}
