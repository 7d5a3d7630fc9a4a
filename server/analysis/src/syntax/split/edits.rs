//! Splitting again after edits gives what splitting the new text gives.

use super::tests::check_tiles;
use super::*;
use crate::text::Edit;
use proptest::prelude::*;

/// Pieces that open, close, join, indent and cut what the splitter follows.
const PIECES: &[&str] = &[
    "\n",
    "\n",
    "\n",
    "\n  ",
    "\n    ",
    "\n\t",
    "\r\n",
    "\r",
    "\x0c",
    "\\",
    "\\\n",
    "\\\r\n",
    " ",
    "  ",
    "'",
    "\"",
    "'''",
    "\"\"\"",
    "f'",
    "f\"",
    "f'''",
    "rb'",
    "{",
    "}",
    "{{",
    "(",
    ")",
    "[",
    "]",
    ":",
    "#",
    "# c\n",
    "@",
    "@d\n",
    "x",
    "x = 1\n",
    "def ",
    "def f():\n",
    "async ",
    "async def g():",
    "class ",
    "class A:\n",
    "class B(C): pass\n",
    "if x:\n",
    "else:",
    "else",
    "try:\n",
    "except E:\n",
    "import a\n",
    "from a import (b,\n",
    "pass\n",
    "\u{feff}",
    "é",
    "字",
    "😀",
    "\\N{",
    "\0",
    "",
];

/// Files of a plain shape, so that edits meet old items again.
const FILES: &[&str] = &[
    "import a\n\nX = 1\n\n\nclass A(B):\n    \"\"\"Doc.\"\"\"\n\n    y = 2\n\n    @d\n    def f(self):\n        if y:\n            return f\"{y!r:>{3}}\"\n        # end\n\n    class C:\n        def g(self): pass\n\n    z = 3\n\n\nasync def h(\n    a,\n):\n    pass\n\n\nif X:\n    def i(): pass\nelse:\n    j = 1\n\nclass K: pass\nlast(1)\n",
    "class A:\r\n  class B:\r\n    class C:\r\n      x = 1\r\n    y = '''\r\n  '''\r\n  z = [\r\n  ]\r\nw = \\\r\n  1\r\n# end\r\n",
    "def f():\r\tx\r\rdef g():\r\ty\r# c\r@d\r# e\r@e(1)\rclass X:\r\tpass\r",
];

fn text() -> impl Strategy<Value = String> {
    let pieces =
        prop::collection::vec(prop::sample::select(PIECES), 0..30).prop_map(|pieces| pieces.concat());
    prop_oneof![pieces, prop::sample::select(FILES).prop_map(String::from)]
}

/// A replacement: where it starts and ends, in thousandths of the text, and what is written.
fn change() -> impl Strategy<Value = (u32, u32, String)> {
    let length = prop_oneof![3 => Just(0u32), 3 => 0u32..30, 1 => 0u32..1000];
    let written =
        prop::collection::vec(prop::sample::select(PIECES), 0..3).prop_map(|pieces| pieces.concat());
    (0u32..=1000, length, written)
}

fn apply(text: &mut String, (start, length, written): &(u32, u32, String)) -> Edit {
    let at = |thousandths: u32| text.floor_char_boundary(text.len() * thousandths as usize / 1000);
    let (start, end) = (at(*start), at((start + length).min(1000)));
    text.replace_range(start..end, written);
    Edit { start: start as u32, old_end: end as u32, new_end: (start + written.len()) as u32 }
}

/// Checks one edit: the result, and that what is said to be unchanged is.
fn check(split: &mut Split, text: &str, edit: &Edit) {
    let old = split.clone();
    let said = resplit(split, text, edit);
    let fresh = super::split(text);
    assert_eq!(*split, fresh, "{edit:?} gave {text:?}");
    check_tiles(split, text);

    let (first, old_count, new_count) = (said.first_changed, said.old_changed_count, said.new_changed_count);
    assert_eq!(old.items.len() - old_count, fresh.items.len() - new_count, "{said:?}");
    assert_eq!(old.items[..first], fresh.items[..first]);
    for (before, after) in old.items[first + old_count..].iter().zip(&fresh.items[first + new_count..]) {
        assert_eq!(before.code.shift(edit.shift()), after.code);
        assert_eq!((before.hash, &before.kind), (after.hash, &after.kind));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1500))]

    #[test]
    fn items_tile_nasty_text(text in text()) {
        check_tiles(&split(&text), &text);
    }

    #[test]
    fn edited_is_fresh(text in text(), changes in prop::collection::vec(change(), 1..8)) {
        let mut text = text;
        let mut split = split(&text);
        for change in &changes {
            let edit = apply(&mut text, change);
            check(&mut split, &text, &edit);
        }
    }
}

#[track_caller]
fn edit(text: &str, start: usize, end: usize, written: &str) -> (Split, Resplit) {
    let mut split = split(text);
    let mut new = text.to_owned();
    new.replace_range(start..end, written);
    let edit = Edit { start: start as u32, old_end: end as u32, new_end: (start + written.len()) as u32 };
    check(&mut split.clone(), &new, &edit);
    let said = resplit(&mut split, &new, &edit);
    (split, said)
}

#[test]
fn every_piece_at_every_place() {
    for text in FILES {
        for at in 0..=text.len() {
            for piece in PIECES {
                edit(text, at, at, piece);
            }
        }
    }
}

#[test]
fn every_short_deletion() {
    for text in FILES {
        for start in 0..text.len() {
            for end in start..text.len().min(start + 25) {
                edit(text, start, end, "");
            }
        }
    }
}

#[test]
fn a_letter_changes_its_item_only() {
    let text = FILES[0];
    let at = text.find("y!r").unwrap();
    let (split, said) = edit(text, at, at, "y");
    let index = split.item_at(at as u32).unwrap();
    assert_eq!(said, Resplit { first_changed: index, old_changed_count: 1, new_changed_count: 1 });
}

#[test]
fn a_line_end_anywhere_in_a_class_changes_few_items() {
    let body =
        "    def f(self, a=1):\n        x = [a, 1]\n        if x:\n            y(x)\n        return x\n\n";
    let text = format!("class A:\n{}\nlast = 1\n", body.repeat(9));
    let (start, end) =
        (text.find("def").unwrap() + 4 * body.len(), text.find("def").unwrap() + 5 * body.len());
    for at in start..end {
        let (split, said) = edit(&text, at, at, "\n");
        assert!(said.new_changed_count <= 4, "{said:?} at {at}");
        assert!(split.items.len() >= 11);
    }
}

#[test]
fn a_renamed_class_keeps_its_members() {
    let text = FILES[0];
    let at = text.find("A(B)").unwrap();
    let (_, said) = edit(text, at, at + 1, "Renamed");
    assert_eq!((said.old_changed_count, said.new_changed_count), (1, 1));
}

#[test]
fn members_follow_a_class_that_moves() {
    let text = FILES[0];
    let at = text.find("class A").unwrap();
    let (split, said) = edit(text, at, at, "new = 1\n");
    assert_eq!((said.old_changed_count, said.new_changed_count), (1, 2));
    assert_eq!(split.items.iter().filter(|item| item.owner.is_some()).count(), 6);
}

/// The first item read again may get back into a class that it was not a member of.
#[test]
fn a_class_opens_again_for_a_slip_far_below() {
    let text = "class A:\n    x = 1\ndef f():\n    a\ns\nb\n  n\n";
    let at = text.find("b\n").unwrap();
    let (split, _) = edit(text, at, at, "    ");
    assert_eq!(split.items[2].owner, Some(0));
}

#[test]
fn a_new_class_takes_a_slip_as_its_member() {
    let text = "x = 1\nb\n  c = 1\n";
    let (split, _) = edit(text, 0, "x = 1".len(), "class A:");
    assert_eq!(split.items[1].owner, Some(0));
}

#[test]
fn reading_stops_at_the_next_class() {
    let (_, said) = edit("class A:\n  x = 1\nclass B:\n  y = 1\n", 11, 12, "z");
    assert_eq!(said, Resplit { first_changed: 1, old_changed_count: 1, new_changed_count: 1 });
}

#[test]
fn a_byte_order_mark_comes_and_goes() {
    edit("\u{feff}x\ny\n", 0, 0, "a\n");
    edit("a\n\u{feff}x\ny\n", 0, 2, "");
    edit("\u{feff}x\ny\n", 0, 3, "");
}

#[test]
fn an_open_string_far_below_moves() {
    let (split, said) = edit("x\ny\nz\nw\ns = \"\"\"\n", 0, 0, "v");
    assert_eq!(split.doubt, Some(Doubt::OpenString { at: 13 }));
    assert_eq!(said.new_changed_count, 1);
}

/// The quote in the first line opens a string that the next lines go on with, as long as nothing
/// that is decided about that line depends on how the string ends there.
#[test]
fn a_quote_two_items_below_decides_nothing_above() {
    let text = "f\"{\"# \\\nx # \\\ny\n";
    for at in 0..=text.len() {
        edit(text, at, at, "\"}");
    }
}
