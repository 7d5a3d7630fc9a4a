//! What a plugin changes for hints and fixes, in a sentence.

/// By normalized distribution name; `None` for packages that change nothing here.
const KNOWN: &[(&str, &str)] = &[
    ("aiohttp", "its pytest plugin runs async tests and gives them servers on free ports"),
    ("anyio", "its pytest plugin runs async tests marked `anyio`, once for each backend"),
    ("flaky", "`@pytest.mark.flaky(max_runs=…)` runs a failed test again"),
    ("freezegun", "`freeze_time` stops the clock"),
    ("pyfakefs", "the fixture `fs` gives a test a file system of its own"),
    ("pytest", "decides which configuration file counts, and what it may say"),
    ("pytest-aiohttp", "runs async tests and gives them servers on free ports"),
    ("pytest-asyncio", "runs async tests and fixtures, as its mode has it"),
    ("pytest-django", "wraps tests in a transaction and gives each worker its database"),
    ("pytest-freezegun", "the fixture `freezer` stops the clock"),
    ("pytest-httpserver", "gives tests a server on a free port"),
    ("pytest-httpx", "the fixture `httpx_mock` answers requests"),
    ("pytest-mock", "the fixture `mocker` undoes its patches after the test"),
    ("pytest-order", "orders tests; with workers only among those of one worker"),
    ("pytest-random-order", "shuffles tests when it is asked to"),
    ("pytest-randomly", "shuffles tests and seeds `random` before each, with another seed in every run"),
    ("pytest-recording", "answers requests from cassettes"),
    ("pytest-repeat", "runs a test several times in one process"),
    ("pytest-rerunfailures", "`@pytest.mark.flaky(reruns=…)` runs a failed test again"),
    ("pytest-retry", "`@pytest.mark.flaky(retries=…)` runs a failed test again"),
    ("pytest-socket", "forbids connections where it is told to"),
    ("pytest-timeout", "fails a test that takes too long"),
    ("pytest-trio", "runs async tests under trio"),
    ("pytest-vcr", "answers requests from cassettes"),
    ("pytest-xdist", "runs tests in several processes: files, ports and databases are shared, memory is not"),
    ("requests-mock", "the fixture `requests_mock` answers requests"),
    ("responses", "answers requests where it is activated"),
    ("respx", "answers requests of httpx where it is activated"),
    ("time-machine", "`travel` moves the clock"),
    ("vcrpy", "answers requests from cassettes"),
];

/// What the plugin of this normalized name changes.
pub fn what_it_changes(name: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(known, _)| *known == name).map(|(_, changes)| *changes)
}
