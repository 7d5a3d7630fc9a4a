//! `flakeless project`: what pytest would see, as hints take it.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use analysis::settings::Overrides;
use clap::Args;

use super::problems::Warnings;
use super::{Failure, Outcome, json_text};
use crate::discover::{self, Force};
use crate::outline::{Outline, text};
use crate::place::Base;

/// Show what pytest would see: configuration, plugins, conftests, markers, shared state
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A folder or a file; the project around it is always read
    #[arg(default_value = ".")]
    path: PathBuf,
    /// Print JSON, with every test and its fixtures
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    super::on_pool(|| show(arguments))
}

fn show(arguments: &Arguments) -> Result<Outcome, Failure> {
    let base = Base::new(discover::current_folder()?);
    let path = discover::absolute(&arguments.path)?;
    let discovery = discover::discover(std::slice::from_ref(&path), Force::Check, &Overrides::default())
        .map_err(|missing| format!("{}: {}", base.shown(&missing.path), missing.why))?;
    if !discovery.has_files() {
        return Err("no Python files under the given path".into());
    }
    let mut warnings = Warnings::default();
    for passed_over in discovery.refused.iter().chain(&discovery.passed_over) {
        if discovery.concerns(&passed_over.path) {
            warnings.passed_over(&base, passed_over);
        }
    }
    let workspace = super::workspace(&discovery, Arc::new(discovery.disk()), Overrides::default());
    let outline = Outline::of(&workspace, &base, &path);
    Ok(super::printed(print(&outline, arguments.json), Outcome::Clean))
}

fn print(outline: &Outline, json: bool) -> io::Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    if json {
        json_text::print(&mut out, outline)?;
    } else {
        text::print(&mut out, outline)?;
    }
    out.flush()
}
