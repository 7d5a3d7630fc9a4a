//! The JSON form. It is kept: keys are added, never changed or taken away.
//!
//! Lines and columns count from 1, columns in characters; paths are relative to the working directory.

use std::collections::BTreeMap;
use std::io::{self, Write};

use analysis::fix::{Fix, FixKind};
use serde::Serialize;

use crate::cli::findings::{Finding, Findings, Reach};
use crate::cli::json_text;
use crate::cli::output::texts::{Range, Texts};
use crate::cli::output::{Besides, Sight, statistics};

const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document {
    version: u32,
    files: usize,
    tests: usize,
    /// Hints that a baseline accepts: they are not in `hints`.
    accepted: usize,
    /// Hints that a baseline accepts and that are gone.
    stale: usize,
    hints: Vec<Hint>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<BTreeMap<&'static str, usize>>,
}

#[derive(Serialize)]
struct Hint {
    rule: &'static str,
    confidence: &'static str,
    message: String,
    path: String,
    test: Option<String>,
    range: Range,
    related: Vec<Related>,
    fixes: Vec<OfferedFix>,
}

#[derive(Serialize)]
struct Related {
    path: String,
    range: Range,
    message: String,
}

#[derive(Serialize)]
struct OfferedFix {
    title: String,
    kind: &'static str,
    applicability: &'static str,
    preferred: bool,
    edits: Vec<Edit>,
}

#[derive(Serialize)]
struct Edit {
    path: String,
    range: Range,
    text: String,
}

pub(super) fn print(
    out: &mut impl Write,
    sight: Sight<'_>,
    findings: &Findings,
    besides: &Besides,
    counted: bool,
) -> io::Result<()> {
    let mut told = Told { sight, texts: Texts::new(sight.answers) };
    let document = Document {
        version: VERSION,
        files: findings.files,
        tests: findings.tests,
        accepted: findings.accepted,
        stale: besides.stale,
        hints: findings.list.iter().map(|finding| told.hint(finding)).collect(),
        statistics: counted.then(|| statistics::by_rule(findings).into_iter().collect()),
    };
    json_text::print(out, &document)
}

struct Told<'a> {
    sight: Sight<'a>,
    texts: Texts<'a>,
}

impl Told<'_> {
    fn hint(&mut self, finding: &Finding) -> Hint {
        let hint = &finding.hint;
        let preferred = finding.fix(Reach::Preferred);
        Hint {
            rule: hint.rule,
            confidence: hint.confidence.word(),
            message: hint.message.to_string(),
            path: self.sight.base.relative(&finding.path),
            test: hint.test.as_ref().map(ToString::to_string),
            range: self.texts.range(&finding.path, hint.range),
            related: hint
                .related
                .iter()
                .map(|related| Related {
                    path: self.sight.base.relative(&related.path),
                    range: self.texts.range(&related.path, related.range),
                    message: related.message.clone(),
                })
                .collect(),
            fixes: finding
                .fixes
                .iter()
                .map(|fix| self.fix(fix, preferred.is_some_and(|first| std::ptr::eq(first, fix))))
                .collect(),
        }
    }

    fn fix(&mut self, fix: &Fix, preferred: bool) -> OfferedFix {
        let edits =
            fix.edits.files().iter().flat_map(|(path, edits)| edits.iter().map(move |edit| (path, edit)));
        OfferedFix {
            title: fix.title.clone(),
            kind: fix.kind.word(),
            applicability: fix.applicability.word(),
            preferred: preferred && fix.kind == FixKind::Cure,
            edits: edits
                .map(|(path, edit)| Edit {
                    path: self.sight.base.relative(path),
                    range: self.texts.range(path, edit.range),
                    text: edit.text.clone(),
                })
                .collect(),
        }
    }
}
