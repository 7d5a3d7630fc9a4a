//! Which fixtures, helpers, set-ups and constants that a test of a file may reach hold which words.

use std::sync::Arc;

use memchr::memmem;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::{Module, Project, Role};
use crate::store::File;
use crate::syntax::split::ItemKind;
use crate::text::outlines::Outlines;
use crate::text::word::names_in;

/// The bits of the words in what each name stands for.
#[derive(Debug, Default)]
pub struct Words {
    by_name: FxHashMap<SmolStr, u128>,
    outlines: Outlines<16>,
    /// Of what a set-up leaves, which is reached by way of the instance.
    of_instance: u128,
}

impl Words {
    fn add(&mut self, name: &str, words: u128) {
        self.outlines.add(name);
        *self.by_name.entry(SmolStr::new(name)).or_default() |= words;
    }

    fn join(&mut self, other: &Words) {
        other.by_name.iter().for_each(|(name, words)| self.add(name, *words));
        self.of_instance |= other.of_instance;
    }

    fn of(&self, name: &str) -> Option<u128> {
        self.outlines.may_hold(name).then(|| self.by_name.get(name).copied()).flatten()
    }
}

impl Project {
    /// The bits that `words_in` gives for what the text of an item names of its module and of the conftests above it.
    /// Kept by file, so `words_in` must always be the same.
    pub fn words_around(&self, module: &Module, item: u32, words_in: impl Fn(&str) -> u128) -> u128 {
        let text = module.file.item_text(item);
        let known = self.words_by_name(module, words_in);
        let through_instance = match memmem::find(text.as_bytes(), b"self.") {
            Some(_) => known.of_instance,
            None => 0,
        };
        if known.by_name.is_empty() {
            return through_instance;
        }
        let own = names_in(text).filter_map(|name| known.of(name));
        own.fold(through_instance, |words, own| words | own)
    }

    fn words_by_name(&self, module: &Module, words_in: impl Fn(&str) -> u128) -> Arc<Words> {
        let id = module.file.id;
        if let Some(known) = self.words_around.get(&id) {
            return known.clone();
        }
        let conftests = self.conftests(&module.file.path);
        let conftests = conftests.iter().filter_map(|conftest| self.module(conftest));
        let mut found = Words::default();
        conftests.for_each(|conftest| found.join(&self.words_of_conftest(&conftest, &words_in)));
        self.add_words(module, &words_in, &mut found);
        let found = Arc::new(found);
        self.words_around.insert(id, found.clone());
        found
    }

    fn words_of_conftest(&self, conftest: &Module, words_in: &impl Fn(&str) -> u128) -> Arc<Words> {
        if let Some(known) = self.words_of_conftests.get(&conftest.file.id) {
            return known.clone();
        }
        let mut found = Words::default();
        self.add_words(conftest, words_in, &mut found);
        let found = Arc::new(found);
        self.words_of_conftests.insert(conftest.file.id, found.clone());
        found
    }

    pub(super) fn forget_words_around(&self, file: &File) {
        match file.path.ends_with("conftest.py") {
            true => {
                self.words_around.clear();
                self.words_of_conftests.remove(&file.id);
            }
            false => drop(self.words_around.remove(&file.id)),
        }
    }

    /// Tests count for nothing: an edit in one leaves what is kept as it is.
    fn add_words(&self, module: &Module, words_in: &impl Fn(&str) -> u128, found: &mut Words) {
        let file = &module.file;
        let mut of_statements = FxHashMap::default();
        for item in 0..file.items().len() as u32 {
            if self.role(module, item) == Role::Test {
                continue;
            }
            let words = words_in(file.item_text(item));
            if words == 0 {
                continue;
            }
            match file.item(item).kind {
                ItemKind::Function(_) if file.item(item).owner.is_some() => found.of_instance |= words,
                ItemKind::Function(_) | ItemKind::Class(_) => found.add(file.name(item), words),
                ItemKind::Import | ItemKind::Statement => drop(of_statements.insert(item, words)),
            }
        }
        if of_statements.is_empty() {
            return;
        }
        for (name, bindings) in file.scope().names() {
            let words = bindings.iter().filter_map(|binding| of_statements.get(&binding.item));
            let words = words.fold(0, |all, words| all | words);
            if words != 0 {
                found.add(name, words);
            }
        }
    }
}
