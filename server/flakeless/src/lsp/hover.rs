//! `textDocument/hover`: the engine's Markdown.

use std::path::Path;

use tower_lsp::lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use super::convert::position;
use super::view::View;

impl View<'_> {
    /// The explanation of what stands at a place of an open document.
    pub(crate) fn hover(&self, path: &Path, at: Position) -> Option<Hover> {
        let text = self.workspace.text(path)?;
        let offset = text.offset(position(at), self.abilities.encoding);
        let mut hover = self.workspace.hover(path, offset)?;
        if let Some(message) = hover.message.take().filter(|_| self.abilities.shows_diagnostics_on_hover) {
            hover.markdown.replace_range(message, "");
        }
        let kind = if self.abilities.markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
        Some(Hover {
            contents: HoverContents::Markup(MarkupContent { kind, value: hover.markdown }),
            range: self.range(path, hover.range),
        })
    }
}
