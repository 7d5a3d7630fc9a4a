//! The forms in which findings are printed.

mod concise;
mod excerpt;
mod full;
mod github;
mod json;
mod statistics;
mod summary;

use std::io::{self, Write};

use analysis::settings::Severity;
use analysis::workspace::Workspace;
use clap::ValueEnum;

use super::findings::{Finding, Findings};
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
}

/// What the forms print from.
#[derive(Clone, Copy)]
pub(crate) struct Sight<'a> {
    pub(crate) workspace: &'a Workspace,
    pub(crate) base: &'a Base,
}

impl Sight<'_> {
    fn severity(&self, finding: &Finding) -> Severity {
        self.workspace.settings(&finding.path).severity(finding.hint.rule, finding.hint.confidence)
    }
}

/// What a person asked to see.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    pub(crate) format: Format,
    /// Counts by rule in place of the hints; beside them in JSON.
    pub(crate) statistics: bool,
}

/// Prints the findings and, for people, the summary.
pub(crate) fn print(
    out: &mut impl Write,
    sight: Sight<'_>,
    findings: &Findings,
    besides: &Besides,
    view: View,
) -> io::Result<()> {
    match (view.format, view.statistics) {
        (Format::Json, _) => return json::print(out, sight, findings, besides, view.statistics),
        (_, true) => statistics::print(out, findings)?,
        (Format::Full, false) => full::print(out, sight, findings)?,
        (Format::Concise, false) => concise::print(out, sight, findings)?,
        (Format::Github, false) => github::print(out, sight, findings)?,
    }
    summary::print(out, findings, besides)
}
