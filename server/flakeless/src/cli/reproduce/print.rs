//! What was found, for a person and for a program.

use std::io::{self, Write};

use serde::Serialize;

use crate::cli::json_text;
use crate::place::visible;
use crate::reproduce::found::{Found, Statement};
use crate::reproduce::lab::Row;
use crate::reproduce::polluter::Polluter;
use crate::reproduce::{Attempt, words};

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tests: &'a [Found],
}

pub(super) fn json(found: &[Found]) -> io::Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    json_text::print(&mut out, &Document { version: 1, tests: found })?;
    out.flush()
}

pub(super) fn text(found: &Found) -> io::Result<()> {
    let mut out = io::BufWriter::new(anstream::stdout().lock());
    writeln!(out, "{}", visible(&found.test))?;
    writeln!(out, "  with {}", visible(&found.with))?;
    if !found.rules.is_empty() {
        writeln!(out, "  hints: {}", found.rules.join(", "))?;
    }
    table(&mut out, &found.attempt.axes)?;
    writeln!(out, "\n  {}", visible(&words::verdict(&found.attempt)))?;
    match &found.attempt.polluter {
        Some(polluter) => behind(&mut out, found, polluter)?,
        None => failure(&mut out, &found.attempt)?,
    }
    writeln!(out)?;
    out.flush()
}

fn table(out: &mut impl Write, rows: &[Row]) -> io::Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n  {:<10} {:>5} {:>7}  first failure", "axis", "runs", "failed")?;
    for row in rows {
        let first = row.first.as_ref().map_or("", |first| first.how.as_str());
        let cut = if row.is_cut_short { " (cut short)" } else { "" };
        writeln!(out, "  {:<10} {:>5} {:>7}  {first}{cut}", row.axis.name(), row.runs, row.failures)?;
    }
    Ok(())
}

fn failure(out: &mut impl Write, attempt: &Attempt) -> io::Result<()> {
    let Some(first) = attempt.axes.iter().find_map(|row| row.first.as_ref()) else { return Ok(()) };
    writeln!(out, "\n  To see it again:\n    {}", visible(&first.command))?;
    writeln!(out)?;
    quoted(out, &first.text)
}

fn behind(out: &mut impl Write, found: &Found, polluter: &Polluter) -> io::Result<()> {
    writeln!(out, "  Found in {} runs:", polluter.runs)?;
    for test in &polluter.tests {
        writeln!(out, "    {}", visible(test))?;
        for statement in found.statements.iter().filter(|statement| statement.test == *test) {
            let Statement { path, line, rule, message, .. } = statement;
            writeln!(out, "      {path}:{line}: {rule}: {}", visible(message))?;
        }
    }
    writeln!(out, "\n  To see it again:\n    {}", visible(&polluter.command))?;
    let text = found.attempt.axes.iter().rev().find_map(|row| Some(&row.first.as_ref()?.text));
    match text {
        Some(text) => {
            writeln!(out)?;
            quoted(out, text)
        }
        None => Ok(()),
    }
}

/// The failure's own text, with a bar before it.
fn quoted(out: &mut impl Write, text: &str) -> io::Result<()> {
    text.lines().try_for_each(|line| writeln!(out, "  | {}", visible(line)))
}
