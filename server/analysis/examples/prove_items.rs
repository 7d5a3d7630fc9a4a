//! Compares, over every Python file below the given directories, each item parsed alone with the same place in the
//! file parsed whole: every node, range and comment. Prints the differing items and the counts.
//!
//! `cargo run --release -p flakeless-analysis --example prove_items -- DIRECTORY...`
#![allow(clippy::print_stdout, reason = "prints what it is run for")]

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use analysis::facts::check::check;
use analysis::facts::code::{Class, Code, Health, NodeId, NodeKind};
use analysis::facts::dump::dump_with_ranges;
use analysis::syntax::split::{Item, split};
use analysis::syntax::{Parser, lower};
use analysis::text::TextRange;

/// Differences shown; all are counted.
const SHOWN: usize = 20;

#[derive(Default)]
struct Counts {
    files: usize,
    unreadable: usize,
    refused: usize,
    doubted: usize,
    broken: Vec<PathBuf>,
    items: usize,
    nodes: usize,
    differing: usize,
}

fn main() {
    let mut counts = Counts::default();
    let mut parser = Parser::with_limit(usize::MAX);
    for directory in std::env::args().skip(1) {
        visit(Path::new(&directory), &mut |path| prove_file(path, &mut parser, &mut counts));
    }
    for path in &counts.broken {
        println!("broken: {}", path.display());
    }
    println!(
        "{} files, {} not UTF-8, {} refused, {} doubted by the splitter, {} broken as a whole",
        counts.files,
        counts.unreadable,
        counts.refused,
        counts.doubted,
        counts.broken.len(),
    );
    println!("{} items compared, {} nodes, {} items differing", counts.items, counts.nodes, counts.differing);
}

fn visit(path: &Path, on_file: &mut dyn FnMut(&Path)) {
    if path.is_symlink() {
        return;
    }
    if path.is_file() && path.extension().is_some_and(|extension| extension == "py") {
        on_file(path);
    }
    let Ok(entries) = std::fs::read_dir(path) else { return };
    let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        visit(&entry, on_file);
    }
}

fn prove_file(path: &Path, parser: &mut Parser, counts: &mut Counts) {
    counts.files += 1;
    let Ok(text) = std::fs::read_to_string(path) else {
        counts.unreadable += 1;
        return;
    };
    let Ok(tree) = parser.parse_item(&text) else {
        counts.refused += 1;
        println!("refused: {}", path.display());
        return;
    };
    let whole = lower(&tree);
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
        counts.broken.push(path.to_owned());
        return;
    }
    counts.nodes += whole.nodes.len();
    let starts = outermost_by_start(&whole);
    for item in &cut.items {
        counts.items += 1;
        let difference = match parser.parse_item(item.text(&text)) {
            Ok(tree) => compare(&whole, &starts, item, &lower(&tree)),
            Err(refused) => Some(format!("{refused:?}")),
        };
        if let Some(difference) = difference {
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
