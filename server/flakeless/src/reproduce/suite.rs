//! The project's pytest, and single runs of it.

use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tempfile::TempDir;

use super::interpreter::Interpreter;
use super::process::{self, Bounds, End};

/// The plugin that is handed to pytest with `-p`; nothing is installed.
const PROBE: &str = include_str!("flakeless_probe.py");
const PROBE_NAME: &str = "flakeless_probe";

/// Prints what there is, without running anything of the project.
const ASK: &str = "\
import json, platform
from importlib.metadata import PackageNotFoundError, version
try:
    pytest = version('pytest')
except PackageNotFoundError:
    pytest = None
print(json.dumps({'python': platform.python_version(), 'pytest': pytest}))";

/// What the interpreter has.
#[derive(Clone, Debug, Deserialize)]
struct Installed {
    python: String,
    pytest: Option<String>,
}

/// Plugins that pytest has, as the project configures it.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Plugins {
    pub(crate) xdist: bool,
    pub(crate) repeat: bool,
    pub(crate) randomly: bool,
}

/// What processes of pytest-xdist do with the tests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Workers {
    /// Each runs all of them.
    Each,
    /// Each runs some of them.
    Sharing,
}

/// What the plugin is asked.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Plan {
    /// How often each test runs in one process.
    pub(crate) repeat: u32,
    /// These tests alone, in this order, where there are any. Without parameters a name stands for all of their sets.
    pub(crate) tests: Vec<String>,
    pub(crate) reverse: bool,
    pub(crate) seed: Option<u32>,
    /// What runs behind this test, or all of its parameter sets, is left out.
    pub(crate) until: Option<String>,
    /// How many processes of pytest-xdist.
    pub(crate) workers: Option<(Workers, u32)>,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan { repeat: 1, tests: Vec::new(), reverse: false, seed: None, until: None, workers: None }
    }
}

/// A plan, and the folder from which node ids are told.
#[derive(Serialize)]
struct Asked<'a> {
    root: &'a Path,
    #[serde(flatten)]
    plan: &'a Plan,
}

/// One run of pytest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Request {
    /// Node ids and paths, relative to rootdir.
    pub(crate) select: Vec<String>,
    pub(crate) plan: Plan,
    pub(crate) hash_seed: Option<u32>,
}

impl Request {
    /// One test, or one file, as pytest would run it.
    pub(crate) fn of(select: &str) -> Request {
        Request { select: vec![select.to_owned()], ..Request::default() }
    }

    /// These tests alone, in this order, in one process. One that is named without parameters stands for all of its sets.
    pub(crate) fn in_order(tests: Vec<String>) -> Request {
        let mut select: Vec<String> = tests.iter().map(|test| file_of(test).to_owned()).collect();
        select.sort();
        select.dedup();
        Request { select, plan: Plan { tests, ..Plan::default() }, ..Request::default() }
    }
}

/// The file of a node id.
pub(crate) fn file_of(id: &str) -> &str {
    id.split("::").next().unwrap_or_default()
}

/// What became of one phase of a test.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Report {
    pub(crate) test: String,
    when: String,
    outcome: String,
    text: String,
    worker: Option<String>,
}

/// What could not be collected: a file or a folder, or for a process of pytest-xdist the same as for the others.
#[derive(Clone, Debug, Deserialize)]
struct Uncollected {
    node: String,
    text: String,
}

impl Uncollected {
    fn is_of(&self, file: &str) -> bool {
        let is_worker = self.node.starts_with("gw") && !self.node.contains(['.', '/']);
        is_worker || Path::new(file).starts_with(&self.node)
    }
}

#[derive(Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
enum Event {
    Begun(Plugins),
    Collected { files: Vec<String> },
    Uncollected(Uncollected),
    Report(Report),
}

/// What one run told.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) end: End,
    /// In the order of time.
    pub(crate) reports: Vec<Report>,
    pub(crate) plugins: Plugins,
    /// The files of which tests were collected, the chosen and those that were left out; in pytest's order.
    pub(crate) files: Vec<String>,
    uncollected: Vec<Uncollected>,
    /// The end of what pytest printed.
    pub(crate) output: String,
}

/// How one execution of a test went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Passed,
    Skipped,
    /// With the failure's own text.
    Failed(String),
}

/// The project's pytest.
pub(crate) struct Suite<'a> {
    interpreter: Interpreter,
    installed: Installed,
    root: PathBuf,
    timeout: Duration,
    stop: &'a AtomicBool,
    /// The plugin, and what runs leave behind.
    folder: TempDir,
}

impl<'a> Suite<'a> {
    /// `timeout` is for one run.
    ///
    /// # Errors
    /// In words for a person: the interpreter does not run, or has no pytest.
    pub(crate) fn open(
        interpreter: Interpreter,
        root: PathBuf,
        timeout: Duration,
        stop: &'a AtomicBool,
    ) -> Result<Suite<'a>, String> {
        let shown = interpreter.path.display().to_string();
        let mut ask = Command::new(&interpreter.path);
        ask.args(["-c", ASK]).current_dir(&root);
        let (_, told) = process::run(ask, Bounds { timeout, until: None, stop })
            .map_err(|error| format!("{shown} does not run: {error}"))?;
        let last = told.lines().last().unwrap_or_default();
        let installed: Installed =
            serde_json::from_str(last).map_err(|_| format!("{shown} does not run: {}", told.trim()))?;
        if installed.pytest.is_none() {
            return Err(format!(
                "{shown} (found by {}) has no pytest: install it there, or name another with `--python`",
                interpreter.by
            ));
        }
        let folder = tempfile::tempdir().map_err(|error| format!("no room for temporary files: {error}"))?;
        fs::write(folder.path().join(format!("{PROBE_NAME}.py")), PROBE)
            .map_err(|error| format!("no room for temporary files: {error}"))?;
        Ok(Suite { interpreter, installed, root, timeout, stop, folder })
    }

    /// `Python 3.12.1, pytest 8.4.2 (…/bin/python, found by VIRTUAL_ENV)`
    pub(crate) fn described(&self) -> String {
        let Installed { python, pytest, .. } = &self.installed;
        let Interpreter { path, by } = &self.interpreter;
        let pytest = pytest.as_deref().unwrap_or_default();
        format!("Python {python}, pytest {pytest} ({}, found by {by})", path.display())
    }

    /// What ends runs, of which the last may go on until then.
    pub(crate) fn bounds(&self, until: Instant) -> Bounds<'a> {
        Bounds { timeout: self.timeout, until: Some(until), stop: self.stop }
    }

    pub(crate) fn run(&self, request: &Request, bounds: Bounds<'_>) -> io::Result<Run> {
        let events = tempfile::Builder::new().prefix("events").tempfile_in(self.folder.path())?;
        let mut command = Command::new(&self.interpreter.path);
        command
            .args(["-m", "pytest", "-p", PROBE_NAME])
            .args(self.switches(request))
            .args(&request.select)
            .current_dir(&self.root)
            .env("PYTHONPATH", self.python_path())
            .env("FLAKELESS_EVENTS", events.path())
            .env("FLAKELESS_PLAN", serde_json::to_string(&Asked { root: &self.root, plan: &request.plan })?);
        if let Some(seed) = request.hash_seed {
            command.env("PYTHONHASHSEED", seed.to_string());
        }
        let (end, output) = process::run(command, bounds)?;
        let told = fs::read(events.path())?;
        Ok(Run::told(end, &told, output))
    }

    /// Options of pytest's own; the plugin adds those of others.
    fn switches(&self, request: &Request) -> Vec<OsString> {
        let mut cache = OsString::from("cache_dir=");
        cache.push(self.folder.path().join("pytest-cache"));
        let mut switches: Vec<OsString> = vec!["--maxfail=0".into(), "-o".into(), cache];
        if request.select.is_empty() {
            // Other files need not be sound.
            switches.push("--continue-on-collection-errors".into());
        }
        switches
    }

    fn python_path(&self) -> OsString {
        let own = std::env::var_os("PYTHONPATH").filter(|own| !own.is_empty());
        let folders = own.iter().flat_map(std::env::split_paths);
        let all = std::iter::once(self.folder.path().to_owned()).chain(folders);
        std::env::join_paths(all).unwrap_or_else(|_| self.folder.path().as_os_str().to_owned())
    }
}

impl Run {
    fn told(end: End, events: &[u8], output: String) -> Run {
        let (reports, files, plugins) = (Vec::new(), Vec::new(), Plugins::default());
        let mut run = Run { end, reports, plugins, files, uncollected: Vec::new(), output };
        // A process that was killed may have left half a line.
        for event in events.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok())
        {
            match event {
                Event::Begun(plugins) => run.plugins = plugins,
                // Processes of pytest-xdist all collect the same.
                Event::Collected { files } => run.files = files,
                Event::Uncollected(what) => run.uncollected.push(what),
                Event::Report(report) => run.reports.push(report),
            }
        }
        run
    }

    /// How each execution of the tests that `is_it` knows went, in the order of their beginnings. One that never came to its
    /// end failed, unless it was us who ended it.
    pub(crate) fn outcomes(&self, is_it: impl Fn(&str) -> bool) -> Vec<Outcome> {
        let mut running: Vec<(&Report, Option<Outcome>)> = Vec::new();
        for report in self.reports.iter().filter(|report| is_it(&report.test)) {
            if report.when == "setup" {
                running.push((report, None));
            }
            let is_same = |begun: &&Report| begun.test == report.test && begun.worker == report.worker;
            let Some((_, outcome)) = running.iter_mut().rev().find(|(begun, _)| is_same(begun)) else {
                continue;
            };
            let next = match report.outcome.as_str() {
                "passed" if report.when != "teardown" && report.when != "call" => continue,
                "passed" => Outcome::Passed,
                "skipped" => Outcome::Skipped,
                _ => Outcome::Failed(report.text.clone()),
            };
            if matches!(outcome, None | Some(Outcome::Passed)) {
                *outcome = Some(next);
            }
        }
        let unended = || self.unended().map(Outcome::Failed);
        running.into_iter().filter_map(|(_, outcome)| outcome.or_else(unended)).collect()
    }

    /// Why the tests of a file could not be collected, in pytest's words.
    pub(crate) fn why_uncollected(&self, file: &str) -> Option<&str> {
        self.uncollected.iter().find(|what| what.is_of(file)).map(|what| what.text.as_str())
    }

    /// The tests that ran before the first report of this one, in order.
    pub(crate) fn before(&self, test: &str) -> Vec<String> {
        let earlier = self.reports.iter().map(|report| &report.test).take_while(|earlier| *earlier != test);
        let mut before: Vec<String> = earlier.cloned().collect();
        before.dedup();
        before
    }

    /// The first test known to `is_it` of which a phase failed, or that began and did not end.
    pub(crate) fn first_failed(&self, is_it: impl Fn(&str) -> bool) -> Option<String> {
        let mut known = self.reports.iter().filter(|report| is_it(&report.test));
        let failed = known.find(|report| !matches!(report.outcome.as_str(), "passed" | "skipped"));
        let last = || self.reports.iter().rev().find(|report| is_it(&report.test));
        failed.or_else(last).map(|report| report.test.clone())
    }

    fn unended(&self) -> Option<String> {
        match self.end {
            End::TimedOut => Some("It did not end in time (`--timeout`) and was killed.".to_owned()),
            End::Stopped => None,
            End::Exited(_) => {
                Some(format!("The process of the tests died in it.\n{}", self.output.trim_end()))
            }
        }
    }
}
