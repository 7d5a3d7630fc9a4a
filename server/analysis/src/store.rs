//! Every file that was looked at, and the facts of its items, made when first asked for.

mod file_id;
mod mentions;
mod search;
mod slots;
mod trigrams;

use std::ffi::OsString;
use std::hash::Hasher;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use dashmap::DashMap;
use memchr::memmem;
use rustc_hash::{FxBuildHasher, FxHasher};
use smol_str::SmolStr;

use crate::facts::code::Health;
use crate::facts::{ItemFacts, ModuleScope};
use crate::syntax;
use crate::syntax::split::{Item, ItemKind, Split, TextHash, resplit, split};
use crate::text::{Edit, Text, TextRange};
use crate::workspace::{FileSource, ReadError};

pub use file_id::FileId;
use file_id::FileIds;
pub use mentions::Mention;
use mentions::Mentions;
use slots::Slots;
use trigrams::Trigrams;

/// Facts by the hash of the item's text. Races are harmless: equal text gives equal facts.
#[derive(Debug, Default)]
pub struct FactsCache {
    by_text: DashMap<TextHash, Arc<ItemFacts>, FxBuildHasher>,
    edits: AtomicU32,
    ids: FileIds,
}

/// After so many edits the facts of half-typed texts are swept out.
const EDITS_BETWEEN_SWEEPS: u32 = 256;

impl FactsCache {
    /// The facts of an item's text, parsed if they are not known.
    pub fn facts(&self, hash: TextHash, text: &str) -> Arc<ItemFacts> {
        if let Some(known) = self.by_text.get(&hash) {
            return known.clone();
        }
        let facts = Arc::new(ItemFacts::new(syntax::code_of(text)));
        self.by_text.insert(hash, facts.clone());
        facts
    }

    /// To be told of every edit, which leaves facts behind that no file holds.
    fn edited(&self) {
        if self.edits.fetch_add(1, Ordering::Relaxed) % EDITS_BETWEEN_SWEEPS == EDITS_BETWEEN_SWEEPS - 1 {
            self.sweep();
        }
    }

    /// Forgets facts that no file holds.
    fn sweep(&self) {
        self.by_text.retain(|_, facts| Arc::strong_count(facts) > 1);
    }
}

/// An item in the body of a class. Classes are asked for their members by name all the time: by its hash, one is found
/// without a look at the text.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Member {
    class: u32,
    /// The hash of its name, which is empty for a statement.
    name: u32,
    item: u32,
}

fn hash_of(name: &str) -> u32 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish() as u32
}

/// One file as it is now: text, items, and their facts on demand.
#[derive(Debug)]
pub struct File {
    pub path: PathBuf,
    pub id: FileId,
    pub text: Arc<Text>,
    pub split: Split,
    facts: Slots<ItemFacts>,
    scope: OnceLock<Arc<ModuleScope>>,
    members: OnceLock<Arc<[Member]>>,
    declared_global: OnceLock<Arc<[SmolStr]>>,
    mentions: Mentions,
    trigrams: Trigrams,
    cache: Arc<FactsCache>,
}

impl File {
    pub fn new(path: PathBuf, text: Arc<Text>, cache: Arc<FactsCache>) -> File {
        let split = split(text.as_str());
        let facts = Slots::new(split.items.len());
        File::with_facts(path, text, split, facts, cache)
    }

    fn with_facts(
        path: PathBuf,
        text: Arc<Text>,
        split: Split,
        facts: Slots<ItemFacts>,
        cache: Arc<FactsCache>,
    ) -> File {
        let id = cache.ids.of(&path);
        File {
            path,
            id,
            text,
            split,
            facts,
            scope: OnceLock::new(),
            members: OnceLock::new(),
            declared_global: OnceLock::new(),
            mentions: Mentions::default(),
            trigrams: Trigrams::default(),
            cache,
        }
    }

    pub fn items(&self) -> &[Item] {
        &self.split.items
    }

    pub fn item(&self, index: u32) -> &Item {
        &self.split.items[index as usize]
    }

    /// The text of an item's code, without the blank lines and comments above it.
    pub fn item_text(&self, index: u32) -> &str {
        self.item(index).code.slice(self.text.as_str())
    }

    pub fn facts(&self, index: u32) -> &Arc<ItemFacts> {
        self.facts.get(index).get_or_init(|| self.cache.facts(self.item(index).hash, self.item_text(index)))
    }

    /// A range of an item's code as a range of the file.
    pub fn absolute(&self, index: u32, range: TextRange) -> TextRange {
        range.shift(i64::from(self.item(index).code.start))
    }

    /// The item whose code or leading comments hold `offset`.
    pub fn item_at(&self, offset: u32) -> Option<u32> {
        self.split.item_at(offset).map(|index| index as u32)
    }

    /// The members of the class whose head is item `class`.
    pub fn members(&self, class: u32) -> impl Iterator<Item = u32> + '_ {
        (class + 1..self.split.items.len() as u32)
            .take_while(move |index| self.is_inside(*index, class))
            .filter(move |index| self.item(*index).owner == Some(class))
    }

    /// The function of this name in the body of the class whose head is item `class`; of several the first.
    pub fn method(&self, class: u32, name: &str) -> Option<u32> {
        self.members_named(class, name).find(|item| self.item(*item).function().is_some())
    }

    /// The functions and classes of this name in the body of the class whose head is item `class`. None has no name, be its
    /// head half typed.
    pub fn members_named<'f>(&'f self, class: u32, name: &'f str) -> impl Iterator<Item = u32> + 'f {
        self.members_called(class, name).filter(|_| !name.is_empty())
    }

    /// The statements and imports in the body of the class whose head is item `class`.
    pub fn class_statements(&self, class: u32) -> impl Iterator<Item = u32> {
        let is_one = |item: &u32| matches!(self.item(*item).kind, ItemKind::Statement | ItemKind::Import);
        self.members_called(class, "").filter(is_one)
    }

    /// The members whose [`File::name`] is this one, in file order.
    fn members_called<'f>(&'f self, class: u32, name: &'f str) -> impl Iterator<Item = u32> + 'f {
        let members = self.members.get_or_init(|| {
            let owned = (0..).zip(&self.split.items).filter_map(|(item, it)| Some((it.owner?, item)));
            let mut members: Vec<Member> =
                owned.map(|(class, item)| Member { class, name: hash_of(self.name(item)), item }).collect();
            members.sort_unstable();
            members.into()
        });
        let sought = (class, hash_of(name));
        let first = members.partition_point(|member| (member.class, member.name) < sought);
        let alike = members[first..].iter().take_while(move |member| (member.class, member.name) == sought);
        alike.map(|member| member.item).filter(move |item| self.name(*item) == name)
    }

    /// The names of the module. Functions and classes are known by their heads, statements are parsed.
    pub fn scope(&self) -> &ModuleScope {
        self.scope.get_or_init(|| {
            let mut scope = ModuleScope::default();
            for (index, item) in self.split.items.iter().enumerate() {
                if item.owner.is_some() {
                    continue;
                }
                let index = index as u32;
                match &item.kind {
                    ItemKind::Function(_) => scope.add_function(self.name(index), index),
                    ItemKind::Class(_) => scope.add_class(self.name(index), index),
                    ItemKind::Import | ItemKind::Statement => {
                        scope.add_statement(self.facts(index), index);
                    }
                }
            }
            Arc::new(scope)
        })
    }

    /// Whether the file's text holds a word, anywhere.
    pub fn mentions(&self, mention: Mention) -> bool {
        self.mentions.get(mention, self.text.as_str())
    }

    /// The names that a line of the file, as written, declares `global`.
    pub fn declared_global(&self) -> &[SmolStr] {
        if !self.mentions(Mention::Global) {
            return &[];
        }
        self.declared_global.get_or_init(|| {
            let text = self.text.as_str();
            let statements = memmem::find_iter(text.as_bytes(), Mention::Global.word()).filter(|at| {
                let before = &text[..*at];
                before
                    .trim_end_matches([' ', '\t'])
                    .chars()
                    .next_back()
                    .is_none_or(|last| last == '\n' || last == '\r')
            });
            let names = statements.flat_map(|at| {
                let rest = &text[at + Mention::Global.word().len()..];
                rest.lines().next().unwrap_or_default().split([',', ' ', ';', '#'])
            });
            names.filter(|name| !name.is_empty()).map(SmolStr::new).collect()
        })
    }

    /// The name of a function or class item; empty for others.
    pub fn name(&self, index: u32) -> &str {
        let name = match &self.item(index).kind {
            ItemKind::Function(head) => head.name,
            ItemKind::Class(head) => head.name,
            ItemKind::Statement | ItemKind::Import => return "",
        };
        name.slice(self.item_text(index))
    }

    /// Whether an item parsed without errors. Asks for its facts.
    pub fn is_sound(&self, index: u32) -> bool {
        self.facts(index).code.health == Health::Sound
    }

    fn is_inside(&self, index: u32, class: u32) -> bool {
        let mut at = Some(index);
        while let Some(current) = at {
            if current == class {
                return true;
            }
            at = self.item(current).owner;
        }
        false
    }
}

/// Which items an edit replaced: `old_count` of the old file from `first` on by `new_count` of the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touched {
    pub first: u32,
    pub old_count: u32,
    pub new_count: u32,
}

impl File {
    /// The file after an edit. Facts of untouched items are taken over.
    pub fn edited(&self, text: Arc<Text>, edit: Edit) -> (File, Touched) {
        let mut split = self.split.clone();
        let again = resplit(&mut split, text.as_str(), &edit);
        let touched = Touched {
            first: again.first_changed as u32,
            old_count: again.old_changed_count as u32,
            new_count: again.new_changed_count as u32,
        };
        let (facts, cache) = (self.facts.edited(touched), self.cache.clone());
        let file = File::with_facts(self.path.clone(), text, split, facts, cache);
        self.cache.edited();
        if let (Some(before), Some(after)) =
            (self.tiles(touched.first, touched.old_count), file.tiles(touched.first, touched.new_count))
        {
            file.mentions.take_over(&self.mentions, before, after);
            file.trigrams.take_over(&self.trigrams, after);
            if !Mention::Global.is_in(before) && !Mention::Global.is_in(after) {
                take_over(&self.declared_global, &file.declared_global);
            }
        }
        if self.binds_as(&file, touched) {
            take_over(&self.scope, &file.scope);
            take_over(&self.members, &file.members);
        }
        (file, touched)
    }

    /// The text of `count` items from `first` on, with what stands between them; `None` for none.
    fn tiles(&self, first: u32, count: u32) -> Option<&str> {
        let tiles = self.split.items[first as usize..].iter().take(count as usize).map(|item| item.tile);
        let whole = tiles.reduce(|whole, tile| TextRange::new(whole.start, tile.end))?;
        Some(whole.slice(self.text.as_str()))
    }

    /// Whether an edit replaced functions by functions of the same names, so that every name means what it meant.
    fn binds_as(&self, new: &File, touched: Touched) -> bool {
        touched.old_count == touched.new_count
            && (touched.first..touched.first + touched.new_count).all(|item| {
                self.item(item).function().is_some()
                    && new.item(item).function().is_some()
                    && self.item(item).owner == new.item(item).owner
                    && self.name(item) == new.name(item)
            })
    }
}

fn take_over<T>(old: &OnceLock<Arc<T>>, new: &OnceLock<Arc<T>>)
where
    T: ?Sized,
{
    if let Some(known) = old.get() {
        let _ = new.set(known.clone());
    }
}

/// The path of the innermost class around an item first: indices of class heads.
pub fn owners(file: &File, index: u32) -> impl Iterator<Item = u32> + '_ {
    std::iter::successors(file.item(index).owner, |class| file.item(*class).owner)
}

/// What became of a file that was asked for.
#[derive(Clone, Debug)]
pub enum Loaded {
    File(Arc<File>),
    Missing,
    /// It is there and was passed over; the words say why.
    PassedOver(String),
}

/// The files by path: open documents as the editor has them, others as they were read from the host.
pub struct Store {
    source: Arc<dyn FileSource>,
    cache: Arc<FactsCache>,
    files: DashMap<OsString, Loaded, FxBuildHasher>,
}

impl Store {
    pub fn new(source: Arc<dyn FileSource>) -> Store {
        Store { source, cache: Arc::default(), files: DashMap::default() }
    }

    /// A Python file, read on the first question. `max_size` is in bytes.
    pub fn load(&self, path: &Path, max_size: u64) -> Loaded {
        if let Some(known) = self.files.get(path.as_os_str()) {
            return known.clone();
        }
        let loaded = match self.read(path, max_size) {
            Ok(text) => Loaded::File(Arc::new(self.parse(path, Arc::new(Text::new(text))))),
            Err(ReadError::Missing) => Loaded::Missing,
            Err(ReadError::Unreadable(why)) => Loaded::PassedOver(why),
        };
        self.files.insert(path.into(), loaded.clone());
        loaded
    }

    /// The text of a configuration file; `None` if it is not there or cannot be read.
    pub fn config_text(&self, path: &Path, max_size: u64) -> Option<String> {
        self.read(path, max_size).ok()
    }

    pub fn parse(&self, path: &Path, text: Arc<Text>) -> File {
        File::new(path.to_owned(), text, self.cache.clone())
    }

    pub fn put(&self, file: Arc<File>) {
        self.files.insert(file.path.clone().into(), Loaded::File(file));
    }

    /// The file is there and is not to be looked into.
    pub fn pass_over(&self, path: &Path, why: String) {
        self.files.insert(path.into(), Loaded::PassedOver(why));
    }

    /// The next question reads the file again.
    pub fn forget(&self, path: &Path) {
        self.files.remove(path.as_os_str());
    }

    /// Gives back what was kept for files that are forgotten.
    pub fn sweep(&self) {
        self.cache.sweep();
        self.cache.by_text.shrink_to_fit();
        self.files.shrink_to_fit();
    }

    pub fn cache(&self) -> &Arc<FactsCache> {
        &self.cache
    }

    fn read(&self, path: &Path, max_size: u64) -> Result<String, ReadError> {
        text_of(self.source.read(path)?, max_size).map_err(ReadError::Unreadable)
    }
}

/// The text that a file of these bytes has for the engine, or why it is passed over.
pub fn text_of(bytes: Vec<u8>, max_size: u64) -> Result<String, String> {
    if let Some(why) = too_large(bytes.len(), max_size) {
        return Err(why);
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("passed over: the file is not valid UTF-8 (byte {at})")
    })
}

/// Why a file of this many bytes is passed over, if it is.
pub fn too_large(size: usize, max_size: u64) -> Option<String> {
    let megabytes = size as f64 / 1e6;
    (size as u64 > max_size)
        .then(|| format!("passed over: the file has {megabytes:.1} MB, more than `max-file-size` allows"))
}
