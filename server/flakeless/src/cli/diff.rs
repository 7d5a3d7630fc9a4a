//! Prints rewritten files as a unified diff.

use std::io::{self, IsTerminal as _, Write};

use anstyle::{AnsiColor, Style};
use similar::TextDiff;

use super::repair::Rewrite;
use crate::place::{Base, visible};

const HEADER: Style = Style::new().bold();
const HUNK: Style = AnsiColor::Cyan.on_default();
const REMOVED: Style = AnsiColor::Red.on_default();
const ADDED: Style = AnsiColor::Green.on_default();

/// Prints to standard output: for `patch -p0` in the working directory byte for byte, for a terminal, which may have no
/// colour, with control characters escaped.
pub(crate) fn print(base: &Base, rewrites: &[Rewrite]) -> io::Result<()> {
    let stdout = io::stdout().lock();
    let has_colour = anstream::AutoStream::choice(&stdout) != anstream::ColorChoice::Never;
    if has_colour || stdout.is_terminal() {
        let mut out = io::BufWriter::new(anstream::AutoStream::auto(stdout));
        for rewrite in rewrites {
            unified(base, rewrite).split_inclusive('\n').try_for_each(|line| styled(&mut out, line))?;
        }
        return out.flush();
    }
    let mut out = io::BufWriter::new(stdout);
    for rewrite in rewrites {
        out.write_all(unified(base, rewrite).as_bytes())?;
    }
    out.flush()
}

fn unified(base: &Base, rewrite: &Rewrite) -> String {
    let path = base.shown(&rewrite.path);
    let old = if rewrite.before.is_some() { path.as_str() } else { "/dev/null" };
    let before = rewrite.before.as_deref().unwrap_or_default();
    TextDiff::from_lines(before, rewrite.after.as_str()).unified_diff().header(old, &path).to_string()
}

fn styled(out: &mut impl Write, line: &str) -> io::Result<()> {
    let style = match line.as_bytes() {
        [b'-', b'-', b'-', b' ', ..] | [b'+', b'+', b'+', b' ', ..] => HEADER,
        [b'@', ..] => HUNK,
        [b'-', ..] => REMOVED,
        [b'+', ..] => ADDED,
        _ => Style::new(),
    };
    let cells: Vec<String> = line.trim_end_matches(['\r', '\n']).split('\t').map(visible).collect();
    writeln!(out, "{style}{}{style:#}", cells.join("\t"))
}
