//! `textDocument/codeAction`: the fixes at a place, and all safe fixes of a file.

use std::path::Path;

use analysis::fix::{Applicability, Edits, Fix, FixKind};
use analysis::workspace::Action;
use tower_lsp::lsp_types::{
    CodeAction, CodeActionContext, CodeActionDisabled, CodeActionKind, CodeActionOrCommand, Range,
};

use super::capabilities::FIX_ALL;
use super::convert::text_range;
use super::view::View;

impl View<'_> {
    /// What can be done with the hints and tests that `range` touches, best first.
    pub(crate) fn code_actions(
        &self,
        path: &Path,
        range: Range,
        context: &CodeActionContext,
    ) -> Option<Vec<CodeActionOrCommand>> {
        let text = self.workspace.text(path)?;
        let mut actions = Vec::new();
        if is_asked_for(context, &CodeActionKind::QUICKFIX) {
            let range = text_range(&text, range, self.abilities.encoding);
            let offers = self.workspace.actions(path, range);
            actions.extend(offers.into_iter().filter_map(|offer| self.quick_fix(path, offer)));
        }
        // Without `only` an editor asks what can be done *here*; a whole file's fixes belong there if one is here.
        let here = context.only.is_some() || !actions.is_empty();
        if here && is_asked_for(context, &FIX_ALL) {
            actions.extend(self.fix_all(path));
        }
        Some(actions.into_iter().map(CodeActionOrCommand::CodeAction).collect())
    }

    fn quick_fix(&self, path: &Path, offer: Action) -> Option<CodeAction> {
        let diagnostics = offer.hint.as_ref().and_then(|hint| self.diagnostic(path, hint)).map(|it| vec![it]);
        let action = CodeAction {
            title: offer.fix.title,
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics,
            is_preferred: offer.preferred.then_some(true),
            ..CodeAction::default()
        };
        if let Some(reason) = offer.disabled {
            let disabled = Some(CodeActionDisabled { reason });
            return self.abilities.disabled_actions.then_some(CodeAction { disabled, ..action });
        }
        let edit = Some(self.workspace_edit(&offer.fix.edits)?);
        Some(CodeAction { edit, ..action })
    }

    /// The safe cures that go together; others follow when the file is saved and fixed again.
    fn fix_all(&self, path: &Path) -> Option<CodeAction> {
        let mut all = Edits::new();
        for hint in self.report(path).hints {
            let fixes = self.workspace.fixes(path, &hint);
            let safe = |fix: &Fix| fix.kind == FixKind::Cure && fix.applicability == Applicability::Safe;
            if let Some(fix) = fixes.into_iter().find(safe).filter(|fix| !all.meets(&fix.edits)) {
                all.merge(fix.edits);
            }
        }
        let edit = self.workspace_edit(&all).filter(|_| !all.is_empty())?;
        Some(CodeAction {
            title: "Apply all safe fixes of flakeless in this file".to_owned(),
            kind: Some(FIX_ALL),
            edit: Some(edit),
            ..CodeAction::default()
        })
    }
}

/// Whether the client asks for `kind` or a kind above it: `source` asks for `source.fixAll` too.
fn is_asked_for(context: &CodeActionContext, kind: &CodeActionKind) -> bool {
    let Some(only) = &context.only else { return true };
    only.iter().any(|asked| match kind.as_str().strip_prefix(asked.as_str()) {
        Some(rest) => asked.as_str().is_empty() || rest.is_empty() || rest.starts_with('.'),
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked_for(only: &'static str, kind: &CodeActionKind) -> bool {
        let only = Some(vec![CodeActionKind::from(only)]);
        is_asked_for(&CodeActionContext { only, ..CodeActionContext::default() }, kind)
    }

    #[test]
    fn a_kind_asks_for_those_below_it() {
        for only in ["", "source", "source.fixAll", "source.fixAll.flakeless"] {
            assert!(asked_for(only, &FIX_ALL), "{only}");
        }
        for only in ["quickfix", "source.fix", "source.fixAll.ruff", "source.fixAll.flakeless.x"] {
            assert!(!asked_for(only, &FIX_ALL), "{only}");
        }
        assert!(asked_for("quickfix", &CodeActionKind::QUICKFIX));
        assert!(is_asked_for(&CodeActionContext::default(), &FIX_ALL));
    }
}
