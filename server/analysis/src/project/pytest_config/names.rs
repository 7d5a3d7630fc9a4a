//! Which names and paths pytest collects: prefixes, globs, and Python's `fnmatch`.
//!
//! Own matching because `globset` reads braces and `**`, which `fnmatch` takes as they are: pytest's default
//! `norecursedirs` holds a literal `{arch}`.

use std::path::Path;

use crate::paths;

/// `_matches_prefix_or_glob_option`: one of `patterns` is a prefix of `name`, or a glob that matches it.
pub(super) fn matches_name(patterns: &[String], name: &str) -> bool {
    patterns.iter().any(|pattern| {
        name.starts_with(pattern.as_str())
            || (pattern.contains(['*', '?', '[']) && matches_pattern(pattern, name))
    })
}

/// `fnmatch_ex`: a pattern with `/` is matched against the whole path, any other against the last part.
/// A `path` that is not absolute is taken from pytest's rootdir.
pub(super) fn matches_path(patterns: &[String], path: &Path) -> bool {
    let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
    let whole = paths::slashed(path);
    patterns.iter().any(|pattern| match pattern.strip_prefix('/') {
        _ if !pattern.contains('/') => matches_pattern(pattern, &name),
        Some(_) => matches_pattern(pattern, &whole),
        None => matches_pattern(&format!("*/{pattern}"), &format!("/{}", whole.trim_start_matches('/'))),
    })
}

/// Python's `fnmatch.fnmatchcase`: `*`, `?` and `[…]` match any characters, `/` included.
pub fn matches_pattern(pattern: &str, name: &str) -> bool {
    let tokens = tokens(pattern);
    let name: Vec<char> = name.chars().collect();
    let (mut token, mut at) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match tokens.get(token) {
            Some(Token::Star) => {
                retry = Some((token + 1, at));
                token += 1;
                continue;
            }
            None if at == name.len() => return true,
            Some(one) if name.get(at).is_some_and(|c| one.takes(*c)) => {
                token += 1;
                at += 1;
                continue;
            }
            _ => {}
        }
        // The last star takes one character more; earlier stars need no second try.
        let Some((after_star, from)) = retry.filter(|(_, from)| *from < name.len()) else { return false };
        retry = Some((after_star, from + 1));
        (token, at) = (after_star, from + 1);
    }
}

enum Token {
    Star,
    Any,
    One(char),
    Set { negated: bool, ranges: Vec<(char, char)> },
}

impl Token {
    fn takes(&self, c: char) -> bool {
        match self {
            Token::Star => false,
            Token::Any => true,
            Token::One(one) => *one == c,
            Token::Set { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
            }
        }
    }
}

fn tokens(pattern: &str) -> Vec<Token> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(&c) = chars.get(at) {
        at += 1;
        tokens.push(match c {
            '*' => Token::Star,
            '?' => Token::Any,
            '[' => match set(&chars[at..]) {
                Some((token, len)) => {
                    at += len;
                    token
                }
                None => Token::One('['),
            },
            other => Token::One(other),
        });
    }
    tokens
}

/// The set that `rest` continues, after its `[`, and its length with the `]`; `None` when it is never closed.
fn set(rest: &[char]) -> Option<(Token, usize)> {
    let negated = rest.first() == Some(&'!');
    let start = usize::from(negated);
    // A `]` in the first place is a member.
    let close = (start + 1..rest.len()).find(|i| rest[*i] == ']')?;
    let members = &rest[start..close];
    let mut ranges = Vec::new();
    let mut at = 0;
    while at < members.len() {
        if at + 2 < members.len() && members[at + 1] == '-' {
            ranges.push((members[at], members[at + 2]));
            at += 3;
        } else {
            ranges.push((members[at], members[at]));
            at += 1;
        }
    }
    Some((Token::Set { negated, ranges }, close + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(patterns: &[&str]) -> Vec<String> {
        patterns.iter().map(ToString::to_string).collect()
    }

    /// Compared with CPython 3.11's `fnmatch.fnmatchcase`, which also agreed on 200,000 random pairs.
    #[test]
    fn patterns_as_in_python() {
        let cases: &[(&str, &str, bool)] = &[
            ("test_*.py", "test_a.py", true),
            ("test_*.py", "a_test.py", false),
            ("*", "", true),
            ("", "", true),
            ("", "a", false),
            ("*/tests/*.py", "/w/tests/a/b.py", true),
            ("a*b*c", "axxbyybzzc", true),
            ("a*b*c", "axxbyybzz", false),
            ("t[ae]st", "test", true),
            ("t[!ae]st", "test", false),
            ("t[a-f]st", "test", true),
            ("t[]]st", "t]st", true),
            ("t[est", "t[est", true),
            ("t[!]st", "t[!]st", true),
            ("{arch}", "{arch}", true),
            ("{a,b}", "a", false),
            ("?", "é", true),
            ("*a", &"a".repeat(50), true),
        ];
        for (pattern, name, expected) in cases {
            assert_eq!(matches_pattern(pattern, name), *expected, "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_stay_fast() {
        assert!(!matches_pattern(&"a*".repeat(40), &"a".repeat(20_000)[..39]));
        assert!(!matches_pattern(&format!("{}b", "*a".repeat(200)), &"a".repeat(20_000)));
    }

    #[test]
    fn paths() {
        let cases: &[(&str, &str, bool)] = &[
            ("test_*.py", "tests/test_a.py", true),
            ("tests/*.py", "tests/deep/test_a.py", true),
            ("tests/*.py", "/w/tests/test_a.py", true),
            ("tests/*.py", "src/a.py", false),
            ("/w/tests/*.py", "/w/tests/a.py", true),
            ("/w/tests/*.py", "/x/w/tests/a.py", false),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(matches_path(&patterns(&[pattern]), Path::new(path)), *expected, "{pattern} {path}");
        }
    }

    #[test]
    fn names() {
        assert!(matches_name(&patterns(&["test"]), "testing"));
        assert!(matches_name(&patterns(&["check_*"]), "check_a"));
        assert!(!matches_name(&patterns(&["check_*"]), "check"));
        assert!(matches_name(&patterns(&["*_should"]), "it_should"));
        assert!(!matches_name(&[], "test_a"));
    }
}
