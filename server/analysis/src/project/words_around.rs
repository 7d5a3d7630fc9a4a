//! Which words stand in the fixtures, helpers, set-ups and constants that a test of a file may reach.

use std::path::Path;

use super::{Module, Project};
use crate::syntax::split::ItemKind;

impl Project {
    /// The bits that `words_in` gives for the text of the module's items which are no tests, and of those of the conftests
    /// above it. Kept by file, so `words_in` must always be the same.
    pub fn words_around(&self, module: &Module, words_in: impl Fn(&str) -> u64) -> u64 {
        let path = &module.file.path;
        if let Some(known) = self.words_around.get(path) {
            return *known;
        }
        let conftests = self.conftests(path).into_iter().filter_map(|conftest| self.module(&conftest));
        let around =
            conftests.chain([module.clone()]).fold(0, |words, module| words | of(&module, &words_in));
        self.words_around.insert(path.clone(), around);
        around
    }

    pub(super) fn forget_words_around(&self, path: &Path) {
        match path.ends_with("conftest.py") {
            true => self.words_around.clear(),
            false => drop(self.words_around.remove(path)),
        }
    }
}

fn of(module: &Module, words_in: &impl Fn(&str) -> u64) -> u64 {
    let file = &module.file;
    let is_test = |item: u32| {
        matches!(file.item(item).kind, ItemKind::Function(_)) && file.name(item).starts_with("test")
    };
    let others = (0..file.items().len() as u32).filter(|item| !is_test(*item));
    others.fold(0, |words, item| words | words_in(file.item_text(item)))
}
