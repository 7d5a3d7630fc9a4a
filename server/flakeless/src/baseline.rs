//! The files of accepted hints: read once, and again when they change. Serves the command line and the server alike.

mod format;
mod judge;
mod record;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use analysis::baseline::{Baseline, Parted};
use analysis::hint::Hint;
use analysis::workspace::ReadError;

use crate::answers::Answers;
use crate::disk::{self, Disk, Stamp, stamp};
use crate::place::Base;
pub(crate) use format::Flaw;
pub(crate) use judge::Judge;
pub(crate) use record::{Stock, prune, record};

/// What is accepted, by the file that says so.
#[derive(Debug, Default)]
pub(crate) struct Baselines {
    are_ignored: bool,
    /// A baseline is a file of the project: settings that came with it do not decide what else is read.
    disk: Arc<Disk>,
    known: RwLock<BTreeMap<PathBuf, Known>>,
    /// Flaws that were met and that nobody was told of.
    untold: Mutex<Vec<(PathBuf, Flaw)>>,
}

#[derive(Clone, Debug)]
struct Known {
    stamp: Stamp,
    read: Read,
}

/// `None` where there is no such file.
type Read = Result<Option<Arc<Baseline>>, Flaw>;

impl Baselines {
    pub(crate) fn on(disk: Arc<Disk>) -> Baselines {
        Baselines { disk, ..Baselines::default() }
    }

    /// Nothing is accepted, whatever files say.
    pub(crate) fn ignored() -> Baselines {
        Baselines { are_ignored: true, ..Baselines::default() }
    }

    /// The hints of a file's report by whether they are accepted.
    pub(crate) fn part(&self, answers: &dyn Answers, path: &Path, hints: Vec<Hint>) -> Parted {
        let all_new = |hints| Parted { new: hints, ..Parted::default() };
        let Some(file) = answers.settings(path).baseline.clone() else { return all_new(hints) };
        let Ok(Some(baseline)) = self.read(&file) else { return all_new(hints) };
        let key = base_of(&file).key(path);
        match (baseline.file(&key), answers.text(path)) {
            (Some(accepted), Some(text)) => accepted.part(hints, text.as_str()),
            _ => all_new(hints),
        }
    }

    /// What `file` says.
    pub(crate) fn read(&self, file: &Path) -> Read {
        if self.are_ignored {
            return Ok(None);
        }
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(file).cloned();
        known.map_or_else(|| self.read_anew(file), |known| known.read)
    }

    fn read_anew(&self, file: &Path) -> Read {
        // Before the text: what changes in between is seen by the next look.
        let stamp = stamp(file);
        let found = if self.disk.holds(file) {
            disk::read(file)
        } else {
            Err(ReadError::Unreadable(ELSEWHERE.to_owned()))
        };
        let read = match found {
            Ok((bytes, _)) => format::parse(&bytes).map(|baseline| Some(Arc::new(baseline))),
            Err(ReadError::Missing) => Ok(None),
            Err(ReadError::Unreadable(why)) => Err(Flaw::Unreadable(why)),
        };
        if let Err(flaw) = &read {
            let mut untold = self.untold.lock().unwrap_or_else(PoisonError::into_inner);
            untold.push((file.to_owned(), flaw.clone()));
        }
        let known = Known { stamp, read: read.clone() };
        self.known.write().unwrap_or_else(PoisonError::into_inner).insert(file.to_owned(), known);
        read
    }

    /// Looks whether any file that was read has changed. Says whether another is read from now on.
    pub(crate) fn look_again(&self) -> bool {
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        let count = known.len();
        known.retain(|file, known| stamp(file) == known.stamp);
        known.len() != count
    }

    /// The next question reads the file again. Says whether it was read before.
    pub(crate) fn forget(&self, file: &Path) -> bool {
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(file).is_some()
    }

    /// What was wrong with files that were read since the last such question.
    pub(crate) fn take_untold(&self) -> Vec<(PathBuf, Flaw)> {
        let mut untold = std::mem::take(&mut *self.untold.lock().unwrap_or_else(PoisonError::into_inner));
        untold.sort();
        untold.dedup();
        untold
    }
}

const ELSEWHERE: &str = "it lies outside of the project; set `baseline` to a file in it";

/// What is read is written as it is read again; anything else is refused.
#[cfg(any(test, fuzzing))]
pub(crate) fn holds(bytes: &[u8]) {
    let Ok(baseline) = format::parse(bytes) else { return };
    let printed = format::print(&baseline);
    let again = format::parse(printed.as_bytes()).map(|again| format::print(&again));
    assert_eq!(again.ok(), Some(printed));
}

/// Where the paths in a baseline are told from.
fn base_of(file: &Path) -> Base {
    Base::new(file.parent().unwrap_or(file).to_owned())
}
