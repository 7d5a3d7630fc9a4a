//! `flakeless check`: reads a project, prints its hints, and fixes them when asked.

mod remembering;
mod repairing;
mod reporting;
mod request;

use std::path::PathBuf;
use std::process::ExitCode;

use analysis::hint::Confidence;
use clap::Args;
use clap::builder::PossibleValuesParser;

use super::baseline::Mode;
use super::findings::Reach;
use super::output::Format;
use super::problems::Warnings;
use super::{Failure, Outcome};
use crate::rule_name;
use reporting::Run;
use request::{Input, Request};

/// Check test files and report what makes them flaky
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Files and folders to report on; the project around them is always read
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// How to print the hints
    #[arg(long, value_enum, default_value_t)]
    output_format: Format,
    /// Write what would be printed to this file
    #[arg(long, value_name = "PATH", conflicts_with = "diff")]
    output_file: Option<PathBuf>,
    /// Apply safe fixes
    #[arg(long)]
    fix: bool,
    /// Show what `--fix` would change, and change nothing
    #[arg(long)]
    diff: bool,
    /// With `--fix` or `--diff`: apply the preferred cure of every hint, safe or not
    #[arg(long)]
    unsafe_fixes: bool,
    /// Silence what would be reported, by a comment at each hint; with `--diff` only show it
    #[arg(long, conflicts_with_all = ["fix", "unsafe_fixes"])]
    add_ignores: bool,
    /// Run these rules only
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule_name::parse)]
    select: Vec<&'static str>,
    /// Leave these rules out
    #[arg(long, value_name = "RULE", value_delimiter = ',', value_parser = rule_name::parse)]
    ignore: Vec<&'static str>,
    /// The least sure hints to report [default: likely]
    #[arg(long, value_name = "CONFIDENCE", value_parser = PossibleValuesParser::new(Confidence::ALL.map(Confidence::word)))]
    min_confidence: Option<String>,
    /// Exit with 0 even when there are hints
    #[arg(long)]
    exit_zero: bool,
    /// Count hints by rule
    #[arg(long)]
    statistics: bool,
    /// Read standard input as the text of this file
    #[arg(long, value_name = "PATH", conflicts_with = "paths")]
    stdin_filename: Option<PathBuf>,
    /// Report only hints that lie, or rest, on lines changed since the branch left this commit
    #[arg(long, value_name = "REF")]
    since: Option<String>,
    /// What to do with the file of accepted hints (setting `baseline`) [default: obey]
    #[arg(long, value_enum, value_name = "WHAT", num_args = 0..=1, require_equals = true, default_missing_value = "obey")]
    baseline: Option<Mode>,
    /// Exit with 1 when the baseline accepts hints that are gone
    #[arg(long)]
    strict_baseline: bool,
    /// Leave out excluded and ignored files even when they are named
    #[arg(long)]
    force_exclude: bool,
    /// Do not use what earlier runs kept on disk (setting `cache-dir`), and keep nothing
    #[arg(long)]
    no_cache: bool,
}

impl Arguments {
    fn rewrites(&self) -> bool {
        self.fix || self.add_ignores
    }

    fn reach(&self) -> Reach {
        match self {
            Arguments { add_ignores: true, .. } => Reach::Ignore,
            Arguments { unsafe_fixes: true, .. } => Reach::Preferred,
            _ => Reach::Safe,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    super::on_pool(|| check(arguments))
}

fn check(arguments: &Arguments) -> Result<Outcome, Failure> {
    let request = Request::read(arguments)?;
    let mut warnings = Warnings::default();
    say_passed_over(&request, &mut warnings);
    let mut run = Run { arguments, request: &request, warnings };
    // Texts that are not the disk's are in no cache, and fixes make such texts.
    let is_of_disk = matches!(request.input, Input::Disk) && !arguments.rewrites() && !arguments.diff;
    if is_of_disk { remembering::check(&mut run) } else { repairing::check(&mut run) }
}

fn say_passed_over(request: &Request, warnings: &mut Warnings) {
    let Request { discovery, base, .. } = request;
    let concerning = discovery.passed_over.iter().filter(|passed| discovery.concerns(&passed.path));
    for passed_over in discovery.refused.iter().chain(concerning) {
        warnings.passed_over(base, passed_over);
    }
}
