//! Writing baselines: what is accepted anew, and what is gone.

use std::path::{Path, PathBuf};

use analysis::baseline::{Accepted, Baseline};
use analysis::hint::Confidence;
use analysis::text::Text;
use analysis::workspace::ReadError;

use super::judge::Judge;
use super::{ELSEWHERE, base_of, format};
use crate::answers::Answers;
use crate::disk::{self, Disk};
use crate::write;

/// All hints of one file, down to the least sure: an editor shows those too.
pub(crate) struct Stock {
    path: PathBuf,
    accepted: Accepted,
    possible: usize,
    /// Nothing stood in the way of finding all.
    is_whole: bool,
}

impl Stock {
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn of(answers: &dyn Answers, path: &Path) -> Stock {
        let report = answers.report(path);
        let text = answers.text(path);
        let source = text.as_deref().map(Text::as_str).unwrap_or_default();
        Stock {
            path: path.to_owned(),
            accepted: Accepted::of(&report.hints, source),
            possible: report.hints.iter().filter(|hint| hint.confidence == Confidence::Possible).count(),
            is_whole: report.problems.is_empty(),
        }
    }
}

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Recorded {
    /// All that the baseline accepts now.
    pub(crate) total: usize,
    /// Those of the files that were looked at.
    pub(crate) accepted: usize,
    /// Of these, those that are only possible.
    possible: usize,
}

impl Recorded {
    /// In words, for the baseline that a person knows as `shown`.
    pub(crate) fn said(self, shown: &str) -> String {
        let Recorded { total, accepted, possible } = self;
        let hints = if accepted == 1 { "hint" } else { "hints" };
        let mut said = format!("{shown}: accepted {accepted} {hints}");
        if possible > 0 {
            said.push_str(&format!(", {possible} of them only possible, as editors show them"));
        }
        if total > accepted {
            said.push_str(&format!("; with those of other files it holds {total}"));
        }
        said
    }
}

/// Accepts the hints of all `stocks` in `file`, in place of what it accepted for their files; what it says of others stays,
/// unless they are gone and `covers` says that they would have been looked at.
pub(crate) fn record(
    answers: &dyn Answers,
    file: &Path,
    disk: &Disk,
    stocks: &[&Stock],
    covers: &dyn Fn(&Path) -> bool,
) -> Result<Recorded, String> {
    let (before, mut baseline) = now(file)?;
    let base = base_of(file);
    let whole = stocks.iter().filter(|stock| stock.is_whole);
    let seen = whole.map(|stock| stock.path.clone()).collect();
    let judge = Judge { answers, seen: &seen, covers };
    let former = baseline.files().map(|(key, accepted)| (base.of_key(key), accepted.clone()));
    let replaced = judge.gone(file, &baseline, &former.collect());
    take_away(&mut baseline, &replaced);
    for stock in stocks {
        let accepted = baseline.file_mut(base.key(&stock.path));
        for (identity, count) in stock.accepted.iter() {
            accepted.accept(identity.clone(), count);
        }
    }
    replace(file, disk, before.as_deref(), &baseline)?;
    Ok(Recorded {
        total: baseline.count(),
        accepted: stocks.iter().map(|stock| stock.accepted.count()).sum(),
        possible: stocks.iter().map(|stock| stock.possible).sum(),
    })
}

/// Removes what is gone from `file`. Returns how many hints it still accepts.
pub(crate) fn prune(file: &Path, disk: &Disk, gone: &Baseline) -> Result<usize, String> {
    let (before, mut baseline) = now(file)?;
    take_away(&mut baseline, gone);
    replace(file, disk, before.as_deref(), &baseline)?;
    Ok(baseline.count())
}

fn take_away(baseline: &mut Baseline, gone: &Baseline) {
    for (key, gone) in gone.files() {
        baseline.file_mut(key.to_owned()).take_away(gone);
    }
}

/// The text of a baseline and what it says; nothing where there is none.
fn now(file: &Path) -> Result<(Option<String>, Baseline), String> {
    match disk::read(file) {
        Ok((bytes, _)) => {
            let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8")?;
            let baseline = format::parse(text.as_bytes()).map_err(|flaw| flaw.to_string())?;
            Ok((Some(text), baseline))
        }
        Err(ReadError::Missing) => Ok((None, Baseline::default())),
        Err(ReadError::Unreadable(why)) => Err(why),
    }
}

fn replace(file: &Path, disk: &Disk, before: Option<&str>, baseline: &Baseline) -> Result<(), String> {
    let after = format::print(baseline);
    if before == Some(after.as_str()) {
        return Ok(());
    }
    let place = disk.place_of(file).ok_or(ELSEWHERE)?;
    write::replace(file, &place, before, &after)
}
