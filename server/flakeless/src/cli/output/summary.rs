//! The last line for people.

use std::io::{self, Write};

use crate::cli::findings::{Findings, Reach};
use crate::place::visible;

/// How many hints were fixed before these findings were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Repaired {
    pub(crate) hints: usize,
    pub(crate) files: usize,
}

/// What a person is told besides the findings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Besides {
    pub(crate) repaired: Repaired,
    /// What was done to these hints.
    pub(crate) done: &'static str,
    /// The baselines that accept something.
    pub(crate) baseline: String,
    /// How many hints are accepted and gone.
    pub(crate) stale: usize,
    /// Only hints on lines that changed since then are shown.
    pub(crate) since: Option<String>,
}

pub(super) fn print(out: &mut impl Write, findings: &Findings, besides: &Besides) -> io::Result<()> {
    let repaired = besides.repaired;
    if repaired.hints > 0 {
        writeln!(
            out,
            "{} {} in {}.",
            besides.done,
            count(repaired.hints, "hint"),
            count(repaired.files, "file")
        )?;
    }
    let looked_at = format!("{} in {}", count(findings.tests, "test"), count(findings.files, "file"));
    let more = match findings.accepted {
        0 => String::new(),
        accepted => format!(", {accepted} more in {}", besides.baseline),
    };
    let on = besides.since.as_deref().map(|since| format!(" on lines changed since {}", visible(since)));
    let on = on.unwrap_or_default();
    if findings.list.is_empty() {
        let no = if more.is_empty() { "No hints" } else { "No new hints" };
        return writeln!(out, "{no}{on}{more}: {looked_at}.");
    }
    writeln!(out, "{}{on}{more}: {looked_at}.", count(findings.list.len(), "hint"))?;
    let (safe, preferred) = (findings.fixable(Reach::Safe), findings.fixable(Reach::Preferred));
    if safe > 0 {
        writeln!(out, "{safe} fixable with `--fix`.")?;
    }
    if preferred > safe {
        writeln!(out, "{preferred} fixable with `--fix --unsafe-fixes`: look at what it did.")?;
    }
    Ok(())
}

/// `1 hint`, `2 hints`.
pub(crate) fn count(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}
