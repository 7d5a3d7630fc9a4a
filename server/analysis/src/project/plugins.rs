//! The packages a project declares, which say what plugins pytest will have and in which versions.
//!
//! Nothing is installed or looked up: what is in no file given here, and not in the environment that a person named, is
//! not known.

mod declarations;
mod environment;
mod requirement;

use std::collections::BTreeMap;

use pep440_rs::Version;

pub use declarations::declares_packages;
pub use environment::installed;
pub use requirement::normalized;

use super::version_range::VersionRange;
use requirement::Requirement;

/// Declared packages by normalized name (PEP 503). Order of adding does not matter.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plugins {
    packages: BTreeMap<String, Package>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Package {
    /// What a lock file fixed; several with several lock files or platforms.
    locked: Option<VersionRange>,
    /// What the unconditional declarations allow together, and what any of them allows.
    all: Option<VersionRange>,
    any: Option<VersionRange>,
}

impl Plugins {
    /// Adds what the file at `path` declares; which form it has is told by its name. Other files add nothing, and so
    /// does what cannot be read: a file that pytest reads too is told about there.
    pub fn add_file(&mut self, path: &std::path::Path, text: &str) {
        declarations::read(path, text, &mut |requirement| self.add(requirement));
    }

    /// Adds one requirement as people write it by hand: `pytest-xdist`, `pytest>=8,<9`. False when it is none.
    pub fn add_requirement(&mut self, text: &str) -> bool {
        let requirement = requirement::parse(text);
        let understood = requirement.is_some();
        requirement.into_iter().for_each(|requirement| self.add(requirement));
        understood
    }

    /// Adds a package of the environment that the tests run in: its version is then the only one.
    pub fn add_installed(&mut self, name: &str, version: &Version) {
        let package = self.packages.entry(normalized(name)).or_default();
        package.locked = Some(VersionRange::exactly(version));
    }

    /// Whether the package is declared anywhere, under a condition or in a group that is not always installed, too.
    pub fn has(&self, name: &str) -> bool {
        self.packages.contains_key(&normalized(name))
    }

    /// Which versions may be installed: the locked ones; else what all declarations allow together; where they
    /// contradict each other, what any of them allows; else any.
    pub fn version(&self, name: &str) -> VersionRange {
        let Some(package) = self.packages.get(&normalized(name)) else { return VersionRange::any() };
        if let Some(locked) = &package.locked {
            return locked.clone();
        }
        let together = package.all.clone().filter(|range| !range.is_empty());
        together.or_else(|| package.any.clone()).unwrap_or_else(VersionRange::any)
    }

    /// Whether a version that may be installed satisfies `specifiers`, such as `<9.2`.
    pub fn admits(&self, name: &str, specifiers: &str) -> bool {
        self.version(name).admits(specifiers)
    }

    /// pytest's version, when only one is possible.
    pub fn pytest_version(&self) -> Option<Version> {
        self.version("pytest").exact().cloned()
    }

    /// The normalized names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.packages.keys().map(String::as_str)
    }

    fn add(&mut self, requirement: Requirement) {
        let package = self.packages.entry(requirement.name).or_default();
        match requirement.versions {
            Versions::Unsaid => {}
            Versions::Locked(version) => {
                let before = package.locked.take();
                package.locked = Some(before.map_or_else(|| version.clone(), |before| before.or(&version)));
            }
            Versions::Declared(range) => {
                let (all, any) = (package.all.take(), package.any.take());
                package.all = Some(all.map_or_else(|| range.clone(), |all| all.and(&range)));
                package.any = Some(any.map_or_else(|| range.clone(), |any| any.or(&range)));
            }
        }
    }
}

/// What one declaration says about versions.
#[derive(Clone, Debug, PartialEq)]
enum Versions {
    /// Nothing, or only under a condition (a Python version, a tox factor).
    Unsaid,
    Declared(VersionRange),
    Locked(VersionRange),
}

#[cfg(test)]
mod tests;
