//! What the server says of its own work: to the log at the start, and in `$/logTrace` as far as the client wants it.

use std::path::Path;
use std::time::Instant;

use analysis::text::Encoding;
use serde_json::json;
use tower_lsp::lsp_types::{Diagnostic, MessageType, NumberOrString, TraceValue};

use super::Session;
use crate::lsp::diagnostics::Set;

impl Session {
    /// One line for the person who asks why hints do not come.
    pub(super) fn log_what_was_agreed(&self) {
        let encoding = match self.abilities.encoding {
            Encoding::Utf8 => "UTF-8",
            Encoding::Utf16 => "UTF-16",
            Encoding::Utf32 => "UTF-32",
        };
        let model = if self.abilities.pulls { "pulled by the editor" } else { "pushed to the editor" };
        let watching = if self.abilities.watches_files {
            "watched by the editor"
        } else {
            "looked at when files are opened and saved"
        };
        let text = format!(
            "flakeless {}: positions in {encoding}, hints {model}, files {watching}",
            env!("CARGO_PKG_VERSION")
        );
        self.wires.outbox.log(MessageType::INFO, &text);
    }

    /// Tells how long the hints of a document took, and, where it is wanted verbose, which they are.
    pub(super) fn trace_hints(&self, path: &Path, version: Option<i32>, set: &Set, begun: Instant) {
        if self.trace == TraceValue::Off {
            return;
        }
        let took = begun.elapsed().as_secs_f64() * 1000.0;
        let version = version.map_or_else(|| "closed".to_owned(), |version| format!("version {version}"));
        let count = set.diagnostics.len();
        let message = format!("{} ({version}): {count} hints in {took:.1} ms", path.display());
        let verbose = (self.trace == TraceValue::Verbose).then(|| {
            let lines: Vec<String> = set.diagnostics.iter().map(line).collect();
            lines.join("\n")
        });
        let params = match verbose {
            Some(verbose) => json!({"message": message, "verbose": verbose}),
            None => json!({"message": message}),
        };
        self.wires.outbox.notify("$/logTrace", params);
    }
}

fn line(diagnostic: &Diagnostic) -> String {
    let rule = match &diagnostic.code {
        Some(NumberOrString::String(rule)) => rule,
        _ => "problem",
    };
    format!("line {}: {rule}", diagnostic.range.start.line + 1)
}
