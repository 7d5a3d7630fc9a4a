//! The forms in which findings are printed.

mod concise;
mod excerpt;
mod fingerprint;
mod full;
mod github;
mod json;
mod junit;
mod sarif;
mod statistics;
mod summary;
mod texts;

use std::io::{self, Write};

use analysis::settings::Severity;
use clap::ValueEnum;

use super::findings::{Finding, Findings};
use crate::answers::Answers;
use crate::discover::Root;
use crate::place::Base;
pub(crate) use summary::{Besides, Repaired, count};

/// The values of `--output-format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Each hint with its source
    #[default]
    Full,
    /// One line for each hint
    Concise,
    /// For programs
    Json,
    /// Annotations on pull requests, for GitHub Actions
    Github,
    /// For code scanning: SARIF 2.1.0
    Sarif,
    /// For CI systems that show test reports: JUnit's XML
    Junit,
}

/// What the forms print from.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) answers: &'a dyn Answers,
    pub(crate) base: &'a Base,
    /// Around what was checked.
    pub(crate) roots: &'a [Root],
}

impl Sight<'_> {
    fn severity(&self, finding: &Finding) -> Severity {
        self.answers.settings(&finding.path).severity(finding.hint.rule, finding.hint.confidence)
    }
}

/// What a person asked to see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) format: Format,
    /// Counts by rule in place of the hints; beside them in forms for programs.
    pub(crate) statistics: bool,
}

/// Prints the findings and, for people, the summary. What a form for programs has no place for goes to `aside`: it is one
/// whole document.
pub(crate) fn print(
    out: &mut impl Write,
    aside: &mut impl Write,
    sight: Sight<'_>,
    findings: &Findings,
    besides: &Besides,
    view: View,
) -> io::Result<()> {
    if view.statistics && matches!(view.format, Format::Sarif | Format::Junit) {
        statistics::print(aside, findings)?;
    }
    match (view.format, view.statistics) {
        (Format::Json, counted) => return json::print(out, sight, findings, besides, counted),
        (Format::Sarif, _) => return sarif::print(out, sight, findings),
        (Format::Junit, _) => return junit::print(out, sight, findings),
        (_, true) => statistics::print(out, findings)?,
        (Format::Full, false) => full::print(out, sight, findings)?,
        (Format::Concise, false) => concise::print(out, sight, findings)?,
        (Format::Github, false) => github::print(out, sight, findings)?,
    }
    summary::print(out, findings, besides)
}
