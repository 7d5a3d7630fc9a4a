//! What `check` answered is kept on disk, so that a run over files that did not change need not read them.
//!
//! The engine's answers are a function of the engine, the flags, the listing, what the disk said to it, and in a few cases
//! the date. The first two and the roots make the key of an entry. The rest stands in it: each file that was read with the
//! hash of its bytes, each that was not there, each folder that was listed, the date where an answer rests on it. An entry
//! counts only while all of that is still so. Files are not read for that where the system says that they were not touched.
//!
//! An entry is one file, replaced whole. What is damaged, cut off or of another build is as good as not there.

mod entry;
mod heard;
#[cfg(any(test, fuzzing))]
mod hold;
mod places;
mod recalled;
mod seal;
mod seen;
mod shelf;
mod stat;
#[cfg(test)]
mod tests;
mod witness;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use analysis::settings::Overrides;
use analysis::workspace::Date;
use rayon::prelude::*;
use xxhash_rust::xxh3::Xxh3;

use crate::answers::Answers;
use crate::discover::{Root, is_python};
use crate::disk::Disk;
use entry::{Entry, KeptFix, KeptProblem, KeptProject, KeptReport};
pub(crate) use heard::Heard;
use heard::Said;
#[cfg(any(test, fuzzing))]
pub(crate) use hold::holds;
use places::{Place, Places};
pub(crate) use recalled::Recalled;
use seen::{Hash, Now, Seen, hash_of};
use shelf::Shelf;
use witness::Record;
pub(crate) use witness::Witness;

/// The place of one entry: the answers about some roots, with some flags.
pub(crate) struct Cache<'a> {
    shelf: Shelf,
    key: u128,
    today: Date,
    roots: &'a [Root],
    overrides: &'a Overrides,
    /// Read as the engine's was.
    disk: Disk,
    listing: Vec<&'a Path>,
    listing_hash: Hash,
}

/// What answers depend on besides the disk.
#[derive(Clone, Copy)]
pub(crate) struct Given<'a> {
    pub(crate) roots: &'a [Root],
    pub(crate) overrides: &'a Overrides,
    /// What of `overrides` decides about reports and fixes, in words. What is only a view on them need not be here.
    pub(crate) words: &'a [&'a str],
    pub(crate) today: Date,
}

impl<'a> Cache<'a> {
    /// The cache in the folder that a person chose, else in the user's; `None` where there is none.
    pub(crate) fn open(folder: Option<&Path>, given: Given<'a>, disk: Disk) -> Option<Cache<'a>> {
        let Given { roots, overrides, words, today } = given;
        let listing: Vec<&Path> = roots.iter().flat_map(|root| &root.files).map(PathBuf::as_path).collect();
        let bytes = listing.iter().map(|path| path.as_os_str().as_encoded_bytes());
        let listing_hash = hash_of(bytes);
        Some(Cache {
            shelf: Shelf::at(folder)?,
            key: key(roots, words),
            today,
            roots,
            overrides,
            disk,
            listing,
            listing_hash,
        })
    }

    pub(crate) fn folder(&self) -> &Path {
        self.shelf.folder()
    }

    /// The answers of an earlier run, if all that they rest on is still so.
    pub(crate) fn recall(&self) -> Option<Recalled<'_>> {
        let sealed = self.shelf.read(self.key)?;
        let mut entry: Entry = postcard::from_bytes(seal::open(self.key, &sealed)?).ok()?;
        let is_same_listing = entry.listing == self.listing_hash && entry.listed.len() == self.listing.len();
        let is_of_another_day = entry.today.is_some_and(|day| day != self.today);
        if is_of_another_day || !is_same_listing {
            return None;
        }
        let is_touched = still_holds(&self.disk, &self.listing, &mut entry)?;
        Some(Recalled::new(entry, &self.disk, &self.listing, self.roots, self.overrides, is_touched))
    }

    /// Notes that the answers of an earlier run were shown.
    pub(crate) fn confirm(&self, recalled: Recalled<'_>) -> io::Result<()> {
        if !recalled.is_touched {
            self.shelf.used(self.key);
            return Ok(());
        }
        let unlisted = recalled.places.unlisted().to_vec();
        self.write(&Entry { unlisted, ..recalled.entry })
    }

    /// Keeps what the engine said and what it was told, together with the answers of an earlier run, which still held when
    /// this one began. Nothing is kept where the disk changed meanwhile.
    pub(crate) fn keep(
        &self,
        heard: &Heard<'_>,
        witness: &Witness,
        former: Option<Recalled<'_>>,
    ) -> io::Result<()> {
        let mut record = witness.record();
        let mut reports = BTreeMap::new();
        let mut places = Places::new(&self.listing, Vec::new());
        let mut today = heard.rests_on_today().then_some(self.today);
        if let Some(former) = former {
            self.add_former(&former.entry, &mut record);
            places = Places::new(&self.listing, former.places.unlisted().to_vec());
            today = today.or(former.entry.today);
            reports.extend(former.entry.reports);
        }
        if record.is_torn {
            return Ok(());
        }
        for (path, said) in heard.said() {
            let Some(mut kept) = kept_report(&said, &mut places) else { continue };
            let place = places.number(&path);
            if let Some(former) = reports.remove(&place) {
                kept.add_fixes(former);
            }
            reports.insert(place, kept);
        }
        let project = self.kept_project(heard, &mut places);
        let (listed, others) = self.parted(record.files, &places);
        self.write(&Entry {
            today,
            listing: self.listing_hash,
            listed,
            others,
            folders: record.folders.into_iter().collect(),
            unlisted: places.unlisted().to_vec(),
            project,
            reports: reports.into_iter().collect(),
        })
    }

    fn add_former(&self, former: &Entry, record: &mut Record) {
        let listed = self.listing.iter().copied().zip(&former.listed);
        let listed = listed.filter_map(|(path, seen)| Some((path, seen.as_ref()?)));
        let others = former.others.iter().map(|(path, seen)| (path.as_path(), seen));
        for (path, seen) in listed.chain(others) {
            record.add_file(path, seen.clone());
        }
        for (path, names) in &former.folders {
            record.add_folder(path, *names);
        }
    }

    fn kept_project(&self, heard: &Heard<'_>, places: &mut Places<'_>) -> KeptProject {
        let like_tests = self.listing.iter().filter(|path| is_python(path) && heard.looks_like_tests(path));
        let mut like_tests: Vec<Place> = like_tests.map(|path| places.number(path)).collect();
        like_tests.sort();
        KeptProject {
            homes: heard.homes(),
            test_files: heard.test_files().iter().map(|path| places.number(path)).collect(),
            configuration: heard.configuration_files().iter().map(|path| places.number(path)).collect(),
            like_tests,
            problems: heard.problems().iter().map(|problem| KeptProblem::of(problem, places)).collect(),
        }
    }

    /// What was seen of the listed files, and of others, sorted.
    fn parted(
        &self,
        files: impl IntoIterator<Item = (PathBuf, Seen)>,
        places: &Places<'_>,
    ) -> (Vec<Option<Seen>>, Vec<(PathBuf, Seen)>) {
        let mut listed = vec![None; self.listing.len()];
        let mut others = Vec::new();
        for (path, seen) in files {
            match places.listed(&path) {
                Some(place) => listed[place.index()] = Some(seen),
                None => others.push((path, seen)),
            }
        }
        others.sort_by(|(a, _), (b, _)| a.cmp(b));
        (listed, others)
    }

    /// A path that is no text cannot be written down; then nothing is kept.
    fn write(&self, entry: &Entry) -> io::Result<()> {
        let Ok(payload) = postcard::to_allocvec(entry) else { return Ok(()) };
        self.shelf.put(self.key, &seal::seal(self.key, &payload))
    }
}

fn key(roots: &[Root], words: &[&str]) -> u128 {
    let mut hash = Xxh3::new();
    let engine = [env!("FLAKELESS_BUILD"), env!("CARGO_PKG_VERSION")].into_iter();
    let roots = roots.iter().map(|root| root.path.as_os_str().as_encoded_bytes());
    let parts = engine.chain(words.iter().copied()).map(str::as_bytes);
    for part in parts.chain([&b"roots"[..]]).chain(roots) {
        hash.update(&(part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    hash.digest128()
}

fn kept_report(said: &Said, places: &mut Places<'_>) -> Option<KeptReport> {
    let report = said.report.as_ref()?;
    let mut kept = KeptReport::of(report, places);
    for (hint, fixes) in &said.fixes {
        if let Some(at) = report.hints.iter().position(|other| other == hint) {
            kept.hints[at].fixes = Some(fixes.iter().map(|fix| KeptFix::of(fix, places)).collect());
        }
    }
    Some(kept)
}

/// Looks at everything that the entry rests on. `None` if any of it is not so any more; else whether files were touched
/// without being changed, which the entry says then.
fn still_holds(disk: &Disk, listing: &[&Path], entry: &mut Entry) -> Option<bool> {
    let names_hold = entry.folders.iter().all(|(folder, names)| seen::names_in(folder).0 == *names);
    if !names_hold {
        return None;
    }
    let look = |path: &Path, seen: &mut Seen| match seen.now(disk, path) {
        Now::Same => Some(false),
        Now::Touched(now) => {
            *seen = now;
            Some(true)
        }
        Now::Other => None,
    };
    let any = |a: bool, b: bool| Some(a | b);
    let listed = listing.par_iter().zip(&mut entry.listed);
    let listed = listed.map(|(path, seen)| seen.as_mut().map_or(Some(false), |seen| look(path, seen)));
    let listed = listed.try_reduce(|| false, any)?;
    let others =
        entry.others.par_iter_mut().map(|(path, seen)| look(path, seen)).try_reduce(|| false, any)?;
    Some(listed | others)
}
