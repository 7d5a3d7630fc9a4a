//! An item parsed alone is what it is in the file parsed whole: every node, range and comment.
//!
//! Checked on `testdata/corpus`, and on any other Python with
//! `PYTHON_FILES=$PWD/DIRECTORY cargo test --release -p flakeless-analysis --test items_alone -- --ignored --nocapture`.
#![allow(clippy::print_stdout, reason = "prints what it found")]

use std::collections::HashMap;
use std::path::Path;

use analysis::facts::check::check;
use analysis::facts::code::{Class, Code, Health, NodeId, NodeKind};
use analysis::facts::dump::dump_with_ranges;
use analysis::syntax::split::{Item, split};
use analysis::syntax::{code_of, code_of_whole};
use analysis::text::TextRange;
use testkit::python_files;

/// Differences shown; all are counted.
const SHOWN: usize = 20;

#[derive(Default)]
struct Counts {
    files: usize,
    unreadable: usize,
    doubted: usize,
    broken: usize,
    items: usize,
    nodes: usize,
    differing: usize,
}

#[test]
fn items_of_the_corpus() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/corpus");
    let counts = prove(&corpus);
    assert!(counts.files >= 10 && counts.items > 80, "{} files, {} items", counts.files, counts.items);
    assert_eq!((counts.doubted, counts.broken), (0, 0));
    assert_eq!(counts.differing, 0);
}

#[test]
#[ignore = "needs PYTHON_FILES, a directory"]
fn items_of_other_python() {
    let directory = std::env::var_os("PYTHON_FILES").expect("PYTHON_FILES is set");
    let counts = prove(Path::new(&directory));
    println!(
        "{} files: {} not UTF-8, {} doubted by the splitter, {} broken as a whole",
        counts.files, counts.unreadable, counts.doubted, counts.broken,
    );
    println!("{} items compared, {} nodes, {} items differ", counts.items, counts.nodes, counts.differing);
    assert_eq!(counts.differing, 0);
}

/// The comparison sees what it is there to see.
#[test]
fn a_difference_is_found() {
    let text = "x = 1\n\n@a\ndef f():\n    b  # c\n";
    let whole = code_of_whole(text);
    let starts = outermost_by_start(&whole);
    let cut = split(text);
    let item = &cut.items[1];
    let alone = |text: &str| compare(&whole, &starts, item, &code_of(text)).is_some();
    let same = item.text(text);
    assert!(!alone(same));
    assert!(alone(&same.replace("b  ", "bb ")));
    assert!(alone(&same.replace("b  ", "b   ")));
    assert!(alone(&same.replace("@a", "@d")));
    assert!(alone(&same.replace("    b", "    b; e")));
}

fn prove(directory: &Path) -> Counts {
    let mut counts = Counts::default();
    python_files(directory).iter().for_each(|path| prove_file(path, &mut counts));
    counts
}

fn prove_file(path: &Path, counts: &mut Counts) {
    counts.files += 1;
    let Ok(text) = std::fs::read_to_string(path) else {
        counts.unreadable += 1;
        return;
    };
    let whole = code_of_whole(&text);
    if let Err(promise) = check(&whole, &text) {
        println!("{}: {promise}", path.display());
        counts.differing += 1;
    }
    let cut = split(&text);
    if let Some(doubt) = cut.doubt {
        counts.doubted += 1;
        println!("doubted: {}: {doubt:?}", path.display());
        return;
    }
    if whole.health == Health::Broken {
        // An item parsed alone is meant to be understood better than in a broken whole.
        counts.broken += 1;
        println!("broken: {}", path.display());
        return;
    }
    counts.nodes += whole.nodes.len();
    let starts = outermost_by_start(&whole);
    for item in &cut.items {
        counts.items += 1;
        if let Some(difference) = compare(&whole, &starts, item, &code_of(item.text(&text))) {
            counts.differing += 1;
            if counts.differing <= SHOWN {
                println!("{} {:?}\n{difference}", path.display(), item.code);
            }
        }
    }
}

fn outermost_by_start(code: &Code) -> HashMap<u32, NodeId> {
    let mut starts = HashMap::new();
    for (index, node) in (0..).zip(&code.nodes) {
        starts.entry(node.range.start).or_insert(NodeId(index));
    }
    starts
}

/// What differs between the item in the whole file and the item alone.
fn compare(whole: &Code, starts: &HashMap<u32, NodeId>, item: &Item, alone: &Code) -> Option<String> {
    let base = item.code.start;
    if alone.health == Health::Broken {
        return Some("broken alone".into());
    }
    let comments: Vec<_> = whole
        .comments
        .iter()
        .filter(|range| item.code.contains_range(**range))
        .map(|range| relative(*range, base))
        .collect();
    if comments != alone.comments {
        return Some(format!("comments: whole {comments:?}\nalone {:?}", alone.comments));
    }
    let in_whole: Vec<_> =
        statements_in(whole, starts, item.code).iter().map(|id| show(whole, *id, base, item)).collect();
    let in_item: Vec<_> = alone.roots.iter().map(|id| show(alone, *id, 0, item)).collect();
    (in_whole != in_item).then(|| format!("whole {}\nalone {}", in_whole.join("\n"), in_item.join("\n")))
}

/// The statements of `code` that begin in `range`, leaving out those inside others.
fn statements_in(code: &Code, starts: &HashMap<u32, NodeId>, range: TextRange) -> Vec<NodeId> {
    let mut found = Vec::new();
    let mut next = (range.start..range.end).find_map(|at| starts.get(&at)).copied();
    while let Some(id) = next {
        found.push(id);
        let after = NodeId(code.node(id).subtree_end);
        let is_in = (after.0 as usize) < code.nodes.len() && range.contains(code.range(after).start);
        next = is_in.then_some(after);
    }
    found
}

fn show(code: &Code, id: NodeId, base: u32, item: &Item) -> String {
    match code.kind(id) {
        NodeKind::Class(class) if item.class().is_some() => head(code, class, base),
        _ => dump_with_ranges(code, id, base),
    }
}

/// A class without its members, which are items of their own.
fn head(code: &Code, class: &Class, base: u32) -> String {
    let mut shown = format!("class {} {:?}", class.name, relative(class.name_range, base));
    for decorator in &class.decorators {
        shown += &format!(
            " @{:?}{}",
            relative(decorator.range, base),
            dump_with_ranges(code, decorator.expr, base)
        );
    }
    for argument in &class.bases {
        shown += &format!(
            " {:?}{:?}{}",
            argument.kind,
            relative(argument.range, base),
            dump_with_ranges(code, argument.value, base)
        );
    }
    shown
}

fn relative(range: TextRange, base: u32) -> TextRange {
    range.shift(-i64::from(base))
}
