//! Which releases of a package may be installed, as far as the project says.

use std::fmt;
use std::str::FromStr;

use pep440_rs::{Version, VersionSpecifiers, release_specifiers_to_ranges};
use version_ranges::Ranges;

/// A set of versions. Never says more than what was declared: nothing declared is every version.
///
/// Only the release numbers of PEP 440 count: `9.2.0rc1` behaves as 9.2.0, and lies in `>=9.2`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRange(Ranges<Version>);

impl VersionRange {
    pub fn any() -> Self {
        Self(Ranges::full())
    }

    pub fn exactly(version: &Version) -> Self {
        Self(Ranges::singleton(version.only_release()))
    }

    /// The versions that specifiers such as `>=8,<9.2` admit; `None` when they cannot be read.
    pub fn parse(specifiers: &str) -> Option<Self> {
        let specifiers = VersionSpecifiers::from_str(specifiers).ok()?;
        Some(Self(release_specifiers_to_ranges(specifiers)))
    }

    /// The version, when only one is possible.
    pub fn exact(&self) -> Option<&Version> {
        self.0.as_singleton()
    }

    /// Whether some possible version satisfies `specifiers`; yes when they cannot be read.
    pub fn admits(&self, specifiers: &str) -> bool {
        Self::parse(specifiers).is_none_or(|asked| !self.0.is_disjoint(&asked.0))
    }

    /// Whether every possible version satisfies `specifiers`; no when they cannot be read.
    pub fn is_within(&self, specifiers: &str) -> bool {
        Self::parse(specifiers).is_some_and(|asked| self.0.subset_of(&asked.0))
    }

    /// What both allow.
    pub(crate) fn and(&self, other: &Self) -> Self {
        Self(self.0.intersection(&other.0))
    }

    /// What either allows.
    pub(crate) fn or(&self, other: &Self) -> Self {
        Self(self.0.union(&other.0))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// `9.2.0`, `>=8, <9`, `any version`.
impl fmt::Display for VersionRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.exact() {
            Some(version) => version.fmt(f),
            None if self.0 == Ranges::full() => f.write_str("any version"),
            None => self.0.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::VersionRange;

    #[test]
    fn asks() {
        let cases: &[(&str, &str, bool, bool)] = &[
            ("", "<9.2", true, false),
            (">=9.2", "<9.2", false, false),
            (">=8", "<9.2", true, false),
            (">=8,<9", "<9.2", true, true),
            ("==9.1.1", "<9.2", true, true),
            ("==9.2.0", "<9.2", false, false),
            ("~=9.1", "<9.2", true, false),
            ("==9.1.*", "<9.2", true, true),
            ("==9.2.0rc1", "<9.2", false, false),
            (">=9.0rc1", ">=9", true, true),
            (">8,<8", ">=9", false, true),
            (">=8", "nonsense", true, false),
        ];
        for (declared, asked, admits, within) in cases {
            let range = VersionRange::parse(declared).unwrap();
            assert_eq!(range.admits(asked), *admits, "{declared} admits {asked}");
            assert_eq!(range.is_within(asked), *within, "{declared} within {asked}");
        }
    }

    #[test]
    fn exact_only_when_one_is_left() {
        assert_eq!(
            VersionRange::parse("==9.2").unwrap().exact().map(ToString::to_string).as_deref(),
            Some("9.2")
        );
        assert_eq!(VersionRange::parse("==9.*").unwrap().exact(), None);
        assert_eq!(VersionRange::any().exact(), None);
    }
}
