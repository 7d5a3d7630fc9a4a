//! The hints of items that were looked at, kept until something they rest on changes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};

use dashmap::DashMap;
use rustc_hash::FxBuildHasher;

use crate::project::{Module, Project};
use crate::report::{ItemHints, hints_of_item};
use crate::store::Touched;
use crate::text::{Edit, TextRange};

/// Hints by file and item. A new [`Project::version`] makes those of its files stale; an edit inside tests moves them.
#[derive(Debug, Default)]
pub struct HintCache {
    revisions: AtomicU64,
    files: DashMap<PathBuf, FileHints, FxBuildHasher>,
    /// By a file, the others whose hints show something of it, or did.
    shown_in: DashMap<PathBuf, BTreeSet<PathBuf>, FxBuildHasher>,
}

#[derive(Debug, Default)]
struct FileHints {
    /// Of the project for which they were made.
    version: u64,
    /// Another number whenever an item has other hints.
    revision: u64,
    items: Vec<Option<Arc<ItemHints>>>,
    /// Other files that hints of this one show something of.
    evidence: BTreeSet<PathBuf>,
}

impl HintCache {
    /// The raw hints of every item of a file, in item order.
    pub fn of(&self, project: &Project, module: &Module) -> Vec<Arc<ItemHints>> {
        let mut known = self.known(project, module);
        let is_new = known.items.iter().any(Option::is_none);
        let hints: Vec<Arc<ItemHints>> = known
            .items
            .iter_mut()
            .enumerate()
            .map(|(item, slot)| {
                slot.get_or_insert_with(|| shared(hints_of_item(project, module, item as u32))).clone()
            })
            .collect();
        if is_new {
            self.keep(module, known);
        }
        hints
    }

    /// Makes the hints of a file that are not known, one at least, until `is_over`. Whether all are known then.
    pub fn look_ahead(&self, project: &Project, module: &Module, is_over: impl Fn() -> bool) -> bool {
        let mut known = self.known(project, module);
        let mut made = 0;
        for (item, slot) in known.items.iter_mut().enumerate().filter(|(_, slot)| slot.is_none()) {
            if made > 0 && is_over() {
                break;
            }
            *slot = Some(shared(hints_of_item(project, module, item as u32)));
            made += 1;
        }
        let is_whole = known.items.iter().all(Option::is_some);
        if made > 0 {
            self.keep(module, known);
        }
        is_whole
    }

    /// What is known of a file's items; nothing where that is stale.
    fn known(&self, project: &Project, module: &Module) -> FileHints {
        let version = project.version();
        let count = module.file.items().len();
        let known = self.files.get(&module.file.path);
        let known = known.filter(|known| known.version == version && known.items.len() == count);
        let items = known.map_or_else(|| vec![None; count], |known| known.items.clone());
        FileHints { version, revision: 0, items, evidence: BTreeSet::new() }
    }

    fn keep(&self, module: &Module, mut known: FileHints) {
        let path = &module.file.path;
        let hints = known.items.iter().flatten().flat_map(|found| &found.hints);
        let related = hints.flat_map(|hint| hint.related.iter()).map(|related| &related.path);
        known.evidence = related.filter(|other| other.as_os_str() != path.as_os_str()).cloned().collect();
        for other in &known.evidence {
            self.shown_in.entry(other.clone()).or_default().insert(path.clone());
        }
        known.revision = self.next_revision();
        self.files.insert(path.clone(), known);
    }

    fn next_revision(&self) -> u64 {
        self.revisions.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A number that is another as soon as the hints of a file are; `None` where not all are known as they are now.
    pub fn revision(&self, project: &Project, path: &Path) -> Option<u64> {
        let known = self.files.get(path).filter(|known| known.version == project.version())?;
        known.items.iter().all(Option::is_some).then_some(known.revision)
    }

    /// The other files whose hints may show something of a file.
    pub fn resting_on(&self, path: &Path) -> Vec<PathBuf> {
        self.shown_in.get(path).map(|showing| showing.iter().cloned().collect()).unwrap_or_default()
    }

    /// Forgets the hints of one file.
    pub fn forget(&self, path: &Path) {
        self.files.remove(path);
    }

    /// How many items have hints that are kept, or are known to have none, for a project of one of these versions.
    pub fn count(&self, versions: &[u64]) -> usize {
        let current = self.files.iter().filter(|file| versions.contains(&file.version));
        current.map(|file| file.items.iter().flatten().count()).sum()
    }

    /// Follows an edit that touched a few items only: their hints are forgotten unless they do not parse for the moment;
    /// hints behind the edit are moved, and those that rest on text that it changed are forgotten.
    pub fn edited(&self, path: &Path, touched: Touched, edit: Edit, is_sound: impl Fn(u32) -> bool) {
        if let Some(mut file) = self.files.get_mut(path) {
            for (item, slot) in file.items.iter_mut().enumerate() {
                let item = item as u32;
                let is_touched = (touched.first..touched.first + touched.new_count).contains(&item);
                let kept = slot.take().filter(|_| !is_touched || !is_sound(item));
                *slot = kept.and_then(|hints| moved(hints, path, true, edit));
            }
            file.revision = self.next_revision();
        }
        let Some(mut showing) = self.shown_in.get_mut(path) else { return };
        showing.retain(|other| {
            let Some(mut file) = self.files.get_mut(other).filter(|file| file.evidence.contains(path)) else {
                return false;
            };
            for slot in &mut file.items {
                *slot = slot.take().and_then(|hints| moved(hints, path, false, edit));
            }
            file.revision = self.next_revision();
            true
        });
    }

    /// Forgets the hints of the items of which `rests_on_it` says that they rest on what an edit changed.
    pub fn forget_items(&self, rests_on_it: impl Fn(&Path, u32) -> bool) {
        for mut entry in self.files.iter_mut() {
            let path = entry.key().clone();
            for (item, slot) in entry.items.iter_mut().enumerate() {
                if slot.is_some() && rests_on_it(&path, item as u32) {
                    *slot = None;
                }
            }
        }
    }
}

/// Most items have no hints: they share one answer.
fn shared(hints: ItemHints) -> Arc<ItemHints> {
    static NONE: LazyLock<Arc<ItemHints>> = LazyLock::new(Arc::default);
    if hints == **NONE { NONE.clone() } else { Arc::new(hints) }
}

/// The hints with ranges of `path` behind the edit shifted; `None` if one lies across it.
fn moved(mut hints: Arc<ItemHints>, path: &Path, is_edited: bool, edit: Edit) -> Option<Arc<ItemHints>> {
    // To compare paths is to take them apart.
    let is_same = |other: &Path| other.as_os_str() == path.as_os_str();
    let own = |range: TextRange| !is_edited || range.end <= edit.start;
    let settled = hints.hints.iter().all(|hint| {
        own(hint.range)
            && hint.related.iter().all(|related| related.range.end <= edit.start || !is_same(&related.path))
    });
    if settled {
        return Some(hints);
    }
    for hint in &mut Arc::make_mut(&mut hints).hints {
        if is_edited {
            hint.range = moved_range(hint.range, edit)?;
        }
        if !hint.related.iter().any(|related| is_same(&related.path)) {
            continue;
        }
        for related in Arc::make_mut(&mut hint.related).iter_mut().filter(|related| is_same(&related.path)) {
            related.range = moved_range(related.range, edit)?;
        }
    }
    Some(hints)
}

fn moved_range(range: TextRange, edit: Edit) -> Option<TextRange> {
    if range.end <= edit.start {
        return Some(range);
    }
    (range.start >= edit.old_end).then(|| range.shift(edit.shift()))
}
