//! What the declared plugins change for the hints, in words.

use super::Project;
use super::pytest_config::AsyncioMode;

/// A plugin that the project declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PluginEffect {
    pub package: &'static str,
    /// `9.2.0`, `>=8, <9`, `any version`.
    pub versions: String,
    /// A sentence.
    pub effect: String,
}

struct Known {
    package: &'static str,
    /// What `-p no:…` names.
    entry_point: &'static str,
    markers: &'static [&'static str],
    effect: fn(&Project) -> String,
}

const KNOWN: &[Known] = &[
    known("anyio", "anyio", &["anyio"], |_| {
        "Runs async tests that carry `anyio`, once per backend.".to_owned()
    }),
    known("flaky", "flaky", &["flaky"], |_| {
        "Runs tests marked `flaky` again; a retry hides the flake.".to_owned()
    }),
    known("freezegun", "", &[], |_| "Its decorator and context stop the clock.".to_owned()),
    known("pyfakefs", "pytest_fakefs", &[], |_| {
        "The fixture `fs` gives a test a file system of its own.".to_owned()
    }),
    known("pytest-aiohttp", "aiohttp", &[], |_| "Brings `aiohttp_client` and its like.".to_owned()),
    known("pytest-asyncio", "asyncio", &["asyncio"], asyncio),
    known("pytest-django", "django", &["django_db", "urls"], |_| {
        "Blocks the database outside of tests marked `django_db` and rolls back what those change.".to_owned()
    }),
    known("pytest-freezer", "freezer", &["freeze_time"], |_| {
        "The fixture `freezer` stops the clock.".to_owned()
    }),
    known("pytest-mock", "pytest_mock", &[], |_| {
        "What a test patches through `mocker` is undone after it.".to_owned()
    }),
    known("pytest-random-order", "random_order", &["random_order"], |_| {
        "Shuffles tests only when asked on the command line.".to_owned()
    }),
    known("pytest-randomly", "randomly", &[], |_| {
        "Shuffles modules, classes and tests and seeds `random` at each test, with a new seed every run."
            .to_owned()
    }),
    known("pytest-repeat", "pytest_repeat", &["repeat"], |_| {
        "Runs tests several times when asked.".to_owned()
    }),
    known("pytest-rerunfailures", "rerunfailures", &["flaky"], reruns),
    known("pytest-retry", "pytest_retry", &["flaky"], retries),
    known("pytest-socket", "socket", &["allow_hosts", "disable_socket", "enable_socket"], |_| {
        "Can forbid sockets to tests.".to_owned()
    }),
    known("pytest-timeout", "timeout", &["timeout"], timeout),
    known("pytest-vcr", "vcr", &["vcr"], |_| {
        "Replays recorded HTTP traffic in tests marked `vcr`.".to_owned()
    }),
    known("pytest-xdist", "xdist", &["xdist_group"], xdist),
    known("responses", "", &[], |_| {
        "Its decorator and context answer `requests` without a network.".to_owned()
    }),
    known("respx", "respx", &["respx"], |_| {
        "The fixture `respx_mock` answers `httpx` without a network.".to_owned()
    }),
    known("time-machine", "time_machine", &[], |_| "The fixture `time_machine` moves the clock.".to_owned()),
];

const fn known(
    package: &'static str,
    entry_point: &'static str,
    markers: &'static [&'static str],
    effect: fn(&Project) -> String,
) -> Known {
    Known { package, entry_point, markers, effect }
}

impl Project {
    /// The declared plugins that hints take into account, by name.
    pub fn plugin_effects(&self) -> Vec<PluginEffect> {
        let declared = KNOWN.iter().filter(|known| self.plugins.has(known.package));
        declared
            .map(|known| PluginEffect {
                package: known.package,
                versions: self.plugins.version(known.package).to_string(),
                effect: if is_blocked(self, known) {
                    format!("Switched off by `-p no:{}`.", known.entry_point)
                } else {
                    (known.effect)(self)
                },
            })
            .collect()
    }
}

/// The packages of the project that honour a marker.
pub(super) fn honouring<'p>(
    project: &'p Project,
    marker: &'p str,
) -> impl Iterator<Item = &'static str> + 'p {
    KNOWN
        .iter()
        .filter(move |known| known.markers.contains(&marker))
        .filter(move |known| project.plugins.has(known.package) && !is_blocked(project, known))
        .map(|known| known.package)
}

fn is_blocked(project: &Project, known: &Known) -> bool {
    !known.entry_point.is_empty() && project.config.options.blocks_plugin(known.entry_point)
}

fn asyncio(project: &Project) -> String {
    let asyncio = &project.config.options.asyncio;
    let loops = asyncio.test_loop_scope.as_str();
    match asyncio.mode {
        AsyncioMode::Auto => {
            format!("Mode auto: runs every async test and fixture; one event loop per {loops}.")
        }
        AsyncioMode::Strict => format!(
            "Mode strict: runs async tests marked `asyncio` and fixtures of `pytest_asyncio` only; one event loop per {loops}."
        ),
    }
}

fn xdist(project: &Project) -> String {
    let xdist = &project.config.options.xdist;
    match (&xdist.workers, &xdist.dist) {
        (None, None) => {
            "Runs tests in several processes when `-n` is given; not by the configuration.".to_owned()
        }
        (None, Some(dist)) => {
            format!("`--dist {dist}` counts once `-n` is given; it is not in the configuration.")
        }
        (Some(workers), dist) => {
            let dist = dist.as_deref().unwrap_or("load");
            format!(
                "Runs tests in several processes (`-n {workers}`, `--dist {dist}`): each has state of its own."
            )
        }
    }
}

fn reruns(project: &Project) -> String {
    match project.config.options.retry.reruns {
        Some(reruns) => {
            format!("Runs every failing test up to {reruns} times again; a retry hides the flake.")
        }
        None => "Runs failing tests marked `flaky` again; a retry hides the flake.".to_owned(),
    }
}

fn retries(project: &Project) -> String {
    match project.config.options.retry.retries {
        Some(retries) => {
            format!("Runs every failing test up to {retries} times again; a retry hides the flake.")
        }
        None => "Runs failing tests marked `flaky` again; a retry hides the flake.".to_owned(),
    }
}

fn timeout(project: &Project) -> String {
    match project.config.options.timeout {
        Some(seconds) => format!("Ends every test after {seconds} seconds."),
        None => "Ends tests that have a timeout of their own.".to_owned(),
    }
}
