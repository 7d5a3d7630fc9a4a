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
    /// The risky expression, whatever its layout.
    pub text: String,
}

impl Identity {
    /// `source` is the text of the hint's file.
    pub fn of(hint: &Hint, source: &str) -> Identity {
        Identity {
            rule: hint.rule.to_owned(),
            test: hint.test.as_deref().map(|node_id| inside_file(node_id).to_owned()),
            text: shortened(without_layout(hint.range.slice(source))),
        }
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
    use super::*;
    use crate::hint::Confidence;
    use crate::text::TextRange;

    fn identity(source: &str, code: &str, test: Option<&str>) -> Identity {
        let start = source.find(code).unwrap() as u32;
        let hint = Hint {
            rule: "shared-state-leak",
            confidence: Confidence::Likely,
            message: String::new(),
            range: TextRange::new(start, start + code.len() as u32),
            related: Vec::new(),
            test: test.map(str::to_owned),
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
}
