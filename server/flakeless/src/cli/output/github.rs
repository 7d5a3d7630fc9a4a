//! GitHub Actions' workflow commands, which become annotations on a pull request: `::warning file=…,line=…::message`
//! (docs.github.com, "Workflow commands", "Setting a warning message").

use std::io::{self, Write};

use analysis::settings::Severity;

use crate::cli::findings::Findings;
use crate::cli::output::Sight;
use crate::place::{line_column, visible};

pub(super) fn print(out: &mut impl Write, sight: Sight<'_>, findings: &Findings) -> io::Result<()> {
    for finding in &findings.list {
        let hint = &finding.hint;
        let text = sight.answers.text(&finding.path);
        let (line, column) = line_column(text.as_deref(), hint.range.start);
        let (end_line, end_column) = line_column(text.as_deref(), hint.range.end);
        writeln!(
            out,
            "::{level} file={path},line={line},col={column},endLine={end_line},endColumn={end_column},title={rule}::{message}",
            level = level(sight.severity(finding)),
            path = property(&sight.base.shown(&finding.path).to_string()),
            rule = property(&format!("flakeless ({})", hint.rule)),
            message = data(&visible(&hint.message)),
        )?;
    }
    Ok(())
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint | Severity::Off => "notice",
    }
}

/// Escaped as `@actions/core` does it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
