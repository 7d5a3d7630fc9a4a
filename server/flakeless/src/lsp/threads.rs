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
            Some(pool) => pool.install(|| files.par_iter().with_max_len(1).map(&work).collect()),
            None => files.iter().map(work).collect(),
        }
    }

    /// Gives the system back what these threads allocated and another has dropped: mimalloc keeps that for the thread that
    /// allocated it, which might not look for it until the next long work.
    pub(crate) fn give_back_memory(&self) {
        if let Some(pool) = &self.0 {
            pool.broadcast(|_| collect());
        }
        collect();
    }
}

#[expect(
    unsafe_code,
    reason = "no safe crate offers it; beside one open of five packages, nothing was given back in one of two runs: 301 MB, not 148"
)]
fn collect() {
    // SAFETY: it frees what nobody uses in the calling thread's own heap, at whatever time.
    unsafe { libmimalloc_sys::mi_collect(true) }
}
