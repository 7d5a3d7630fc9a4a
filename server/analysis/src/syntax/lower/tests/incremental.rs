//! An item reparsed after an edit is the item parsed afresh.

use proptest::prelude::*;

use crate::facts::check::check;
use crate::facts::dump::dump;
use crate::syntax::{ItemTree, Parser, lower};

/// What edits write: whole words, and what opens, closes or breaks something.
const PIECES: &[&str] = &[
    "a",
    "1",
    " ",
    "\n",
    "\r\n",
    "\n    ",
    "\n        ",
    "\t",
    "\\\n",
    "\u{c}",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    ".",
    "=",
    ":=",
    "*",
    "**",
    "@",
    ";",
    "#",
    "# c\n",
    "'",
    "\"",
    "\"\"\"",
    "f'",
    "f\"{",
    "!r",
    "é",
    "😀",
    "if a:",
    "else:",
    "elif b:",
    "for x in y:",
    "while a:",
    "try:",
    "except A as e:",
    "finally:",
    "with a as b:",
    "def f(x):",
    "async ",
    "await ",
    "class A(B):",
    "return ",
    "yield ",
    "lambda: ",
    "import a",
    "from . import b",
    "pass",
    "print ",
    "not ",
    " in ",
    " is ",
    " and ",
    " if ",
    " else ",
    "match a:",
    "case b:",
    "type(a).b = ",
    "type A = ",
    "global a",
];

const ITEMS: &[&str] = &[
    "",
    "x = [1, f\"{a!r:>{b}}\", *c.d()]  # e\n",
    "    @a.b(c)\n    async def f(self, x: int = 1, *y, **z) -> A:\n        '''Doc.'''\n        if a:  # b\n            with c as d, e():\n                return [x for x in y if z]\n        elif d:\n            pass\n        else:\n            time.sleep(1)\n",
    "class A(B, metaclass=C):\n    '''Doc.'''\n",
    "def f():\r\n    try:\r\n        a\r\n    except A:\r\n        b\r\n    finally:\r\n        c = \"\"\"é\r\n😀\"\"\"\r\n",
    "match a:\n    case [b, *c] if d:\n        e\n    case {'k': v}:\n        type(a).b = c\n",
];

fn text() -> impl Strategy<Value = String> {
    let pieces =
        prop::collection::vec(prop::sample::select(PIECES), 0..30).prop_map(|pieces| pieces.concat());
    prop_oneof![prop::sample::select(ITEMS).prop_map(str::to_owned), pieces]
}

/// Where, how much goes, what comes.
fn edit() -> impl Strategy<Value = (prop::sample::Index, usize, String)> {
    let written =
        prop::collection::vec(prop::sample::select(PIECES), 0..3).prop_map(|pieces| pieces.concat());
    let length = prop_oneof![Just(0), Just(1), 2_usize..40];
    (any::<prop::sample::Index>(), length, written)
}

fn apply(text: &str, (at, length, written): &(prop::sample::Index, usize, String)) -> String {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let start = at.index(places.len());
    let end = places[(start + length).min(places.len() - 1)];
    format!("{}{written}{}", &text[..places[start]], &text[end..])
}

fn assert_same(edited: &ItemTree, text: &str) -> Result<(), TestCaseError> {
    let edited = lower(edited);
    let fresh = lower(&Parser::new().parse_item(text).expect("short"));
    prop_assert_eq!(check(&edited, text), Ok(()));
    prop_assert_eq!(dump(&edited), dump(&fresh));
    prop_assert_eq!(edited, fresh);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn edited_is_fresh(mut text in text(), edits in prop::collection::vec(edit(), 1..8)) {
        let mut parser = Parser::new();
        let mut tree = parser.parse_item(&text).expect("short");
        for edit in &edits {
            text = apply(&text, edit);
            tree = parser.reparse(&tree, &text).expect("short");
            assert_same(&tree, &text)?;
        }
    }
}

#[test]
fn typed_letter_by_letter_is_fresh() {
    let mut parser = Parser::new();
    for item in ITEMS {
        let mut tree = parser.parse_item("").expect("short");
        for end in item.char_indices().map(|(at, _)| at).chain([item.len()]) {
            let text = &item[..end];
            tree = parser.reparse(&tree, text).expect("short");
            assert_same(&tree, text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
        }
    }
}
