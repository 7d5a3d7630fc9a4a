//! Work over many files at once.

use std::path::PathBuf;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// Analysis follows the nesting of its input.
pub(crate) const STACK: usize = 8 << 20;

/// The session's helping threads, started when they are first needed.
#[derive(Default)]
pub(crate) struct Threads(Option<ThreadPool>);

impl Threads {
    /// `work` on each of `files`, in their order; one by one where the system gives no threads.
    pub(crate) fn map<T: Send>(&mut self, files: &[PathBuf], work: impl Fn(&PathBuf) -> T + Sync) -> Vec<T> {
        if self.0.is_none() {
            self.0 = ThreadPoolBuilder::new().stack_size(STACK).build().ok();
        }
        match &self.0 {
            Some(pool) => pool.install(|| files.par_iter().map(&work).collect()),
            None => files.iter().map(work).collect(),
        }
    }
}
