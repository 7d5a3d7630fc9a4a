//! Any edits of any text end where a fresh reading of what they came to begins.

use std::path::Path;

use analysis::text::{Change, Encoding, Text};

use super::{ROOT, is_sound, project, sound_report, workspace};

const TEST: &str = "test_a.py";
const OTHER: &str = "test_b.py";
const OTHER_TEXT: &str = "import os\nfrom test_a import helper\n\n\ndef test_b(fresh):\n    helper()\n    os.environ['A'] = '1'\n    open('b.txt', 'w')\n";
const ENCODINGS: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

/// What is typed besides the text's own pieces.
const PIECES: [&str; 16] = [
    "",
    "\n",
    "\r\n",
    "\r",
    "    ",
    "(",
    ")",
    "\"\"\"",
    "'",
    "#",
    ":",
    "\\\n",
    "é🐍",
    "\u{feff}",
    "\n\n\ndef test_new(fresh):\n    open(\"/tmp/n\", \"w\")\n",
    "\nclass TestX:\n",
];

/// Each is compared with a fresh reading: more would only take longer.
const MOST: usize = 40;

/// With this bit an edit comes together with the next one.
const QUEUED: u8 = 0x80;

/// `input` is a text, a NUL, and five bytes for each edit: where it begins (two bytes), how much it takes out, what it puts
/// in its place, and how places are counted. Without a NUL all of it is the text, and nothing is edited.
pub fn edits(input: &[u8]) {
    let end = input.iter().position(|byte| *byte == 0).unwrap_or(input.len());
    let before = String::from_utf8_lossy(&input[..end]).into_owned();
    let script = input.get(end + 1..).unwrap_or_default();
    let files = |text: &str| project([(TEST, text.as_bytes()), (OTHER, OTHER_TEXT.as_bytes())]);
    let mut edited = workspace(&files(&before));
    let [test, other] = [TEST, OTHER].map(|name| Path::new(ROOT).join(name));
    edited.open(&test, before.clone());
    edited.open(&other, OTHER_TEXT.to_owned());
    let mut expected = before;
    let mut changes = Vec::new();
    let mut encoding = ENCODINGS[0];
    for edit in script.chunks_exact(5).take(MOST) {
        if changes.is_empty() {
            encoding = ENCODINGS[edit[4] as usize % ENCODINGS.len()];
        }
        changes.push(change(&mut expected, edit, encoding));
        if edit[4] & QUEUED != 0 {
            continue;
        }
        edited.edit(&test, &std::mem::take(&mut changes), encoding);
        let now = edited.text(&test).map(|text| text.as_str().to_owned()).unwrap_or_default();
        assert_eq!(now, expected, "the text itself");
        let reports = [&test, &other].map(|path| sound_report(&edited, path));
        if is_sound(&expected) {
            let fresh = workspace(&files(&expected));
            assert_eq!(reports, [&test, &other].map(|path| sound_report(&fresh, path)), "of:\n{expected}");
        }
    }
}

/// Makes the change that `edit` says in `text`, and gives it as a client would.
fn change(text: &mut String, edit: &[u8], encoding: Encoding) -> Change {
    let start = boundary(text, usize::from(u16::from_le_bytes([edit[0], edit[1]])));
    let end = boundary(text, start + usize::from(edit[2]));
    let piece = PIECES[edit[3] as usize % PIECES.len()];
    let before = Text::new(text.clone());
    let [start, end] = [start, end].map(|at| before.position(at as u32, encoding));
    // Between the two of `\r\n` there is no place that a client could name.
    let [from, to] = [start, end].map(|place| before.offset(place, encoding) as usize);
    text.replace_range(from..to, piece);
    Change { range: Some((start, end)), text: piece.to_owned() }
}

/// The nearest place at or before `at` that cuts no character.
fn boundary(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at.min(text.len()))
}
