//! Whether tests of the project run in several processes at once, and what tells those apart.

use memchr::memmem;

use super::surroundings::neighbours;
use super::{Project, Subject};

/// Words of code that gives each worker something of its own, keeps workers apart, or starts a service for the run.
const APART: &[&str] = &[
    "worker_id",
    "PYTEST_XDIST_WORKER",
    "testrun_uid",
    "workerinput",
    "workercount",
    "FileLock",
    "filelock",
    "fasteners",
    "portalocker",
    "testcontainers",
    "Container(",
    "pytest_postgresql",
    "pytest_mysql",
    "postgresql_proc",
    "mysql_proc",
    "redis_proc",
    "testing.postgresql",
    "pytest_docker",
    "docker_services",
];

impl Project {
    /// Whether pytest-xdist is there and not switched off by the configuration.
    pub fn has_workers(&self) -> bool {
        let options = &self.config.options;
        let is_there = self.plugins.has("pytest-xdist")
            || options.xdist.workers.is_some()
            || options.xdist.dist.is_some()
            || options.required_plugins.iter().any(|plugin| plugin.contains("xdist"));
        is_there && options.xdist.workers.as_deref() != Some("0") && !options.blocks_plugin("xdist")
    }
}

/// Whether the code around an item knows of workers, or starts its services itself: what looks the same for all of them may
/// then differ, or be used by one at a time.
pub fn are_kept_apart(subject: &Subject<'_>) -> bool {
    tells_apart(subject.text())
        || neighbours(subject).iter().any(|(module, item)| tells_apart(module.file.item_text(*item)))
}

/// The same for one text.
pub fn tells_apart(text: &str) -> bool {
    APART.iter().any(|word| memmem::find(text.as_bytes(), word.as_bytes()).is_some())
}
