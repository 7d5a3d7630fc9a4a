//! What a person may have run: *Reproduce* and *Find the polluter*, above each test that has hints and among its actions.
//! Both name a command; nothing runs before it is chosen.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use analysis::hint::Hint;
use analysis::text::TextRange;
use analysis::workspace::Test;
use serde_json::json;
use tower_lsp::lsp_types::{
    CodeAction, CodeActionContext, CodeActionKind, CodeActionTriggerKind, CodeLens, Command, Url,
};

use super::code_action::is_asked_for;
use super::commands::{FIND_POLLUTER, REPRODUCE};
use super::convert::is_untitled;
use super::view::View;
use crate::reproduce::axis::{self, Axis};

/// A test with hints.
struct Runnable {
    test: Test,
    /// Of its hints.
    places: Vec<TextRange>,
    /// A hint says that it depends on the tests before it, or they on it.
    has_order: bool,
}

impl View<'_> {
    /// What stands above the tests of a document that have hints.
    pub(crate) fn code_lenses(&self, path: &Path) -> Option<Vec<CodeLens>> {
        if !self.workspace.settings(path).code_lens {
            return None;
        }
        let uri = self.uri(path)?;
        let mut lenses = Vec::new();
        for runnable in self.runnables(path, self.report(path).hints) {
            let range = self.range(path, runnable.test.name)?;
            let commands = [("Reproduce", REPRODUCE), ("Find the polluter", FIND_POLLUTER)];
            let offered = commands.into_iter().take(1 + usize::from(runnable.has_order));
            let command = |(title, name): (&str, &str)| command(title.to_owned(), name, &uri, &runnable.test);
            lenses.extend(offered.map(|it| CodeLens { range, command: Some(command(it)), data: None }));
        }
        Some(lenses)
    }

    /// The same as actions: on the hints of a test, and, where a person asks, on its name.
    pub(crate) fn runs(&self, path: &Path, range: TextRange, context: &CodeActionContext) -> Vec<CodeAction> {
        let (true, Some(uri)) = (is_asked_for(context, &CodeActionKind::EMPTY), self.uri(path)) else {
            return Vec::new();
        };
        let is_automatic = context.trigger_kind == Some(CodeActionTriggerKind::AUTOMATIC);
        // As with fixes, also where the hint is not shown.
        let mut runnables = self.runnables(path, self.workspace.report(path).hints);
        runnables.retain(|it| {
            let on_name = !is_automatic && touch(it.test.name, range);
            on_name || it.places.iter().any(|place| touch(*place, range))
        });
        let mut actions = Vec::new();
        for Runnable { test, has_order, .. } in &runnables {
            let name = test.node_id.rsplit("::").next().unwrap_or_default();
            let titles = [
                (format!("Reproduce: run `{name}` with pytest until it fails"), REPRODUCE),
                (format!("Find the polluter: run `{name}` behind other tests"), FIND_POLLUTER),
            ];
            let offered = titles.into_iter().take(1 + usize::from(*has_order));
            actions.extend(offered.map(|(title, name)| CodeAction {
                command: Some(command(title.clone(), name, &uri, test)),
                title,
                // Neither a fix nor a refactoring.
                kind: Some(CodeActionKind::EMPTY),
                ..CodeAction::default()
            }));
        }
        actions
    }

    /// The tests with such hints that can be shown by running them.
    fn runnables(&self, path: &Path, hints: Vec<Hint>) -> Vec<Runnable> {
        if !self.may_run || is_untitled(path) {
            return Vec::new();
        }
        let mut places: BTreeMap<String, Vec<TextRange>> = BTreeMap::new();
        let mut ordered = BTreeSet::new();
        for hint in hints {
            let Some(test) = hint.test.filter(|_| !axis::suspected(&[hint.rule]).is_empty()) else {
                continue;
            };
            let test = String::from(test);
            if axis::shows(hint.rule, Axis::Order) {
                ordered.insert(test.clone());
            }
            places.entry(test).or_default().push(hint.range);
        }
        if places.is_empty() {
            return Vec::new();
        }
        let runnable = |test: Test| {
            let places = places.remove(&test.node_id)?;
            Some(Runnable { has_order: ordered.contains(&test.node_id), places, test })
        };
        self.workspace.tests(path).filter_map(runnable).collect()
    }
}

fn touch(one: TextRange, other: TextRange) -> bool {
    one.start <= other.end && other.start <= one.end
}

fn command(title: String, name: &str, document: &Url, test: &Test) -> Command {
    Command { title, command: name.to_owned(), arguments: Some(vec![json!(document), json!(test.node_id)]) }
}
