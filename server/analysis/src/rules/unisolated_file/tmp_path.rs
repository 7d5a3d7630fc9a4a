//! The cure: build the path under pytest's `tmp_path`, everywhere in the function.
//!
//! A path that was text stays text (`str(tmp_path / "name")`) wherever its reader may not take a path object.

use std::collections::BTreeSet;

use crate::facts::code::{Argument, ArgumentKind};
use crate::facts::{BindingKind, NodeId, NodeKind};
use crate::fix::{Applicability, Edits, Fix};
use crate::fixes::parameter::add_fixture_parameter;
use crate::project::fixed_path::FixedPath;
use crate::project::fixtures::FixtureScope;
use crate::project::{Role, Subject};

use super::operations::{DELETES, operation};

/// An expression of the function that gives a fixed path, and that path.
struct Source {
    expr: NodeId,
    path: FixedPath,
}

/// Rewrites every expression in the function that gives a path with the same top directory as `path`.
/// `None` where the path comes from outside the function, or where the rewrite could change what is tested.
pub fn rewrite(subject: &Subject<'_>, path: &FixedPath) -> Option<Fix> {
    let mut edits = parameter(subject)?;
    let sources: Vec<Source> =
        sources(subject)?.into_iter().filter(|source| source.path.top() == path.top()).collect();
    if sources.is_empty() || is_made_or_read_elsewhere(subject, &sources) {
        return None;
    }
    let tops = tops(&sources);
    let names: BTreeSet<&str> = tops.iter().map(|top| top.name()).collect();
    if names.len() < tops.len() || names.contains("") {
        return None;
    }
    for source in &sources {
        let text = replacement(subject, source, &tops)?;
        edits.push(subject.path(), subject.absolute(subject.code().range(source.expr)), text);
    }
    Some(Fix::cure(
        "Build the path under `tmp_path`, a directory of this test's own",
        Applicability::Suggested,
        edits,
    ))
}

/// Puts a file of the test's own directory in the place of `tempfile.mktemp(…)`.
pub fn replace_mktemp(subject: &Subject<'_>, call: NodeId) -> Option<Fix> {
    let NodeKind::Call { args, .. } = subject.code().kind(call) else { return None };
    let mut name = "file".to_owned();
    for (index, argument) in args.iter().enumerate() {
        let text = subject.code().kind(argument.value).as_str()?;
        match (&argument.kind, index) {
            (ArgumentKind::Positional, 0) => name.push_str(text),
            (ArgumentKind::Keyword(key), _) if key == "suffix" => name.push_str(text),
            (ArgumentKind::Keyword(key), _) if key == "prefix" => name.insert_str(0, text),
            _ => return None,
        }
    }
    let mut edits = parameter(subject)?;
    let range = subject.absolute(subject.code().range(call));
    edits.push(subject.path(), range, format!("str(tmp_path / \"{name}\")"));
    Some(Fix::cure(
        "Use a name under `tmp_path`, a directory of this test's own",
        Applicability::Suggested,
        edits,
    ))
}

/// Whether the function only reads and deletes what something else must have made, or only makes and deletes what
/// something else must read: product code knows the path too, and would look in the old place.
fn is_made_or_read_elsewhere(subject: &Subject<'_>, sources: &[Source]) -> bool {
    let code = subject.code();
    let mut is_made = false;
    let mut is_read = false;
    for source in sources {
        for (reader, _) in readers(subject, source.expr) {
            let deed = operation(subject, reader).map(|operation| operation.deed);
            let callee = subject.callee(reader);
            let is_check = callee.as_deref().is_some_and(|path| path.starts_with("os.path."));
            match (deed, code.kind(reader)) {
                (Some(DELETES), _) => {}
                (Some(_), _) => is_made = true,
                (None, _) if is_check => is_read |= is_asserted(subject, reader),
                (None, NodeKind::Attribute { attr, .. }) if is_check_or_deletion(attr) => {
                    is_read |= is_asserted(subject, reader);
                }
                (None, NodeKind::Attribute { attr, .. }) if attr.starts_with("write") => is_made = true,
                (None, NodeKind::Call { .. }) if is_opener(callee.as_deref()) => is_read = true,
                (None, NodeKind::Attribute { attr, .. }) if attr.starts_with("read") => is_read = true,
                // Handed to something that may do either.
                _ => return false,
            }
        }
    }
    match (is_made, is_read) {
        (true, false) => runs_other_code(subject),
        (made, read) => read && !made,
    }
}

fn is_asserted(subject: &Subject<'_>, node: NodeId) -> bool {
    let code = subject.code();
    code.ancestors(node).any(|outer| matches!(code.kind(outer), NodeKind::Assert { .. }))
}

/// Whether the function calls something that could look for the file by itself.
fn runs_other_code(subject: &Subject<'_>) -> bool {
    subject.body().filter_map(|node| subject.callee(node)).any(|path| {
        let package = path.split('.').next().unwrap_or_default();
        !matches!(
            package,
            "builtins"
                | "os"
                | "io"
                | "shutil"
                | "pathlib"
                | "tempfile"
                | "json"
                | "csv"
                | "pickle"
                | "pytest"
                | "time"
        )
    })
}

fn is_check_or_deletion(attr: &str) -> bool {
    matches!(attr, "exists" | "is_file" | "is_dir" | "unlink" | "rmdir")
}

fn is_opener(callee: Option<&str>) -> bool {
    callee.is_some_and(|path| matches!(path, "builtins.open" | "io.open"))
}

fn parameter(subject: &Subject<'_>) -> Option<Edits> {
    let is_narrow = match subject.role {
        Role::Test => true,
        Role::Fixture => {
            subject.as_fixture().is_some_and(|fixture| fixture.scope == Some(FixtureScope::Function))
        }
        _ => false,
    };
    if is_narrow { add_fixture_parameter(subject, "tmp_path") } else { None }
}

/// The outermost expressions of the function that give fixed paths. `None` if one of them is a constant of the
/// module or comes from a fixture, which others may know too.
fn sources(subject: &Subject<'_>) -> Option<Vec<Source>> {
    let mut found = Vec::new();
    let mut covered_to = 0;
    for node in subject.body() {
        if node.0 < covered_to || !is_expression_that_may_be_a_path(subject, node) {
            continue;
        }
        let Some(path) = subject.fixed_path(node) else { continue };
        covered_to = subject.code().node(node).subtree_end;
        if let NodeKind::Name(name) = subject.code().kind(node) {
            if subject.scope().is_local(name, node) && is_assigned(subject, name, node) {
                continue;
            }
            return None;
        }
        if mentions_outer_constant(subject, node) {
            return None;
        }
        found.push(Source { expr: node, path });
    }
    Some(found)
}

fn is_expression_that_may_be_a_path(subject: &Subject<'_>, node: NodeId) -> bool {
    match subject.code().kind(node) {
        NodeKind::Str(text) => !text.is_empty() && !is_docstring(subject, node),
        NodeKind::Name(_) | NodeKind::FString { .. } | NodeKind::Binary { .. } | NodeKind::Call { .. } => {
            true
        }
        _ => false,
    }
}

fn is_docstring(subject: &Subject<'_>, node: NodeId) -> bool {
    matches!(subject.code().kind(subject.code().node(node).parent), NodeKind::Expr(_))
}

fn is_assigned(subject: &Subject<'_>, name: &str, at: NodeId) -> bool {
    let bindings = subject.facts.bindings();
    bindings.visible(subject.code(), name, at).iter().all(|b| matches!(b.kind, BindingKind::Value(_)))
}

/// Whether a name inside the expression is neither a local nor an imported function.
fn mentions_outer_constant(subject: &Subject<'_>, node: NodeId) -> bool {
    subject.code().subtree(node).any(|part| match subject.code().kind(part) {
        NodeKind::Name(name) => {
            !subject.scope().is_local(name, part)
                && subject.resolve(part).is_none_or(|path| path.starts_with(subject.module.name.as_str()))
        }
        _ => false,
    })
}

/// The paths that lie below no other of the sources' paths.
fn tops(sources: &[Source]) -> Vec<FixedPath> {
    let all: BTreeSet<&FixedPath> = sources.iter().map(|source| &source.path).collect();
    all.iter()
        .filter(|path| !all.iter().any(|other| other != *path && other.holds(path)))
        .map(|path| (*path).clone())
        .collect()
}

fn replacement(subject: &Subject<'_>, source: &Source, tops: &[FixedPath]) -> Option<String> {
    let top = tops.iter().find(|top| top.holds(&source.path))?;
    let quote = if subject.source(source.expr).contains('\'') { '\'' } else { '"' };
    let below = source.path.tail.strip_prefix(&top.tail)?;
    let mut text = format!("tmp_path / {quote}{}{quote}", top.name());
    for part in below.split('/').filter(|part| !part.is_empty()) {
        text.push_str(&format!(" / {quote}{part}{quote}"));
    }
    if is_path_object(subject, source.expr) {
        return Some(match needs_parentheses(subject, source.expr) {
            true => format!("({text})"),
            false => text,
        });
    }
    let takes_path =
        readers(subject, source.expr).iter().all(|(reader, place)| accepts_path(subject, *reader, *place));
    if takes_path {
        return Some(text);
    }
    is_surely_a_path(subject, source).then(|| format!("str({text})"))
}

/// Whether the expression's value is a path object already.
fn is_path_object(subject: &Subject<'_>, expr: NodeId) -> bool {
    match subject.code().kind(expr) {
        NodeKind::Call { func, .. } => {
            subject.resolve(*func).is_some_and(|path| path.starts_with("pathlib.") || path == "py.path.local")
                || matches!(subject.code().kind(*func), NodeKind::Attribute { attr, .. } if is_path_method(attr))
        }
        NodeKind::Binary { op, .. } => op == "/",
        _ => false,
    }
}

fn is_path_method(attr: &str) -> bool {
    matches!(attr, "joinpath" | "with_name" | "with_suffix" | "resolve" | "absolute" | "expanduser")
}

fn needs_parentheses(subject: &Subject<'_>, expr: NodeId) -> bool {
    let parent = subject.code().node(expr).parent;
    matches!(subject.code().kind(parent), NodeKind::Attribute { .. } | NodeKind::Subscript { .. })
}

/// The nodes that read the value of an expression: its parent, or where it is assigned to a local name, the parents
/// of that name's uses. Each with the node that stands for the value there.
fn readers(subject: &Subject<'_>, expr: NodeId) -> Vec<(NodeId, NodeId)> {
    let code = subject.code();
    let parent = code.node(expr).parent;
    let NodeKind::Assign { targets, .. } = code.kind(parent) else { return vec![(parent, expr)] };
    if targets.iter().any(|target| code.kind(*target).as_name().is_none()) {
        return vec![(parent, expr)];
    }
    let names: Vec<&str> = targets.iter().filter_map(|target| code.kind(*target).as_name()).collect();
    subject
        .body()
        .filter(|node| code.kind(*node).as_name().is_some_and(|name| names.contains(&name)))
        .filter(|node| !targets.contains(node))
        .map(|node| (code.node(node).parent, node))
        .collect()
}

/// Whether `reader` takes a path object in the place of text.
fn accepts_path(subject: &Subject<'_>, reader: NodeId, value: NodeId) -> bool {
    match subject.code().kind(reader) {
        NodeKind::Call { func, args } => {
            args.iter().any(|argument: &Argument| argument.value == value)
                && subject.resolve(*func).is_some_and(|path| takes_path_objects(&path))
        }
        NodeKind::FString { .. } => true,
        _ => false,
    }
}

/// Functions of the standard library whose path arguments may be path objects (their documentation says
/// "path-like object").
fn takes_path_objects(path: &str) -> bool {
    let module = path.rsplit_once('.').map_or("", |(module, _)| module);
    matches!(module, "os" | "os.path" | "shutil" | "pathlib")
        || matches!(
            path,
            "builtins.open"
                | "builtins.str"
                | "io.open"
                | "gzip.open"
                | "bz2.open"
                | "lzma.open"
                | "tarfile.open"
                | "zipfile.ZipFile"
                | "sqlite3.connect"
                | "logging.FileHandler"
                | "numpy.save"
                | "numpy.load"
                | "numpy.savetxt"
                | "numpy.loadtxt"
        )
}

/// Whether text that goes somewhere unknown is meant as this path: it looks like one, or is a local name's value.
fn is_surely_a_path(subject: &Subject<'_>, source: &Source) -> bool {
    match subject.code().kind(source.expr) {
        NodeKind::Str(text) => {
            text.contains(['/', '.'])
                || matches!(
                    subject.code().kind(subject.code().node(source.expr).parent),
                    NodeKind::Assign { .. }
                )
        }
        _ => true,
    }
}
