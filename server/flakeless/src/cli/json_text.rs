//! JSON for programs, which a person may also look at in a terminal.

use std::io::{self, Write};

use serde::Serialize;

use crate::place::is_unseen;

/// Prints a document. What a terminal would obey is escaped, which JSON has its own form for: readers get what was meant.
pub(super) fn print(out: &mut impl Write, document: &impl Serialize) -> io::Result<()> {
    writeln!(out, "{}", escaped(&serde_json::to_string_pretty(document)?))
}

/// Outside of strings JSON has no such characters but line ends, and inside line ends are escaped already.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c != '\n' && is_unseen(c) {
            // All of them lie in the first plane, where one escape is one character.
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readers_get_what_was_meant() {
        let text = "a\u{1b}[1m\u{7f}\u{9b}é😀\u{202e}\u{2028}\n\u{ffff}";
        let mut out = Vec::new();
        print(&mut out, &[text]).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out.chars().filter(|c| is_unseen(*c)).collect::<String>(), "\n\n\n");
        assert_eq!(serde_json::from_str::<Vec<String>>(&out).unwrap(), [text]);
    }
}
