//! What the configuration says, in pytest's own defaults and types.

use std::path::Path;

use super::addopts::{self, Argument};
use super::names;
use super::option_table::OptionTable;
use crate::config_text::Fault;
use crate::config_text::ini::Piece;
use crate::project::version_range::VersionRange;
use crate::text::TextRange;

/// The options of pytest and of the plugins that decide when a test is flaky. `addopts` counts: what it sets on the
/// command line is already in the fields; `PYTEST_ADDOPTS` and CI are out of sight and would win.
#[derive(Clone, Debug, PartialEq)]
pub struct PytestOptions {
    /// As written, relative to the rootdir; may be globs.
    pub testpaths: Vec<String>,
    pub python_files: Vec<String>,
    pub python_classes: Vec<String>,
    pub python_functions: Vec<String>,
    pub norecursedirs: Vec<String>,
    /// `--ignore` and `--ignore-glob` in `addopts`, as written.
    pub ignore: Vec<String>,
    pub ignore_glob: Vec<String>,
    pub addopts: Vec<String>,
    /// Where the value of `addopts` stands in the configuration file.
    pub addopts_range: Option<TextRange>,
    pub markers: Vec<MarkerLine>,
    pub usefixtures: Vec<String>,
    pub strict_markers: Strictness,
    pub filterwarnings: Vec<String>,
    /// Relative to the configuration file's directory.
    pub pythonpath: Vec<String>,
    pub import_mode: Option<String>,
    pub required_plugins: Vec<String>,
    /// The `-p` arguments in `addopts`, in order: `name`, or `no:name`.
    pub plugin_switches: Vec<String>,
    pub asyncio: AsyncioOptions,
    pub xdist: XdistOptions,
    pub retry: RetryOptions,
    /// pytest-timeout, in seconds.
    pub timeout: Option<f64>,
}

/// One registered marker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkerLine {
    pub name: String,
    /// The whole line, with signature and description.
    pub text: String,
    /// Where it stands in the configuration file.
    pub range: TextRange,
}

/// Whether an unregistered marker is an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strictness {
    Off,
    On,
    /// The pytest versions that may run differ here.
    Unknown,
}

impl Strictness {
    pub fn may_be_on(self) -> bool {
        self != Strictness::Off
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsyncioMode {
    Strict,
    Auto,
}

/// pytest-asyncio's options, with its defaults.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AsyncioOptions {
    pub mode: AsyncioMode,
    /// When not set: the fixture's own scope.
    pub fixture_loop_scope: Option<String>,
    pub test_loop_scope: String,
}

/// pytest-xdist's options in `addopts`, as written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct XdistOptions {
    /// `-n`: a number, `auto`, `logical`.
    pub workers: Option<String>,
    pub dist: Option<String>,
}

/// What retries every test: pytest-retry's options (`retries`, `retry_delay`), pytest-rerunfailures' (`reruns`,
/// `reruns_delay`) and flaky's.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RetryOptions {
    pub retries: Option<u32>,
    pub retry_delay: Option<f64>,
    pub reruns: Option<u32>,
    pub reruns_delay: Option<f64>,
    /// pytest-rerunfailures' `only_rerun`: whether only failures of some kinds are run again.
    pub reruns_some: bool,
    /// flaky's `--force-flaky` in `addopts`: how often a test is run at most.
    pub forced_runs: Option<u32>,
}

const NORECURSEDIRS: [&str; 9] =
    ["*.egg", ".*", "_darcs", "build", "CVS", "dist", "node_modules", "venv", "{arch}"];

impl PytestOptions {
    /// Reads the options of one file; ranges and faults are in bytes of that file.
    pub(super) fn read(mut table: OptionTable, pytest: &VersionRange, faults: &mut Vec<Fault>) -> Self {
        let words = table.words("addopts", faults).unwrap_or_default();
        let range = table.range("addopts");
        let arguments = addopts::parse(&words);
        // Before 9.1 an override inside addopts has no effect.
        if pytest.admits(">=9.1") {
            override_options(&mut table, &arguments, range.unwrap_or_default());
        }
        let strict_markers = strictness(&table, &arguments, pytest, faults);
        let mut options = Self::from_table(&table, faults);
        for argument in &arguments {
            options.apply(argument);
        }
        options.retry.forced_runs = forced_runs(&arguments);
        Self { addopts_range: range, addopts: words, strict_markers, ..options }
    }

    fn from_table(table: &OptionTable, faults: &mut Vec<Fault>) -> Self {
        let mut words = |key: &str, default: &[&str]| {
            let default = || default.iter().map(ToString::to_string).collect();
            table.words(key, faults).unwrap_or_else(default)
        };
        Self {
            testpaths: words("testpaths", &[]),
            python_files: words("python_files", &["test_*.py", "*_test.py"]),
            python_classes: words("python_classes", &["Test"]),
            python_functions: words("python_functions", &["test"]),
            norecursedirs: words("norecursedirs", &NORECURSEDIRS),
            usefixtures: words("usefixtures", &[]),
            pythonpath: words("pythonpath", &[]),
            required_plugins: words("required_plugins", &[]),
            ignore: Vec::new(),
            ignore_glob: Vec::new(),
            addopts: Vec::new(),
            addopts_range: None,
            markers: table
                .lines("markers", faults)
                .unwrap_or_default()
                .into_iter()
                .map(MarkerLine::new)
                .collect(),
            strict_markers: Strictness::Off,
            filterwarnings: filters(table, faults),
            import_mode: None,
            plugin_switches: Vec::new(),
            asyncio: AsyncioOptions {
                mode: asyncio_mode(table.text("asyncio_mode").as_deref()),
                fixture_loop_scope: table
                    .text("asyncio_default_fixture_loop_scope")
                    .filter(|scope| !scope.is_empty()),
                test_loop_scope: table
                    .text("asyncio_default_test_loop_scope")
                    .unwrap_or_else(|| "function".to_owned()),
            },
            xdist: XdistOptions::default(),
            retry: RetryOptions {
                retries: number(table.text("retries")),
                retry_delay: number(table.text("retry_delay")),
                reruns: number(table.text("reruns")),
                reruns_delay: number(table.text("reruns_delay")),
                reruns_some: table.range("only_rerun").is_some(),
                forced_runs: None,
            },
            timeout: number(table.text("timeout")),
        }
    }

    fn apply(&mut self, argument: &Argument<'_>) {
        let value = argument.value.map(str::to_owned);
        match argument.name {
            "-n" | "--numprocesses" => self.xdist.workers = value,
            "--dist" => self.xdist.dist = value,
            "-d" => self.xdist.dist = Some("load".to_owned()),
            "--asyncio-mode" => self.asyncio.mode = asyncio_mode(argument.value),
            "--ignore" => self.ignore.extend(value),
            "--ignore-glob" => self.ignore_glob.extend(value),
            "--import-mode" => self.import_mode = value,
            "-p" => self.plugin_switches.extend(value.map(|name| name.trim().to_owned())),
            "-W" | "--pythonwarnings" => self.filterwarnings.extend(value),
            "--retries" => self.retry.retries = number(value),
            "--retry-delay" => self.retry.retry_delay = number(value),
            "--reruns" => self.retry.reruns = number(value),
            "--reruns-delay" => self.retry.reruns_delay = number(value),
            "--only-rerun" => self.retry.reruns_some = true,
            "--timeout" => self.timeout = number(value),
            _ => {}
        }
    }

    /// The same as another file may say it elsewhere.
    #[must_use]
    pub(super) fn without_places(self) -> Self {
        Self { addopts_range: None, ..self }
    }

    /// Whether pytest collects the file when a directory above it is asked for. A file named on the command line is
    /// collected whatever its name. `path`: absolute, or relative to the rootdir.
    pub fn matches_test_file(&self, path: &Path) -> bool {
        path.extension().is_some_and(|extension| extension == "py")
            && names::matches_path(&self.python_files, path)
    }

    /// Whether pytest looks for tests inside a directory that it was not asked for by name.
    pub fn recurses_into(&self, dir: &Path) -> bool {
        !names::matches_path(&self.norecursedirs, dir)
    }

    /// Functions and methods of plain classes; the methods of a `unittest.TestCase` are unittest's to name.
    pub fn is_test_function_name(&self, name: &str) -> bool {
        names::matches_name(&self.python_functions, name)
    }

    /// Plain classes; a `unittest.TestCase` is collected whatever its name.
    pub fn is_test_class_name(&self, name: &str) -> bool {
        names::matches_name(&self.python_classes, name)
    }

    pub fn marker(&self, name: &str) -> Option<&MarkerLine> {
        self.markers.iter().find(|marker| marker.name == name)
    }

    /// Whether `-p no:…` in `addopts` switches the plugin off, by its entry point's name, and nothing after it on again.
    pub fn blocks_plugin(&self, entry_point: &str) -> bool {
        let switches = self.plugin_switches.iter().rev();
        let last = switches
            .map(String::as_str)
            .find(|switch| switch.strip_prefix("no:").unwrap_or(switch) == entry_point);
        last.is_some_and(|switch| switch.starts_with("no:"))
    }
}

impl MarkerLine {
    /// A line that stands in no file yet.
    pub(super) fn named(line: &str) -> Self {
        Self::new(Piece { text: line.to_owned(), range: TextRange::default() })
    }

    /// The name is what stands before `(` and `:`, as in `_iter_registered_markers`.
    fn new(line: Piece) -> Self {
        let name = line.text.split([':', '(']).next().unwrap_or_default().trim().to_owned();
        Self { name, text: line.text, range: line.range }
    }
}

/// Without `--max-runs` flaky runs a test at most twice (`flaky/defaults.py`).
fn forced_runs(arguments: &[Argument<'_>]) -> Option<u32> {
    let is_forced = arguments.iter().any(|argument| argument.name == "--force-flaky");
    let last = arguments.iter().rfind(|argument| argument.name == "--max-runs");
    is_forced.then(|| last.map_or(Some(2), |argument| number(argument.value.map(str::to_owned)))).flatten()
}

fn override_options(table: &mut OptionTable, arguments: &[Argument<'_>], range: TextRange) {
    for argument in arguments.iter().filter(|argument| matches!(argument.name, "-o" | "--override-ini")) {
        if let Some((key, value)) = argument.value.and_then(|value| value.split_once('=')) {
            table.override_with(key, value, range);
        }
    }
}

/// Until 8.4 only the command line decides and the keys are unknown. From 9.0 the key `strict_markers` decides, else
/// `strict`; the command line sets these keys, but 9.0 overlooks that when it stands in `addopts`. All run.
fn strictness(
    table: &OptionTable,
    arguments: &[Argument<'_>],
    pytest: &VersionRange,
    faults: &mut Vec<Fault>,
) -> Strictness {
    let asked = |name: &str| arguments.iter().any(|argument| argument.name == name);
    let (markers_asked, strict_asked) = (asked("--strict-markers"), asked("--strict"));
    let (mut strict, mut markers) = (None, None);
    if pytest.admits(">=9") {
        strict = table.flag("strict", faults);
        markers = table.flag("strict_markers", faults);
    }
    let strict = strict.unwrap_or(false);
    let by_version = [
        ("<9", markers_asked || strict_asked),
        (">=9,<9.1", markers.unwrap_or(strict)),
        (">=9.1", markers_asked || markers.unwrap_or(strict || strict_asked)),
    ];
    let possible = by_version.iter().filter(|(versions, _)| pytest.admits(versions));
    let (mut on, mut off) = (false, false);
    possible.for_each(|(_, strict)| if *strict { on = true } else { off = true });
    match (on, off) {
        (true, true) => Strictness::Unknown,
        (true, false) => Strictness::On,
        (false, _) => Strictness::Off,
    }
}

fn filters(table: &OptionTable, faults: &mut Vec<Fault>) -> Vec<String> {
    table.lines("filterwarnings", faults).unwrap_or_default().into_iter().map(|line| line.text).collect()
}

fn asyncio_mode(word: Option<&str>) -> AsyncioMode {
    if word == Some("auto") { AsyncioMode::Auto } else { AsyncioMode::Strict }
}

fn number<T: std::str::FromStr>(text: Option<String>) -> Option<T> {
    text?.trim().parse().ok()
}
