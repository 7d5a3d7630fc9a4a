//! Path patterns of settings: a name at any depth, or a path from where the setting stands; what lies below matches too.

use std::path::{Path, PathBuf};

use globset::{Glob, GlobBuilder, GlobSet, GlobSetBuilder};

#[derive(Clone, Debug)]
pub(super) struct Patterns {
    /// What absolute paths are taken relative to.
    base: PathBuf,
    texts: Vec<String>,
    globs: GlobSet,
}

impl Patterns {
    /// The patterns that can be read, and the others.
    pub(super) fn new<'p>(base: &Path, patterns: impl Iterator<Item = &'p str>) -> (Self, Vec<&'p str>) {
        let mut builder = GlobSetBuilder::new();
        let mut texts = Vec::new();
        let mut unreadable = Vec::new();
        for pattern in patterns {
            match globs(pattern) {
                Some(globs) => {
                    texts.push(pattern.to_owned());
                    globs.into_iter().for_each(|glob| {
                        builder.add(glob);
                    });
                }
                None => unreadable.push(pattern),
            }
        }
        let globs = builder.build().unwrap_or_else(|_| GlobSet::empty());
        (Self { base: base.to_path_buf(), texts, globs }, unreadable)
    }

    /// As written.
    pub(super) fn texts(&self) -> &[String] {
        &self.texts
    }

    /// No path from a root outside the base matches: what lies above the base must not exclude it.
    pub(super) fn matches(&self, path: &Path) -> bool {
        let inside = path.strip_prefix(&self.base);
        !(inside.is_err() && path.has_root()) && self.globs.is_match(inside.unwrap_or(path))
    }
}

fn globs(pattern: &str) -> Option<[Glob; 2]> {
    let trimmed = pattern.trim_end_matches('/');
    let from_base = trimmed.strip_prefix("./").or_else(|| trimmed.strip_prefix('/'));
    let rooted = match from_base {
        Some(rest) => rest.to_owned(),
        None if trimmed.contains('/') => trimmed.to_owned(),
        None if trimmed.is_empty() => return None,
        None => format!("**/{trimmed}"),
    };
    let glob = |glob: &str| GlobBuilder::new(glob).literal_separator(true).build().ok();
    Some([glob(&rooted)?, glob(&format!("{rooted}/**"))?])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches() {
        let cases: &[(&str, &str, bool)] = &[
            ("venv", "venv", true),
            ("venv", "a/venv/lib/x.py", true),
            ("venv", "a/my_venv/x.py", false),
            ("build", "/w/build/x.py", true),
            ("w", "/w/x.py", false),
            ("build", "/build/x.py", false),
            ("test_*.py", "a/b/test_x.py", true),
            ("tests/slow", "tests/slow/test_x.py", true),
            ("tests/slow/", "tests/slow/deep/test_x.py", true),
            ("tests/slow", "a/tests/slow/test_x.py", false),
            ("./conftest.py", "conftest.py", true),
            ("./conftest.py", "a/conftest.py", false),
            ("/conftest.py", "/w/conftest.py", true),
            ("tests/*.py", "tests/a/test_x.py", false),
            ("tests/**/*.py", "tests/a/test_x.py", true),
        ];
        for (pattern, path, expected) in cases {
            let (patterns, unreadable) = Patterns::new(Path::new("/w"), [*pattern].into_iter());
            assert!(unreadable.is_empty());
            assert_eq!(patterns.matches(Path::new(path)), *expected, "{pattern} {path}");
        }
    }

    #[test]
    fn what_is_no_pattern() {
        let (patterns, unreadable) = Patterns::new(Path::new("/w"), ["a[", "b", ""].into_iter());
        assert_eq!(unreadable, ["a[", ""]);
        assert!(patterns.matches(Path::new("b/x.py")));
    }
}
