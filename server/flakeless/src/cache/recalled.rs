//! Answers of an earlier run, all of which still hold.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use analysis::config_text::ConfigFiles;
use analysis::fix::Fix;
use analysis::hint::Hint;
use analysis::settings::{self, KnownRule, Overrides, Settings};
use analysis::store::text_of;
use analysis::text::Text;
use analysis::workspace::{MAX_CONFIG_SIZE, Problem, Report, known_rules};
use rustc_hash::FxBuildHasher;

use super::entry::{Entry, KeptHint, KeptReport};
use super::places::{Place, Places};
use super::seen::Seen;
use crate::answers::Answers;
use crate::discover::{Root, is_python};
use crate::disk::Disk;

/// Answers from an entry. Asked about more than stands there, it answers that there is nothing and remembers that it did
/// not know: then none of its answers may be shown.
pub(crate) struct Recalled<'a> {
    pub(super) entry: Entry,
    pub(super) places: Places<'a>,
    /// Files were touched since, so the entry is to be written again.
    pub(super) is_touched: bool,
    disk: &'a Disk,
    roots: &'a [Root],
    overrides: &'a Overrides,
    rules: Vec<KnownRule>,
    /// Where projects begin, with the settings there once somebody asked.
    homes: HashMap<OsString, OnceLock<Arc<Settings>>, FxBuildHasher>,
    texts: Mutex<HashMap<PathBuf, Option<Arc<Text>>, FxBuildHasher>>,
    did_not_know: AtomicBool,
}

impl<'a> Recalled<'a> {
    pub(super) fn new(
        mut entry: Entry,
        disk: &'a Disk,
        listing: &'a [&'a Path],
        roots: &'a [Root],
        overrides: &'a Overrides,
        is_touched: bool,
    ) -> Recalled<'a> {
        let homes = entry.project.homes.iter();
        let homes = homes.map(|home| (home.clone().into_os_string(), OnceLock::new())).collect();
        let places = Places::new(listing, std::mem::take(&mut entry.unlisted));
        Recalled {
            entry,
            places,
            is_touched,
            disk,
            roots,
            overrides,
            rules: known_rules(),
            homes,
            texts: Mutex::default(),
            did_not_know: AtomicBool::new(false),
        }
    }

    /// Whether every answer so far is what the engine would say.
    pub(crate) fn is_sure(&self) -> bool {
        !self.did_not_know.load(Ordering::Relaxed)
    }

    /// Learns all that may be asked about settings, and the texts of `paths`: what is learnt is known from then on. Says
    /// whether every answer is what the engine would say.
    pub(crate) fn learn<'p>(&self, paths: impl Iterator<Item = &'p Path>) -> bool {
        for home in &self.entry.project.homes {
            self.settings(home);
        }
        for problem in self.problems() {
            self.text(&problem.path);
        }
        for path in paths {
            self.text(path);
        }
        self.is_sure()
    }

    /// What is not known, as if there were nothing.
    fn unknown<T: Default>(&self) -> T {
        self.did_not_know.store(true, Ordering::Relaxed);
        T::default()
    }

    fn kept(&self, path: &Path) -> Option<&KeptReport> {
        let place = self.places.place(path)?;
        let at = self.entry.reports.binary_search_by_key(&place, |(place, _)| *place).ok()?;
        Some(&self.entry.reports[at].1)
    }

    fn kept_hint(&self, path: &Path, hint: &Hint) -> Option<&KeptHint> {
        self.kept(path)?.hints.iter().find(|kept| kept.hint(&self.places).as_ref() == Some(hint))
    }

    fn paths(&self, places: &[Place]) -> Vec<PathBuf> {
        let paths = places.iter().map(|place| self.places.path(*place).map(Path::to_owned));
        paths.collect::<Option<_>>().unwrap_or_else(|| self.unknown())
    }

    /// The bytes of a file, if they are those that the answers rest on; none where there was no file.
    fn read(&self, path: &Path) -> Option<Vec<u8>> {
        let seen = match self.places.listed(path) {
            Some(place) => self.entry.listed.get(place.index())?.as_ref(),
            None => {
                let others = &self.entry.others;
                others.binary_search_by(|(known, _)| known.as_path().cmp(path)).ok().map(|at| &others[at].1)
            }
        };
        let Some(before) = seen else { return self.unknown() };
        if *before == Seen::Missing {
            return None;
        }
        let (now, bytes) = Seen::read(self.disk, path);
        if !now.is_same(before) {
            return self.unknown();
        }
        bytes.ok()
    }

    fn settings_at(&self, home: &Path) -> Settings {
        let Some(root) = self.roots.iter().find(|root| home.starts_with(&root.path)) else {
            return self.unknown();
        };
        settings::in_force(home, &root.path, self, self.overrides, &self.rules).1
    }

    fn text_of(&self, path: &Path) -> Option<Arc<Text>> {
        let largest = if is_python(path) { self.settings(path).max_file_size } else { MAX_CONFIG_SIZE };
        text_of(self.read(path)?, largest).ok().map(|text| Arc::new(Text::new(text)))
    }
}

impl ConfigFiles for Recalled<'_> {
    fn read(&self, path: &Path) -> Option<Cow<'_, [u8]>> {
        let text = text_of(Recalled::read(self, path)?, MAX_CONFIG_SIZE).ok()?;
        Some(Cow::Owned(text.into_bytes()))
    }
}

impl Answers for Recalled<'_> {
    /// What it answers was read before.
    fn read_ahead(&self, _: &Path) {}

    fn report(&self, path: &Path) -> Report {
        self.kept(path).and_then(|kept| kept.report(&self.places)).unwrap_or_else(|| self.unknown())
    }

    fn fixes(&self, path: &Path, hint: &Hint) -> Vec<Fix> {
        let kept = self.kept_hint(path, hint).and_then(|kept| kept.fixes.as_ref());
        let fixes = kept.and_then(|fixes| fixes.iter().map(|fix| fix.fix(&self.places)).collect());
        fixes.unwrap_or_else(|| self.unknown())
    }

    fn text(&self, path: &Path) -> Option<Arc<Text>> {
        if let Some(known) = self.texts.lock().unwrap_or_else(PoisonError::into_inner).get(path) {
            return known.clone();
        }
        let text = self.text_of(path);
        self.texts
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .entry(path.to_owned())
            .or_insert(text)
            .clone()
    }

    fn settings(&self, path: &Path) -> Arc<Settings> {
        let mut around = path.ancestors();
        let project = around.find_map(|folder| Some((folder, self.homes.get(folder.as_os_str())?)));
        let Some((home, known)) = project else { return Arc::default() };
        known.get_or_init(|| Arc::new(self.settings_at(home))).clone()
    }

    fn problems(&self) -> Vec<Problem> {
        let problems = self.entry.project.problems.iter().map(|problem| problem.problem(&self.places));
        problems.collect::<Option<_>>().unwrap_or_else(|| self.unknown())
    }

    fn homes(&self) -> Vec<PathBuf> {
        self.entry.project.homes.clone()
    }

    fn test_files(&self) -> Vec<PathBuf> {
        self.paths(&self.entry.project.test_files)
    }

    fn configuration_files(&self) -> Vec<PathBuf> {
        self.paths(&self.entry.project.configuration)
    }

    /// Only listed files are asked about.
    fn looks_like_tests(&self, path: &Path) -> bool {
        match self.places.listed(path) {
            Some(place) => self.entry.project.like_tests.binary_search(&place).is_ok(),
            None => self.unknown(),
        }
    }
}
