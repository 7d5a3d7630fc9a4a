//! What is kept of a run: all that the engine was told, and what it answered.

use std::path::PathBuf;

use analysis::fix::{Applicability, Edits, Fix, FixKind, TextEdit};
use analysis::hint::{Confidence, Hint, Related};
use analysis::rules;
use analysis::text::TextRange;
use analysis::workspace::{Date, Problem, Report};
use serde::{Deserialize, Serialize};

use super::places::{Place, Places};
use super::seen::{Hash, Seen};

/// Answers, and everything they rest on besides what the key says. They hold as long as all of it does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Entry {
    /// The day on which they hold; `None` for answers that are the same on every day.
    pub(super) today: Option<Date>,
    pub(super) listing: Hash,
    /// What was seen of the listed files, in their order; `None` of one that nobody asked about.
    pub(super) listed: Vec<Option<Seen>>,
    /// What was seen of others, sorted by path.
    pub(super) others: Vec<(PathBuf, Seen)>,
    /// The names that were seen in folders.
    pub(super) folders: Vec<(PathBuf, Hash)>,
    /// The places that are not listed, numbered after those that are.
    pub(super) unlisted: Vec<PathBuf>,
    pub(super) project: KeptProject,
    /// Sorted by place.
    pub(super) reports: Vec<(Place, KeptReport)>,
}

/// What was answered about all files together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptProject {
    pub(super) homes: Vec<PathBuf>,
    pub(super) test_files: Vec<Place>,
    pub(super) configuration: Vec<Place>,
    /// Listed files that look like tests, sorted.
    pub(super) like_tests: Vec<Place>,
    pub(super) problems: Vec<KeptProblem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptReport {
    pub(super) hints: Vec<KeptHint>,
    problems: Vec<KeptProblem>,
    tests: usize,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptProblem {
    place: Place,
    range: TextRange,
    message: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptHint {
    rule: String,
    confidence: Confidence,
    message: String,
    range: TextRange,
    related: Vec<(Place, TextRange, String)>,
    test: Option<String>,
    mitigated_by: Option<String>,
    /// `None` where nobody asked for them.
    pub(super) fixes: Option<Vec<KeptFix>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeptFix {
    title: String,
    kind: FixKind,
    applicability: Applicability,
    edits: Vec<(Place, Vec<TextEdit>)>,
}

impl KeptReport {
    pub(super) fn of(report: &Report, places: &mut Places<'_>) -> KeptReport {
        KeptReport {
            hints: report.hints.iter().map(|hint| KeptHint::of(hint, places)).collect(),
            problems: report.problems.iter().map(|problem| KeptProblem::of(problem, places)).collect(),
            tests: report.tests,
        }
    }

    /// `None` if the entry is not of this binary.
    pub(super) fn report(&self, places: &Places<'_>) -> Option<Report> {
        Some(Report {
            hints: self.hints.iter().map(|hint| hint.hint(places)).collect::<Option<_>>()?,
            problems: self.problems.iter().map(|problem| problem.problem(places)).collect::<Option<_>>()?,
            tests: self.tests,
        })
    }

    /// Takes over the fixes that only the other has.
    pub(super) fn add_fixes(&mut self, other: KeptReport) {
        for (own, other) in self.hints.iter_mut().zip(other.hints) {
            if own.fixes.is_none() {
                own.fixes = other.fixes;
            }
        }
    }
}

impl KeptProblem {
    pub(super) fn of(problem: &Problem, places: &mut Places<'_>) -> KeptProblem {
        let Problem { path, range, message } = problem;
        KeptProblem { place: places.number(path), range: *range, message: message.clone() }
    }

    pub(super) fn problem(&self, places: &Places<'_>) -> Option<Problem> {
        let path = places.path(self.place)?.to_owned();
        Some(Problem { path, range: self.range, message: self.message.clone() })
    }
}

impl KeptHint {
    fn of(hint: &Hint, places: &mut Places<'_>) -> KeptHint {
        let Hint { rule, confidence, message, range, related, test, mitigated_by } = hint;
        let relate =
            |Related { path, range, message }: &Related| (places.number(path), *range, message.clone());
        KeptHint {
            rule: (*rule).to_owned(),
            confidence: *confidence,
            message: message.to_string(),
            range: *range,
            related: related.iter().map(relate).collect(),
            test: test.as_ref().map(ToString::to_string),
            mitigated_by: mitigated_by.clone(),
            fixes: None,
        }
    }

    pub(super) fn hint(&self, places: &Places<'_>) -> Option<Hint> {
        let KeptHint { rule, confidence, message, range, related, test, mitigated_by, fixes: _ } =
            self.clone();
        let relate = |(place, range, message): (Place, TextRange, String)| {
            Some(Related { path: places.path(place)?.to_owned(), range, message })
        };
        Some(Hint {
            rule: rules::entry(&rule)?.meta.name,
            confidence,
            message: message.into(),
            range,
            related: related.into_iter().map(relate).collect::<Option<_>>()?,
            test: test.map(Into::into),
            mitigated_by,
        })
    }
}

impl KeptFix {
    pub(super) fn of(fix: &Fix, places: &mut Places<'_>) -> KeptFix {
        let Fix { title, kind, applicability, edits } = fix;
        let edits = edits.files().iter().map(|(path, edits)| (places.number(path), edits.clone())).collect();
        KeptFix { title: title.clone(), kind: *kind, applicability: *applicability, edits }
    }

    pub(super) fn fix(&self, places: &Places<'_>) -> Option<Fix> {
        let KeptFix { title, kind, applicability, edits } = self.clone();
        let file = |(place, edits)| Some((places.path(place)?.to_owned(), edits));
        let edits = edits.into_iter().map(file).collect::<Option<Edits>>()?;
        Some(Fix { title, kind, applicability, edits })
    }
}
