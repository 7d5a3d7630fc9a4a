//! Accepted hints of a file that is gone and that stand, all alike, in another one: most likely it was renamed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use analysis::baseline::{Accepted, Baseline, Identity};
use analysis::text::Text;

use crate::answers::Answers;
use crate::cli::findings::Findings;
use crate::cli::output::count;
use crate::cli::problems::Warnings;
use crate::place::Base;

/// Says which new hints were accepted in a file that is gone.
pub(super) fn say(
    answers: &dyn Answers,
    base: &Base,
    file: &Path,
    gone: &Baseline,
    findings: &Findings,
    warnings: &mut Warnings,
) {
    let folder = Base::new(file.parent().unwrap_or(file).to_owned());
    let mut lost: Vec<(PathBuf, Accepted)> = gone
        .files()
        .map(|(key, accepted)| (folder.of_key(key), accepted.clone()))
        .filter(|(path, _)| path.try_exists().is_ok_and(|is_there| !is_there))
        .collect();
    if lost.is_empty() {
        return;
    }
    let mut moved: BTreeMap<(PathBuf, &Path), usize> = BTreeMap::new();
    for finding in &findings.list {
        let text = answers.text(&finding.path);
        let identity = Identity::of(&finding.hint, text.as_deref().map(Text::as_str).unwrap_or_default());
        let from =
            lost.iter_mut().find_map(|(from, accepted)| accepted.take(&identity).then(|| from.clone()));
        if let Some(from) = from {
            *moved.entry((from, &finding.path)).or_default() += 1;
        }
    }
    for ((from, to), number) in moved {
        let stand = if number == 1 { "stands" } else { "stand" };
        warnings.say(format_args!(
            "{} of {} {stand} in {} now; `--baseline=write` accepts them there",
            count(number, "accepted hint"),
            base.shown(&from),
            base.shown(to)
        ));
    }
}
