//! The text of a baseline: JSON, sorted, one entry on each line. Each ends with a comma, also the last, which a text
//! follows: so branches merge line by line, and what git's `merge=union` makes of them can be read too.

use std::fmt::{self, Display, Write as _};

use analysis::baseline::{Baseline, Identity};
use serde::Deserialize;

const VERSION: u32 = 1;
const END: &str = "Each entry above is a line of its own, so that branches merge.";

/// Why a baseline cannot be obeyed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flaw {
    /// The system's words.
    Unreadable(String),
    /// A merge stopped here.
    Conflict {
        line: usize,
    },
    /// What is wrong, and where.
    Damaged(String),
    OtherVersion(u32),
}

impl Display for Flaw {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Flaw::Unreadable(why) => write!(out, "it cannot be read: {why}"),
            Flaw::Conflict { line } => write!(
                out,
                "line {line} is the mark of a merge conflict. Keep the entries of both sides and delete the marks: of an \
                 entry that is there twice the larger count holds, and `flakeless check --baseline=prune` removes what is gone"
            ),
            Flaw::Damaged(what) => write!(
                out,
                "it is damaged: {what}. Restore it, or delete it and write it anew with `flakeless check \
                 --baseline=write`"
            ),
            Flaw::OtherVersion(version) => write!(
                out,
                "its version is {version}, and this flakeless reads version {VERSION}. Use the flakeless that wrote it, or \
                 delete it and write it anew with `flakeless check --baseline=write`"
            ),
        }
    }
}

#[derive(Deserialize)]
struct Head {
    version: u32,
}

#[derive(Deserialize)]
struct Document {
    hints: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Entry(Entry),
    #[expect(dead_code, reason = "that it is a text is all there is to know")]
    End(String),
}

#[derive(Deserialize)]
struct Entry {
    path: String,
    rule: String,
    test: Option<String>,
    text: String,
    count: usize,
}

pub(super) fn parse(bytes: &[u8]) -> Result<Baseline, Flaw> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let document = read(bytes).map_err(|flaw| conflict(bytes).unwrap_or(flaw))?;
    let mut baseline = Baseline::default();
    for line in document.hints {
        let Line::Entry(Entry { path, rule, test, text, count }) = line else { continue };
        baseline.file_mut(path).accept(Identity::read(rule, test, &text), count);
    }
    Ok(baseline)
}

fn read(bytes: &[u8]) -> Result<Document, Flaw> {
    let damaged = |error: serde_json::Error| Flaw::Damaged(error.to_string());
    // Another version may have any form.
    match serde_json::from_slice::<Head>(bytes).map_err(damaged)?.version {
        VERSION => serde_json::from_slice(bytes).map_err(damaged),
        other => Err(Flaw::OtherVersion(other)),
    }
}

/// The first line that git, or what merges like it, left where two sides did not agree.
fn conflict(bytes: &[u8]) -> Option<Flaw> {
    let is_mark = |line: &[u8]| [&b"<<<<<<< "[..], b">>>>>>> "].iter().any(|mark| line.starts_with(mark));
    let line = bytes.split(|byte| *byte == b'\n').position(is_mark)? + 1;
    Some(Flaw::Conflict { line })
}

pub(super) fn print(baseline: &Baseline) -> String {
    let mut out = format!("{{\n  \"version\": {VERSION},\n  \"hints\": [");
    for (path, accepted) in baseline.files() {
        for (Identity { rule, test, text }, count) in accepted.iter() {
            let quoted = [path, rule, text].map(quoted);
            let test = test.as_deref().map_or("null".to_owned(), self::quoted);
            let [path, rule, text] = quoted;
            // Writing to a string cannot fail.
            let _ = write!(
                out,
                "\n    {{\"path\": {path}, \"rule\": {rule}, \"test\": {test}, \"text\": {text}, \"count\": {count}}},"
            );
        }
    }
    let _ = write!(out, "\n    {}\n  ]\n}}\n", quoted(END));
    out
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn baseline(entries: &[(&str, Option<&str>, &str, usize)]) -> Baseline {
        let mut baseline = Baseline::default();
        for (path, test, text, count) in entries {
            let identity = Identity {
                rule: "unisolated-file".to_owned(),
                test: test.map(str::to_owned),
                text: (*text).to_owned(),
            };
            baseline.file_mut((*path).to_owned()).accept(identity, *count);
        }
        baseline
    }

    #[test]
    fn it_is_sorted_and_has_a_line_for_each_entry() {
        let entries = [("tests/b.py", Some("test_b"), r"open('\'é')", 1), ("tests/a.py", None, "x", 2)];
        let text = print(&baseline(&entries));
        let lines = [
            "{",
            "  \"version\": 1,",
            "  \"hints\": [",
            "    {\"path\": \"tests/a.py\", \"rule\": \"unisolated-file\", \"test\": null, \"text\": \"x\", \"count\": 2},",
            "    {\"path\": \"tests/b.py\", \"rule\": \"unisolated-file\", \"test\": \"test_b\", \"text\": \"open('\\\\'é')\", \"count\": 1},",
            "    \"Each entry above is a line of its own, so that branches merge.\"",
            "  ]",
            "}",
            "",
        ];
        assert_eq!(text.split('\n').collect::<Vec<_>>(), lines);
        assert_eq!(parse(text.as_bytes()), Ok(baseline(&entries)));
        assert_eq!(parse(text.replace('\n', "\r\n").as_bytes()), Ok(baseline(&entries)));
        assert_eq!(parse(format!("\u{feff}{text}").as_bytes()), Ok(baseline(&entries)));
    }

    /// As it was written before quotes did not count.
    #[test]
    fn any_quotes_are_read() {
        let text = print(&baseline(&[("a.py", None, "open('é')", 1)]));
        let before = text.replace("open('é')", r#"open(\"é\")"#);
        assert_ne!(text, before);
        assert_eq!(parse(before.as_bytes()), parse(text.as_bytes()));
    }

    #[test]
    fn nothing_accepted_is_a_baseline_too() {
        assert_eq!(parse(print(&Baseline::default()).as_bytes()), Ok(Baseline::default()));
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        let text = print(&baseline(&[("a.py", None, "x", 1), ("b.py", None, "y", 1)]));
        let conflicting = text.replace("    {\"path\": \"b.py\"", "<<<<<<< HEAD\n    {\"path\": \"b.py\"");
        assert_eq!(parse(conflicting.as_bytes()), Err(Flaw::Conflict { line: 5 }));
        assert!(matches!(parse(&text.as_bytes()[..60]), Err(Flaw::Damaged(what)) if what.contains("line 4")));
        assert!(matches!(parse(b""), Err(Flaw::Damaged(_))));
        assert!(matches!(parse(b"[]"), Err(Flaw::Damaged(_))));
        assert_eq!(parse(b"{\"version\": 2, \"accepted\": {}}"), Err(Flaw::OtherVersion(2)));
    }

    /// What `merge=union` makes, or a person who deletes the marks: the lines of both sides.
    #[test]
    fn a_merge_that_kept_both_sides_is_obeyed() {
        let side = |count, name| print(&baseline(&[("a.py", None, "x", count), (name, None, "y", 1)]));
        let (ours, theirs) = (side(1, "b.py"), side(2, "c.py"));
        let entries =
            |text: &str| text.lines().skip(3).take(2).map(|line| format!("{line}\n")).collect::<String>();
        let both = ours.replace(&entries(&ours), &(entries(&ours) + &entries(&theirs)));
        let merged = [("a.py", None, "x", 2), ("b.py", None, "y", 1), ("c.py", None, "y", 1)];
        assert_eq!(parse(both.as_bytes()), Ok(baseline(&merged)));
    }
}
