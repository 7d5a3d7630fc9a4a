//! `flakeless check`: reads a project, prints its hints, and fixes them when asked.

mod request;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use analysis::hint::Confidence;
use analysis::workspace::Workspace;
use clap::Args;
use clap::builder::PossibleValuesParser;
use indicatif::ProgressBar;

use super::baseline::{Ledger, Mode};
use super::findings::{self, Findings, Lens, Reach};
use super::output::{self, Besides, Format, Repaired, Sight, View};
use super::problems::Warnings;
use super::repair::{self, LeftOut, Repair};
use super::{Failure, Outcome, diff};
use crate::disk::Disk;
use crate::place::{Base, visible};
use crate::rule_name;
use crate::today::today;
use crate::write;
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
    let mut workspace = load(&request);
    let files = request.files(&workspace, &mut warnings)?;
    let ledger = Ledger::open(arguments.baseline, &request.base, &request.discovery, &workspace, &files)?;
    ledger.warn_of_none(&mut warnings);
    let since = request.since(arguments.since.as_deref())?;
    let lens = Lens { baselines: &ledger.baselines, since: since.as_ref() };
    let repaired = if arguments.rewrites() || arguments.diff {
        let permit = |path: &Path, text: Option<&str>| request.permit(path, text);
        let repair = repair::repair(&mut workspace, lens, &files, arguments.reach(), &permit);
        say_left_out(&repair, &request.base, &mut warnings);
        if arguments.diff {
            return show_diff(&request.base, &repair, arguments.exit_zero);
        }
        write_all(&mut workspace, &request, &repair, &mut warnings)?
    } else {
        Repaired::default()
    };
    if arguments.baseline == Some(Mode::Write) {
        ledger.write(&workspace, &files)?;
    }
    let progress = progress(files.len());
    let findings = findings::find(&workspace, lens, &files, &progress);
    progress.finish_and_clear();
    say_problems(&request, &workspace, &findings, &mut warnings);
    let stale = ledger.settle(&workspace, &findings, &mut warnings)?;
    let done = if arguments.add_ignores { "Silenced" } else { "Fixed" };
    let besides = Besides { done, repaired, baseline: ledger.shown(), stale, since: arguments.since.clone() };
    print(arguments, &request, &workspace, &findings, &besides)
}

fn load(request: &Request) -> Workspace {
    let mut workspace = Workspace::new(Arc::new(Disk), today());
    workspace.configure(request.flags.clone());
    for root in &request.discovery.roots {
        workspace.set_files(&root.path, root.files.clone());
    }
    if let Input::Text { path, text } = &request.input {
        workspace.open(path, text.clone());
    }
    workspace
}

/// A bar on standard error, where that is a terminal.
fn progress(files: usize) -> ProgressBar {
    ProgressBar::new(files as u64)
}

fn say_passed_over(request: &Request, warnings: &mut Warnings) {
    let Request { discovery, base, .. } = request;
    let concerning = discovery.passed_over.iter().filter(|passed| discovery.concerns(&passed.path));
    for passed_over in discovery.refused.iter().chain(concerning) {
        warnings.passed_over(base, passed_over);
    }
}

fn say_problems(request: &Request, workspace: &Workspace, findings: &Findings, warnings: &mut Warnings) {
    let of_configuration = workspace.problems();
    let concerning = of_configuration.iter().filter(|problem| request.discovery.concerns(&problem.path));
    for problem in concerning.chain(&findings.problems) {
        warnings.problem(&request.base, workspace, problem);
    }
}

fn say_left_out(repair: &Repair, base: &Base, warnings: &mut Warnings) {
    for left in &repair.left_out {
        let LeftOut { path, line, rule, title, why } = left;
        let path = base.shown(path);
        warnings.say(format_args!("{path}:{line}: {rule}: fix left out, {why}: {title}"));
    }
}

fn show_diff(base: &Base, repair: &Repair, exit_zero: bool) -> Result<Outcome, Failure> {
    let outcome = if repair.rewrites.is_empty() || exit_zero { Outcome::Clean } else { Outcome::Reported };
    let printed = diff::print(base, &repair.rewrites);
    Ok(super::printed(printed, outcome))
}

/// Writes what the repair came to. A file that cannot be written is said, and its old text counts again.
fn write_all(
    workspace: &mut Workspace,
    request: &Request,
    repair: &Repair,
    warnings: &mut Warnings,
) -> io::Result<Repaired> {
    if let Input::Text { path, text } = &request.input {
        let after = repair.rewrites.iter().find(|rewrite| rewrite.path == *path);
        io::stdout().write_all(after.map_or(text, |rewrite| &rewrite.after).as_bytes())?;
        return Ok(Repaired { hints: repair.applied.len(), files: repair.rewrites.len() });
    }
    let mut failed = Vec::new();
    for rewrite in &repair.rewrites {
        let root = request.root_of(&rewrite.path).unwrap_or(&rewrite.path);
        if let Err(why) = write::replace(&rewrite.path, root, rewrite.before.as_deref(), &rewrite.after) {
            warnings.say(format_args!("{}: not fixed: {why}", request.base.shown(&rewrite.path)));
            workspace.close(&rewrite.path);
            failed.push(rewrite.path.as_path());
        }
    }
    let kept =
        |touched: &&std::collections::BTreeSet<PathBuf>| !failed.iter().any(|path| touched.contains(*path));
    Ok(Repaired {
        hints: repair.applied.iter().filter(kept).count(),
        files: repair.rewrites.len() - failed.len(),
    })
}

fn print(
    arguments: &Arguments,
    request: &Request,
    workspace: &Workspace,
    findings: &Findings,
    besides: &Besides,
) -> Result<Outcome, Failure> {
    let view = View { format: arguments.output_format, statistics: arguments.statistics };
    let roots = &request.discovery.roots;
    let sight = Sight { workspace, base: &request.base, roots };
    let print = |mut out: &mut dyn Write| {
        output::print(&mut out, &mut anstream::stderr(), sight, findings, besides, view)
    };
    // The fixed text of standard input went to standard output.
    let stdout_is_taken = arguments.rewrites() && matches!(request.input, Input::Text { .. });
    let printed = match &arguments.output_file {
        Some(path) => {
            let mut text = anstream::StripStream::new(Vec::new());
            print(&mut text)?;
            write::output(path, &text.into_inner())
                .map_err(|error| format!("{}: {error}", visible(&path.to_string_lossy())))?;
            Ok(())
        }
        None if stdout_is_taken => print(&mut anstream::stderr().lock()),
        None => print(&mut io::BufWriter::new(anstream::stdout().lock())),
    };
    let is_stale = arguments.strict_baseline && besides.stale > 0;
    let clean = (findings.list.is_empty() && !is_stale) || arguments.exit_zero;
    Ok(super::printed(printed, if clean { Outcome::Clean } else { Outcome::Reported }))
}
