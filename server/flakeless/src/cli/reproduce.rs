//! `flakeless reproduce`: makes a flaky test fail, and finds what it fails behind.

mod print;

use std::io::IsTerminal as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use analysis::settings::Overrides;
use analysis::workspace::Workspace;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::problems::{error, note};
use super::{Failure, Outcome};
use crate::discover::{self, Force};
use crate::place::{Base, line_column};
use crate::reproduce::axis::{self, Axis};
use crate::reproduce::lab::{Lab, Target};
use crate::reproduce::suite::Suite;
use crate::reproduce::{Attempt, Choice, attempt, interpreter, kept};

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
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(2..=10_000))]
    runs: u32,
    /// Seconds for all of a test's runs together
    #[arg(long, default_value_t = 300, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    budget: u64,
    /// Seconds after which one run of pytest is taken for hanging, and killed
    #[arg(long, default_value_t = 120, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    timeout: u64,
    /// Vary this alone; may be given several times. Else what the test's hints suspect comes first
    #[arg(long, value_enum)]
    axis: Vec<Axis>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What was found about one test.
#[derive(Serialize)]
struct Found {
    test: String,
    /// Python, pytest, and how they were found.
    with: String,
    reproduced: bool,
    /// The rules of the hints on the test.
    rules: Vec<&'static str>,
    #[serde(flatten)]
    attempt: Attempt,
    /// What the code says of the tests that it fails behind.
    statements: Vec<Statement>,
}

/// A hint on a test that another fails behind.
#[derive(Serialize)]
struct Statement {
    test: String,
    path: String,
    line: u32,
    rule: &'static str,
    message: String,
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
    let known = Known::of(&workspace, &path, without_parameters(target.id()));
    let interpreter =
        interpreter::find(arguments.python.as_deref(), &root, |name: &str| std::env::var_os(name))
            .map_err(|missing| missing.to_string())?;
    let suite = Suite::open(interpreter, root.clone(), Duration::from_secs(arguments.timeout), stop)?;
    let bar = progress(target.id());
    let tell = |axis: Axis, done: u32, of: u32| show(&bar, axis, done, of);
    let lab = Lab {
        suite: &suite,
        target: target.clone(),
        runs: arguments.runs,
        until: Instant::now() + Duration::from_secs(arguments.budget),
        progress: &tell,
    };
    let choice = Choice { asked: arguments.axis.clone(), suspected: known.suspected() };
    let attempt = attempt(&lab, &choice, &known.suspects).map_err(|refusal| refusal.to_string());
    bar.finish_and_clear();
    let attempt = attempt?;
    let statements = statements(&workspace, base, &attempt);
    let found = Found {
        test: target.id().to_owned(),
        with: suite.described(),
        reproduced: attempt.is_reproduced(),
        rules: known.rules,
        attempt,
        statements,
    };
    let text = workspace.text(&path).zip(workspace.test(&path, without_parameters(target.id())));
    let text = text.as_ref().map_or("", |(text, range)| range.slice(text.as_str()));
    if let Err(why) = kept::keep(&root, target.id(), text, &found) {
        note(format_args!("warning: what was found is not kept in .flakeless: {why}"));
    }
    Ok(found)
}

/// What the code says of a test before it runs.
#[derive(Default)]
struct Known {
    /// The rules of its own hints.
    rules: Vec<&'static str>,
    /// Those of hints on other tests that rest on this one: it reads what they leave.
    behind: Vec<&'static str>,
    /// Tests that may leave something behind.
    suspects: Vec<String>,
}

impl Known {
    fn of(workspace: &Workspace, path: &Path, test: &str) -> Known {
        let own = workspace.test(path, test);
        let mut known = Known::default();
        for hint in workspace.test_files().iter().flat_map(|path| workspace.report(path).hints) {
            let rests_on_it = || {
                hint.related
                    .iter()
                    .any(|it| it.path == path && own.is_some_and(|own| own.intersects(it.range)))
            };
            if hint.test.as_deref() == Some(test) {
                known.rules.push(hint.rule);
            } else if rests_on_it() {
                known.behind.push(hint.rule);
            }
            known.suspects.extend(hint.test.filter(|_| axis::suspected(&[hint.rule]).contains(&Axis::Order)));
        }
        known
    }

    /// What breaks behind another test shows in another order, not by repetition.
    fn suspected(&self) -> Vec<Axis> {
        let mut axes = axis::suspected(&self.rules);
        if !self.behind.is_empty() {
            axes.retain(|axis| *axis != Axis::Order);
            axes.insert(0, Axis::Order);
        }
        axes
    }
}

fn without_parameters(id: &str) -> &str {
    id.split('[').next().unwrap_or(id)
}

/// What the code says about the tests that the victim fails behind.
fn statements(workspace: &Workspace, base: &Base, attempt: &Attempt) -> Vec<Statement> {
    let Some(polluter) = &attempt.polluter else { return Vec::new() };
    let mut found = Vec::new();
    for path in workspace.test_files() {
        for hint in workspace.report(&path).hints {
            let of = |test: &&String| hint.test.as_deref() == Some(without_parameters(test));
            let Some(test) = polluter.tests.iter().find(of) else { continue };
            let (line, _) = line_column(workspace.text(&path).as_deref(), hint.range.start);
            let path = base.shown(&path);
            found.push(Statement { test: test.clone(), path, line, rule: hint.rule, message: hint.message });
        }
    }
    found
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
