//! What the session does next when no event waits: what a person edits comes first, what changed around it after.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// So long may events that keep coming put off the hints of a document that was edited.
const PATIENCE: Duration = Duration::from_millis(250);

/// One piece of work; the session looks for events between two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Work {
    /// A project is to be read further before the hints that rest on it.
    Reading,
    /// The hints of an open document may be out of date.
    Document(PathBuf),
    /// A person's command is to be done, or further.
    Command,
    /// Files came or went under this root: it is to be listed again.
    Listing(PathBuf),
    /// What is wrong with configuration files may have changed.
    Configuration,
    /// The hints of closed files are to be looked at, or further.
    ClosedFiles,
}

/// In the order of arrival. An editor that restores what was open opens thousands.
type Paths = IndexSet<PathBuf, FxBuildHasher>;

/// Work that is due, each piece once.
#[derive(Debug, Default)]
pub(crate) struct Schedule {
    reading: bool,
    edited: Paths,
    listings: BTreeSet<PathBuf>,
    configuration: bool,
    command: bool,
    others: Paths,
    closed_files: bool,
    /// Since when an edited document waits.
    since: Option<Instant>,
}

impl Schedule {
    pub(crate) fn is_empty(&self) -> bool {
        let flags = self.reading || self.command || self.configuration || self.closed_files;
        !flags && self.edited.is_empty() && self.listings.is_empty() && self.others.is_empty()
    }

    /// Whether an edited document has waited too long behind events.
    pub(crate) fn is_overdue(&self) -> bool {
        self.since.is_some_and(|since| since.elapsed() > PATIENCE)
    }

    pub(crate) fn add_reading(&mut self) {
        self.reading = true;
    }

    pub(crate) fn add_edited(&mut self, path: &Path) {
        self.others.shift_remove(path);
        if self.edited.insert(path.to_owned()) {
            self.since.get_or_insert_with(Instant::now);
        }
    }

    pub(crate) fn add_other(&mut self, path: &Path) {
        if !self.edited.contains(path) && !self.others.contains(path) {
            self.others.insert(path.to_owned());
        }
    }

    pub(crate) fn add_listing(&mut self, root: &Path) {
        self.listings.insert(root.to_owned());
    }

    pub(crate) fn remove_listing(&mut self, root: &Path) {
        self.listings.remove(root);
    }

    pub(crate) fn add_configuration(&mut self) {
        self.configuration = true;
    }

    pub(crate) fn add_command(&mut self) {
        self.command = true;
    }

    pub(crate) fn add_closed_files(&mut self) {
        self.closed_files = true;
    }

    pub(crate) fn remove_document(&mut self, path: &Path) {
        self.edited.shift_remove(path);
        self.others.shift_remove(path);
        self.reset_patience();
    }

    pub(crate) fn take(&mut self) -> Option<Work> {
        if std::mem::take(&mut self.reading) {
            return Some(Work::Reading);
        }
        if let Some(path) = self.edited.shift_remove_index(0) {
            self.reset_patience();
            return Some(Work::Document(path));
        }
        if let Some(root) = self.listings.pop_first() {
            return Some(Work::Listing(root));
        }
        if std::mem::take(&mut self.configuration) {
            return Some(Work::Configuration);
        }
        if let Some(path) = self.others.shift_remove_index(0) {
            return Some(Work::Document(path));
        }
        if std::mem::take(&mut self.command) {
            return Some(Work::Command);
        }
        std::mem::take(&mut self.closed_files).then_some(Work::ClosedFiles)
    }

    fn reset_patience(&mut self) {
        self.since = (!self.edited.is_empty()).then(Instant::now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(name: &str) -> Work {
        Work::Document(PathBuf::from(name))
    }

    #[test]
    fn what_is_edited_comes_first_and_each_piece_comes_once() {
        let mut schedule = Schedule::default();
        for name in ["a", "b", "c"] {
            schedule.add_other(Path::new(name));
        }
        schedule.add_closed_files();
        schedule.add_command();
        schedule.add_configuration();
        schedule.add_listing(Path::new("/r"));
        schedule.add_listing(Path::new("/r"));
        schedule.add_edited(Path::new("b"));
        schedule.add_other(Path::new("b"));
        schedule.add_edited(Path::new("d"));
        schedule.add_edited(Path::new("b"));
        schedule.add_reading();
        let order: Vec<Work> = std::iter::from_fn(|| schedule.take()).collect();
        let listing = Work::Listing(PathBuf::from("/r"));
        assert_eq!(
            order,
            [
                Work::Reading,
                document("b"),
                document("d"),
                listing,
                Work::Configuration,
                document("a"),
                document("c"),
                Work::Command,
                Work::ClosedFiles,
            ]
        );
        assert!(schedule.is_empty());
    }

    #[test]
    fn a_closed_document_is_not_analysed() {
        let mut schedule = Schedule::default();
        schedule.add_edited(Path::new("a"));
        schedule.add_other(Path::new("b"));
        schedule.remove_document(Path::new("a"));
        schedule.remove_document(Path::new("b"));
        assert!(schedule.is_empty());
        assert!(!schedule.is_overdue());
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
