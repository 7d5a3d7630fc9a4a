//! The day on which questions are answered, and whether any answer rests on it.

use std::sync::atomic::{AtomicBool, Ordering};

use super::Date;

#[derive(Debug)]
pub struct Today {
    date: Date,
    is_asked_for: AtomicBool,
}

impl Today {
    pub fn new(date: Date) -> Today {
        Today { date, is_asked_for: AtomicBool::new(false) }
    }

    /// The date, by which an answer is made.
    pub fn ask(&self) -> Date {
        self.is_asked_for.store(true, Ordering::Relaxed);
        self.date
    }

    pub fn is_asked_for(&self) -> bool {
        self.is_asked_for.load(Ordering::Relaxed)
    }
}
