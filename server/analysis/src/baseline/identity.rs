//! What stays the same about a hint while lines move.

use xxhash_rust::xxh3::xxh3_64;

use crate::hint::Hint;

/// A hint as it is known again in its file, whatever line it stands on. Hints of one test that look alike are told apart
/// by nothing but their number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    pub rule: String,
    /// The test's name inside its file, such as `TestCart::test_total`.
    pub test: Option<String>,
    /// The risky expression, whatever its layout and its quotes.
    pub text: String,
}

impl Identity {
    /// `source` is the text of the hint's file.
    pub fn of(hint: &Hint, source: &str) -> Identity {
        Identity {
            rule: hint.rule.to_owned(),
            test: hint.test.as_deref().map(|node_id| inside_file(node_id).to_owned()),
            text: shortened(without_quotes(&without_layout(hint.range.slice(source)))),
        }
    }

    /// As a baseline holds it, which may be one from before quotes were left out of what tells hints apart.
    pub fn read(rule: String, test: Option<String>, text: &str) -> Identity {
        Identity { rule, test, text: without_quotes(text) }
    }

    /// What [`Identity::read`] makes of the hint as such an old baseline holds it, where that is not the same: code so long
    /// that a hash stands for its end.
    pub fn before(hint: &Hint, source: &str) -> Option<Identity> {
        let code = without_layout(hint.range.slice(source));
        (code.len() > LONGEST)
            .then(|| Identity { text: without_quotes(&shortened(code)), ..Identity::of(hint, source) })
    }
}

/// The part of a node id behind the file.
fn inside_file(node_id: &str) -> &str {
    node_id.split_once("::").map_or(node_id, |(_, name)| name)
}

/// The code without what a formatter changes when it breaks or joins lines: white space that parts no words, line
/// continuations, and commas before a closing bracket.
fn without_layout(code: &str) -> String {
    let is_word = |c: char| c == '_' || c.is_alphanumeric();
    let mut out = String::with_capacity(code.len());
    let mut is_parted = false;
    let mut rest = code.chars().peekable();
    while let Some(c) = rest.next() {
        let continues = c == '\\' && rest.peek().is_some_and(|next| matches!(next, '\r' | '\n'));
        if c.is_whitespace() || continues {
            is_parted = true;
            continue;
        }
        match c {
            ')' | ']' | '}' if out.ends_with(',') => drop(out.pop()),
            _ if is_parted && is_word(c) && out.ends_with(is_word) => out.push(' '),
            _ => {}
        }
        is_parted = false;
        out.push(c);
    }
    out
}

/// The code without what a formatter changes about its strings: which quotes they have, what is escaped for these, and the
/// case of prefixes. Strings stay told apart from names, and so does what they say, but for the kind of quotes in it. Said
/// of its own result, or of its beginning, it changes nothing.
fn without_quotes(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    let mut inside: Option<Quote> = None;
    let mut rest = code;
    while let Some(c) = rest.chars().next() {
        let (taken, shown) = match (inside, c) {
            (None, '"' | '\'') => {
                let quote = Quote::at_start(rest, c);
                plain_prefix(&mut out);
                inside = Some(quote);
                (quote.len(), quote.plain())
            }
            (Some(quote), '"' | '\'') if quote.ends_at_start(rest) => {
                inside = None;
                (quote.len(), quote.plain())
            }
            (Some(_), '"' | '\'') => (1, "\\'"),
            (Some(_), '\\') => match rest[1..].chars().next() {
                Some('"' | '\'') => (2, "\\'"),
                Some(next) => (1 + next.len_utf8(), &rest[..1 + next.len_utf8()]),
                None => (1, "\\"),
            },
            _ => (c.len_utf8(), &rest[..c.len_utf8()]),
        };
        out.push_str(shown);
        rest = &rest[taken..];
    }
    out
}

/// What a string begins and ends with.
#[derive(Clone, Copy)]
struct Quote {
    mark: char,
    is_triple: bool,
}

impl Quote {
    fn at_start(code: &str, mark: char) -> Quote {
        Quote { mark, is_triple: code.chars().take_while(|c| *c == mark).count() >= 3 }
    }

    fn ends_at_start(self, code: &str) -> bool {
        code.chars().take(self.len()).filter(|c| *c == self.mark).count() == self.len()
    }

    fn len(self) -> usize {
        if self.is_triple { 3 } else { 1 }
    }

    fn plain(self) -> &'static str {
        if self.is_triple { "\'\'\'" } else { "'" }
    }
}

/// The prefix of a string at the end of `out` as a formatter writes it: small letters, but for `R`, and no `u`.
fn plain_prefix(out: &mut String) {
    let word = out.trim_end_matches(|c: char| c == '_' || c.is_alphanumeric()).len();
    let prefix = out[word..].to_owned();
    if prefix.len() > 2 || !prefix.chars().all(|c| "bBfFrRtTuU".contains(c)) {
        return;
    }
    let kept = prefix.chars().filter(|c| !"uU".contains(*c));
    let plain: String = kept.map(|c| if c == 'R' { c } else { c.to_ascii_lowercase() }).collect();
    out.truncate(word);
    if plain.is_empty() && !prefix.is_empty() && out.ends_with(' ') {
        out.pop();
    }
    out.push_str(&plain);
}

/// More is kept as a hash, so that a table of parameters does not fill the file.
const LONGEST: usize = 200;
const KEPT: usize = 120;

fn shortened(text: String) -> String {
    if text.len() <= LONGEST {
        return text;
    }
    let (kept, rest) = text.split_at(text.floor_char_boundary(KEPT));
    format!("{kept}…{:016x}", xxh3_64(rest.as_bytes()))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use smol_str::SmolStr;

    use super::*;
    use crate::hint::Confidence;
    use crate::text::TextRange;

    fn identity(source: &str, code: &str, test: Option<&str>) -> Identity {
        let start = source.find(code).unwrap() as u32;
        let hint = Hint {
            rule: "shared-state-leak",
            confidence: Confidence::Likely,
            message: SmolStr::default(),
            range: TextRange::new(start, start + code.len() as u32),
            related: Arc::default(),
            test: test.map(SmolStr::from),
            mitigated_by: None,
        };
        Identity::of(&hint, source)
    }

    #[test]
    fn the_test_is_named_without_its_file() {
        let found = identity("x = 1", "x", Some("tests/test_a.py::TestCart::test_total"));
        assert_eq!(found.test.as_deref(), Some("TestCart::test_total"));
        assert_eq!(identity("x = 1", "x", None).test, None);
    }

    #[test]
    fn lines_and_layout_do_not_matter() {
        let code = "call(first, second=[1, 2])";
        let expected = identity(code, code, None);
        assert_eq!(expected.text, "call(first,second=[1,2])");
        let moved = format!("# above\n\n{code}\n");
        assert_eq!(identity(&moved, code, None), expected);
        for broken in [
            "call(\n    first,\n    second=[\n        1,\n        2,\n    ],\n)",
            "call(\r\n\tfirst, second=[1, 2]\r\n)",
            "call(first, \\\n    second=[1, 2])",
        ] {
            assert_eq!(identity(broken, broken, None), expected, "{broken}");
        }
    }

    #[test]
    fn words_stay_parted_and_other_code_is_another() {
        let text = |code| identity(code, code, None).text;
        assert_eq!(text("not  é in\n_b"), "not é in _b");
        assert_ne!(text("a in b"), text("ainb"));
        assert_ne!(text("os.environ['A']"), text("os.environ['B']"));
    }

    #[test]
    fn long_code_is_kept_short_and_told_apart_to_its_end() {
        let table = |last: &str| format!("[{}{last}]", "'é', ".repeat(5_000));
        let text = |code: &str| identity(code, code, None).text;
        let (one, other) = (text(&table("1")), text(&table("2")));
        assert!(one.len() < LONGEST && one.starts_with("['é','é',"), "{one}");
        assert_ne!(one, other);
        assert_eq!(one, text(&table("1")));
    }

    #[test]
    fn quotes_and_prefixes_do_not_matter() {
        let text = |code: &str| identity(code, code, None).text;
        for (one, other) in [
            (r#"os.environ["A"]"#, "os.environ['A']"),
            (r#"say("it's")"#, r"say('it\'s')"),
            (r#"say('a "b" c')"#, r#"say("a \"b\" c")"#),
            (r#"f'{a["b"]}'"#, r#"f"{a['b']}""#),
            ("x = \'\'\'a\n'b\'\'\'", "x = \"\"\"a\n'b\"\"\""),
            (r#"F'a' + Rb"\d""#, r#"f"a" + Rb'\d'"#),
            (r#"not U'a'"#, r#"not "a""#),
            (r#"open('')"#, r#"open("")"#),
            (r#"open('C:\\')"#, r#"open("C:\\")"#),
        ] {
            assert_eq!(text(one), text(other), "{one} {other}");
            let kept = text(one);
            assert_eq!(without_quotes(&kept), kept, "{one}");
        }
        for (one, other) in [
            ("read(name)", "read('name')"),
            ("read(u)", "read('u')"),
            ("read('')", "read('u')"),
            ("read(b'a')", "read('a')"),
            (r"read('a\n')", r"read('an')"),
            ("read('a', 'b')", "read('a, b')"),
        ] {
            assert_ne!(text(one), text(other), "{one} {other}");
        }
    }

    #[test]
    fn a_baseline_from_before_is_read() {
        let of = |code: &str| identity(code, code, None);
        let read = |text: &str| Identity::read("shared-state-leak".to_owned(), None, text);
        assert_eq!(read(r#"os.environ["A"]"#), of("os.environ['A']"));
        let long = format!("[{}]", r#""it's", "#.repeat(80));
        let hint = Hint {
            rule: "shared-state-leak",
            confidence: Confidence::Likely,
            message: SmolStr::default(),
            range: TextRange::new(0, long.len() as u32),
            related: Arc::default(),
            test: None,
            mitigated_by: None,
        };
        let old = read(&shortened(without_layout(&long)));
        assert_ne!(old, Identity::of(&hint, &long));
        assert_eq!(Some(old), Identity::before(&hint, &long));
    }
}
