//! Which open document is analysed next: what a person edits comes before what an edit elsewhere has touched.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// So long may events that keep coming put off the hints of a document that was edited.
const PATIENCE: Duration = Duration::from_millis(250);

/// The documents whose hints may be out of date, each once.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    edited: VecDeque<PathBuf>,
    others: VecDeque<PathBuf>,
    /// Since when an edited document waits.
    since: Option<Instant>,
}

impl Schedule {
    pub(crate) fn is_empty(&self) -> bool {
        self.edited.is_empty() && self.others.is_empty()
    }

    /// Whether an edited document has waited too long behind events.
    pub(crate) fn is_overdue(&self) -> bool {
        self.since.is_some_and(|since| since.elapsed() > PATIENCE)
    }

    pub(crate) fn add_edited(&mut self, path: &Path) {
        self.others.retain(|other| other != path);
        if !self.edited.iter().any(|other| other == path) {
            self.edited.push_back(path.to_owned());
            self.since.get_or_insert_with(Instant::now);
        }
    }

    pub(crate) fn add_other(&mut self, path: &Path) {
        if !self.edited.iter().chain(&self.others).any(|other| other == path) {
            self.others.push_back(path.to_owned());
        }
    }

    pub(crate) fn remove(&mut self, path: &Path) {
        self.edited.retain(|other| other != path);
        self.others.retain(|other| other != path);
    }

    pub(crate) fn take(&mut self) -> Option<PathBuf> {
        let next = self.edited.pop_front().or_else(|| self.others.pop_front());
        self.since = if self.edited.is_empty() { None } else { Some(Instant::now()) };
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drain(schedule: &mut Schedule) -> Vec<String> {
        std::iter::from_fn(|| schedule.take()).map(|path| path.display().to_string()).collect()
    }

    #[test]
    fn edited_documents_come_first_and_each_comes_once() {
        let mut schedule = Schedule::default();
        for name in ["a", "b", "c"] {
            schedule.add_other(Path::new(name));
        }
        schedule.add_edited(Path::new("b"));
        schedule.add_other(Path::new("b"));
        schedule.add_edited(Path::new("d"));
        schedule.add_edited(Path::new("b"));
        assert_eq!(drain(&mut schedule), ["b", "d", "a", "c"]);
        assert!(schedule.is_empty());
    }

    #[test]
    fn a_closed_document_is_not_analysed() {
        let mut schedule = Schedule::default();
        schedule.add_edited(Path::new("a"));
        schedule.add_other(Path::new("b"));
        schedule.remove(Path::new("a"));
        schedule.remove(Path::new("b"));
        assert!(schedule.is_empty());
    }

    #[test]
    fn an_edited_document_does_not_wait_for_ever() {
        let mut schedule = Schedule::default();
        schedule.add_other(Path::new("a"));
        assert!(!schedule.is_overdue());
        schedule.add_edited(Path::new("b"));
        schedule.since = schedule.since.and_then(|since| since.checked_sub(PATIENCE * 2));
        assert!(schedule.is_overdue());
        schedule.take();
        assert!(!schedule.is_overdue());
    }
}
