//! SARIF 2.1.0, for code scanning and the viewers that read it (docs.oasis-open.org/sarif/sarif/v2.1.0).
//!
//! Lines and columns count from 1, columns in code points. Paths are relative to the root of the repository. GitHub
//! shows of a hint's evidence only what its message links to, and makes a fingerprint of its own, `primaryLocationLineHash`,
//! which is not to be given to it with another value.

mod place;
mod rules;

use std::io::{self, Write};
use std::path::Path;

use analysis::fix::{Fix, FixKind};
use analysis::hint::Hint;
use analysis::settings::Severity;
use analysis::text::TextRange;
use serde_json::{Value, json};

use crate::cli::findings::{Finding, Findings};
use crate::cli::json_text;
use crate::cli::output::Sight;
use crate::cli::output::fingerprint::Known;
use crate::cli::output::texts::Texts;
use crate::rule_page;
use place::Roots;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

pub(super) fn print(out: &mut impl Write, sight: Sight<'_>, findings: &Findings) -> io::Result<()> {
    let roots = Roots::new(sight.roots);
    let mut log = Log { sight, roots: &roots, texts: Texts::new(sight.answers), known: Known::default() };
    let results: Vec<Value> = findings.list.iter().map(|finding| log.result(finding)).collect();
    let document = json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "flakeless",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "informationUri": rule_page::PROJECT,
                "rules": rules::all(),
            }},
            "columnKind": "unicodeCodePoints",
            "newlineSequences": ["\r\n", "\n", "\r"],
            "originalUriBaseIds": roots.bases(),
            "results": results,
        }],
    });
    json_text::print(out, &document)
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info | Severity::Hint | Severity::Off => "note",
    }
}

struct Log<'a> {
    sight: Sight<'a>,
    roots: &'a Roots<'a>,
    texts: Texts<'a>,
    known: Known,
}

impl Log<'_> {
    fn result(&mut self, finding: &Finding) -> Value {
        let Finding { path, hint, fixes } = finding;
        let recognised = self.known.recognise(finding, &mut self.texts);
        let fingerprint = recognised.hash(&self.roots.relative(path));
        let evidence = hint.related.iter().zip(1..);
        let related: Vec<Value> = evidence
            .map(|(related, id)| {
                let mut location = self.location(&related.path, related.range);
                location["id"] = json!(id);
                location["message"] = json!({"text": related.message});
                location
            })
            .collect();
        let offered = fixes.iter().filter(|fix| is_offered(fix));
        let fixes: Vec<Value> = offered.map(|fix| self.fix(fix)).collect();
        let mut result = json!({
            "ruleId": hint.rule,
            "ruleIndex": rules::index(hint.rule),
            "level": level(self.sight.severity(finding)),
            "message": {"text": message(hint)},
            "locations": [self.location(path, hint.range)],
            "partialFingerprints": {"flakeless/v1": fingerprint},
            "properties": {"confidence": hint.confidence.word()},
        });
        if let Some(test) = &hint.test {
            result["properties"]["test"] = json!(test.as_str());
        }
        for (name, list) in [("relatedLocations", related), ("fixes", fixes)] {
            if !list.is_empty() {
                result[name] = Value::Array(list);
            }
        }
        result
    }

    fn location(&mut self, path: &Path, range: TextRange) -> Value {
        json!({"physicalLocation": {
            "artifactLocation": self.roots.location(path),
            "region": self.region(path, range),
        }})
    }

    fn region(&mut self, path: &Path, range: TextRange) -> Value {
        let range = self.texts.range(path, range);
        json!({
            "startLine": range.start.line,
            "startColumn": range.start.column,
            "endLine": range.end.line,
            "endColumn": range.end.column,
        })
    }

    fn fix(&mut self, fix: &Fix) -> Value {
        let changes = fix.edits.files().iter().map(|(path, edits)| {
            let replacements = edits.iter().map(|edit| {
                json!({
                    "deletedRegion": self.region(path, edit.range),
                    "insertedContent": {"text": edit.text},
                })
            });
            let replacements: Vec<Value> = replacements.collect();
            json!({"artifactLocation": self.roots.location(path), "replacements": replacements})
        });
        let changes: Vec<Value> = changes.collect();
        json!({
            "description": {"text": fix.title},
            "artifactChanges": changes,
            "properties": {"kind": fix.kind.word(), "applicability": fix.applicability.word()},
        })
    }
}

/// A program that applies whatever is offered must not silence hints.
fn is_offered(fix: &Fix) -> bool {
    fix.kind != FixKind::Suppression && !fix.edits.is_empty()
}

/// The message, then a line for each piece of evidence, which is a link to its place (section 3.11.6).
fn message(hint: &Hint) -> String {
    let mut message = hint.message.to_string();
    for (related, id) in hint.related.iter().zip(1..) {
        let text = related.message.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
        message.push_str(&format!("\n[{text}]({id})"));
    }
    message
}

#[cfg(test)]
mod tests {
    use super::*;
    use analysis::hint::{Confidence, Related};

    #[test]
    fn evidence_is_linked_to_with_its_brackets_escaped() {
        let related = |message: &str| Related {
            path: "/p/conftest.py".into(),
            range: TextRange::default(),
            message: message.to_owned(),
        };
        let hint = Hint {
            rule: "shared-state-leak",
            confidence: Confidence::Likely,
            message: "This changes `names[0]`.".into(),
            range: TextRange::default(),
            related: [related("`names[0]` is read here."), related("Here too.")].into(),
            test: None,
            mitigated_by: None,
        };
        let expected = "This changes `names[0]`.\n[`names\\[0\\]` is read here.](1)\n[Here too.](2)";
        assert_eq!(message(&hint), expected);
    }
}
