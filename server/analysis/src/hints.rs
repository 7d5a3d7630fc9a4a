//! The hints of items that were looked at, kept until something they rest on changes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;

use crate::project::{Module, Project};
use crate::report::{ItemHints, hints_of_item};
use crate::store::Touched;
use crate::text::{Edit, TextRange};

/// Hints by file and item. [`HintCache::clear`] makes all of them stale; an edit inside tests moves them.
#[derive(Debug, Default)]
pub struct HintCache {
    generation: AtomicU64,
    files: DashMap<PathBuf, FileHints, FxBuildHasher>,
}

#[derive(Debug, Default)]
struct FileHints {
    generation: u64,
    items: Vec<Option<Arc<ItemHints>>>,
    /// Other files that hints of this one show something of.
    evidence: BTreeSet<PathBuf>,
}

impl HintCache {
    /// The raw hints of every item of a file, in item order.
    pub fn of(&self, project: &Project, module: &Module) -> Vec<Arc<ItemHints>> {
        let path = &module.file.path;
        let generation = self.generation.load(Ordering::Acquire);
        let count = module.file.items().len();
        let mut known = match self.files.get(path) {
            Some(entry) if entry.generation == generation && entry.items.len() == count => {
                entry.items.clone()
            }
            _ => vec![None; count],
        };
        let hints: Vec<Arc<ItemHints>> = known
            .iter_mut()
            .enumerate()
            .map(|(item, slot)| {
                slot.get_or_insert_with(|| Arc::new(hints_of_item(project, module, item as u32))).clone()
            })
            .collect();
        let related = hints.iter().flat_map(|found| &found.hints).flat_map(|hint| &hint.related);
        let evidence = related.map(|related| &related.path).filter(|other| *other != path).cloned().collect();
        self.files.insert(path.clone(), FileHints { generation, items: known, evidence });
        hints
    }

    /// Forgets all hints: fixtures, configuration or shared state changed.
    pub fn clear(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// Forgets the hints of one file.
    pub fn forget(&self, path: &Path) {
        self.files.remove(path);
    }

    /// How many items have hints that are kept, or are known to have none.
    pub fn count(&self) -> usize {
        let generation = self.generation.load(Ordering::Acquire);
        let current = self.files.iter().filter(|file| file.generation == generation);
        current.map(|file| file.items.iter().flatten().count()).sum()
    }

    /// Follows an edit that touched a few items only: their hints are forgotten unless they do not parse for the moment;
    /// hints behind the edit are moved, those that rest on text that it changed are forgotten, and so are those of items
    /// of which `rests_on_it` says that they rest on what the edit changed.
    pub fn edited(
        &self,
        path: &Path,
        touched: Touched,
        edit: Edit,
        is_sound: impl Fn(u32) -> bool,
        rests_on_it: impl Fn(&Path, u32) -> bool,
    ) {
        for mut entry in self.files.iter_mut() {
            let of = entry.key().clone();
            let is_edited = of == path;
            let file = entry.value_mut();
            for (item, slot) in file.items.iter_mut().enumerate() {
                let item = item as u32;
                if slot.is_some() && rests_on_it(&of, item) {
                    *slot = None;
                    continue;
                }
                if !is_edited && !file.evidence.contains(path) {
                    continue;
                }
                let is_touched =
                    is_edited && (touched.first..touched.first + touched.new_count).contains(&item);
                let kept = slot.take().filter(|_| !is_touched || !is_sound(item));
                *slot = kept.and_then(|hints| moved(hints, path, is_edited, edit));
            }
        }
    }
}

/// The hints with ranges of `path` behind the edit shifted; `None` if one lies across it.
fn moved(hints: Arc<ItemHints>, path: &Path, is_edited: bool, edit: Edit) -> Option<Arc<ItemHints>> {
    let own = |range: TextRange| !is_edited || range.end <= edit.start;
    let settled = hints.hints.iter().all(|hint| {
        own(hint.range)
            && hint.related.iter().all(|related| related.path != path || related.range.end <= edit.start)
    });
    if settled {
        return Some(hints);
    }
    let mut hints = ItemHints::clone(&hints);
    for hint in &mut hints.hints {
        if is_edited {
            hint.range = moved_range(hint.range, edit)?;
        }
        for related in hint.related.iter_mut().filter(|related| related.path == path) {
            related.range = moved_range(related.range, edit)?;
        }
    }
    Some(Arc::new(hints))
}

fn moved_range(range: TextRange, edit: Edit) -> Option<TextRange> {
    if range.end <= edit.start {
        return Some(range);
    }
    (range.start >= edit.old_end).then(|| range.shift(edit.shift()))
}
