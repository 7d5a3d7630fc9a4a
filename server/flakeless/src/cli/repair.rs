//! Applies fixes in memory, round by round, until none is left.
//!
//! After each round the files are analysed anew. A fix stays only if it did what a cure must: its hint is gone,
//! no file that it touched parses worse or holds fewer tests. Nothing is written here.

mod batch;
mod verdict;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use analysis::fix;
use analysis::workspace::Workspace;
use indicatif::ProgressBar;

use super::findings::{self, Finding, Lens, Reach};
use batch::{Candidate, disjoint};
use verdict::{State, Verdict};

const ROUNDS: usize = 10;

/// A file's text before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rewrite {
    pub(crate) path: PathBuf,
    /// `None` for a file that is not there yet.
    pub(crate) before: Option<String>,
    pub(crate) after: String,
}

/// What the rounds came to. The workspace holds the texts after.
#[derive(Debug, Default)]
pub(crate) struct Repair {
    /// Sorted by path.
    pub(crate) rewrites: Vec<Rewrite>,
    /// The files that each applied fix touched.
    pub(crate) applied: Vec<BTreeSet<PathBuf>>,
    pub(crate) left_out: Vec<LeftOut>,
}

/// A fix that was not applied, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LeftOut {
    pub(crate) path: PathBuf,
    /// Of the hint, from 1, when the fix was tried.
    pub(crate) line: u32,
    pub(crate) rule: &'static str,
    pub(crate) title: String,
    pub(crate) why: String,
}

/// Whether a file may be rewritten, given its text on disk; the reason in words when not.
pub(crate) type Permit<'a> = dyn Fn(&Path, Option<&str>) -> Result<(), String> + 'a;

/// Applies the fixes that `reach` allows for the hints in `files` that `lens` shows.
pub(crate) fn repair(
    workspace: &mut Workspace,
    lens: Lens<'_>,
    files: &[PathBuf],
    reach: Reach,
    permit: &Permit<'_>,
) -> Repair {
    let mut rounds = Rounds {
        workspace,
        lens,
        permit,
        rewrites: BTreeMap::new(),
        permitted: BTreeMap::new(),
        refused: BTreeSet::new(),
        repair: Repair::default(),
    };
    for _ in 0..ROUNDS {
        let candidates = rounds.candidates(files, reach);
        if candidates.is_empty() {
            return rounds.finish();
        }
        rounds.round(candidates);
    }
    for candidate in rounds.candidates(files, reach) {
        rounds.refuse(candidate, format!("still asked for after {ROUNDS} rounds"));
    }
    rounds.finish()
}

struct Rounds<'a> {
    workspace: &'a mut Workspace,
    lens: Lens<'a>,
    permit: &'a Permit<'a>,
    rewrites: BTreeMap<PathBuf, Rewrite>,
    permitted: BTreeMap<PathBuf, Result<(), String>>,
    refused: BTreeSet<batch::Identity>,
    repair: Repair,
}

impl Rounds<'_> {
    /// The fixes still to be tried, in the order of their hints.
    fn candidates(&mut self, files: &[PathBuf], reach: Reach) -> Vec<Candidate> {
        let found = findings::find(self.workspace, self.lens, files, &ProgressBar::hidden()).list;
        let mut candidates = Vec::new();
        for finding in found {
            let Some(candidate) = self.candidate(finding, reach) else { continue };
            if self.refused.contains(&candidate.identity) {
                continue;
            }
            match self.permission(&candidate) {
                Ok(()) => candidates.push(candidate),
                Err(why) => self.refuse(candidate, why),
            }
        }
        candidates
    }

    fn candidate(&self, finding: Finding, reach: Reach) -> Option<Candidate> {
        let text = self.workspace.text(&finding.path)?;
        let fix = finding.fix(reach)?.clone();
        Some(Candidate::new(finding, fix, &text))
    }

    fn permission(&mut self, candidate: &Candidate) -> Result<(), String> {
        for path in candidate.fix.edits.files().keys().filter(|path| !self.rewrites.contains_key(*path)) {
            let known = self.permitted.entry(path.clone()).or_insert_with(|| {
                let text = self.workspace.text(path);
                (self.permit)(path, text.as_deref().map(analysis::text::Text::as_str))
            });
            known.clone().map_err(|why| format!("{}: {why}", path.display()))?;
        }
        Ok(())
    }

    /// Applies as many of the candidates as go together and keep what a cure promises.
    fn round(&mut self, candidates: Vec<Candidate>) {
        let mut batch = disjoint(candidates);
        while !batch.is_empty() {
            let before = State::of(self.workspace, &batch);
            let previous = self.put(&batch);
            match verdict::judge(&batch, &before, &State::of(self.workspace, &batch)) {
                Verdict::Good => {
                    self.repair.applied.extend(batch.iter().map(Candidate::touched));
                    return;
                }
                Verdict::Refuse { index, why } => {
                    self.restore(previous);
                    let candidate = batch.remove(index);
                    self.refuse(candidate, why);
                }
                Verdict::Postpone(postponed) => {
                    self.restore(previous);
                    let mut index = 0;
                    batch.retain(|_| {
                        index += 1;
                        !postponed.contains(&(index - 1))
                    });
                }
            }
        }
    }

    /// Puts the edited texts into the workspace; gives the rewrites that were there before.
    fn put(&mut self, batch: &[Candidate]) -> Vec<(PathBuf, Option<Rewrite>)> {
        let mut previous = Vec::new();
        for (path, edits) in batch::merged(batch).files() {
            let text = self.workspace.text(path).map(|text| text.as_str().to_owned());
            let after = fix::apply(text.as_deref().unwrap_or_default(), edits);
            let old = self.rewrites.get(path).cloned();
            let before = old.as_ref().map_or(text, |old| old.before.clone());
            self.workspace.open(path, after.clone());
            self.rewrites.insert(path.clone(), Rewrite { path: path.clone(), before, after });
            previous.push((path.clone(), old));
        }
        previous
    }

    fn restore(&mut self, previous: Vec<(PathBuf, Option<Rewrite>)>) {
        for (path, old) in previous {
            let tried = self.rewrites.remove(&path);
            let text = match &old {
                Some(old) => Some(old.after.clone()),
                None => tried.and_then(|tried| tried.before),
            };
            match text {
                Some(text) => self.workspace.open(&path, text),
                None => self.workspace.close(&path),
            };
            if let Some(old) = old {
                self.rewrites.insert(path, old);
            }
        }
    }

    fn refuse(&mut self, candidate: Candidate, why: String) {
        let Candidate { identity, fix, line } = candidate;
        self.repair.left_out.push(LeftOut {
            path: identity.path.clone(),
            line,
            rule: identity.rule,
            title: fix.title,
            why,
        });
        self.refused.insert(identity);
    }

    fn finish(mut self) -> Repair {
        let changed = |rewrite: &Rewrite| rewrite.before.as_deref() != Some(rewrite.after.as_str());
        self.repair.rewrites = self.rewrites.into_values().filter(changed).collect();
        self.repair
    }
}
