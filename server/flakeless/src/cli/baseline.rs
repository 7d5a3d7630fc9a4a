//! `check --baseline`: the hints that are accepted already are left out, more are accepted, or those that are gone are
//! dropped.

mod moved;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use analysis::baseline::Baseline;
use clap::ValueEnum;

use super::Failure;
use super::findings::Findings;
use super::output::count;
use super::problems::{Warnings, note};
use crate::answers::{Answers, of_each};
use crate::baseline::{self, Baselines, Judge, Stock};
use crate::discover::Discovery;
use crate::disk::Disk;
use crate::place::Base;

/// The values of `--baseline`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Mode {
    /// Leave out what it accepts; so it is without this flag too, where there is one
    Obey,
    /// Accept all hints of the given paths, also those that are only possible
    Write,
    /// Drop what it accepts and what is gone
    Prune,
    /// Report what it accepts like any other hint
    Ignore,
}

/// What a run has to do with baselines.
pub(crate) struct Ledger<'a> {
    pub(crate) mode: Option<Mode>,
    pub(crate) base: &'a Base,
    pub(crate) discovery: &'a Discovery,
    disk: Arc<Disk>,
    pub(crate) baselines: Baselines,
    /// Those that speak about what is reported.
    files: BTreeSet<PathBuf>,
}

impl<'a> Ledger<'a> {
    /// Fails where a baseline cannot be obeyed: to go on would report all that it accepts, or nothing.
    pub(crate) fn open(
        mode: Option<Mode>,
        base: &'a Base,
        discovery: &'a Discovery,
        answers: &dyn Answers,
        files: &[PathBuf],
    ) -> Result<Ledger<'a>, Failure> {
        let disk = Arc::new(discovery.disk());
        let is_ignored = mode == Some(Mode::Ignore);
        let baselines = if is_ignored { Baselines::ignored() } else { Baselines::on(disk.clone()) };
        let homes = answers.homes();
        let reported = files.iter().chain(homes.iter().filter(|home| discovery.covers(home)));
        let files: BTreeSet<PathBuf> =
            reported.filter_map(|path| answers.settings(path).baseline.clone()).collect();
        for file in &files {
            baselines.read(file).map_err(|flaw| format!("{}: {flaw}", base.shown(file)))?;
        }
        Ok(Ledger { mode, base, discovery, disk, baselines, files })
    }

    /// Whether a person asked for a baseline, and there is none.
    pub(crate) fn warn_of_none(&self, warnings: &mut Warnings) {
        let is_asked_for = matches!(self.mode, Some(Mode::Obey | Mode::Prune));
        for file in self.files.iter().filter(|_| is_asked_for) {
            if matches!(self.baselines.read(file), Ok(None)) {
                let file = self.base.shown(file);
                warnings.say(format_args!("there is no {file}; `--baseline=write` makes it"));
            }
        }
    }

    /// Accepts all hints in `files`.
    pub(crate) fn write(&self, answers: &dyn Answers, files: &[PathBuf]) -> Result<(), Failure> {
        let stocks = of_each(answers, files, |path| Stock::of(answers, path));
        for file in &self.files {
            let is_its = |path: &Path| answers.settings(path).baseline.as_deref() == Some(file);
            let of_file: Vec<&Stock> = stocks.iter().filter(|stock| is_its(stock.path())).collect();
            let shown = self.base.shown(file);
            let covers = |path: &Path| self.discovery.covers(path);
            let recorded = baseline::record(answers, file, &self.disk, &of_file, &covers)
                .map_err(|why| format!("{shown} is not written: {why}"))?;
            self.baselines.forget(file);
            note(recorded.said(&shown));
        }
        Ok(())
    }

    /// What is gone from each baseline, as far as these findings tell.
    pub(crate) fn gone(&self, answers: &dyn Answers, findings: &Findings) -> BTreeMap<PathBuf, Baseline> {
        if !self.files.iter().any(|file| matches!(self.baselines.read(file), Ok(Some(_)))) {
            return BTreeMap::new();
        }
        let covers = |path: &Path| self.discovery.covers(path);
        let seen = findings.seen.iter().cloned().collect();
        let judge = Judge { answers, seen: &seen, covers: &covers };
        let gone_from = |file: &PathBuf| {
            let Ok(Some(baseline)) = self.baselines.read(file) else { return None };
            let gone = judge.gone(file, &baseline, &findings.missed);
            (!gone.is_empty()).then(|| (file.clone(), gone))
        };
        self.files.iter().filter_map(gone_from).collect()
    }

    /// Says what is gone, or drops it if that was asked for. Returns how many hints are accepted and gone now.
    pub(crate) fn settle(
        &self,
        answers: &dyn Answers,
        findings: &Findings,
        warnings: &mut Warnings,
    ) -> Result<usize, Failure> {
        let gone = self.gone(answers, findings);
        if self.mode == Some(Mode::Prune) {
            return self.prune(&gone).map(|()| 0);
        }
        for (file, gone) in &gone {
            moved::say(answers, self.base, file, gone, findings, warnings);
            let (hints, are) =
                (count(gone.count(), "accepted hint"), if gone.count() == 1 { "is" } else { "are" });
            let file = self.base.shown(file);
            warnings.say(format_args!("{file}: {hints} {are} gone; `--baseline=prune` drops what is gone"));
        }
        Ok(gone.values().map(Baseline::count).sum())
    }

    fn prune(&self, gone: &BTreeMap<PathBuf, Baseline>) -> Result<(), Failure> {
        for file in &self.files {
            let Ok(Some(baseline)) = self.baselines.read(file) else { continue };
            let shown = self.base.shown(file);
            let Some(gone) = gone.get(file) else {
                note(format_args!(
                    "{shown}: nothing is gone, {} stay",
                    count(baseline.count(), "accepted hint")
                ));
                continue;
            };
            let left = baseline::prune(file, &self.disk, gone)
                .map_err(|why| format!("{shown} is not written: {why}"))?;
            note(format_args!("{shown}: dropped {}, {left} stay", count(gone.count(), "accepted hint")));
        }
        Ok(())
    }

    /// The baselines that accept something, for a person.
    pub(crate) fn shown(&self) -> String {
        let accept =
            |file: &&PathBuf| matches!(self.baselines.read(file), Ok(Some(baseline)) if !baseline.is_empty());
        let files: Vec<String> = self.files.iter().filter(accept).map(|file| self.base.shown(file)).collect();
        files.join(" and ")
    }
}
