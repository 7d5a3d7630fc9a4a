//! Which fixtures, helpers, set-ups and constants that a test of a file may reach hold which words.

use std::path::Path;
use std::sync::Arc;

use memchr::memmem;
use smol_str::SmolStr;

use super::{Module, Project};
use crate::syntax::split::ItemKind;

/// A name, and the words in the text that it stands for, a bit each.
pub type Named = (SmolStr, u64);

impl Project {
    /// The bits that `words_in` gives for what the text of an item names of its module and of the conftests above it.
    /// Kept by file, so `words_in` must always be the same.
    pub fn words_around(&self, module: &Module, item: u32, words_in: impl Fn(&str) -> u64) -> u64 {
        let text = module.file.item_text(item).as_bytes();
        let named = self.words_by_name(module, words_in);
        let mentioned = named.iter().filter(|(name, _)| memmem::find(text, name.as_bytes()).is_some());
        mentioned.fold(0, |words, (_, own)| words | own)
    }

    fn words_by_name(&self, module: &Module, words_in: impl Fn(&str) -> u64) -> Arc<Vec<Named>> {
        let path = &module.file.path;
        if let Some(known) = self.words_around.get(path) {
            return known.clone();
        }
        let conftests = self.conftests(path).into_iter().filter_map(|conftest| self.module(&conftest));
        let mut found = Vec::new();
        conftests.chain([module.clone()]).for_each(|module| add(&module, &words_in, &mut found));
        found.sort();
        found.dedup();
        let found = Arc::new(found);
        self.words_around.insert(path.clone(), found.clone());
        found
    }

    pub(super) fn forget_words_around(&self, path: &Path) {
        match path.ends_with("conftest.py") {
            true => self.words_around.clear(),
            false => drop(self.words_around.remove(path)),
        }
    }
}

fn add(module: &Module, words_in: &impl Fn(&str) -> u64, found: &mut Vec<Named>) {
    let file = &module.file;
    for item in 0..file.items().len() as u32 {
        let name = file.name(item);
        if name.starts_with("test") {
            continue;
        }
        let words = words_in(file.item_text(item));
        if words == 0 {
            continue;
        }
        match file.item(item).kind {
            // What a set-up leaves is reached by way of the instance.
            ItemKind::Function(_) if file.item(item).owner.is_some() => {
                found.push((SmolStr::new("self."), words));
            }
            ItemKind::Function(_) | ItemKind::Class(_) => found.push((SmolStr::new(name), words)),
            ItemKind::Import | ItemKind::Statement => {
                let bound = file
                    .scope()
                    .names()
                    .filter(|(_, bindings)| bindings.iter().any(|binding| binding.item == item));
                found.extend(bound.map(|(name, _)| (name.clone(), words)));
            }
        }
    }
}
