//! What pytest would see: layout, configuration, fixtures, and who does what to which state.
//!
//! A [`Project`] answers questions; every answer is computed on demand from the store's files and kept until
//! [`Project::forget`] or a new project. Names are dotted paths as `resolve` makes them.
pub mod accesses;
pub mod asked;
pub mod assertions;
pub mod cached;
pub mod callee;
pub mod callers;
pub mod claims;
pub mod clock;
pub mod closure;
pub mod collect_ignore;
pub mod collected;
pub mod command_line;
pub mod constant;
pub mod credentials;
pub mod cycles;
pub mod database;
pub mod definition;
pub mod disorder;
pub mod draws;
pub mod effects;
pub mod elements;
pub mod ending;
pub mod equality;
pub mod event_loop;
pub mod expectations;
pub mod fixed_path;
pub mod fixtures;
pub mod functions;
pub mod glance;
pub mod guards;
pub mod handed_over;
pub mod handoff;
pub mod idle_marker;
pub mod importers;
pub mod kept_out;
mod known;
pub mod layout;
pub mod line_length;
pub mod maker;
pub mod marked;
pub mod marker_use;
pub mod marks;
pub mod memo;
pub mod mock_assertions;
pub mod mocks;
pub mod module;
pub mod no_parallel;
pub mod outcome;
pub mod outgoing;
pub mod outside_uses;
pub mod patches;
pub mod peers;
pub mod per_file;
pub mod plugin_effects;
pub mod plugin_names;
pub mod plugins;
pub mod processes;
pub mod product_reads;
pub mod product_writes;
pub mod pytest_config;
pub mod quantity;
pub mod reload;
pub mod resolve;
pub mod retrier;
pub mod role;
pub mod roles;
pub mod runs;
pub mod schema_change;
pub mod seeded;
pub mod shared;
pub mod sleepers;
pub mod sleeps;
pub mod stale_uses;
pub mod subject;
pub mod surroundings;
pub mod switched_off;
pub mod target;
mod turns;
pub mod users;
pub mod version_range;
pub mod waits;
pub mod words_around;
pub mod workers;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use dashmap::DashMap;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::config_text::Problem;
use crate::paths::slashed;
use crate::settings::Settings;
use crate::store::{File, FileId, Loaded, Store};
use crate::text::Standing;
use crate::workspace::Today;
use layout::Layout;
use memo::Memo;
use per_file::PerFile;
use plugins::Plugins;
use pytest_config::{ConfigFile, Effective};
use runs::Runs;

pub use fixtures::{Fixture, FixtureScope};
pub use glance::Glance;
pub use module::Module;
pub use role::{ClassKind, Role};
pub use roles::Roles;
pub use subject::{Place, Subject};

/// A fixture under the name that a module gives it.
type NamedFixture = (SmolStr, Arc<Fixture>);
type Cache<K, V> = DashMap<K, V, FxBuildHasher>;
/// `OsString`, since to hash a `Path` is to take it apart.
type ByPath<V> = Cache<OsString, V>;
/// By file and item.
type ByItem<V> = Cache<(FileId, u32), V>;

/// The files that one pytest configuration governs.
pub struct Project {
    /// Every file at or below it belongs to this project, unless a project further down owns it.
    pub home: PathBuf,
    /// The host's folder: no file elsewhere has a part in any answer.
    pub folder: PathBuf,
    version: AtomicU64,
    /// pytest's rootdir: node ids are relative to it.
    pub root: PathBuf,
    pub config: Effective,
    /// The text of the configuration file in force.
    config_source: Option<String>,
    pub plugins: Plugins,
    pub settings: Arc<Settings>,
    pub layout: Arc<Layout>,
    pub runs: Arc<Runs>,
    pub today: Arc<Today>,
    /// Of the project's formatter, in columns.
    pub line_length: usize,
    /// What is wrong with the configuration files.
    pub problems: Vec<Problem>,
    store: Arc<Store>,
    /// Whether `testpaths` names anything: where it does not, pytest searches from the start.
    has_testpaths: bool,
    checked: OnceLock<Vec<PathBuf>>,
    /// What the configuration says of each path that was asked about.
    collects: ByPath<bool>,
    recursed_to: ByPath<bool>,
    look_like_tests: ByPath<bool>,
    are_of_tests: ByPath<bool>,
    conftests: ByPath<Arc<Vec<PathBuf>>>,
    modules: ByPath<Option<Module>>,
    roles: Cache<FileId, Arc<[Role]>>,
    class_kinds: ByItem<ClassKind>,
    bases: ByItem<Arc<Vec<(PathBuf, u32)>>>,
    heirs: Memo<FxHashMap<(FileId, u32), role::Heir>>,
    fixtures: ByPath<Arc<Vec<Arc<Fixture>>>>,
    /// By the file, the class and the name that asks.
    named_fixtures: Cache<(FileId, Option<u32>, SmolStr), Option<Arc<Fixture>>>,
    outgoing: ByItem<Arc<outgoing::Outgoing>>,
    /// By the path.
    called: Cache<SmolStr, callee::Called>,
    imported: Cache<FileId, Arc<Vec<NamedFixture>>>,
    plugin_modules: Memo<Vec<Module>>,
    autouse: Memo<FxHashSet<SmolStr>>,
    /// Fixtures that hints of items outside their reach rest on.
    consulted: ByItem<()>,
    reloads: PerFile<reload::Reload>,
    stale_uses: PerFile<stale_uses::StaleUse>,
    importers: Cache<SmolStr, Arc<Vec<importers::Importer>>>,
    /// By the path of what they call.
    sleepers: Cache<SmolStr, Arc<Vec<sleepers::Sleeper>>>,
    schema_changes: PerFile<schema_change::ChangedIn>,
    no_parallel: Memo<no_parallel::NoParallel>,
    marked: PerFile<marked::Marked>,
    idle_markers: Memo<Vec<idle_marker::IdleMarker>>,
    accesses: Cache<target::Target, Arc<Vec<accesses::Access>>>,
    handed_over: Cache<target::Target, Option<Arc<handed_over::HandedOver>>>,
    /// By the word.
    holders: Cache<SmolStr, Option<Arc<handed_over::Holders>>>,
    product_readers: Cache<target::Target, Arc<Vec<accesses::Access>>>,
    outside_uses: Cache<target::Target, Arc<Vec<outside_uses::OutsideUse>>>,
    footprints: Cache<effects::Asked, Arc<effects::Footprint>>,
    /// Of what functions of the product give back.
    disorders: Cache<disorder::Asked, Option<disorder::Disorder>>,
    callers: Cache<(Place, target::Target), Arc<Vec<callers::Caller>>>,
    /// By the cached function.
    cached_calls: ByItem<Arc<Vec<cached::CachedCall>>>,
    words_around: Cache<FileId, Arc<words_around::Words>>,
    words_of_conftests: Cache<FileId, Arc<words_around::Words>>,
    /// Words that were searched for in the tests.
    asked: Cache<(SmolStr, Standing), ()>,
    turns: turns::Turns,
}

/// What a project is made from.
pub struct Parts {
    pub home: PathBuf,
    pub folder: PathBuf,
    pub config: Effective,
    /// The text of the configuration file in force.
    pub config_source: Option<String>,
    pub plugins: Plugins,
    pub settings: Arc<Settings>,
    pub layout: Arc<Layout>,
    pub runs: Arc<Runs>,
    pub today: Arc<Today>,
    pub line_length: usize,
    pub problems: Vec<Problem>,
    pub store: Arc<Store>,
}

impl Project {
    /// The configuration file in force and its text.
    pub fn configuration(&self) -> Option<(&ConfigFile, &str)> {
        self.config.file.as_ref().zip(self.config_source.as_deref())
    }

    pub fn new(parts: Parts) -> Project {
        let Parts {
            home,
            folder,
            config,
            config_source,
            plugins,
            settings,
            layout,
            runs,
            today,
            line_length,
            problems,
            store,
        } = parts;
        let has_testpaths = config
            .options
            .testpaths
            .iter()
            .any(|start| layout.files().any(|path| reaches(&config.rootdir, start, path)));
        Project {
            has_testpaths,
            checked: OnceLock::new(),
            collects: Cache::default(),
            recursed_to: Cache::default(),
            look_like_tests: Cache::default(),
            are_of_tests: Cache::default(),
            home,
            folder,
            version: AtomicU64::new(new_version()),
            root: config.rootdir.clone(),
            config,
            config_source,
            plugins,
            settings,
            layout,
            runs,
            today,
            line_length,
            problems,
            store,
            conftests: Cache::default(),
            modules: Cache::default(),
            roles: Cache::default(),
            class_kinds: Cache::default(),
            bases: Cache::default(),
            heirs: Memo::default(),
            fixtures: Cache::default(),
            named_fixtures: Cache::default(),
            outgoing: Cache::default(),
            called: Cache::default(),
            imported: Cache::default(),
            plugin_modules: Memo::default(),
            autouse: Memo::default(),
            consulted: Cache::default(),
            reloads: PerFile::default(),
            stale_uses: PerFile::default(),
            importers: Cache::default(),
            sleepers: Cache::default(),
            schema_changes: PerFile::default(),
            no_parallel: Memo::default(),
            marked: PerFile::default(),
            idle_markers: Memo::default(),
            accesses: Cache::default(),
            handed_over: Cache::default(),
            holders: Cache::default(),
            product_readers: Cache::default(),
            outside_uses: Cache::default(),
            footprints: Cache::default(),
            disorders: Cache::default(),
            callers: Cache::default(),
            cached_calls: Cache::default(),
            words_around: Cache::default(),
            words_of_conftests: Cache::default(),
            asked: Cache::default(),
            turns: turns::Turns::default(),
        }
    }

    /// A file of the project as a module; `None` if it cannot be read.
    pub fn module(&self, path: &Path) -> Option<Module> {
        if let Some(known) = self.modules.get(path.as_os_str()) {
            return known.clone();
        }
        let module = match self.load(path) {
            Loaded::File(file) => Some(self.as_module(file)),
            Loaded::Missing | Loaded::PassedOver(_) => None,
        };
        self.modules.insert(path.into(), module.clone());
        module
    }

    /// Whether answers rest on this very text of the file, or none rest on any.
    pub fn knows(&self, file: &Arc<File>) -> bool {
        let known = self.modules.get(file.path.as_os_str());
        known.is_none_or(|known| known.as_ref().is_some_and(|module| Arc::ptr_eq(&module.file, file)))
    }

    /// Makes what is asked of every checked file, for one of them.
    pub fn read_ahead(&self, path: &Path) {
        let Some(module) = self.module(path) else { return };
        self.reloads.part(path, &|_| self.reloads_in(&module));
    }

    /// A file under the name that it is imported by.
    pub fn as_module(&self, file: Arc<File>) -> Module {
        if let Some(known) = self.modules.get(file.path.as_os_str())
            && let Some(module) = known.as_ref().filter(|module| Arc::ptr_eq(&module.file, &file))
        {
            return module.clone();
        }
        let name = self.layout.module_name(&file.path);
        Module::new(file, name)
    }

    /// The module that an import of `name` gives, if its file is in the project.
    pub fn module_named(&self, name: &str) -> Option<Module> {
        self.module(self.layout.file_of(name)?)
    }

    pub fn load(&self, path: &Path) -> Loaded {
        self.store.load(path, self.settings.max_file_size)
    }

    /// The same project, of which nothing was read yet. Hints that were made for this one stay right, and so does what tells
    /// whether an edit changes them.
    pub fn unread(&self) -> Project {
        let anew = Project::new(Parts {
            home: self.home.clone(),
            folder: self.folder.clone(),
            config: self.config.clone(),
            config_source: self.config_source.clone(),
            plugins: self.plugins.clone(),
            settings: self.settings.clone(),
            layout: self.layout.clone(),
            runs: self.runs.clone(),
            today: self.today.clone(),
            line_length: self.line_length,
            problems: self.problems.clone(),
            store: self.store.clone(),
        });
        let version = AtomicU64::new(self.version());
        Project { version, consulted: self.consulted.clone(), asked: self.asked.clone(), ..anew }
    }

    /// Whether a file may have a part in its answers.
    pub fn sees(&self, path: &Path) -> bool {
        path.starts_with(&self.folder)
    }

    /// Another number whenever hints of any of its files may be others, but for edits that the hints follow.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    /// Hints of any of its files may be others from now on.
    pub fn renew(&self) {
        self.version.store(new_version(), Ordering::Release);
    }

    /// Forgets what was computed from these files, and all that may rest on them.
    pub fn forget(&self, paths: &[&Path]) {
        for path in paths {
            self.modules.remove(path.as_os_str());
        }
        self.modules.iter().flat_map(|known| known.clone()).for_each(|module| module.forget_chains());
        self.renew();
        self.roles.clear();
        self.class_kinds.clear();
        self.bases.clear();
        self.heirs.clear();
        self.fixtures.clear();
        self.named_fixtures.clear();
        self.outgoing.clear();
        self.called.clear();
        self.imported.clear();
        self.plugin_modules.clear();
        self.autouse.clear();
        self.consulted.clear();
        self.reloads.clear();
        self.stale_uses.clear();
        self.importers.clear();
        self.sleepers.clear();
        self.schema_changes.clear();
        self.no_parallel.clear();
        self.marked.clear();
        self.idle_markers.clear();
        self.accesses.clear();
        self.handed_over.clear();
        self.holders.clear();
        self.product_readers.clear();
        self.outside_uses.clear();
        self.footprints.clear();
        self.disorders.clear();
        self.callers.clear();
        self.cached_calls.clear();
        self.words_around.clear();
    }

    /// Whether two texts of an item do the same to every other item: modules that it reloads, its uses of classes that are
    /// reloaded, schemas that it changes, and markers that need something to work. Its uses of state that was asked about
    /// are [`Project::uses_alike`].
    pub fn same_footprint(&self, before: &Module, after: &Module, item: u32) -> bool {
        ![before, after].iter().any(|module| reload::may_renew(module, item))
            && self.marked_alike(before, after, item)
            && self.stale_alike(before, after, item)
            && self.schemas_alike(before, after, item)
    }

    /// Whether two texts of a fixture with one head ask for the same fixtures and end the same way, and nobody looked at
    /// it around whom it does not run.
    pub fn same_fixture(&self, before: &Module, after: &Module, item: u32) -> bool {
        if self.consulted.contains_key(&(before.file.id, item)) {
            return false;
        }
        let [old, new] = [before, after].map(|module| self.read_fixture(module, item));
        match (old, new) {
            (Some(old), Some(new)) => {
                (old.requests, old.looked_up, old.yields) == (new.requests, new.looked_up, new.yields)
            }
            _ => false,
        }
    }

    /// As [`Project::replace`], for a text in which one fixture does something else.
    pub fn replace_fixture(&self, path: &Path, file: Arc<File>) {
        self.fixtures.remove(path.as_os_str());
        self.named_fixtures.clear();
        self.imported.clear();
        self.plugin_modules.clear();
        self.outgoing.retain(|(of, _), _| *of != file.id);
        self.schema_changes.clear();
        self.forget_words_around(&file);
        self.replace(path, file);
    }

    /// A file has a new text whose names and fixtures are those of the old. Nothing that words were asked for is kept.
    pub fn replace(&self, path: &Path, file: Arc<File>) {
        self.called.clear();
        self.accesses.clear();
        self.handed_over.clear();
        self.holders.clear();
        self.product_readers.clear();
        self.outside_uses.clear();
        self.footprints.clear();
        self.disorders.clear();
        self.callers.clear();
        self.cached_calls.clear();
        self.reloads.forget(path);
        self.stale_uses.forget(path);
        self.marked.forget(path);
        self.idle_markers.clear();
        self.schema_changes.forget(path);
        let module = match self.module(path) {
            Some(old) => old.with_text(file),
            None => self.as_module(file),
        };
        self.modules.insert(path.into(), Some(module));
    }

    /// Whether pytest collects tests from the file: `python_files`, `testpaths` and `norecursedirs` allow it.
    pub fn collects(&self, path: &Path) -> bool {
        if let Some(known) = self.collects.get(path.as_os_str()) {
            return *known;
        }
        let collects = self.find_collects(path);
        self.collects.insert(path.into(), collects);
        collects
    }

    fn find_collects(&self, path: &Path) -> bool {
        let options = &self.config.options;
        let relative = path.strip_prefix(&self.root).unwrap_or(path);
        let is_reached =
            !self.has_testpaths || options.testpaths.iter().any(|start| reaches(&self.root, start, path));
        is_reached
            && options.matches_test_file(relative)
            && relative.parent().is_none_or(|folder| self.recurses_to(folder))
    }

    /// Whether pytest enters a folder and all above it, up to its rootdir: kept, since the files of a folder have it in common.
    fn recurses_to(&self, folder: &Path) -> bool {
        if folder.as_os_str().is_empty() {
            return true;
        }
        if let Some(known) = self.recursed_to.get(folder.as_os_str()) {
            return *known;
        }
        let recurses = self.config.options.recurses_into(folder)
            && folder.parent().is_none_or(|above| self.recurses_to(above));
        self.recursed_to.insert(folder.into(), recurses);
        recurses
    }

    /// Whether the file could hold tests though `testpaths` leaves it out: a person may still name it.
    pub fn looks_like_tests(&self, path: &Path) -> bool {
        if let Some(known) = self.look_like_tests.get(path.as_os_str()) {
            return *known;
        }
        let they_do = self.config.options.matches_test_file(path.strip_prefix(&self.root).unwrap_or(path));
        self.look_like_tests.insert(path.into(), they_do);
        they_do
    }

    /// Whether pytest collects tests from the file, which is no conftest.
    pub fn is_test_module(&self, path: &Path) -> bool {
        !path.ends_with("conftest.py") && self.collects(path)
    }

    /// Whether the file's functions are looked at: tests, and conftests with their fixtures.
    pub fn is_checked(&self, path: &Path) -> bool {
        path.file_name().is_some_and(|name| name == "conftest.py") || self.collects(path)
    }

    /// The files to check, sorted.
    pub fn checked_files(&self) -> &[PathBuf] {
        self.checked.get_or_init(|| {
            let is_own =
                |path: &PathBuf| path.starts_with(&self.home) || self.has_testpaths && self.collects(path);
            let files = self.layout.files().filter(|path| is_own(path) && self.is_checked(path));
            let mut files: Vec<PathBuf> = files.cloned().collect();
            files.sort();
            files
        })
    }
}

/// A number that no project had before.
fn new_version() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed) + 1
}

/// Whether a `testpaths` entry (a path or a glob, relative to rootdir) holds the file.
fn reaches(root: &Path, start: &str, path: &Path) -> bool {
    let start = start.trim_end_matches('/');
    if !start.contains(['*', '?', '[']) {
        return path.starts_with(root.join(start));
    }
    let pattern = slashed(&root.join(start));
    path.ancestors().any(|dir| pytest_config::matches_pattern(&pattern, &slashed(dir)))
}
