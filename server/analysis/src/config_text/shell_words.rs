//! Python's `shlex.split`, which pytest applies to `addopts` and to the list options of INI files.
//!
//! Own code because the `shlex` crate drops `# …` as a comment, which Python's `split` does not.

/// The words of `text`; `None` where Python raises: a quote that is not closed, a backslash at the end.
pub fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            ' ' | '\t' | '\r' | '\n' => words.extend(word.take()),
            '\'' => {
                let word = word.get_or_insert_default();
                loop {
                    match chars.next()? {
                        '\'' => break,
                        inner => word.push(inner),
                    }
                }
            }
            '"' => double_quoted(&mut chars, word.get_or_insert_default())?,
            '\\' => word.get_or_insert_default().push(chars.next()?),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

/// Up to the closing quote; a backslash escapes only `"` and itself.
fn double_quoted(chars: &mut std::str::Chars<'_>, word: &mut String) -> Option<()> {
    loop {
        match chars.next()? {
            '"' => return Some(()),
            '\\' => {
                let next = chars.next()?;
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
    use super::split;

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
}
