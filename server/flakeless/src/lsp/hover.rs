//! `textDocument/hover`: the engine's Markdown.

use std::path::Path;

use analysis::hint::Hint;
use analysis::workspace::Hover as Explanation;
use tower_lsp::lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::convert::position;
use super::view::View;

impl View<'_> {
    /// The explanation of what stands at a place of an open document.
    pub(crate) fn hover(&self, path: &Path, at: Position) -> Option<Hover> {
        let text = self.workspace.text(path)?;
        let offset = text.offset(position(at), self.abilities.encoding);
        let hints = self.workspace.report(path).hints.into_iter();
        let hints: Vec<Hint> = hints.map(|hint| self.proofs.confirmed(self.workspace, path, hint)).collect();
        let mut hover = self.workspace.hover_among(path, offset, &hints)?;
        if hover.message.is_some() {
            self.add_command(path, &mut hover);
        }
        if let Some(message) = hover.message.take().filter(|_| self.abilities.shows_diagnostics_on_hover) {
            hover.markdown.replace_range(message, "");
        }
        let kind = if self.abilities.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        Some(Hover {
            contents: HoverContents::Markup(MarkupContent { kind, value: hover.markdown }),
            range: self.range(path, hover.range),
        })
    }

    /// Where the hint was reproduced: how to see that again, before the rule's page.
    fn add_command(&self, path: &Path, hover: &mut Explanation) {
        let hints = self.workspace.report(path).hints;
        let Some(hint) = hints.iter().find(|hint| hint.range == hover.range) else { return };
        let Some(command) = self.proofs.of(self.workspace, path, hint).and_then(|proof| proof.command) else {
            return;
        };
        let at = hover.markdown.find("\n---\n").unwrap_or(hover.markdown.len());
        // Indented, nothing in it is taken for Markdown.
        hover.markdown.insert_str(at, &format!("\nTo see it fail again:\n\n    {command}\n"));
    }
}
