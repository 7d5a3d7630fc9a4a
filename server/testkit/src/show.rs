//! What a person reads when a case fails.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::case::{Case, CaseFile};
use crate::checks::{Fault, Found, Reading, place};

/// Lines shown around what matters.
const AROUND: usize = 3;

/// The faults of one check, each with its place on disk, then the sources with the hints that came.
pub(crate) fn faults(case: &Case, reading: &Reading, check: &str, faults: &[Fault]) -> String {
    let mut out = format!("{}: {check}\n", case.name);
    for fault in faults {
        let _ = writeln!(out, "{}: {}", origin(case, fault), indent(&fault.message));
    }
    for file in &case.files {
        out.push_str(&source(case, reading, file, faults));
    }
    out
}

fn origin(case: &Case, fault: &Fault) -> String {
    match case.file(&fault.path) {
        Some(file) => format!("{}:{}", from_repository(&file.origin), file.origin_line(fault.line)),
        None => format!("{}:{}", case.tree.relative(&fault.path), fault.line + 1),
    }
}

fn indent(message: &str) -> String {
    message.trim_end().replace('\n', "\n    ")
}

/// One file as it is written, the hints that came under their lines.
fn source(case: &Case, reading: &Reading, file: &CaseFile, faults: &[Fault]) -> String {
    let path = case.tree.root().join(&file.path);
    let text = file.marked.text.as_str();
    let here: Vec<&Found> = reading.found.iter().filter(|found| found.path == path).collect();
    let blamed = faults.iter().filter(|fault| fault.path == path).map(|fault| fault.line);
    let mut lines: BTreeSet<usize> = blamed.collect();
    if case.rule.is_some() {
        // A page's case is small: everything that was said or came is of interest.
        lines.extend(file.marked.wanted.iter().map(|wanted| wanted.line));
        lines.extend(here.iter().map(|found| place(text, found.hint.range.start).0));
    } else if lines.is_empty() {
        return String::new();
    }
    let lines: BTreeSet<usize> =
        lines.into_iter().map(|line| file.origin_line(line) - file.first_line).collect();

    let mut out = format!("\n  {} ({})\n", case.tree.relative(&path), from_repository(&file.origin));
    let mut skipped = false;
    for (number, line) in file.source.lines().enumerate() {
        let near = lines.range(number.saturating_sub(AROUND)..=number + AROUND).next().is_some();
        if !near {
            if !std::mem::replace(&mut skipped, true) {
                out.push_str("   ...\n");
            }
            continue;
        }
        skipped = false;
        let _ = writeln!(out, "{:5} | {line}", file.first_line + number);
        for found in &here {
            let (start, column) = place(text, found.hint.range.start);
            if file.marked.lines.get(start) == Some(&number) {
                let _ = writeln!(out, "      | {}{}", " ".repeat(column), came_here(text, found));
            }
        }
    }
    out
}

fn came_here(text: &str, found: &Found) -> String {
    let hint = &found.hint;
    let ((line, start), (end_line, end)) = (place(text, hint.range.start), place(text, hint.range.end));
    let carets = if line == end_line { end.saturating_sub(start).max(1) } else { 1 };
    let more = if line == end_line { String::new() } else { format!(" to line +{}", end_line - line) };
    let mitigated = if hint.mitigated_by.is_some() { ", mitigated" } else { "" };
    let (carets, word) = ("^".repeat(carets), hint.confidence.word());
    format!("{carets}{more} came: [{}] {word}{mitigated} \"{}\"", hint.rule, hint.message)
}

/// The path as it is found from the repository's root.
pub(crate) fn from_repository(path: &Path) -> String {
    path.strip_prefix(repository()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The repository's root, absolute.
pub fn repository() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}
