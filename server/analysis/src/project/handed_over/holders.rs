//! Which items of the tests hold a word, and what tests among them leave changed.

use std::path::PathBuf;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use crate::project::effects::Footprint;
use crate::project::target::Target;
use crate::project::{Module, Project, Role};
use crate::text::{Standing, Word};

/// Those of the checked files that hold one word.
#[derive(Debug)]
pub struct Holders {
    pub files: Vec<Holder>,
    /// The paths of what tests among them leave changed.
    pub written: FxHashSet<SmolStr>,
}

/// The items of one file whose code holds a word: one at least.
#[derive(Debug)]
pub struct Holder {
    pub module: Module,
    pub items: Vec<u32>,
}

impl Project {
    /// The items that hold a word in the files that are looked at; `None` where one of the files cannot be read. Every class
    /// of a large suite may have a `result`: the texts are searched once for all, and their tests are asked once.
    pub(super) fn holders(&self, word: &SmolStr) -> Option<Arc<Holders>> {
        if let Some(known) = self.holders.get(word) {
            return known.clone();
        }
        let sought = Word::new(word, Standing::InNames);
        let of_file = |path: &PathBuf| {
            let holder = Holder::of(self.module(path)?, &sought);
            let written = holder.as_ref().map(|holder| holder.written(self)).unwrap_or_default();
            Some((holder, written))
        };
        let files = self.turns.map(self.checked_files(), of_file).into_iter().collect::<Option<Vec<_>>>();
        let found = files.map(|files| {
            let (files, written): (Vec<Option<Holder>>, Vec<FxHashSet<SmolStr>>) = files.into_iter().unzip();
            let (files, written) = (files.into_iter().flatten(), written.into_iter().flatten());
            Arc::new(Holders { files: files.collect(), written: written.collect() })
        });
        self.holders.insert(word.clone(), found.clone());
        found
    }

    /// Those in the file that holds a target, where that is none of the files that are looked at. The outer `None`: it cannot
    /// be read.
    pub(super) fn own_holder(&self, target: &Target, word: &str) -> Option<Option<Holder>> {
        let file = target.path().and_then(|path| self.layout.split_path(path)).map(|(file, _)| file);
        match file.filter(|file| !self.is_checked(file)) {
            Some(file) => Some(Holder::of(self.module(file)?, &Word::new(word, Standing::InNames))),
            None => Some(None),
        }
    }
}

impl Holder {
    fn of(module: Module, word: &Word<'_>) -> Option<Holder> {
        let items = module.file.items_holding(word);
        (!items.is_empty()).then_some(Holder { module, items })
    }

    /// The paths of what the tests among them leave changed.
    pub fn written(&self, project: &Project) -> FxHashSet<SmolStr> {
        let tests = self.items.iter().filter(|item| project.role(&self.module, **item) == Role::Test);
        let mut written = FxHashSet::default();
        for test in tests {
            let footprint = Footprint::whole_at(project, &self.module, *test);
            written.extend(footprint.escaping().filter_map(|touch| touch.target.path().map(SmolStr::new)));
        }
        written
    }
}
