//! `flakeless reproduce`: makes a flaky test fail, and finds what it fails behind.

mod print;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use analysis::settings::Overrides;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::problems::{error, note};
use super::{Failure, Outcome};
use crate::discover::{self, Force};
use crate::place::Base;
use crate::reproduce::axis::Axis;
use crate::reproduce::experiment::{BUDGET_SECONDS, Course, Experiment, Limits, RUNS, TIMEOUT_SECONDS};
use crate::reproduce::found::Found;
use crate::reproduce::kept;
use crate::reproduce::known::{Known, hints_of_all};
use crate::reproduce::lab::{Target, without_parameters};

/// Make flaky tests fail, by running them with the project's own pytest, and find the tests that they fail behind
///
/// This runs your tests, as often as it is told. Nothing else of flakeless runs your code.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Tests as pytest names them: tests/test_a.py::test_b
    #[arg(required = true, value_name = "NODEID")]
    tests: Vec<String>,
    /// The interpreter or the environment to run pytest with; else that of VIRTUAL_ENV, `.venv`, `venv`, uv, poetry, conda
    #[arg(long, value_name = "PATH")]
    python: Option<PathBuf>,
    /// How often to run the test on each axis
    #[arg(long, default_value_t = RUNS, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    runs: u32,
    /// Seconds for all of a test's runs together
    #[arg(long, default_value_t = BUDGET_SECONDS, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    budget: u64,
    /// Seconds after which one run of pytest is taken for hanging, and killed
    #[arg(long, default_value_t = TIMEOUT_SECONDS, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// Vary this alone; may be given several times. Else what the test's hints suspect comes first
    #[arg(long, value_enum)]
    axis: Vec<Axis>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    fn limits(&self) -> Limits {
        let [budget, timeout] = [self.budget, self.timeout].map(Duration::from_secs);
        Limits { runs: self.runs, budget, timeout }
    }
}

pub(crate) fn run(arguments: &Arguments) -> ExitCode {
    let stop = Arc::new(AtomicBool::new(false));
    let told = stop.clone();
    if let Err(why) = ctrlc::set_handler(move || told.store(true, Ordering::Relaxed)) {
        error(format_args!("cannot listen for Ctrl-C: {why}"));
        return Outcome::Failed.into();
    }
    super::on_pool(|| reproduce(arguments, &stop))
}

fn reproduce(arguments: &Arguments, stop: &AtomicBool) -> Result<Outcome, Failure> {
    let base = Base::new(discover::current_folder()?);
    let mut all = Vec::new();
    let mut outcome = Outcome::Clean;
    for name in &arguments.tests {
        match one(arguments, &base, name, stop) {
            Ok(found) => {
                if found.reproduced && outcome == Outcome::Clean {
                    outcome = Outcome::Reported;
                }
                if !arguments.json {
                    super::printed(print::text(&found), outcome);
                }
                all.push(found);
            }
            Err(why) => {
                refused(name, &why.to_string());
                outcome = Outcome::Failed;
            }
        }
        if stop.load(Ordering::Relaxed) {
            note("Stopped; this is what was seen so far.");
            break;
        }
    }
    if arguments.json {
        return Ok(super::printed(print::json(&all), outcome));
    }
    Ok(outcome)
}

/// Says why, and below it what pytest said.
fn refused(name: &str, why: &str) {
    let mut lines = why.lines();
    error(format_args!("{name}: {}", lines.next().unwrap_or_default()));
    lines.for_each(|line| note(format_args!("  | {line}")));
}

fn one(arguments: &Arguments, base: &Base, name: &str, stop: &AtomicBool) -> Result<Found, Failure> {
    let (file, rest) = name.split_once("::").ok_or("name a test: tests/test_a.py::test_b")?;
    let path = discover::absolute(Path::new(file))?;
    let discovery = discover::discover(std::slice::from_ref(&path), Force::Check, &Overrides::default())
        .map_err(|missing| format!("{}: {}", base.shown(&missing.path), missing.why))?;
    let workspace = super::workspace(&discovery, Arc::new(discovery.disk()), Overrides::default());
    let project = workspace.project(&path).ok_or("the file belongs to no project")?;
    let root = project.root.clone();
    let target = Target::new(format!("{}::{rest}", Base::new(root.clone()).relative(&path)));
    let test = without_parameters(target.id());
    let known = Known::of(&workspace, &hints_of_all(&workspace), &path, test);
    let bar = progress(target.id());
    let (course, limits) = (Course::Axes(arguments.axis.clone()), arguments.limits());
    let experiment = Experiment {
        python: arguments.python.clone(),
        ..Experiment::new(&workspace, root, target, known, course, limits)
    };
    let shown = experiment.run(stop, &|axis, done, of| show(&bar, axis, done, of));
    bar.finish_and_clear();
    let found = Found::of(&workspace, base, &experiment, shown?);
    let seen = experiment.seen(&workspace, &found.attempt, |_| true);
    if let Err(why) = kept::keep(&experiment.root, &found.test, seen, &found) {
        note(format_args!("warning: what was found is not kept in .flakeless: {why}"));
    }
    Ok(found)
}

fn progress(test: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(1).with_message(test.to_owned());
    let style = ProgressStyle::with_template("{prefix:10} {bar:30} {pos}/{len} {eta} left  {msg}");
    if let Ok(style) = style { bar.with_style(style) } else { bar }
}

fn show(bar: &ProgressBar, axis: Axis, done: u32, of: u32) {
    bar.set_prefix(axis.name());
    if of == 0 {
        bar.set_message(format!("looking for the tests that it fails behind: run {done}"));
    } else {
        bar.set_length(u64::from(of));
        bar.set_position(u64::from(done));
    }
}
