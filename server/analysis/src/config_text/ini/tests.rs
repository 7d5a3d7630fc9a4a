//! Cases that were each compared with iniconfig 2.3.0.

use super::*;

/// Sections, keys, values and 0-based line numbers, as iniconfig tells them.
fn said(text: &str) -> Vec<String> {
    let ini = read(text);
    assert_eq!(ini.faults, Vec::new(), "{text:?}");
    let line = |range: TextRange| text[..range.start as usize].matches('\n').count();
    let mut said = Vec::new();
    for section in &ini.sections {
        said.push(format!("{} [{}]", line(section.header), section.name));
        let entries = section.entries.iter();
        said.extend(
            entries.map(|entry| format!("{} {}={:?}", line(entry.key_range), entry.key, entry.value())),
        );
    }
    said
}

#[test]
fn values() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        ("# only\n; comments\n\n", &[]),
        ("[a]\nx = 1 # kept ; kept\n", &["0 [a]", "1 x=\"1 # kept ; kept\""]),
        ("[a] # c\nx: 1\n", &["0 [a]", "1 x=\"1\""]),
        ("[a] ; c ]\n", &["0 [a]"]),
        ("[ a ]\n", &["0 [ a ]"]),
        ("[tool:pytest]\n", &["0 [tool:pytest]"]),
        ("[a]\nx =\n  1\n\n  # gone\n  2 # kept\ny=\n", &["0 [a]", "1 x=\"1\\n2 # kept\"", "6 y=\"\""]),
        ("[a]\nx = 1\n  y = 2\n", &["0 [a]", "1 x=\"1\\ny = 2\""]),
        ("[a]\nx:y = 2\n", &["0 [a]", "1 x=\"y = 2\""]),
        ("[a]\nx = y:2\n", &["0 [a]", "1 x=\"y:2\""]),
        ("[a]\nx = 1\n[not closed\n", &["0 [a]", "1 x=\"1\\n[not closed\""]),
        ("[a]\nx = 1\n  [b]\n", &["0 [a]", "1 x=\"1\\n[b]\""]),
        ("[a]\r\nx = 1\r\n\ty\r\n", &["0 [a]", "1 x=\"1\\ny\""]),
        ("[a]\n= 1\n", &["0 [a]", "1 =\"1\""]),
        ("[a]\nx = é\u{a0}\n", &["0 [a]", "1 x=\"é\""]),
    ];
    for (text, expected) in cases {
        assert_eq!(said(text), *expected, "{text:?}");
    }
}

#[test]
fn a_byte_order_mark_is_passed_over() {
    assert_eq!(said("\u{feff}[a]\nx = 1\n"), ["0 [a]", "1 x=\"1\""]);
}

#[test]
fn faults_have_a_place_and_the_rest_counts() {
    let cases: &[(&str, &str, &str)] = &[
        ("[a]\nx = 1\nnonsense\ny = 2\n", "nonsense", "neither a section"),
        ("x = 1\n[a]\ny = 2\n", "x", "before any [section]"),
        ("[a]\nx = 0\n[]\n[b]\ny = 2\n", "[]", "needs a name"),
        ("  stray\n[a]\ny = 2\n", "stray", "continues no value"),
        ("[a]\n  stray\ny = 2\n", "stray", "continues no value"),
        ("[a]\ny = 2\ny = 3\n  4\n", "y", "`y` is there twice in [a]"),
        ("[a]\ny = 2\n[a]\n", "[a]", "[a] is there twice"),
    ];
    for (text, place, message) in cases {
        let ini = read(text);
        let [fault] = ini.faults.as_slice() else { panic!("{text:?}: {:?}", ini.faults) };
        assert_eq!(fault.range.slice(text), *place, "{text:?}");
        assert!(fault.message.contains(message), "{text:?}: {}", fault.message);
        let kept = ini.sections.iter().filter_map(|section| section.entry("y")).next();
        assert_eq!(kept.map(Entry::value).as_deref(), Some("2"), "{text:?}");
    }
}

#[test]
fn pieces_keep_their_place() {
    let text = "[pytest]\r\nmarkers =\r\n    slow: é  \r\n    db\r\n";
    let ini = read(text);
    let entry = ini.section("pytest").and_then(|section| section.entry("markers")).unwrap();
    let places: Vec<&str> = entry.pieces.iter().map(|piece| piece.range.slice(text)).collect();
    assert_eq!(places, ["slow: é", "db"]);
    assert_eq!(entry.range().slice(text), "markers =\r\n    slow: é  \r\n    db");
}
