//! `path:line:col: rule [confidence] message`, one line for each hint.

use std::io::{self, Write};

use crate::cli::findings::Findings;
use crate::cli::output::Sight;
use crate::place::{line_column, visible};

pub(super) fn print(out: &mut impl Write, sight: Sight<'_>, findings: &Findings) -> io::Result<()> {
    for finding in &findings.list {
        let hint = &finding.hint;
        let text = sight.answers.text(&finding.path);
        let (line, column) = line_column(text.as_deref(), hint.range.start);
        writeln!(
            out,
            "{path}:{line}:{column}: {rule} [{confidence}] {message}",
            path = sight.base.shown(&finding.path),
            rule = hint.rule,
            confidence = hint.confidence.word(),
            message = visible(&hint.message),
        )?;
    }
    Ok(())
}
