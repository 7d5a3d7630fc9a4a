//! An answer that is computed once and kept until it is cleared.

use std::sync::{Arc, OnceLock, PoisonError, RwLock};

/// Holds an answer. Of two threads that ask at once one computes it and the other waits. What is computed must not lead
/// back to the same question.
#[derive(Debug)]
pub struct Memo<T>(RwLock<Arc<OnceLock<Arc<T>>>>);

impl<T> Default for Memo<T> {
    fn default() -> Memo<T> {
        Memo(RwLock::default())
    }
}

impl<T> Memo<T> {
    pub fn get_or(&self, compute: impl FnOnce() -> T) -> Arc<T> {
        let cell = self.0.read().unwrap_or_else(PoisonError::into_inner).clone();
        cell.get_or_init(|| Arc::new(compute())).clone()
    }

    pub fn clear(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::default();
    }
}
