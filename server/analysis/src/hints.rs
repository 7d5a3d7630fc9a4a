//! The hints of items that were looked at, kept until something they rest on changes.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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

/// What is known of the items of one file.
#[derive(Clone, Debug, Default)]
struct Looks {
    /// Of each item, whether it was looked at.
    are_made: Vec<bool>,
    told: Told,
}

/// Of items that were looked at, those of which there is something to say: few. In item order.
pub type Told = BTreeMap<u32, Arc<ItemHints>>;

impl Looks {
    fn at_none(count: usize) -> Looks {
        Looks { are_made: vec![false; count], told: Told::new() }
    }

    fn are_whole(&self) -> bool {
        self.are_made.iter().all(|is_made| *is_made)
    }

    /// The items that were not looked at, in order.
    fn missing(&self) -> Vec<u32> {
        let missing = (0..).zip(&self.are_made).filter(|(_, is_made)| !**is_made);
        missing.map(|(item, _)| item).collect()
    }

    fn put(&mut self, item: u32, hints: ItemHints) {
        self.are_made[item as usize] = true;
        if hints != ItemHints::default() {
            self.told.insert(item, Arc::new(hints));
        }
    }

    fn forget(&mut self, item: u32) {
        if let Some(is_made) = self.are_made.get_mut(item as usize) {
            *is_made = false;
            self.told.remove(&item);
        }
    }

    /// Moves what an edit of `path` moves, which is the file itself where `is_own`, and forgets what it touched.
    fn moved(&mut self, path: &Path, is_own: bool, edit: Edit) {
        let told = std::mem::take(&mut self.told);
        for (item, hints) in told {
            match moved(hints, path, is_own, edit) {
                Some(hints) => drop(self.told.insert(item, hints)),
                None => self.are_made[item as usize] = false,
            }
        }
    }
}

#[derive(Debug, Default)]
struct FileHints {
    /// Of the project for which they were made.
    version: u64,
    /// Another number whenever an item has other hints.
    revision: u64,
    looks: Looks,
    /// Other files that hints of this one show something of.
    evidence: BTreeSet<PathBuf>,
}

impl HintCache {
    /// The raw hints of a file's items.
    pub fn of(&self, project: &Project, module: &Module) -> Told {
        let version = project.version();
        let mut looks = self.known(module, version);
        let missing = looks.missing();
        if missing.is_empty() {
            return looks.told;
        }
        for item in missing {
            looks.put(item, hints_of_item(project, module, item));
        }
        let told = looks.told.clone();
        self.keep(module, version, looks);
        told
    }

    /// Makes the hints of a file that are not known, one at least, until `is_over`. Whether all are known then.
    pub fn look_ahead(&self, project: &Project, module: &Module, is_over: impl Fn() -> bool) -> bool {
        let version = project.version();
        let mut looks = self.known(module, version);
        let missing = looks.missing();
        let mut made = 0;
        for item in &missing {
            if made > 0 && is_over() {
                break;
            }
            looks.put(*item, hints_of_item(project, module, *item));
            made += 1;
        }
        if made > 0 {
            self.keep(module, version, looks);
        }
        made == missing.len()
    }

    /// What is known of a file's items for a project of this version; nothing where that is stale.
    fn known(&self, module: &Module, version: u64) -> Looks {
        let count = module.file.items().len();
        let known = self.files.get(&module.file.path);
        let known = known.filter(|known| known.version == version && known.looks.are_made.len() == count);
        known.map_or_else(|| Looks::at_none(count), |known| known.looks.clone())
    }

    /// `version` is the project's from before they were made.
    fn keep(&self, module: &Module, version: u64, looks: Looks) {
        let path = &module.file.path;
        let hints = looks.told.values().flat_map(|found| &found.hints);
        let related = hints.flat_map(|hint| hint.related.iter()).map(|related| &related.path);
        let evidence: BTreeSet<PathBuf> =
            related.filter(|other| other.as_os_str() != path.as_os_str()).cloned().collect();
        for other in &evidence {
            self.shown_in.entry(other.clone()).or_default().insert(path.clone());
        }
        let revision = self.next_revision();
        self.files.insert(path.clone(), FileHints { version, revision, looks, evidence });
    }

    fn next_revision(&self) -> u64 {
        self.revisions.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// A number that is another as soon as the hints of a file are; `None` where not all are known as they are now.
    pub fn revision(&self, project: &Project, path: &Path) -> Option<u64> {
        let known = self.files.get(path).filter(|known| known.version == project.version())?;
        known.looks.are_whole().then_some(known.revision)
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
        current.map(|file| file.looks.are_made.iter().filter(|is_made| **is_made).count()).sum()
    }

    /// Follows an edit that touched a few items only: their hints are forgotten unless they do not parse for the moment;
    /// hints behind the edit are moved, and those that rest on text that it changed are forgotten.
    pub fn edited(&self, path: &Path, touched: Touched, edit: Edit, is_sound: impl Fn(u32) -> bool) {
        if let Some(mut file) = self.files.get_mut(path) {
            let touched = touched.first..touched.first + touched.new_count;
            touched.filter(|item| is_sound(*item)).for_each(|item| file.looks.forget(item));
            file.looks.moved(path, true, edit);
            file.revision = self.next_revision();
        }
        let Some(mut showing) = self.shown_in.get_mut(path) else { return };
        showing.retain(|other| {
            let Some(mut file) = self.files.get_mut(other).filter(|file| file.evidence.contains(path)) else {
                return false;
            };
            file.looks.moved(path, false, edit);
            file.revision = self.next_revision();
            true
        });
    }

    /// Forgets the hints of the items of which `rests_on_it` says that they rest on what an edit changed.
    pub fn forget_items(&self, rests_on_it: impl Fn(&Path, u32) -> bool) {
        for mut entry in self.files.iter_mut() {
            let path = entry.key().clone();
            for item in 0..entry.looks.are_made.len() as u32 {
                if entry.looks.are_made[item as usize] && rests_on_it(&path, item) {
                    entry.looks.forget(item);
                }
            }
        }
    }
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
