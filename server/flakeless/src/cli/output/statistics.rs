//! How many hints each rule gave.

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::cli::findings::Findings;

/// The most frequent rule first; equal counts by name.
pub(super) fn by_rule(findings: &Findings) -> Vec<(&'static str, usize)> {
    let mut counts: BTreeMap<&'static str, usize> = BTreeMap::new();
    for finding in &findings.list {
        *counts.entry(finding.hint.rule).or_default() += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|&(rule, count)| (std::cmp::Reverse(count), rule));
    counts
}

pub(super) fn print(out: &mut impl Write, findings: &Findings) -> io::Result<()> {
    let counts = by_rule(findings);
    let width = counts.first().map_or(0, |(_, most)| most.to_string().len());
    for (rule, count) in counts {
        writeln!(out, "{count:width$}  {rule}")?;
    }
    Ok(())
}
