//! The engine's front door: files and settings go in, reports, fixes and explanations come out.
//!
//! Paths are absolute. Offsets and ranges are 0-based bytes of the text as the workspace has it now.
//! Questions take `&self` and may be asked from many threads; the answers depend only on what was put in.

mod build;
mod edit;
mod projects;
mod today;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::fix::Fix;
use crate::hint::{Confidence, Hint};
use crate::hints::HintCache;
use crate::project::{Module, Project, Subject};
use crate::settings::{DiagnosticMode, Overrides, Settings};
use crate::store::{Loaded, Store};
use crate::text::{Text, TextRange};
use crate::{actions, hover, report};
use projects::Projects;

pub use crate::config_text::Problem;
pub use build::{MAX_CONFIG_SIZE, known_rules};
pub use today::Today;

/// A calendar day: the engine has no clock, today is an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Date {
    pub year: i32,
    pub month: u8,
    pub day: u8,
}

/// Why a file gave no bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadError {
    Missing,
    /// The host's words: no permission, a folder, …
    Unreadable(String),
}

/// The host's disk. The engine asks only for files that it was told of and for configuration files.
pub trait FileSource: Send + Sync {
    fn read(&self, path: &Path) -> Result<Vec<u8>, ReadError>;

    /// The names in a folder, sorted; none where it is not there or cannot be read. Asked only about the environment that
    /// the setting `python` names.
    fn names_in(&self, folder: &Path) -> Vec<String>;
}

/// What there is to say about one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Sorted by range, then rule. Suppressed, deselected and out-of-bounds hints are not there.
    pub hints: Vec<Hint>,
    pub problems: Vec<Problem>,
    /// How many tests pytest would collect here, parameters not counted.
    pub tests: usize,
}

/// Which reports a change may have altered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Impact {
    None,
    /// The changed file's, and those whose hints show something of it.
    File,
    Everything,
}

/// A fix or an unbound action as an editor offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// The hint that it deals with; `None` for an action on a test.
    pub hint: Option<Hint>,
    pub fix: Fix,
    /// The first cure of its hint.
    pub preferred: bool,
    /// Why it cannot be done here; then `fix` has no edits.
    pub disabled: Option<String>,
}

/// An explanation in Markdown for the code in `range`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    pub markdown: String,
    /// Where the markdown repeats a hint's message, which some editors show by themselves: bytes of it.
    pub message: Option<Range<usize>>,
    pub range: TextRange,
}

/// A test that a file defines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// Relative to pytest's rootdir, without parameters.
    pub node_id: String,
    pub name: TextRange,
    /// From the first decorator's line to the end.
    pub code: TextRange,
}

/// Everything that is known: files, settings, projects.
pub struct Workspace {
    source: Arc<dyn FileSource>,
    store: Arc<Store>,
    today: Arc<Today>,
    overrides: Overrides,
    /// What the host said lies under each of its folders.
    folders: BTreeMap<PathBuf, BTreeSet<PathBuf>>,
    /// Open configuration files, which count instead of the disk's; open Python files are in the store.
    open_configs: BTreeMap<PathBuf, String>,
    /// Open Python files that are too large to be looked into: their text is kept, since an edit may shorten it.
    open_large: BTreeMap<PathBuf, Text>,
    projects: Projects,
    hints: HintCache,
}

impl Workspace {
    pub fn new(source: Arc<dyn FileSource>, today: Date) -> Workspace {
        Workspace {
            store: Arc::new(Store::new(source.clone())),
            source,
            today: Arc::new(Today::new(today)),
            overrides: Overrides::default(),
            folders: BTreeMap::new(),
            open_configs: BTreeMap::new(),
            open_large: BTreeMap::new(),
            projects: Projects::default(),
            hints: HintCache::default(),
        }
    }

    /// Tells which Python and configuration files lie under `root`; replaces what was told for it before.
    pub fn set_files(&mut self, root: &Path, files: Vec<PathBuf>) {
        self.folders.insert(root.to_owned(), files.into_iter().collect());
        self.rebuild_in(root);
    }

    /// Settings that win over those in files: the editor's or the command line's.
    pub fn configure(&mut self, overrides: impl Into<Overrides>) {
        self.overrides = overrides.into();
        self.rebuild();
    }

    /// Forgets a root that [`Workspace::set_files`] told of. Files that were read stay read.
    pub fn remove_files(&mut self, root: &Path) {
        self.folders.remove(root);
        self.rebuild_in(root);
    }

    /// Reads a Python file and finds in it what every file of its project is searched for, so that a report that rests on
    /// many files need not do it for all of them at once.
    pub fn read_ahead(&self, path: &Path) {
        if let Some(project) = self.project(path).filter(|_| is_python(path)) {
            project.read_ahead(path);
        }
    }

    /// Every file that is checked, sorted: those that pytest would collect, and conftests.
    pub fn test_files(&self) -> Vec<PathBuf> {
        let owned = |project: &&Arc<Project>, path: &PathBuf| {
            self.project(path).is_some_and(|owner| Arc::ptr_eq(owner, project))
        };
        let mut files: Vec<PathBuf> = self
            .projects
            .iter()
            .flat_map(|project| {
                project.checked_files().iter().filter(move |path| owned(&project, path)).cloned()
            })
            .collect();
        files.sort();
        files.dedup();
        files
    }

    /// Every file that there can be hints on, sorted: test files, and the configuration files that pytest obeys.
    pub fn checked_files(&self) -> Vec<PathBuf> {
        let mut files = self.test_files();
        files.extend(self.configuration_files());
        files.sort();
        files
    }

    /// Whether there can be hints on the file.
    pub fn is_checked(&self, path: &Path) -> bool {
        self.governed_by(path).is_some() || self.project(path).is_some_and(|project| project.is_checked(path))
    }

    /// The configuration files that pytest obeys, sorted.
    pub fn configuration_files(&self) -> Vec<PathBuf> {
        let in_force = self.projects.iter().filter_map(|project| project.config.file.as_ref());
        let mut files: Vec<PathBuf> = in_force.map(|file| file.path.clone()).collect();
        files.sort();
        files.dedup();
        files
    }

    /// The project that obeys a configuration file.
    fn governed_by(&self, path: &Path) -> Option<&Arc<Project>> {
        if is_python(path) {
            return None;
        }
        let is_in_force =
            |project: &&Arc<Project>| project.config.file.as_ref().is_some_and(|file| file.path == path);
        self.projects.iter().find(is_in_force)
    }

    /// The project that a file belongs to: the nearest directory upwards with a pytest configuration.
    pub fn project(&self, path: &Path) -> Option<&Arc<Project>> {
        self.projects.owner_of(path)
    }

    /// All projects, by the directory where each begins.
    pub fn projects(&self) -> Vec<&Arc<Project>> {
        let mut projects: Vec<&Arc<Project>> = self.projects.iter().collect();
        projects.sort_by(|a, b| a.home.cmp(&b.home));
        projects
    }

    pub fn settings(&self, path: &Path) -> Arc<Settings> {
        self.project(path).map(|project| project.settings.clone()).unwrap_or_default()
    }

    /// Whether any project is to be shown so.
    pub fn has_mode(&self, mode: DiagnosticMode) -> bool {
        self.projects.iter().any(|project| project.settings.diagnostic_mode == mode)
    }

    /// Whether any answer given so far might be another on another day.
    pub fn rests_on_today(&self) -> bool {
        self.today.is_asked_for()
    }

    /// Problems with configuration files, sorted.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems: Vec<Problem> =
            self.projects.iter().flat_map(|p| p.problems.iter().cloned()).collect();
        problems.sort();
        problems.dedup();
        problems
    }

    /// Problems with one configuration file, sorted.
    pub fn problems_of(&self, path: &Path) -> Vec<Problem> {
        let all = self.projects.iter().flat_map(|project| &project.problems);
        let mut problems: Vec<Problem> = all.filter(|problem| problem.path == path).cloned().collect();
        problems.sort();
        problems.dedup();
        problems
    }

    pub fn report(&self, path: &Path) -> Report {
        if let Some(project) = self.governed_by(path) {
            return report::configuration::report(project);
        }
        let Some(project) = self.project(path).filter(|_| is_python(path)) else { return Report::default() };
        match project.load(path) {
            Loaded::File(file) => report::report(project, &project.as_module(file), &self.hints),
            Loaded::Missing => Report::default(),
            Loaded::PassedOver(message) => {
                let problem = Problem { path: path.to_owned(), range: TextRange::default(), message };
                Report { problems: vec![problem], ..Report::default() }
            }
        }
    }

    /// The hints of a Python file that are lost since rules look only at what they say they may find something in: none, if
    /// that is right. For proofs.
    pub fn lost_hints(&self, path: &Path) -> Vec<Hint> {
        let Some((project, module)) = self.module(path).filter(|_| is_python(path)) else {
            return Vec::new();
        };
        let items = 0..module.file.items().len() as u32;
        items.flat_map(|item| report::hints_lost(project, &module, item).hints).collect()
    }

    /// Makes what [`Workspace::report`] of a Python file needs, item by item, until `is_over`. Whether nothing is left to make.
    pub fn look_ahead(&self, path: &Path, is_over: impl Fn() -> bool) -> bool {
        match self.module(path).filter(|_| is_python(path)) {
            Some((project, module)) => self.hints.look_ahead(project, &module, is_over),
            None => true,
        }
    }

    /// A number that is another as soon as the report of a Python file is, as long as its own text is the same; `None` where
    /// the report is not known as it would be now.
    pub fn revision(&self, path: &Path) -> Option<u64> {
        self.hints.revision(self.project(path)?, path)
    }

    /// Lets go of everything that was read for the project of this home. What is known of hints stays; what is asked
    /// further is read again. For projects in which nothing is open.
    pub fn let_go(&mut self, home: &Path) {
        let Some(project) = self.projects.iter().find(|project| project.home == home).cloned() else {
            return;
        };
        let listed = self.folders.get(&project.folder).into_iter();
        let below = listed.flat_map(|files| files.range(home.to_owned()..));
        for path in below.take_while(|path| path.starts_with(home)) {
            // A project below without tests is read for this one.
            let is_read_for_it =
                |owner: &Arc<Project>| Arc::ptr_eq(owner, &project) || owner.checked_files().is_empty();
            if self.projects.owner_of(path).is_some_and(is_read_for_it) {
                self.store.forget(path);
            }
        }
        self.projects.replace(&project, project.unread());
        drop(project);
        self.store.sweep();
    }

    /// The other Python files whose hints may show something of a file, sorted.
    pub fn resting_on(&self, path: &Path) -> Vec<PathBuf> {
        self.hints.resting_on(path)
    }

    /// Fixes for the report's hint, best first, the suppression last.
    pub fn fixes(&self, path: &Path, hint: &Hint) -> Vec<Fix> {
        if let Some(project) = self.governed_by(path) {
            return report::configuration::fixes(project, hint);
        }
        let Some((project, module)) = self.module(path) else { return Vec::new() };
        report::fixes(project, &module, hint)
    }

    /// Fixes of all hints that touch the range, and what can be done with the test there: also about its hints below
    /// `least`, which are not shown.
    pub fn actions(&self, path: &Path, range: TextRange, least: Confidence) -> Vec<Action> {
        let hints = self.report(path).hints;
        let fixes = |hint: &Hint| self.fixes(path, hint);
        let mut actions = actions::of_hints(range, &hints, fixes);
        if let Some((project, module)) = self.module(path).filter(|_| is_python(path)) {
            let hidden: Vec<&Hint> = hints.iter().filter(|hint| hint.confidence < least).collect();
            actions::add_of_hidden(project, &module, range, &hidden, fixes, &mut actions);
            actions::add_of_test(project, &module, range, &mut actions);
        }
        actions
    }

    /// What the action of this name says of the test whose head is at `offset`; `None` where there is no test, or the
    /// action means nothing for it.
    pub fn offer(&self, path: &Path, offset: u32, action: &str) -> Option<actions::Offer> {
        let (project, module) = self.module(path)?;
        let mut offers = actions::offers(project, &module, TextRange::empty(offset));
        offers.find(|(on_test, _)| on_test.name == action).map(|(_, offer)| offer)
    }

    pub fn hover(&self, path: &Path, offset: u32) -> Option<Hover> {
        self.hover_among(path, offset, &self.report(path).hints)
    }

    /// The same with the report's hints as the host has judged them.
    pub fn hover_among(&self, path: &Path, offset: u32, hints: &[Hint]) -> Option<Hover> {
        if let Some(project) = self.governed_by(path) {
            return hover::of_hint(project, offset, hints);
        }
        let (project, module) = self.module(path)?;
        hover::hover(project, &module, offset, hints)
    }

    /// The tests that the file defines, in its order.
    pub fn tests(&self, path: &Path) -> impl Iterator<Item = Test> + use<'_> {
        let python = self.module(path).filter(|_| is_python(path));
        python.into_iter().flat_map(|(project, module)| {
            (0..module.file.items().len() as u32).filter_map(move |item| {
                module.file.item(item).function()?;
                let subject = Subject::new(project, &module, item);
                let name = subject.absolute(subject.function()?.name_range);
                Some(Test { node_id: subject.node_id()?, name, code: module.file.item(item).code })
            })
        })
    }

    /// The test that the file defines by this node id.
    pub fn test(&self, path: &Path, node_id: &str) -> Option<Test> {
        self.tests(path).find(|test| test.node_id == node_id)
    }

    /// Where the fixtures stand that run around the test which the file defines by this node id, as far as they are the project's.
    pub fn fixtures_around(&self, path: &Path, node_id: &str) -> Vec<(PathBuf, TextRange)> {
        let Some((project, module)) = self.module(path).filter(|_| is_python(path)) else {
            return Vec::new();
        };
        let mut items = 0..module.file.items().len() as u32;
        let is_it = |item: &u32| Subject::new(project, &module, *item).node_id().as_deref() == Some(node_id);
        let Some(item) = items.find(is_it) else { return Vec::new() };
        let fixtures = project.closure(&module, item).into_iter().filter_map(|closed| closed.fixture);
        fixtures.map(|it| (it.module.file.path.clone(), it.module.file.item(it.item).code)).collect()
    }

    /// The text that ranges in `path` are counted in.
    pub fn text(&self, path: &Path) -> Option<Arc<Text>> {
        if !is_python(path) {
            return self.configs().text(path).map(|text| Arc::new(Text::new(text)));
        }
        match self.store.load(path, self.settings(path).max_file_size) {
            Loaded::File(file) => Some(file.text.clone()),
            Loaded::Missing | Loaded::PassedOver(_) => None,
        }
    }

    /// The file as it is now; what other files see of it may be older while it does not parse.
    fn module(&self, path: &Path) -> Option<(&Arc<Project>, Module)> {
        let project = self.project(path)?;
        match project.load(path) {
            Loaded::File(file) => Some((project, project.as_module(file))),
            Loaded::Missing | Loaded::PassedOver(_) => None,
        }
    }
}

fn is_python(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "py")
}
