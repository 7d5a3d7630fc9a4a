//! Python's `shlex.split`, which pytest applies to `addopts` and to the list options of INI files.
//!
//! Own code because the `shlex` crate drops `# …` as a comment, which Python's `split` does not, and tells no places.

use std::iter::Peekable;
use std::ops::Range;
use std::str::CharIndices;

/// A word as Python gives it, and the bytes that it was written in, quotes included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub range: Range<usize>,
}

/// The words of `text`; `None` where Python raises: a quote that is not closed, a backslash at the end.
pub fn split(text: &str) -> Option<Vec<String>> {
    let words = split_with_places(text)?;
    Some(words.into_iter().map(|word| word.text).collect())
}

/// As [`split`], with the place of each word.
pub fn split_with_places(text: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut chars = text.char_indices().peekable();
    loop {
        while chars.next_if(|(_, c)| is_blank(*c)).is_some() {}
        let Some((start, _)) = chars.peek().copied() else { return Some(words) };
        let word = word(&mut chars)?;
        let end = chars.peek().map_or(text.len(), |(at, _)| *at);
        words.push(Word { text: word, range: start..end });
    }
}

fn is_blank(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

/// Up to the next blank outside quotes.
fn word(chars: &mut Peekable<CharIndices<'_>>) -> Option<String> {
    let mut word = String::new();
    while let Some((_, c)) = chars.next_if(|(_, c)| !is_blank(*c)) {
        match c {
            '\'' => loop {
                match chars.next()?.1 {
                    '\'' => break,
                    inner => word.push(inner),
                }
            },
            '"' => double_quoted(chars, &mut word)?,
            '\\' => word.push(chars.next()?.1),
            other => word.push(other),
        }
    }
    Some(word)
}

/// Up to the closing quote; a backslash escapes only `"` and itself.
fn double_quoted(chars: &mut Peekable<CharIndices<'_>>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()?.1 {
            '"' => return Some(()),
            '\\' => {
                let next = chars.next()?.1;
                if !matches!(next, '"' | '\\') {
                    word.push('\\');
                }
                word.push(next);
            }
            inner => word.push(inner),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{split, split_with_places};

    /// Each line was compared with `shlex.split` of CPython 3.11.
    #[test]
    fn splits_as_python_does() {
        let cases: &[(&str, Option<&[&str]>)] = &[
            ("", Some(&[])),
            ("  -n 4\n\t--dist loadgroup ", Some(&["-n", "4", "--dist", "loadgroup"])),
            ("-k 'a b' -m \"not slow\"", Some(&["-k", "a b", "-m", "not slow"])),
            ("a'b c'd", Some(&["ab cd"])),
            ("'' x", Some(&["", "x"])),
            (r"a\ b", Some(&["a b"])),
            (r#""a\"b\n""#, Some(&[r#"a"b\n"#])),
            (r"'a\b'", Some(&[r"a\b"])),
            ("-q # not a comment", Some(&["-q", "#", "not", "a", "comment"])),
            ("'open", None),
            ("\"open", None),
            ("end\\", None),
            ("a\u{a0}b", Some(&["a\u{a0}b"])),
        ];
        for (text, expected) in cases {
            let expected = expected.map(|words| words.iter().map(ToString::to_string).collect::<Vec<_>>());
            assert_eq!(split(text), expected, "{text:?}");
        }
    }

    #[test]
    fn words_know_their_places() {
        let text = " -k 'a b'\n\té\\ é  '' ";
        let words = split_with_places(text).unwrap();
        let written: Vec<&str> = words.iter().map(|word| &text[word.range.clone()]).collect();
        assert_eq!(written, ["-k", "'a b'", "é\\ é", "''"]);
    }
}
