//! Edits and ranges in text where bytes, UTF-16 units and characters are not the same.

use serde_json::{Value, json};

use crate::project::{Project, able, range};

/// A text in which a path is typed.
struct Case {
    text: &'static str,
    /// Line and character of the place where it is typed.
    utf8: (u32, u32),
    utf16: (u32, u32),
    /// Where the hint then is, counted either way.
    hint: [&'static str; 2],
}

const CASES: [Case; 4] = [
    Case {
        text: "def test_日本():\n    名 = '𝔘'; open('', 'w')\n",
        utf8: (1, 24),
        utf16: (1, 20),
        hint: ["1:23-1:35", "1:19-1:31"],
    },
    Case {
        text: "# 🦀🦀\r\ndef test_a():\r\n    '🦀'; open('', 'w')\r\n",
        utf8: (2, 18),
        utf16: (2, 16),
        hint: ["2:17-2:29", "2:15-2:27"],
    },
    Case {
        text: "\u{feff}def test_a(): 'é'; open('', 'w')\n",
        utf8: (0, 29),
        utf16: (0, 26),
        hint: ["0:28-0:40", "0:25-0:37"],
    },
    Case {
        text: "# e\u{301}\rdef test_a():\r    'e\u{301}'; open('', 'w')\r",
        utf8: (2, 17),
        utf16: (2, 16),
        hint: ["2:16-2:28", "2:15-2:27"],
    },
];

fn capabilities(encoding: &str) -> Value {
    let mut capabilities = able();
    capabilities["general"]["positionEncodings"] = json!([encoding]);
    capabilities
}

#[test]
fn edits_and_hints_are_counted_as_agreed() {
    for (index, encoding) in ["utf-8", "utf-16"].into_iter().enumerate() {
        for case in &CASES {
            let project = Project::new(&[("test_a.py", "")]);
            let uri = project.uri("test_a.py");
            let mut server = project.serve(capabilities(encoding));
            server.open(&uri, 1, case.text);
            server.published(&uri);
            let (line, character) = [case.utf8, case.utf16][index];
            // Typed and deleted first, then typed for good: positions are found again after each.
            let place = |length: u32| {
                json!({"start": {"line": line, "character": character},
                       "end": {"line": line, "character": character + length}})
            };
            let crab = if encoding == "utf-8" { 4 } else { 2 };
            server.change(
                &uri,
                2,
                json!([{"range": place(0), "text": "🦀"}, {"range": place(crab), "text": ""}]),
            );
            server.change(&uri, 3, json!([{"range": place(0), "text": "/tmp/a.txt"}]));
            let published = server.published_for(&uri, 3);
            assert_eq!(range(published.one()), case.hint[index], "{encoding}: {:?}", case.text);
            let hover = server.hover(&uri, line, character);
            assert_eq!(range(&hover), case.hint[index]);
            server.stop();
        }
    }
}
