//! An answer that is computed once and kept until it is cleared.

use std::sync::{Arc, PoisonError, RwLock};

/// Holds an answer. Two threads that ask at once may both compute it; equal questions give equal answers.
#[derive(Debug)]
pub struct Memo<T>(RwLock<Option<Arc<T>>>);

impl<T> Default for Memo<T> {
    fn default() -> Memo<T> {
        Memo(RwLock::new(None))
    }
}

impl<T> Memo<T> {
    pub fn get_or(&self, compute: impl FnOnce() -> T) -> Arc<T> {
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).clone() {
            return known;
        }
        let answer = Arc::new(compute());
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Some(answer.clone());
        answer
    }

    pub fn clear(&self) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
