//! tree-sitter's grammar, written by others from the same language reference, sees in an item what the engine sees: the
//! same functions, classes, calls, literals and comments at the same places.
//!
//! Checked on `testdata` and the rules' pages, and on any other Python with
//! `PYTHON_FILES=$PWD/DIRECTORY cargo test --release -p flakeless-analysis --test second_opinion -- --ignored --nocapture`.
#![allow(clippy::print_stdout, reason = "prints what it found")]

use std::collections::BTreeSet;
use std::path::Path;

use analysis::facts::code::{Code, Health, NodeKind};
use analysis::syntax::code_of;
use analysis::syntax::split::split;
use testkit::python_files;
use tree_sitter::{Parser, TreeCursor};

/// Differences shown; all are counted.
const SHOWN: usize = 20;

/// What both can say of a place without speaking of grammar. An offset is in bytes of the item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Seen {
    /// By its name.
    Function(u32, u32),
    Class(u32, u32),
    /// By its end: the two begin a starred call differently.
    CallTo(u32),
    Number(u32, u32),
    /// By its end, for adjacent literals are one to us.
    TextTo(u32),
    Comment(u32, u32),
}

#[derive(Default)]
struct Counts {
    items: usize,
    /// That one of the two does not understand.
    broken: usize,
    seen: usize,
    differing: usize,
}

#[test]
fn of_testdata_and_pages() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut parser = parser();
    let mut counts = compare_all(&package.join("../../testdata"), &mut parser);
    for page in std::fs::read_dir(package.join("src/rules")).expect("the rules").flatten() {
        if page.path().extension().is_some_and(|extension| extension == "md") {
            let markdown = std::fs::read_to_string(page.path()).expect("a page");
            // Each second part stands between fences; words are no code, and seldom sound.
            for block in
                markdown.split("```").skip(1).step_by(2).filter_map(|block| block.strip_prefix("python"))
            {
                let code = block.split_once('\n').map_or("", |(_, code)| code);
                compare(&page.path(), code, &mut parser, &mut counts);
            }
        }
    }
    assert!(counts.items > 2_000 && counts.seen > 5_000, "{} items, {} places", counts.items, counts.seen);
    assert!(counts.broken * 20 < counts.items, "{} of {} items broken", counts.broken, counts.items);
    assert_eq!(counts.differing, 0);
}

#[test]
#[ignore = "needs PYTHON_FILES, a directory"]
fn of_other_python() {
    let directory = std::env::var_os("PYTHON_FILES").expect("PYTHON_FILES is set");
    let Counts { items, broken, seen, differing } = compare_all(Path::new(&directory), &mut parser());
    println!("{items} items, {broken} of them not compared, {seen} places, {differing} items differ");
    assert_eq!(differing, 0);
}

/// The comparison sees what it is there to see.
#[test]
fn a_difference_is_found() {
    let text = "def f():\n    return g('a', 1)  # why\n";
    let (ours, theirs) = (by_us(&code_of(text)), by_them(&mut parser(), text).expect("sound"));
    assert_eq!(ours, theirs);
    assert_eq!(ours.len(), 5);
    for other in ["def f():\n    return g('a', 12)  # why\n", "def ff():\n    return g('a', 1)  # why\n"] {
        assert_ne!(by_us(&code_of(other)), theirs);
    }
}

fn compare_all(directory: &Path, parser: &mut Parser) -> Counts {
    let mut counts = Counts::default();
    for path in python_files(directory) {
        if let Ok(text) = std::fs::read_to_string(&path) {
            compare(&path, &text, parser, &mut counts);
        }
    }
    counts
}

fn compare(path: &Path, text: &str, parser: &mut Parser, counts: &mut Counts) {
    for item in &split(text).items {
        counts.items += 1;
        let code = code_of(item.text(text));
        let theirs = by_them(parser, item.text(text)).filter(|_| code.health == Health::Sound);
        let Some(theirs) = theirs else {
            counts.broken += 1;
            continue;
        };
        let ours = by_us(&code);
        counts.seen += ours.len();
        if ours != theirs {
            counts.differing += 1;
            if counts.differing <= SHOWN {
                let (only_we, only_they) = (ours.difference(&theirs), theirs.difference(&ours));
                println!("{} {:?}", path.display(), item.code);
                println!(
                    "only we: {:?}\nonly they: {:?}",
                    only_we.collect::<Vec<_>>(),
                    only_they.collect::<Vec<_>>()
                );
            }
        }
    }
}

fn by_us(code: &Code) -> BTreeSet<Seen> {
    let of_nodes = code.nodes.iter().filter_map(|node| match &node.kind {
        NodeKind::Function(function) => {
            Some(Seen::Function(function.name_range.start, function.name_range.end))
        }
        NodeKind::Class(class) => Some(Seen::Class(class.name_range.start, class.name_range.end)),
        NodeKind::Call { .. } => Some(Seen::CallTo(node.range.end)),
        NodeKind::Int(_) | NodeKind::Float(_) => Some(Seen::Number(node.range.start, node.range.end)),
        NodeKind::Str(_) | NodeKind::Bytes | NodeKind::FString { .. } => Some(Seen::TextTo(node.range.end)),
        _ => None,
    });
    let comments = code.comments.iter().map(|comment| Seen::Comment(comment.start, comment.end));
    of_nodes.chain(comments).collect()
}

#[expect(clippy::expect_used, reason = "the grammar is linked in")]
fn parser() -> Parser {
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_python::LANGUAGE.into())
        .expect("the grammar fits the tree-sitter version");
    parser
}

/// `None` for a text that the grammar does not take.
fn by_them(parser: &mut Parser, text: &str) -> Option<BTreeSet<Seen>> {
    let tree = parser.parse(text, None)?;
    if tree.root_node().has_error() {
        return None;
    }
    let mut seen = BTreeSet::new();
    let mut cursor = tree.walk();
    loop {
        // The grammar takes `type(a).b = c` for a type alias.
        if cursor.node().kind() == "type_alias_statement" {
            return None;
        }
        look(&cursor, text, &mut seen);
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return Some(seen);
            }
        }
    }
}

/// Notes what a node is.
fn look(cursor: &TreeCursor<'_>, text: &str, seen: &mut BTreeSet<Seen>) {
    let node = cursor.node();
    let (start, end) = (node.start_byte() as u32, node.end_byte() as u32);
    let name =
        || node.child_by_field_name("name").map(|name| (name.start_byte() as u32, name.end_byte() as u32));
    match node.kind() {
        "function_definition" => seen.extend(name().map(|(start, end)| Seen::Function(start, end))),
        "class_definition" => seen.extend(name().map(|(start, end)| Seen::Class(start, end))),
        "call" => drop(seen.insert(Seen::CallTo(end))),
        "integer" | "float" if node.is_named() => drop(seen.insert(Seen::Number(start, end))),
        // A part of adjacent literals is none of its own, but what it interpolates is.
        "string" if node.parent().is_none_or(|parent| parent.kind() != "concatenated_string") => {
            seen.insert(Seen::TextTo(end));
        }
        "concatenated_string" => drop(seen.insert(Seen::TextTo(end))),
        "comment" => {
            let line_end = text[start as usize..end as usize].find('\r').map_or(end, |at| start + at as u32);
            seen.insert(Seen::Comment(start, line_end));
        }
        _ => {}
    }
}
