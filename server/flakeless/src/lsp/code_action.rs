//! `textDocument/codeAction` and `codeAction/resolve`: the fixes at a place, and all safe fixes of a file.
//!
//! A client that can asks for the edit of an action when it is chosen. What it then gets is worked out anew, so it
//! fits the text; if the document has another version by then, or the fix is not there any more, the answer is
//! `ContentModified`.

use std::path::Path;

use analysis::fix::{Applicability, Edits, Fix, FixKind};
use analysis::hint::Hint;
use analysis::workspace::Action;
use serde::{Deserialize, Serialize};
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::lsp_types::{
    CodeAction, CodeActionContext, CodeActionDisabled, CodeActionKind, CodeActionOrCommand, CodeActionParams,
    CodeActionTriggerKind, Range, Url,
};

use super::capabilities::FIX_ALL;
use super::convert::{path_of, text_range};
use super::edits::CannotEdit;
use super::view::View;

/// What an action's `data` holds for a client that asks for the edit later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Unresolved {
    uri: Url,
    /// Of the document when the action was offered.
    version: Option<i32>,
    what: What,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum What {
    /// All safe fixes of the file.
    All,
    /// The fix with this title at a place.
    One { place: Range, title: String, hint: Option<HintId> },
}

/// Tells hints of one document apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct HintId {
    rule: String,
    start: u32,
    end: u32,
}

impl HintId {
    fn of(hint: &Hint) -> HintId {
        HintId { rule: hint.rule.to_owned(), start: hint.range.start, end: hint.range.end }
    }
}

impl View<'_> {
    /// What can be done with the hints and tests that the range touches, best first.
    pub(crate) fn code_actions(&self, params: &CodeActionParams) -> Option<Vec<CodeActionOrCommand>> {
        let CodeActionParams { text_document, range, context, .. } = params;
        let path = path_of(&text_document.uri)?;
        let mut actions = Vec::new();
        if is_asked_for(context, &CodeActionKind::QUICKFIX) {
            let offers = self.offers(&path, *range)?.into_iter();
            let offers = offers.filter(|offer| is_wanted(offer, context));
            actions.extend(offers.filter_map(|offer| self.quick_fix(&path, *range, offer)));
        }
        // Without `only` an editor asks what can be done *here*; a whole file's fixes belong there if one is here.
        let here = context.only.is_some() || !actions.is_empty();
        if here && is_asked_for(context, &FIX_ALL) {
            actions.extend(self.fix_all(&path));
        }
        if let Some(text) = self.workspace.text(&path) {
            actions.extend(self.runs(&path, text_range(&text, *range, self.abilities.encoding), context));
        }
        Some(actions.into_iter().map(CodeActionOrCommand::CodeAction).collect())
    }

    /// The action with its edit.
    ///
    /// # Errors
    /// `ContentModified` if it does not fit what is there now, `InvalidParams` if it is none of ours.
    pub(crate) fn resolve(&self, action: CodeAction) -> Result<CodeAction> {
        let data = action.data.clone().and_then(|data| serde_json::from_value::<Unresolved>(data).ok());
        let unresolved = data.ok_or_else(|| Error::invalid_params("not an action of this server"))?;
        let edit = self.edits_now(&unresolved).and_then(|edits| self.workspace_edit(&edits).ok());
        let edit = Some(edit.ok_or_else(Error::content_modified)?);
        Ok(CodeAction { edit, data: None, ..action })
    }

    fn edits_now(&self, unresolved: &Unresolved) -> Option<Edits> {
        let path = path_of(&unresolved.uri)?;
        if self.version(&path) != unresolved.version {
            return None;
        }
        match &unresolved.what {
            What::All => Some(self.safe_edits(&path)).filter(|edits| !edits.is_empty()),
            What::One { place, title, hint } => {
                let is_it = |offer: &Action| {
                    offer.fix.title == *title
                        && offer.disabled.is_none()
                        && offer.hint.as_ref().map(HintId::of) == *hint
                };
                self.offers(&path, *place)?.into_iter().find(is_it).map(|offer| offer.fix.edits)
            }
        }
    }

    fn offers(&self, path: &Path, range: Range) -> Option<Vec<Action>> {
        let text = self.workspace.text(path)?;
        let range = text_range(&text, range, self.abilities.encoding);
        let mut offers = self.workspace.actions(path, range, self.least(path));
        for hint in offers.iter_mut().filter_map(|offer| offer.hint.as_mut()) {
            *hint = self.proofs.confirmed(self.workspace, path, hint.clone());
        }
        Some(offers)
    }

    fn quick_fix(&self, path: &Path, place: Range, offer: Action) -> Option<CodeAction> {
        let diagnostics = offer.hint.as_ref().map(|hint| self.diagnostics(path, std::slice::from_ref(hint)));
        let Fix { title, edits, .. } = offer.fix;
        let action = CodeAction {
            title: title.clone(),
            kind: Some(CodeActionKind::QUICKFIX),
            diagnostics,
            is_preferred: offer.preferred.then_some(true),
            ..CodeAction::default()
        };
        if let Some(reason) = offer.disabled {
            return self.disabled(action, reason);
        }
        let what = What::One { place, title, hint: offer.hint.as_ref().map(HintId::of) };
        self.with_edit(action, path, &edits, what)
    }

    fn fix_all(&self, path: &Path) -> Option<CodeAction> {
        let edits = self.safe_edits(path);
        if edits.is_empty() {
            return None;
        }
        let action = CodeAction {
            title: "Apply all safe fixes of flakeless in this file".to_owned(),
            kind: Some(FIX_ALL),
            ..CodeAction::default()
        };
        self.with_edit(action, path, &edits, What::All)
    }

    /// The safe cures that go together; others follow when the file is saved and fixed again.
    fn safe_edits(&self, path: &Path) -> Edits {
        let mut all = Edits::new();
        for hint in self.report(path).hints {
            let fixes = self.workspace.fixes(path, &hint);
            let safe = |fix: &Fix| fix.kind == FixKind::Cure && fix.applicability == Applicability::Safe;
            if let Some(fix) = fixes.into_iter().find(safe).filter(|fix| !all.meets(&fix.edits)) {
                all.merge(fix.edits);
            }
        }
        all
    }

    /// The action with its edit, or with what the edit can be asked for with; disabled where the client could not
    /// make it.
    fn with_edit(&self, action: CodeAction, path: &Path, edits: &Edits, what: What) -> Option<CodeAction> {
        let edit = match self.workspace_edit(edits) {
            Ok(edit) => edit,
            Err(CannotEdit::Gone) => return None,
            Err(CannotEdit::NewFile(file)) => {
                let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
                let reason =
                    format!("This editor does not create files for a language server: {name} is missing.");
                return self.disabled(CodeAction { is_preferred: None, ..action }, reason);
            }
        };
        if !self.abilities.resolves_edits {
            return Some(CodeAction { edit: Some(edit), ..action });
        }
        let unresolved = Unresolved { uri: self.uri(path)?, version: self.version(path), what };
        Some(CodeAction { data: serde_json::to_value(unresolved).ok(), ..action })
    }

    fn disabled(&self, action: CodeAction, reason: String) -> Option<CodeAction> {
        let disabled = Some(CodeActionDisabled { reason });
        self.abilities.disabled_actions.then_some(CodeAction { disabled, ..action })
    }

    fn version(&self, path: &Path) -> Option<i32> {
        self.documents.get(path).map(|document| document.version)
    }
}

/// Whether an offer belongs there. An editor that asks by itself, to show a lightbulb, is told of hints alone: else
/// there would be one on every test.
fn is_wanted(offer: &Action, context: &CodeActionContext) -> bool {
    offer.hint.is_some() || context.trigger_kind != Some(CodeActionTriggerKind::AUTOMATIC)
}

/// Whether the client asks for `kind` or a kind above it: `source` asks for `source.fixAll` too.
pub(crate) fn is_asked_for(context: &CodeActionContext, kind: &CodeActionKind) -> bool {
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
