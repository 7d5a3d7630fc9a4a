//! What of a baseline is gone, as far as a look at some files can tell.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use analysis::baseline::{Accepted, Baseline};
use analysis::rules;

use super::base_of;
use crate::answers::Answers;

/// A look at some files.
pub(crate) struct Judge<'a> {
    pub(crate) answers: &'a dyn Answers,
    /// The files in which nothing stood in the way of finding all hints.
    pub(crate) seen: &'a BTreeSet<PathBuf>,
    /// Whether a file would have been looked at, were it there.
    pub(crate) covers: &'a dyn Fn(&Path) -> bool,
}

impl Judge<'_> {
    /// What is gone from `baseline`, which stands in `file`; `missed` is what was accepted in each file that was looked at
    /// and was not found there.
    pub(crate) fn gone(
        &self,
        file: &Path,
        baseline: &Baseline,
        missed: &BTreeMap<PathBuf, Accepted>,
    ) -> Baseline {
        let (mut all, base) = (Baseline::default(), base_of(file));
        for (key, accepted) in baseline.files() {
            let path = base.of_key(key);
            let mut gone = match missed.get(&path) {
                _ if self.is_elsewhere(file, &path) => accepted.clone(),
                Some(missed) if self.seen.contains(&path) => missed.clone(),
                _ => continue,
            };
            gone.forget(|identity| !self.looks_for(&identity.rule, &path));
            *all.file_mut(key.to_owned()) = gone;
        }
        all
    }

    /// Whether a file does not exist any more, or another baseline speaks about it.
    fn is_elsewhere(&self, file: &Path, path: &Path) -> bool {
        let is_others = || self.answers.settings(path).baseline.as_deref().is_some_and(|other| other != file);
        // What cannot be looked at may well be there.
        let is_gone = || path.try_exists().is_ok_and(|is_there| !is_there);
        (self.covers)(path) && (is_gone() || is_others())
    }

    /// A rule that a flag or a setting turns off leaves what is accepted of it alone.
    fn looks_for(&self, rule: &str, path: &Path) -> bool {
        rules::entry(rule).is_none() || self.answers.settings(path).enabled(rule, path)
    }
}
